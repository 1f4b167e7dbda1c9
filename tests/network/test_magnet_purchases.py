"""Every country that buys magnets is a market: what is said of it, and of what it rests on."""

from __future__ import annotations

import pytest

from monazite.network.facts import Facts, read_facts
from monazite.network.facts_without import record
from monazite.network.magnet_purchases import agreement, magnet_codes, traded_mix
from monazite.network.market import find_mix
from monazite.network.trade import MarketMix
from monazite.view import View


@pytest.fixture(scope="module")
def facts(view: View) -> Facts:
    return read_facts(view.store, "NdPr", view.valid)


def mix_of(facts: Facts, market: str) -> MarketMix:
    mix = find_mix(facts, market)
    assert mix is not None
    assert mix.low is not None
    assert mix.high is not None
    assert mix.low < mix.tonnes < mix.high
    return mix


@pytest.mark.parametrize("market", ["DEU", "FRA", "MEX", "IND", "THA", "POL", "ITA", "GBR", "PHL"])
def test_every_country_that_buys_is_a_market_with_a_range(facts: Facts, market: str) -> None:
    mix = mix_of(facts, market)
    assert mix.year == 2024
    assert sum(mix.shares.values()) == pytest.approx(1)
    assert "customs weigh all metal magnets together" in mix.remarks[0]


@pytest.mark.parametrize(
    ("market", "printed", "said"),
    [
        ("EUE", 20_000, "its range holds the print"),  # European Court of Auditors, 2024
        ("IND", 4_010, "its range holds the print"),  # annual demand 2025
        ("KOR", 9_497, "its range does not hold the print"),  # two months of 2025, times twelve
    ],
)
def test_printed_use_is_held_against_it(
    facts: Facts, market: str, printed: float, said: str
) -> None:
    mix = mix_of(facts, market)
    percent = round(100 * abs(mix.tonnes / printed - 1))
    remarks = [each for each in mix.remarks if f"{printed:,} t" in each]
    assert any(said in each and f" {percent} percent" in each for each in remarks)


def test_a_member_says_what_it_buys_itself_and_what_is_the_unions(facts: Facts) -> None:
    germany = " ".join(mix_of(facts, "DEU").remarks)
    assert "Outside the European Union Germany itself buys 11,472 t, of 22,700 t" in germany
    assert "654 t from other members" in germany
    assert not any("itself buys" in each for each in mix_of(facts, "MEX").remarks)


@pytest.mark.parametrize("market", ["IND", "MEX", "ITA", "GBR"])
def test_magnets_mostly_of_other_kinds_are_an_upper_bound(facts: Facts, market: str) -> None:
    assert any("an upper bound" in each for each in mix_of(facts, market).remarks)
    assert not any("an upper bound" in each for each in mix_of(facts, "DEU").remarks)


def test_japans_loops_count_once_and_those_who_sell_on_are_named(facts: Facts) -> None:
    japan, germany = (mix_of(facts, market) for market in ("JPN", "DEU"))
    (loop,) = (each for each in japan.remarks if "counted once" in each)
    assert all(name in loop for name in ("Philippines", "Vietnam", "China"))
    assert "PHL" not in japan.shares  # what comes back was Japan's own
    assert any(each.startswith("Of what it buys, Switzerland (") for each in germany.remarks)


def test_without_prices_or_trade_the_rows_that_print_the_mix_speak(facts: Facts) -> None:
    known = record(facts)
    prices = known.less(["assumptions/method-magnet-unit-value-others"])
    assert traded_mix(prices, "USA", None) is None
    mix = find_mix(prices, "USA")
    assert mix is not None
    assert "import value" in mix.basis
    assert find_mix(prices, "DEU") is None
    assert traded_mix(facts, "DEU", 2016) is None
    assert traded_mix(facts, "LAO", None) is None


def test_a_row_left_out_changes_the_mix_and_leaves_its_rows(facts: Facts) -> None:
    row = "baci/chn-fra-8505.11-2024"
    before, after = mix_of(facts, "FRA"), traded_mix(record(facts).less([row]), "FRA", None)
    assert after is not None
    assert row in before.rows
    assert row not in after.rows
    assert after.tonnes < before.tonnes / 2


def test_a_market_of_another_year_is_of_its_trade_and_prices(facts: Facts) -> None:
    mix = traded_mix(facts, "DEU", 2022)
    assert mix is not None
    assert mix.year == 2022
    assert "assumptions/method-magnet-price-level-2022" in mix.rows
    assert "assumptions/method-rare-earth-value-share" in mix.rows


def test_codes_of_magnets_are_those_that_lead_to_use(facts: Facts) -> None:
    assert magnet_codes(facts) == {"hs2022-850511"}


def test_nothing_printed_says_nothing(facts: Facts) -> None:
    mix = mix_of(facts, "POL")
    assert list(agreement(facts, "POL", mix, None)) == []
