"""What became of a plan by a day; early, mid and late in its text are thirds of a year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.data.dates import date_bounds
from monazite.model.facilities.status import BEGINS, PLANNED, FacilityEvent

TO_COME, MET, OVERTAKEN, PASSED = "to come", "met", "overtaken", "passed"
"""What became of a plan: passed is one after whose time no record of the plant tells anything."""
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_PARTS = {
    "early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (10, 12), "end of": (10, 12),
    "first half": (1, 6), "second half": (7, 12), "h1": (1, 6), "h2": (7, 12),
    "first quarter": (1, 3), "second quarter": (4, 6), "third quarter": (7, 9),
    "fourth quarter": (10, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12),
    **{name: (number, number) for number, name in enumerate(_MONTHS, start=1)},
}  # fmt: skip
_PHRASE = re.compile(
    rf"\b({'|'.join(sorted(_PARTS, key=len, reverse=True))})(?:-| of | )([12]\d{{3}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PartOfYear:
    """A part of a year that a text names."""

    words: str  # as the text has it: first half of 2026
    first: str
    last: str


def parts_of_year(text: str, year: str) -> tuple[PartOfYear, ...]:
    """Return the parts of a year that a text names, in the order of the text."""
    found = []
    for phrase in _PHRASE.finditer(text):
        first, last = _PARTS[phrase[1].lower()]
        if phrase[2] == year:
            begin, end = date_bounds(f"{year}-{first:02}")[0], date_bounds(f"{year}-{last:02}")[1]
            found.append(PartOfYear(phrase[0], begin, end))
    return tuple(found)


def target_days(printed: str, text: str) -> tuple[str, str]:
    """Return the first and last day that a plan's date can mean, by what its text says of it."""
    parts = parts_of_year(text, printed)
    if not parts:
        return date_bounds(printed)
    return min(each.first for each in parts), max(each.last for each in parts)


def came_of(plan: FacilityEvent, events: Iterable[FacilityEvent], day: str) -> str:
    """Tell what became of a plan by a day."""
    first, last = target_days(plan.printed, plan.detail)
    since = [x for x in events if x.row != plan.row and x.earliest <= day and x.latest >= first]
    for each in (x for x in since if x.event in BEGINS and x.earliest >= first):
        stages, parts = {each.stage, plan.stage} - {""}, {each.part, plan.part} - {""}
        if len(stages) < 2 and len(parts) < 2:  # it may be of the same stage and part
            return MET
    if last > day:
        return TO_COME
    told = [x for x in since if x.state != PLANNED or x.earliest >= first]
    return OVERTAKEN if told else PASSED
