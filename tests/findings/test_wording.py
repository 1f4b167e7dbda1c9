"""Words for numbers and lists: what a sentence says at the edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.wording import STAGES, between, counted, listed, named, ranged, tonnes
from monazite.parameters import stages


@given(st.floats(0.01, 1e9))
def test_tonnes_are_within_half_a_unit_of_their_last_figure(amount: float) -> None:
    assert float(tonnes(amount).replace(",", "")) == pytest.approx(amount, rel=0.051)
    assert "e" not in tonnes(amount)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_range_is_one_number_where_both_ends_print_alike(low: float, high: float) -> None:
    said = between(low, high)
    assert (" to " in said) == (between(low, low) != between(high, high))
    assert ranged(low, low, low) == between(low, low)


def test_lists_and_counts() -> None:
    assert [listed("abc"[:many]) for many in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert counted(1_000, "row") == "1,000 rows"
    assert counted(0, "row") == "0 rows"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Netherlands", "the Netherlands"),
        ("Czech Republic", "the Czech Republic"),
        ("Rest of the world", "the rest of the world"),
        ("Japan", "Japan"),
        ("WLD", "the world"),
    ],
)
def test_a_country_has_its_article(name: str, said: str) -> None:
    assert named(name) == said


def test_every_stage_has_its_work() -> None:
    assert tuple(STAGES) == stages()
    assert STAGES["alloy"] == "alloy making"
