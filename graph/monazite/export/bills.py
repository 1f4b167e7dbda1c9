"""A questionnaire as a file: CSV or XLSX to be filled in and read back, Markdown to be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monazite.bom.answers import COLUMNS
from monazite.bom.questionnaire import questionnaire_tables
from monazite.core.files import check_ending
from monazite.core.tables import Table, csv_lines, csv_text, write_tables
from monazite.core.workbook import tables_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.bom.questionnaire import AskedQuestion

BLANK_COLUMNS = (
    ("Level", "0 is the product, 1 its parts, 2 their parts", "2"),
    ("Position", "Number of the line; or 1, 1.1, 1.2 in place of levels", "12"),
    ("Part number", "As you name the part", "M-4471"),
    ("Description", "What the part is", "Magnet segment"),
    ("Quantity", "Pieces in one of what stands above", "48"),
    ("Mass (g)", "Of one piece; name another unit in the header: kg, mg, lb, oz", "31.25"),
    ("Material", "NdFeB, SmCo 2:17, bonded NdFeB, or its name", "NdFeB"),
    ("Grade", "As on the drawing", "N42SH"),
    ("Dy content (%)", "Of the mass; a column for each element you know", "3.1"),
    ("Evidence", "tested, declared or datasheet", "tested"),
    ("Supplier", "Who sells the part to you", "Muster Magnet GmbH"),
    ("Supplier country", "Where that firm is", "Germany"),
    ("Made in", "Where the part is made, which may be elsewhere", "China"),
    ("Split (%)", "Its share of what you need", "60"),
    ("Supplier 2", "Another source of the same part; or 'A (60 %); B (40 %)' above", ""),
    ("Split 2 (%)", "Its share", "40"),
    ("Tier 2 supplier", "Who sells to your supplier", ""),
    ("Value (EUR)", "Of one piece; name the currency in the header", "4.20"),
    ("Stock", "Pieces that you hold", "9600"),
    ("Use per day", "Pieces that you use in a day", "480"),
    ("Product class", "What the product is, as rules name it", "traction motor"),
)
"""Columns of an empty bill: the header, what stands below it, and an example."""


def blank_bill(file: Path) -> bytes:
    """Return an empty bill as its ending asks."""
    check_ending(file, (".csv", ".xlsx"), "empty bill")
    header = tuple(each[0] for each in BLANK_COLUMNS)
    if file.suffix.lower() == ".csv":
        told = [
            f"# {name}: {what}." + (f" Example: {example}" if example else "")
            for name, what, example in BLANK_COLUMNS
        ]
        return "".join(csv_lines(header, [[each] for each in told])).encode()
    about = Table("", ("Column", "What stands in it", "Example"), BLANK_COLUMNS)
    return tables_xlsx({"bill": Table("", header, []), "_help": about})  # _ is not read


_ENDINGS = (".csv", ".md", ".xlsx")
_HELP = (
    ("Column", "What stands in it"),
    ("key", "Leave it as it is: the answer is read back by it."),
    ("judgements settled", "The most that one answer settles, by line, rule, layer and day."),
    ("write", "How the answer is read."),
    ("answer", "Blank changes nothing."),
    ("evidence", "Of a content: tested, declared or datasheet; else the document."),
    ("date", "Of the answer, as 2026-11-28."),
    ("", "This is no legal advice."),
)


def check_questionnaire(file: Path) -> None:
    """Refuse a file as which no questionnaire is written."""
    if str(file) != "-":
        check_ending(file, _ENDINGS, "questionnaire")


def write_questionnaire(questions: Sequence[AskedQuestion], file: Path) -> bytes:
    """Return a questionnaire as the ending of its file asks; ``-`` is CSV."""
    check_questionnaire(file)
    ending = ".csv" if str(file) == "-" else file.suffix.lower()
    tables = questionnaire_tables(questions)
    if ending == ".md":
        return write_tables(tables, "markdown").encode()
    table = Table("", COLUMNS, [row for each in tables for row in each.rows])
    if ending == ".csv":
        return csv_text([table]).encode()
    told = Table("", _HELP[0], _HELP[1:])
    return tables_xlsx({"questions": table, "_help": told})  # what begins with _ is not read
