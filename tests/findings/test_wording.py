"""Wording: numbers, lists and names as they stand in a sentence."""

from __future__ import annotations

import pytest

from monazite.findings.wording import between, capital, listed, ranged
from monazite.safe_text import NOT_KNOWN, counted


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.2, 0.4, "20 % to 40 %"), (0.201, 0.204, "20 %"), (None, None, NOT_KNOWN)],
)
def test_a_range_whose_ends_read_alike_is_one_number(
    low: float | None, high: float | None, said: str
) -> None:
    assert between(low, high) == said


def test_a_value_stands_before_its_range_where_they_differ() -> None:
    assert ranged(0.3, 0.2, 0.4) == "30 % (20 % to 40 %)"
    assert ranged(0.3, 0.3, 0.3) == "30 %"
    assert ranged(0.3, None, None) == "30 %"


def test_lists_of_none_one_two_and_three() -> None:
    said = [listed("abc"[:count]) for count in range(4)]
    assert said == ["", "a", "a and b", "a, b and c"]


def test_a_count_has_its_noun_and_a_sentence_its_capital() -> None:
    assert [counted(count, "row") for count in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert capital("eU rows") == "EU rows"
