"""Contradictions: which of several readings stand, and what kind of difference they make."""

from __future__ import annotations

import pytest

from monazite.findings.conflicts.contradictions import find_superseded, kind_within
from monazite.findings.conflicts.readings import Reading
from tests.findings.readings import reading, says


def kind_of(*cell: Reading) -> tuple[str, list[str]]:
    """The kind of the difference, and what the rows say that stand."""
    remarks = find_superseded(list(cell))
    stand = [one for one in cell if one.row not in remarks]
    return kind_within(list(cell), stand), [one.text for one in stand]


def test_two_authors_who_say_different_things_contradict_each_other() -> None:
    assert kind_of(reading("100", says("a", "A")), reading("10", says("b", "B"))) == (
        "real",
        ["100", "10"],
    )
    assert kind_of(reading("100", says("a", "A")), reading("100", says("b", "B")))[0] == ""


def test_copies_of_one_root_count_once_and_the_original_stands() -> None:
    original, copy = says("agency", "Agency"), says("blog", "Agency", root="agency", tier=1)
    assert kind_of(reading("90", copy), reading("100", original)) == ("edition", ["100"])
    assert kind_of(reading("100", copy), reading("100", original)) == ("", ["100"])
    other = reading("50", says("b", "B"))
    kind, stand = kind_of(reading("90", copy), reading("100", original), other)
    assert (kind, stand) == ("real", ["100", "50"])


def test_of_two_copies_without_their_original_the_better_one_stands() -> None:
    good, bad = (says(n, "Agency", root="agency", tier=t) for n, t in (("good", 2), ("bad", 4)))
    assert kind_of(reading("90", bad), reading("100", good)) == ("edition", ["100"])


def test_a_later_edition_takes_the_place_of_an_earlier_one() -> None:
    old, new = says("mcs-2024", "USGS", "2024-01-31"), says("mcs-2025", "USGS", "2025-01-31")
    agrees_with_new = reading("255", says("bgs", "BGS"))
    assert kind_of(reading("240", old), reading("255", new), agrees_with_new) == (
        "edition",
        ["255", "255"],
    )
    agrees_with_old = reading("240", says("bgs", "BGS"))
    assert kind_of(reading("240", old), reading("255", new), agrees_with_old)[0] == "real"


def test_one_source_that_gives_two_numbers_speaks_of_two_things() -> None:
    both = says("a", "A")
    assert kind_of(reading("4", both), reading("8", both))[0] == "definition"
    between, outside = reading("6", says("b", "B")), reading("20", says("b", "B"))
    assert kind_of(reading("4", both), reading("8", both), between)[0] == "definition"
    assert kind_of(reading("4", both), reading("8", both), outside)[0] == "real"


@pytest.mark.parametrize(
    ("value", "special"), [("0", ""), ("50", "partial"), ("50", "repeats")], ids=str
)
def test_zeros_parts_and_repeats_contradict_nobody(value: str, special: str) -> None:
    one = reading(value, says("a", "A"), special=special)
    assert kind_of(one, reading("100", says("b", "B")))[0] == "definition"


def test_numbers_that_round_to_each_other_agree() -> None:
    assert kind_of(reading("3700", says("a", "A")), reading("3676", says("b", "B")))[0] == (
        "rounding"
    )
