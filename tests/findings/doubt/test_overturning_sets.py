"""Smallest sets of doubts: by hand, and against brute force over all subsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.doubt.baseline import baseline_of
from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.overturning_sets import Doubts, OverturningSearch
from monazite.findings.doubt.premises import (
    DROPPED,
    LOWEST,
    OWN,
    Doubt,
    Premise,
    doubts_about,
)
from monazite.findings.doubt.verdicts import CROSSED, OTHER


@dataclass(frozen=True)
class Row:
    """A row by hand: what the world loses without a place; the first of a place speaks."""

    name: str
    place: str
    loss: float
    ends: tuple[float, float] | None = None


@dataclass
class Rows:
    """Rows by hand as a view: conclusions under doubts, and what they rest on."""

    rows: Sequence[Row]
    premises: dict[str, Premise] = field(init=False)

    def __post_init__(self) -> None:
        self.premises = {row.name: _premise(row) for row in self.rows}

    def speaking(self, doubts: Iterable[Doubt]) -> dict[str, tuple[Row, float]]:
        """For each place the row that speaks, and its number."""
        by_row = {doubt.premise.name: doubt for doubt in doubts}
        found: dict[str, tuple[Row, float]] = {}
        for row in self.rows:
            doubt = by_row.get(row.name)
            if row.place not in found and (doubt is None or doubt.how != DROPPED):
                number = row.loss if doubt is None else doubt.value
                assert number is not None
                found[row.place] = row, number
        return found

    def conclude(self, doubts: Doubts) -> Conclusion:
        """The losses that the speaking rows tell."""
        speaking = self.speaking(doubts)
        places = dict.fromkeys(row.place for row in self.rows)
        return Conclusion(
            {each: speaking[each][1] if each in speaking else None for each in places}
        )

    def about(self, doubts: Doubts) -> list[Doubt]:
        """The doubts about the rows that speak."""
        names = sorted(row.name for row, _ in self.speaking(doubts).values())
        return [doubt for name in names for doubt in doubts_about(self.premises[name])]

    def search(self, threshold: float | None = None, bound: int = 10_000) -> OverturningSearch:
        """A search for what overturns the first conclusion."""
        baseline = baseline_of(self.conclude(frozenset()), threshold)
        return OverturningSearch(self.conclude, self.about, baseline.margin, bound=bound)

    def overturning(self, threshold: float | None = None) -> list[Doubts]:
        """All smallest sets, by trying every subset in every way."""
        baseline = baseline_of(self.conclude(frozenset()), threshold)
        for size in range(len(self.rows) + 1):
            found = [
                frozenset(doubts)
                for some in combinations(sorted(self.premises.values()), size)
                for doubts in product(*map(doubts_about, some))
                if baseline.verdict(self.conclude(frozenset(doubts))) in {OTHER, CROSSED}
            ]
            if found:
                return found
        return []


def _premise(row: Row) -> Premise:
    low, high = row.ends or (None, None)
    return Premise((row.name,), row.name, row.loss, "", low, high, OWN if row.ends else "")


def named(found: Iterable[Doubts]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset((doubt.premise.rows[0], doubt.how) for doubt in doubts) for doubts in found}


def test_the_row_that_takes_the_place_of_another_overturns() -> None:
    rows = Rows([Row("a", "A", 0.9), Row("a2", "A", 0.5), Row("b", "B", 0.6)])
    found, exact = rows.search().smallest(2)
    assert (named(found), exact) == ({frozenset({("a", DROPPED)})}, 1)


def test_two_rows_that_say_the_same_must_both_fall() -> None:
    first = [Row("a", "A", 0.9), Row("a2", "A", 0.88), Row("a3", "A", 0.5)]
    rows = Rows([*first, Row("b", "B", 0.6)])
    found, exact = rows.search().smallest(2)
    assert (named(found), exact) == ({frozenset({("a", DROPPED), ("a2", DROPPED)})}, 2)


def test_a_number_within_its_range_overturns_and_one_that_is_gone_does_not() -> None:
    rows = Rows([Row("a", "A", 0.9, (0.5, 0.9)), Row("b", "B", 0.6)])
    found, _ = rows.search().smallest(1)
    assert named(found) == {frozenset({("a", LOWEST)})}


def test_what_a_bound_forbids_greedy_finds_and_spares_nothing() -> None:
    rows = Rows([Row("a", "A", 0.9, (0.7, 0.9)), Row("b", "B", 0.6, (0.6, 0.75))])
    search = rows.search(bound=2)
    assert search.smallest(2) == ([], 1)
    assert search.greedy() is not None
    assert named([search.greedy() or frozenset()]) == named(rows.overturning())


def test_where_no_set_overturns_it_is_said() -> None:
    search = Rows([Row("a", "A", 1.0)]).search(threshold=0.0)
    assert search.smallest(2) == ([], 2)
    assert search.greedy() is None


LOSSES = st.sampled_from([0.2, 0.5, 0.7, 0.9, 1.0])
ENDS = st.none() | st.tuples(LOSSES, LOSSES).map(lambda ends: (min(ends), max(ends)))


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    rows = [
        Row(f"r{place}", draw(st.sampled_from("AB")), draw(LOSSES), draw(ENDS))
        for place in range(draw(st.integers(1, 4)))
    ]
    return Rows([Row("r9", "A", 0.9), Row("r8", "B", 0.5), *rows])


@given(some_rows(), st.sampled_from([None, 0.1, 0.95]))
def test_trying_every_subset_agrees(rows: Rows, threshold: float | None) -> None:
    smallest = rows.overturning(threshold)
    size = len(smallest[0]) if smallest else len(rows.rows)
    search = rows.search(threshold)
    found, exact = search.smallest(max(size, 1))
    assert named(found) == named(smallest)
    assert exact == max(size, 1)
    greedy = search.greedy()
    if greedy is not None:
        assert smallest
        assert len(greedy) >= size
        assert not any(search.overturns(greedy - {doubt}) for doubt in greedy)
