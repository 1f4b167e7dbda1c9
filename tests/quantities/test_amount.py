"""Amounts: arithmetic on ranges that holds what it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.quantities.amount import NOTHING, Amount, exactly, total

numbers = st.floats(0.001, 1e6)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Amount(value, low, high, (draw(st.sampled_from("abc")),))


@given(amounts(), amounts())
def test_every_result_lies_in_its_range_and_keeps_all_rows(one: Amount, other: Amount) -> None:
    for found in (one + other, one * other, one / other):
        assert found.low <= found.value <= found.high
        assert set(found.rows) == {*one.rows, *other.rows}


@given(st.lists(amounts(), max_size=5))
def test_a_total_is_the_sum_one_by_one(parts: list[Amount]) -> None:
    found = NOTHING
    for part in parts:
        found = found + part
    whole = total(parts)
    assert whole.value == pytest.approx(found.value)
    assert (whole.rows, whole.assumptions) == (found.rows, found.assumptions)


def test_a_value_outside_its_range_is_refused() -> None:
    with pytest.raises(AssertionError):
        Amount(3.0, 1.0, 2.0)


def test_an_exact_factor_scales_all_three() -> None:
    assert Amount(2.0, 1.0, 4.0, ("a",)).times(0.5) == Amount(1.0, 0.5, 2.0, ("a",))
    assert exactly(2.0).low == exactly(2.0).high == 2.0
