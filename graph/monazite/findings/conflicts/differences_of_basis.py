"""Readings on other terms: they differ by basis, definition or year, and contradict nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from monazite.findings.conflicts.contradictions import share_source
from monazite.findings.conflicts.readings import SHARE, Reading
from monazite.rows.sameness import Sameness

Periods = Mapping[str, set[tuple[str, ...]]]
"""The periods of which each author speaks."""


def differences_between(
    standing: list[Reading], sameness: Sameness, years: int
) -> Iterator[tuple[str, list[Reading]]]:
    """Return differences between rows on other terms, with their kind: basis, definition, year."""
    found: dict[tuple[str, ...], list[tuple[Reading, Reading]]] = defaultdict(list)
    periods = _periods(standing)
    for one, other in combinations(standing, 2):
        if one.unit != other.unit or one.printed == other.printed or _repeat(one, other):
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
        apart_from_it = []
        for group in groups:
            if group.keys() & joined.keys():
                joined = {**group, **joined}
            else:
                apart_from_it.append(group)
        groups = [*apart_from_it, joined]
    return [list(group.values()) for group in groups]


def _repeat(one: Reading, other: Reading) -> bool:
    return bool(one.roots & other.roots) or share_source(one, other)


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
    one: Reading, other: Reading, kind: str, periods: Periods, within: int
) -> bool:
    """Whether a reader would set two readings side by side at all.

    On another basis, also those of one author, for one period. Else two authors are meant; of
    two near years, only where neither speaks of the other's himself. Shares move slowly: theirs
    are set beside each other over the years whatever else differs.
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


def _periods(standing: list[Reading]) -> Periods:
    periods: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for reading in standing:
        periods[reading.author].add(reading.period)
    return periods
