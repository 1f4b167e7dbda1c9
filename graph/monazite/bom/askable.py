"""What can be asked about a bill: each question has a key, by which its answer is read back.

A key is a hash of its lines: it tells nothing of the bill, and changes where they do.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monazite.bom.bill import Bill, BillLine
from monazite.core.tables import csv_lines


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


def blank_csv() -> str:
    """Return an empty bill as CSV: the header, then a remark for each column."""
    header = [each.header for each in BLANK_COLUMNS]
    told = [
        f"# {each.header}: {each.help}." + (f" Example: {each.example}" if each.example else "")
        for each in BLANK_COLUMNS
    ]
    return "".join(csv_lines(header, [[each] for each in told]))


MATERIAL, CONTENT, MASS, MADE_IN = "material", "content", "mass", "made-in"
RECYCLED, COATING, SEAT = "recycled", "coating", "seat"
STAGES = {
    "mine": "In which countries are its rare earths mined?",
    "separation": "In which countries are its rare earths separated?",
    "metal": "In which countries are its rare earths made into metal?",
    "alloy": "In which countries is its alloy made?",
}
FACTS = {
    "chinese-technology": "Is it made with technology from China?",
    "recycled-us": "Is it of recycled material, milled and sintered in the United States?",
}
"""Facts of a part that its source knows; what else rules ask is the buyer's to say."""
QUESTIONS = {
    MATERIAL: "Which material and grade is it?",
    CONTENT: "How much of each rare earth does it hold?",
    MASS: "What does one piece weigh?",
    MADE_IN: "In which country is it made?",
    **STAGES,
    **FACTS,
    RECYCLED: "Which share of its rare earths is recycled?",
    COATING: "Which coating has it?",
    SEAT: "Where in the product does it sit?",
}
"""Kinds of questions to a source, in the order in which they are asked."""
_OF_SOURCE = {MADE_IN, RECYCLED, *STAGES, *FACTS}  # each source answers these
YOURS = "your"  # how keys begin of questions to whoever wrote the bill


@dataclass(frozen=True)
class AskableQuestion:
    """A question that can be asked, answered or not."""

    key: str
    kind: str
    supplier: str  # of whom it is asked; empty where the bill names nobody
    places: tuple[int, ...]  # of the lines that it is about, from 0


def askable_of(bill: Bill) -> Mapping[str, AskableQuestion]:
    """Return what can be asked of a bill, by key: once for all lines of a material and a source."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(bill.lines):
        for key in _groups(one):
            groups[key].append(place)
    marks = [
        [
            x.position,
            x.part_number,
            x.description,
            x.material,
            x.grade,
            *(y.name for y in x.sources),
        ]
        for x in bill.lines
    ]
    found = {}
    for group, places in groups.items():
        kind, supplier = group[:2]
        text = json.dumps([kind, supplier, [marks[at] for at in places]], ensure_ascii=True)
        name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        found[name] = AskableQuestion(name, kind, supplier, tuple(places))
    return found


def _groups(one: BillLine) -> Iterator[tuple[str, ...]]:
    """The questions about a line, as what they share with those about other lines."""
    part = (one.part_number, one.description, one.position if not one.part_number else "")
    material = (one.material, one.grade)
    sellers = "; ".join(each.name for each in one.sources)
    for kind in QUESTIONS:
        if kind == MATERIAL and any(material):
            yield kind, sellers, *material
        elif kind in _OF_SOURCE:
            about = material if any(material) else part
            yield from ((kind, name, *about) for name in sorted({x.name for x in one.sources}))
        else:
            yield kind, sellers, *part
