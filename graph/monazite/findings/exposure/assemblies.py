"""The grams of a product by the parts right below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monazite.bills.bill import Bill
from monazite.findings.exposure.grams import ElementGrams, ElementTotal, share_below, totals
from monazite.findings.exposure.lines import ExposedLine

MOST_ASSEMBLIES = 100
"""Parts right below the product whose grams are added up one by one."""


@dataclass(frozen=True)
class AssemblyTotal:
    """What a part right below the product holds.

    Attributes:
        name: of the part.
        elements: grams of each element.
    """

    name: str
    elements: tuple[ElementTotal, ...]


def assemblies_of(bill: Bill, lines: Sequence[ExposedLine]) -> Iterator[AssemblyTotal]:
    """Yield the grams below each part that stands right below the product."""
    tops = [place for place, one in enumerate(bill.lines) if not one.above]
    parts = bill.below[tops[0]] if len(tops) == 1 else tops
    if len(parts) > MOST_ASSEMBLIES or not any(bill.below[place] for place in parts):
        return
    for place in dict.fromkeys(parts):
        pieces = share_below(bill, place) if _is_shared(bill, place) else None
        below = _below(bill, place)
        held = [
            _scaled(lines[each], 1 if pieces is None else pieces.get(each, 0) / lines[each].pieces)
            for each in below
        ]
        found = totals(held)
        if found:
            yield AssemblyTotal(lines[place].name, found)


def _below(bill: Bill, place: int) -> list[int]:
    found: dict[int, None] = {place: None}
    waiting = [place]
    for each in waiting:  # grows while it is walked
        for part in bill.below[each]:
            if part not in found:
                found[part] = None
                waiting.append(part)
    return list(found)


def _is_shared(bill: Bill, place: int) -> bool:
    return any(len(bill.lines[each].above) > 1 for each in _below(bill, place))


def _scaled(line: ExposedLine, part: float) -> tuple[ElementGrams, ...]:
    if part == 1:
        return line.grams
    return tuple(replace(each, low=each.low * part, high=each.high * part) for each in line.grams)
