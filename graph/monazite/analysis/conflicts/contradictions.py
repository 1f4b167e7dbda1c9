"""Readings on equal terms: which stand, and whether those that stand contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from monazite.analysis.conflicts.readings import SHARE, PrintedNumber, Reading, apart
from monazite.data.roots import SourceAttribution
from monazite.data.sameness import Sameness

Period = tuple[str, ...]


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
    """Pairs of a row and the row of the same root, in another source, that counts for it."""

    def rank(reading: Reading) -> tuple[bool, tuple[SourceAttribution, ...]]:
        original = any(source.root == source.id for source in reading.sources)
        return not original, reading.sources[:1]

    kept: list[Reading] = []
    for reading in sorted(cell, key=rank):
        first = next((one for one in kept if one.roots & reading.roots), None)
        if first is not None and not share_source(first, reading):
            yield reading, first
        else:
            kept.append(reading)


def share_source(one: Reading, other: Reading) -> bool:
    """Tell whether one source says both."""
    return bool({source.id for source in one.sources} & {source.id for source in other.sources})


def kind_within(cell: list[Reading], stand: list[Reading]) -> str:
    """The kind of the strongest difference among rows on equal terms, or an empty text."""
    sides: dict[str, list[Reading]] = defaultdict(list)
    for reading in stand:
        sides[reading.author or reading.row].append(reading)
    kinds = {_against(one, other) for one, other in combinations(sides.values(), 2)}
    if any(len(side) > 1 and _differ(side) for side in sides.values()):
        kinds.add("definition")
    if _differ(cell):
        kinds.add("edition")
    elif len({reading.printed for reading in cell}) > 1:
        kinds.add("rounding")
    order = ("real", "definition", "edition", "rounding")
    return next((kind for kind in order if kind in kinds), "")


def _differ(side: list[Reading]) -> bool:
    return any(not one.printed.agrees(other.printed) for one, other in combinations(side, 2))


def _against(ours: list[Reading], theirs: list[Reading]) -> str:
    """Whether two authors contradict each other; parts, repeatable events and zeros do not."""
    if not apart([reading.printed for reading in ours], [reading.printed for reading in theirs]):
        return ""
    both = ours + theirs
    zeros = (x for x in both if isinstance(x.printed, PrintedNumber) and x.printed.ends == (0, 0))
    if any(reading.special for reading in both) or any(zeros):
        return "definition"
    both_said = any(share_source(one, other) for one in ours for other in theirs)
    return "definition" if both_said else "real"


def differences_between(
    standing: list[Reading], sameness: Sameness, years: int
) -> Iterator[tuple[str, list[Reading]]]:
    """Return differences between rows on other terms, with their kind: basis, definition, year."""
    found: dict[tuple[str, ...], list[tuple[Reading, Reading]]] = defaultdict(list)
    periods: dict[str, set[Period]] = defaultdict(set)
    for reading in standing:
        periods[reading.author].add(reading.period)
    for one, other in combinations(standing, 2):
        repeated = one.roots & other.roots or share_source(one, other)
        if repeated or one.unit != other.unit or one.printed == other.printed:
            continue
        kind = _terms_between(one, other, sameness)
        if kind and one.printed.agrees(other.printed):
            kind = "rounding" if one.period == other.period else ""
        if kind and _set_side_by_side(one, other, kind, periods, years):
            basis = one.basis if one.basis == other.basis else ()
            period = one.period if one.period == other.period else ()
            found[kind, one.unit, *basis, *period].append((one, other))
    for (kind, *_), pairs in found.items():
        for readings in _joined(pairs):
            yield kind, readings


def _joined(pairs: Iterable[tuple[Reading, Reading]]) -> list[list[Reading]]:
    """Join pairs that share a reading."""
    groups: list[dict[str, Reading]] = []
    for pair in pairs:
        joined = {reading.row: reading for reading in pair}
        touched = [group for group in groups if group.keys() & joined.keys()]
        for group in touched:
            joined = {**group, **joined}
        groups = [*(group for group in groups if group not in touched), joined]
    return [list(group.values()) for group in groups]


def _terms_between(one: Reading, other: Reading, sameness: Sameness) -> str:
    """The first term in which two readings differ, if they measure one dimension."""
    if one.special == "repeats":
        return ""
    if one.basis != other.basis:
        return "basis" if _comparable(one, other, sameness) else ""
    if one.defined != other.defined:
        return "definition"
    return "year" if one.period != other.period else ""


def _set_side_by_side(
    one: Reading, other: Reading, kind: str, periods: Mapping[str, set[Period]], within: int
) -> bool:
    """Whether a reader would set two readings side by side at all.

    Of one period: those on other bases or by other authors. Of near years: by other authors who do
    not speak of the other's year; shares, which move slowly, also where another term differs.
    """
    if one.period == other.period:
        return one.basis != other.basis or one.author != other.author
    if one.author == other.author or not _near(one.period, other.period, within):
        return False
    if kind != "year" and one.unit != SHARE:
        return False
    return other.period not in periods[one.author] and one.period not in periods[other.author]


def _near(one: tuple[str, ...], other: tuple[str, ...], within: int) -> bool:
    """Whether two periods are the same part of two near years."""
    if [text[4:] for text in one] != [text[4:] for text in other]:
        return False
    years = [int(next((text[:4] for text in period if text), "0")) for period in (one, other)]
    return 0 < abs(years[0] - years[1]) <= within


def _comparable(one: Reading, other: Reading, sameness: Sameness) -> bool:
    """Whether two bases measure one dimension: mass with mass, a share with a share of it."""
    if len(one.basis) != len(other.basis):
        return False
    concepts = sameness.concepts
    dimensions = {concepts.one(reading.basis[0], "dimension") for reading in (one, other)}
    goods = zip(one.basis[1:], other.basis[1:], strict=True)
    return len(dimensions) == 1 and all(
        mine == theirs or _nested(mine, theirs, sameness) for mine, theirs in goods
    )


def _nested(mine: str, theirs: str, sameness: Sameness) -> bool:
    """Whether one thing is next above the other, and is more than one element of many."""
    for narrow, wide in ((mine, theirs), (theirs, mine)):
        if wide in sameness.linked(narrow, "broader"):
            return len(sameness.linked(narrow, "element")) != 1
    return False
