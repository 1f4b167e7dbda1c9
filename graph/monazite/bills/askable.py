"""What can be asked about a bill: each question has a key, by which its answer is read back.

A key is made of what the bill says of the lines that it is about, and tells nothing of it: whoever
has no bill cannot work it out. Where those lines change, so does the key.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monazite.bills.bill import Bill, BillLine

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
_OF_SOURCE = {MADE_IN, RECYCLED, *STAGES, *FACTS}
"""Kinds that each source of a part answers for itself."""
_DIGITS = 12
YOURS = "your"
"""How keys begin of questions to whoever wrote the bill."""


@dataclass(frozen=True)
class AskableQuestion:
    """A question that can be asked, answered or not.

    Attributes:
        supplier: of whom it is asked; empty where the bill names nobody.
        places: of the lines that it is about, from 0.
    """

    key: str
    kind: str
    supplier: str
    places: tuple[int, ...]


def askable_of(bill: Bill) -> Mapping[str, AskableQuestion]:
    """Return what can be asked about the lines of a bill, by key.

    Of lines that name one material and have one source one question is asked, of all others one
    for each part.

    >>> from monazite.bills.bill import line
    >>> bill = Bill("b.csv", "", (line("a", material="NdFeB"), line("b", material="NdFeB")))
    >>> [each.places for each in askable_of(bill).values() if each.kind == "made-in"]
    [(0, 1)]
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(bill.lines):
        for key in _groups(one):
            groups[key].append(place)
    marks = [_mark(one) for one in bill.lines]
    found = (
        AskableQuestion(
            _key(kind, supplier, [marks[at] for at in places]), kind, supplier, tuple(places)
        )
        for (kind, supplier, *_), places in groups.items()
    )
    return {each.key: each for each in found}


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


def _mark(one: BillLine) -> list[object]:
    names = [each.name for each in one.sources]
    return [one.position, one.part_number, one.description, one.material, one.grade, *names]


def _key(kind: str, supplier: str, marks: list[list[object]]) -> str:
    text = json.dumps([kind, supplier, marks], ensure_ascii=True)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"
