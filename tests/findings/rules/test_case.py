"""A case holds ranges that are ranges, and works out shares of value by hand."""

from __future__ import annotations

import math

import pytest

from monazite.findings.rules.case import Between, Case, Whereabouts, value_shares

MAGNET = Between(60, 60)
"""US dollars for a kilogram of a magnet."""
DYSPROSIUM = Between(250, 1000)
"""US dollars for a kilogram of dysprosium metal."""


@pytest.mark.parametrize(
    ("low", "high"), [(0.2, 0.1), (-0.1, 0.1), (0.0, math.inf), (math.nan, 1.0)]
)
def test_what_is_no_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="end"):
        Between(low, high)


def test_a_country_that_is_sure_must_be_possible() -> None:
    with pytest.raises(ValueError, match="sure"):
        Whereabouts(frozenset({"CHN"}), frozenset({"JPN"}))


def test_one_tenth_of_a_percent_of_value_is_some_parts_in_ten_thousand_of_mass() -> None:
    # of a magnet at 60 USD/kg 0.1 % of value is 0.06 USD: at 1,000 USD/kg 0.06 g, at 250 USD/kg
    # 0.24 g, which is 0.006 % and 0.024 % of a kilogram
    for mass, price in ((0.00006, 1000), (0.00024, 250)):
        share = value_shares({"Dy": Between(mass, mass)}, {"Dy": Between(price, price)}, MAGNET)
        assert share["Dy"].low == pytest.approx(0.001)


def test_a_few_grams_reach_it_in_a_drive_unit() -> None:
    # 0.1 % of 1,450 USD is 1.45 USD: 1.45 g at 1,000 USD/kg, 5.8 g at 250 USD/kg; a unit of 80 kg
    unit = Between(1450 / 80, 1450 / 80)
    for grams, price in ((1.45, 1000), (5.8, 250)):
        mass = Between(grams / 80_000, grams / 80_000)
        share = value_shares({"Dy": mass}, {"Dy": Between(price, price)}, unit)["Dy"]
        assert share.low == pytest.approx(0.001)


def test_a_range_of_prices_gives_a_range_of_shares() -> None:
    share = value_shares({"Dy": Between(0.0005, 0.0005)}, {"Dy": DYSPROSIUM}, MAGNET)["Dy"]
    assert (share.low, share.high) == pytest.approx((0.125 / 60, 0.5 / 60))


def test_a_share_of_value_is_never_more_than_the_whole() -> None:
    dear = value_shares({"Dy": Between(0.5, 0.5)}, {"Dy": DYSPROSIUM}, Between(1, 1))
    assert dear["Dy"] == Between(1, 1)


def test_what_has_no_price_has_no_share_and_a_price_of_nothing_is_refused() -> None:
    assert value_shares({"Tb": Between(0, 0.1)}, {"Dy": DYSPROSIUM}, MAGNET) == {}
    with pytest.raises(ValueError, match="above 0"):
        value_shares({"Dy": Between(0, 0.1)}, {"Dy": DYSPROSIUM}, Between(0, 1))


def test_a_stage_of_one_element_goes_before_that_of_all() -> None:
    china, japan = Whereabouts.only("CHN"), Whereabouts.only("JPN")
    case = Case(stages={("metal", ""): japan, ("metal", "Dy"): china})
    assert case.where("metal", "Dy") == china
    assert case.where("metal", "Nd") == japan
    assert case.where("mine", "Nd") is None
    assert list(case.all_where("metal")) == [japan, china]
    assert list(Case(stages={("metal", "Dy"): china}).all_where("metal")) == [china, None]


def test_a_case_cannot_be_changed() -> None:
    case = Case(content={"Dy": Between(0, 0.1)})
    with pytest.raises(TypeError):
        case.content["Dy"] = Between(0, 0)  # type: ignore[index]
