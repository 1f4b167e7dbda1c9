"""What is assumed of time, stocks and months: its rows, and a view that leaves one out."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError
from monazite.findings.method_assumptions import MethodAssumptions, read_method_assumptions, span
from monazite.triples.store import Store


@pytest.fixture(scope="module")
def method(store: Store) -> MethodAssumptions:
    return read_method_assumptions(store)


def test_shares_are_parts_of_one_and_are_told_as_the_row_has_them(
    method: MethodAssumptions,
) -> None:
    key = ("exported-share", "magnets, 2024")
    assert span(method.amount(*key)) == pytest.approx((0.22, 0.18, 0.25))
    told = method.assumption(*key)
    assert (told.value, told.low, told.high, told.unit) == (22, 18, 25, "percent")
    assert told.text == "Part sold abroad: magnets, 2024"
    assert told.reason.endswith(".")


def test_the_mix_of_grades_is_that_of_every_other_finding(method: MethodAssumptions) -> None:
    """One number has one range: what a rule on heavy magnets covers is the share of the chain."""
    key = ("heavy-magnet-share", "NdFeB magnets that hold dysprosium or terbium")
    amount = method.amount(*key)
    assert amount.name == "assumptions/method-heavy-magnet-share"
    assert span(amount) == pytest.approx((0.4, 0.2, 0.6))


def test_a_number_without_range_is_its_own_end(method: MethodAssumptions) -> None:
    assert span(method.amount("firms-with-stock", "14 days")) == pytest.approx((0.2, 0.2, 0.2))
    assert method.subjects("plant-stock") == ("magnet", "metal", "mine", "separation")


def test_what_a_view_leaves_out_is_not_known(method: MethodAssumptions) -> None:
    with pytest.raises(NotKnownError, match="transit-time"):
        MethodAssumptions({}).amount("transit-time", "maker to a user in another country")
