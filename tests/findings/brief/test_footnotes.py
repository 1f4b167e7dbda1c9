"""Footnotes: each source one number, in the order in which the text first cites it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.brief.footnotes import Footnotes, runs
from monazite.triples.cards import RowCard, SourceLine


def card(row: str, *sources: str) -> RowCard:
    said = tuple(SourceLine(name, name.upper(), "Report", "2026", "1", "") for name in sources)
    return RowCard(row, "a", "", "", "", said, {})


def notes() -> Footnotes:
    rows = (card("a/1", "usgs"), card("a/2", "bgs", "usgs"), card("a/3", "iea"))
    return Footnotes({made.row: made for made in rows})


def test_sources_are_numbered_as_they_are_first_cited() -> None:
    found = notes()
    assert found.of(["a/3"]) == (1,)
    assert found.of(["a/2"]) == (2, 3)
    assert found.of(["a/3", "a/1", "a/3"]) == (1, 3)
    assert [(each.number, each.id) for each in found.sources()] == [
        (1, "iea"),
        (2, "bgs"),
        (3, "usgs"),
    ]


def test_a_source_knows_what_it_was_cited_for_and_the_list_holds_no_other() -> None:
    found = notes()
    found.of(["a/2", "a/1", "a/9"])
    assert {each.id: each.rows for each in found.sources()} == {
        "bgs": ("a/2",),
        "usgs": ("a/1", "a/2"),
    }
    assert found.rows == {"a/1", "a/2"}


def test_what_has_no_card_has_no_footnote() -> None:
    found = notes()
    assert found.of(["a/9"]) == ()
    assert (found.sources(), found.rows) == ((), frozenset())


@given(st.lists(st.integers(1, 30)))
def test_runs_hold_the_same_numbers_with_gaps_between(numbers: list[int]) -> None:
    found = runs(numbers)
    assert [n for first, last in found for n in range(first, last + 1)] == sorted(set(numbers))
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))
