"""What each line of a bill is a part of: by a parent, by levels, or by the points of positions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.bills.bill import Bill, top_down

_DOTTED = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*\.?")
_LEVEL = re.compile(r"[.\-+ ]*([0-9]{1,2})")
_DEEPEST = 50
"""Levels of assembly; a bill that has more is taken for a mistake."""

_MOST_ABOVE = 200
"""Lines that one line may be a part of."""


@dataclass(frozen=True)
class BillPlaces:
    """What lines say of their place.

    Attributes:
        parents: what each names as above it; None where the bill has no such column.
        levels: as written; None where the bill has no such column.
    """

    rows: Sequence[int]
    positions: Sequence[str]
    parts: Sequence[str]
    parents: Sequence[str] | None = None
    levels: Sequence[str] | None = None


_NOMINAL = 1.05
"""By how much parts may outweigh their assembly: masses of bills are nominal and rounded."""
_ROWS = 5

TellFault = Callable[[int, str, str, str], None]
"""Is told the row, the field, what is wrong and what to do."""


def find_above(places: BillPlaces, tell: TellFault) -> tuple[list[tuple[int, ...]], str]:
    """Find what each line is a part of.

    >>> two = BillPlaces([2, 3], ["1", "1.1"], ["", ""])
    >>> find_above(two, print)
    ([(), (0,)], 'Levels are those of the points of positions.')
    """
    dotted = any("." in each.rstrip(".") for each in places.positions)
    if dotted or places.parents is not None:
        _tell_repeated(places, tell)
    if places.parents is not None:
        above = _by_parent(places, places.parents, tell)
        _tell_circles(places, above, tell)
        return above, "Levels are those of the parents that lines name."
    if places.levels is not None:
        return _by_level(places, places.levels, tell), "Levels are those of their own column."
    if dotted:
        return _by_points(places, tell), "Levels are those of the points of positions."
    return [()] * len(places.rows), "No column gives levels: all lines are parts of one product."


def _tell_repeated(places: BillPlaces, tell: TellFault) -> None:
    first: dict[str, int] = {}
    for row, position in zip(places.rows, places.positions, strict=True):
        key = position.rstrip(".")
        if key and key in first:
            what = f'the position "{position}" stands in row {first[key]} already'
            tell(row, "position", what, "give each line a position of its own")
        first.setdefault(key, row)


def _by_parent(
    places: BillPlaces, parents: Sequence[str], tell: TellFault
) -> list[tuple[int, ...]]:
    by_position: dict[str, list[int]] = defaultdict(list)
    by_part: dict[str, list[int]] = defaultdict(list)
    for place, (position, part) in enumerate(zip(places.positions, places.parts, strict=True)):
        by_position[position.rstrip(".")].append(place)
        by_part[part].append(place)
    above: list[tuple[int, ...]] = []
    for place, parent in enumerate(parents):
        found = () if not parent else tuple(_named(parent, by_position, by_part))
        if parent and not found:
            what = f'no line has the position or part number "{parent}" of its parent'
            tell(places.rows[place], "parent", what, "add the line, or name another")
        if len(found) > _MOST_ABOVE:
            what = f'{len(found)} lines have the part number "{parent}" of its parent'
            tell(places.rows[place], "parent", what, "name the position of the one that is meant")
            found = ()
        above.append(found)
    return above


def _named(parent: str, *lists: Mapping[str, list[int]]) -> list[int]:
    return next((known[parent] for known in lists if parent in known), [])


def _tell_circles(places: BillPlaces, above: Sequence[tuple[int, ...]], tell: TellFault) -> None:
    """Tell of one line of each circle: whatever has no place in an order leads up to one."""
    left = set(top_down(above)[1])
    walked: set[int] = set()
    for start in sorted(left):
        way: dict[int, None] = {}
        place = start
        while place not in walked and place not in way:
            way[place] = None
            place = next(each for each in above[place] if each in left)
        if place in way:
            what = "the line is a part of itself, by the parents that lines name"
            tell(places.rows[place], "parent", what, "break the circle")
        walked.update(way)


def _by_level(places: BillPlaces, levels: Sequence[str], tell: TellFault) -> list[tuple[int, ...]]:
    above: list[tuple[int, ...]] = []
    last: dict[int, int] = {}
    top = None
    for place, text in enumerate(levels):
        found = _LEVEL.fullmatch(text)
        level = int(found[1]) if found else None
        if level is None or level > _DEEPEST:
            what = f'"{text}" is no level' if text else "the level is blank"
            tell(places.rows[place], "level", what, "write 0 for the product, 1 for its parts")
            above.append(())
            continue
        top = level if top is None else min(top, level)
        if level > top and level - 1 not in last:
            what = f"level {level} has nothing of level {level - 1} above it"
            tell(places.rows[place], "level", what, "add the assembly, or mend the level")
        above.append((last[level - 1],) if level > top and level - 1 in last else ())
        last = {each: held for each, held in last.items() if each < level} | {level: place}
    return above


def _by_points(places: BillPlaces, tell: TellFault) -> list[tuple[int, ...]]:
    known = {each.rstrip("."): place for place, each in enumerate(places.positions) if each}
    above: list[tuple[int, ...]] = []
    for row, position in zip(places.rows, places.positions, strict=True):
        if not position or not _DOTTED.fullmatch(position):
            what = f'"{position}" is no position' if position else "the position is blank"
            tell(row, "position", what, "write positions as 1, 1.1, 1.2")
            above.append(())
            continue
        parent = position.rstrip(".").rpartition(".")[0]
        if parent and parent not in known:
            what = f'position "{position}" has no line "{parent}" above it'
            tell(row, "position", what, "add the assembly, or mend the position")
        above.append((known[parent],) if parent in known else ())
    return above


def parts_too_heavy(bill: Bill) -> str:
    """Return a sentence on lines whose parts weigh more than they do; empty where there is none."""
    rows = [
        str(one.row)
        for one, below in zip(bill.lines, bill.below, strict=True)
        if one.mass is not None and _mass_of(bill, below) > one.mass * _NOMINAL
    ]
    if not rows:
        return ""
    more = f" and {len(rows) - _ROWS:,} more" if len(rows) > _ROWS else ""
    return (
        f"Parts weigh more than what they are in: row {', '.join(rows[:_ROWS])}{more}. "
        "Check masses and units; the grams may be wrong."
    )


def _mass_of(bill: Bill, places: Sequence[int]) -> float:
    """Grams of parts in one piece of what they are in, as far as their masses are known."""
    parts = (bill.lines[place] for place in places)
    return fsum(each.quantity * each.mass for each in parts if each.mass is not None)
