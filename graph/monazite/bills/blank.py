"""An empty bill: the columns that are read, with what stands in each."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.tables import csv_lines


@dataclass(frozen=True)
class BlankColumn:
    """A column of an empty bill."""

    header: str
    help: str
    example: str


BLANK_COLUMNS = (
    BlankColumn("Level", "0 is the product, 1 its parts, 2 their parts", "2"),
    BlankColumn("Position", "Number of the line; or 1, 1.1, 1.2 in place of levels", "12"),
    BlankColumn("Part number", "As you name the part", "M-4471"),
    BlankColumn("Description", "What the part is", "Magnet segment"),
    BlankColumn("Quantity", "Pieces in one of what stands above", "48"),
    BlankColumn(
        "Mass (g)", "Of one piece; name another unit in the header: kg, mg, lb, oz", "31.25"
    ),
    BlankColumn("Material", "NdFeB, SmCo 2:17, bonded NdFeB, or its name", "NdFeB"),
    BlankColumn("Grade", "As on the drawing", "N42SH"),
    BlankColumn("Dy content (%)", "Of the mass; a column for each element you know", "3.1"),
    BlankColumn("Evidence", "tested, declared or datasheet", "tested"),
    BlankColumn("Supplier", "Who sells the part to you", "Muster Magnet GmbH"),
    BlankColumn("Supplier country", "Where that firm is", "Germany"),
    BlankColumn("Made in", "Where the part is made, which may be elsewhere", "China"),
    BlankColumn("Split (%)", "Its share of what you need", "60"),
    BlankColumn("Supplier 2", "Another source of the same part; or 'A (60 %); B (40 %)' above", ""),
    BlankColumn("Split 2 (%)", "Its share", "40"),
    BlankColumn("Tier 2 supplier", "Who sells to your supplier", ""),
    BlankColumn("Value (EUR)", "Of one piece; name the currency in the header", "4.20"),
    BlankColumn("Stock", "Pieces that you hold", "9600"),
    BlankColumn("Use per day", "Pieces that you use in a day", "480"),
    BlankColumn("Product class", "What the product is, as rules name it", "traction motor"),
)
"""What is read of a bill, in the order in which an empty one has it."""


def blank_csv() -> str:
    """Return an empty bill as CSV: the header, then a remark for each column.

    >>> blank_csv().splitlines()[1]
    '"# Level: 0 is the product, 1 its parts, 2 their parts. Example: 2"'
    """
    header = [each.header for each in BLANK_COLUMNS]
    told = [
        f"# {each.header}: {each.help}." + (f" Example: {each.example}" if each.example else "")
        for each in BLANK_COLUMNS
    ]
    return "".join(csv_lines(header, [[each] for each in told]))
