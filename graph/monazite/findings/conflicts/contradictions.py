"""Readings on equal terms: which stand, and whether those that stand contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from monazite.findings.conflicts.readings import Reading
from monazite.findings.conflicts.values import PrintedNumber, apart


def find_superseded(cell: list[Reading]) -> dict[str, str]:
    """Return the rows that count for nothing: copies of one root, and superseded editions."""
    remarks: dict[str, str] = {}
    for copy, kept in _copies(cell):
        remarks[copy.row] = f"copy of the root of {kept.row}"
    authors: dict[str, list[Reading]] = defaultdict(list)
    for reading in cell:
        if reading.row not in remarks and reading.author:
            authors[reading.author].append(reading)
    for editions in authors.values():
        last = max(editions, key=lambda reading: (reading.known, reading.row))
        for reading in editions:
            if reading is not last and not share_source(reading, last):
                remarks[reading.row] = f"superseded by {last.row}"
    return remarks


def _copies(cell: list[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """Pairs of a row and the row of the same root that counts for it: the original, else the best.

    Two rows of one source are no copies of each other: the source says both.
    """
    ranked = sorted(cell, key=lambda reading: (not _is_original(reading), reading.sources[:1]))
    kept: list[Reading] = []
    for reading in ranked:
        first = next((one for one in kept if one.roots & reading.roots), None)
        if first is not None and not share_source(first, reading):
            yield reading, first
        else:
            kept.append(reading)


def _is_original(reading: Reading) -> bool:
    return any(source.root == source.id for source in reading.sources)


def share_source(one: Reading, other: Reading) -> bool:
    """Tell whether one source says both."""
    ids = {source.id for source in one.sources}
    return any(source.id in ids for source in other.sources)


def kind_within(cell: list[Reading], stand: list[Reading]) -> str:
    """The kind of the strongest difference among rows on equal terms, or an empty text."""
    sides: dict[str, list[Reading]] = defaultdict(list)
    for reading in stand:
        sides[reading.author or reading.row].append(reading)
    kinds = {_against(one, other) for one, other in combinations(sides.values(), 2)}
    if any(len(side) > 1 and _differ(side) for side in sides.values()):
        kinds.add("definition")
    if any(not one.printed.agrees(other.printed) for one, other in combinations(cell, 2)):
        kinds.add("edition")
    elif len({reading.printed for reading in cell}) > 1:
        kinds.add("rounding")
    order = ("real", "definition", "edition", "rounding")
    return next((kind for kind in order if kind in kinds), "")


def _differ(side: list[Reading]) -> bool:
    return any(not one.printed.agrees(other.printed) for one, other in combinations(side, 2))


def _against(ours: list[Reading], theirs: list[Reading]) -> str:
    """Whether two authors contradict each other.

    A part or special figure, an event that may have happened twice, and a zero, which may mean
    *not listed*, contradict nobody.
    """
    if not apart([reading.printed for reading in ours], [reading.printed for reading in theirs]):
        return ""
    both = ours + theirs
    if any(reading.special for reading in both) or any(_is_zero(reading) for reading in both):
        return "definition"
    if any(share_source(one, other) for one in ours for other in theirs):
        return "definition"
    return "real"


def _is_zero(reading: Reading) -> bool:
    return isinstance(reading.printed, PrintedNumber) and reading.printed.ends == (0.0, 0.0)
