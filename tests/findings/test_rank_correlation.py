"""Rank correlation with shared ranks: by hand, by published examples, and its laws."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.rank_correlation import (
    kendall,
    pair_signs,
    places,
    spearman,
)
from tests.golden.lines import lines_of

NUMBERS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=9)


def test_by_hand_with_ties_on_both_sides() -> None:
    """Ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4; the deviations give 4 and 4.5 each, so 4 / 4.5.

    Of six pairs four stand in the same order, one is equal on each side: 4 / sqrt(5 * 5).
    """
    one, other = [9, 7, 7, 1], [8, 8, 5, 2]
    assert spearman(one, other) == pytest.approx((-1.5 * -1 + 0 * -1 + 0 * 0.5 + 1.5 * 1.5) / 4.5)
    assert pair_signs(one, other) == (4, 0, 1, 1)
    assert kendall(one, other) == pytest.approx(4 / 5)


def test_the_examples_of_a_manual() -> None:
    """Those that SciPy prints for its functions spearmanr and kendalltau (tau-b)."""
    assert spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) == pytest.approx(0.8207826816681233)
    assert kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.47140452079103173)


def test_fourteen_elements_of_which_eleven_are_lost_whole() -> None:
    """Deviations from 7.5: 10.5 together, squares 227 (two share 13.5) and 115.5."""
    printed = lines_of("published_losses").values()
    by_element = {
        row["material"]: float(row["value"])
        for row in printed
        if row["probability_weighted"] == "true" and row["material"] != "samarium"
    }
    assert len(by_element) == 14
    sizes = [*by_element.values()]
    lost = [
        96 if each in {"neodymium", "lanthanum", "praseodymium"} else 100 for each in by_element
    ]
    assert spearman(sizes, lost) == pytest.approx(10.5 / sqrt(227 * 115.5))
    assert kendall(sizes, lost) == pytest.approx((18 - 15) / sqrt(90 * 33))


def test_a_side_without_an_order_has_no_correlation() -> None:
    assert spearman([1, 1], [1, 2]) is None
    assert kendall([1, 2], [3, 3]) is None
    assert spearman([], []) is kendall([], []) is None


@given(NUMBERS)
def test_turned_round_the_sign_changes(pairs: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    back = [-each for each in other]
    for correlate in (spearman, kendall):
        found = correlate(one, other)
        assert found == (None if found is None else pytest.approx(correlate(other, one)))
        assert (found is None) == (len({*one}) == 1 or len({*other}) == 1)
        if found is not None:
            assert -1 - 1e-9 <= found <= 1 + 1e-9
            assert correlate(one, back) == pytest.approx(-found)
            assert correlate(one, one) == pytest.approx(1)
    assert sum(pair_signs(one, other)) == len(pairs) * (len(pairs) - 1) / 2


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_places_are_those_of_a_sorted_list(numbers: list[int]) -> None:
    ordered = sorted(numbers, reverse=True)
    for number, (first, last) in zip(numbers, places(numbers), strict=True):
        assert ordered[first - 1 : last] == [number] * (last - first + 1)
        assert ordered.count(number) == last - first + 1
