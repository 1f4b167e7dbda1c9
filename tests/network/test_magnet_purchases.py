"""Every country that buys magnets is a market: what is said of it, and of what it rests on."""

from __future__ import annotations

import pytest

from monazite.network.facts import Facts, read_facts
from monazite.network.facts_without import record
from monazite.network.magnet_purchases import agreement, magnet_codes, own_use, traded_mix
from monazite.network.magnet_trade import TradedMix
from monazite.network.market import find_mix
from monazite.view import View
from tests.network.sold_by_hand import weight


@pytest.fixture(scope="module")
def facts(view: View) -> Facts:
    return read_facts(view.store, "NdPr", view.valid)


def mix_of(facts: Facts, market: str) -> TradedMix:
    mix = find_mix(facts, market)
    assert isinstance(mix, TradedMix)
    assert mix.low is not None
    assert mix.high is not None
    assert mix.low < mix.tonnes < mix.high
    return mix


@pytest.mark.parametrize("market", ["DEU", "FRA", "MEX", "IND", "THA", "POL", "ITA", "GBR", "PHL"])
def test_every_country_that_buys_is_a_market_with_a_range(facts: Facts, market: str) -> None:
    mix = mix_of(facts, market)
    assert mix.year == 2024
    assert sum(mix.shares.values()) == pytest.approx(1)
    assert "Customs weigh all metal magnets together" in mix.remarks[0]


@pytest.mark.parametrize(
    ("market", "what", "printed", "range_holds"),
    [
        ("USA", "single sellers", 9_722, True),  # import value of 2024
        ("USA", "from China", 5_933, True),  # China's customs, 2025
        ("JPN", "from China", 4_878, False),  # a year of 2025 that months of others contradict
        ("KOR", "single sellers", 9_497, False),  # two months of 2025, times twelve
        ("KOR", "from China", 8_538, False),
        ("VNM", "from China", 4_124, False),  # three months of 2025, times twelve
        ("EUE", "used in", 20_000, True),  # European Court of Auditors, 2024
        ("EUE", "single sellers", 20_028, True),  # CN 8505 11 10, 2024
        ("EUE", "from China", 18_246, True),
        ("GBR", "single sellers", 1_051, False),  # CN 8505 11 10, July 2024 to June 2025
        ("GBR", "from China", 884, False),
        ("IND", "used in", 4_010, True),  # annual demand 2025
        ("IND", "single sellers", 3_838, True),
        ("IND", "from China", 3_408, True),
        ("DEU", "from China", 14_088, False),  # three months of 2025, times twelve
    ],
)
def test_what_is_printed_is_held_against_like(
    facts: Facts, market: str, what: str, printed: float, range_holds: bool
) -> None:
    mix = mix_of(facts, market)
    assert mix.trade is not None
    inwards = mix.trade.purchases().inwards
    split: dict[str, tuple[float, ...]] = {
        "used in": (mix.low or 0.0, mix.tonnes, mix.high or 0.0),
        "from China": inwards["CHN"],
        "single sellers": tuple(sum(each[case] for each in inwards.values()) for case in range(3)),
    }
    low, middle, high = split[what]
    (said,) = (each for each in mix.remarks if f"{printed:,} t" in each and what in each)
    percent = round(100 * (middle / printed - 1))
    assert f" {abs(percent)} % {'more' if percent > 0 else 'less'}, {middle:,.0f} t" in said
    holds = "holds" if range_holds else "does not hold"
    assert f"its range, {low:,.0f} t to {high:,.0f} t, {holds} that figure." in said
    assert range_holds == (low <= printed <= high)


def test_britains_line_is_valued_at_half_of_what_china_is_taken_to_ask(facts: Facts) -> None:
    """HM Revenue and Customs, July 2024 to June 2025: 884.1 t for 17,206,321 dollars.

    The same flow of all metal magnets weighs 1,667 t for 30.3 million dollars (BACI 2024): what
    is declared beside the line costs 17 dollars a kilogram, so that value does not part the two.
    """
    said = " ".join(mix_of(facts, "GBR").remarks)
    assert "valued at 19.5 dollars a kilogram; from China we assume 44 to 60" in said
    assert "in 2024-07 to 2025-06" in said
    assert not any("valued at" in each for each in mix_of(facts, "EUE").remarks)


def test_a_member_says_what_it_buys_itself_and_what_is_the_unions(facts: Facts) -> None:
    germany = " ".join(mix_of(facts, "DEU").remarks)
    assert "Outside the European Union, Germany buys 11,472 t of the 22,700 t" in germany
    assert "654 t from other members" in germany
    assert not any("itself buys" in each for each in mix_of(facts, "MEX").remarks)


@pytest.mark.parametrize("market", ["IND", "MEX", "ITA", "GBR", "THA"])
def test_magnets_mostly_of_other_kinds_are_an_upper_bound(facts: Facts, market: str) -> None:
    assert any("an upper bound" in each for each in mix_of(facts, market).remarks)
    assert not any("an upper bound" in each for each in mix_of(facts, "DEU").remarks)


def test_japans_loops_count_once_and_those_who_sell_on_are_named(facts: Facts) -> None:
    japan, germany = (mix_of(facts, market) for market in ("JPN", "DEU"))
    (loop,) = (each for each in japan.remarks if "counted once" in each)
    assert all(name in loop for name in ("Philippines", "Vietnam", "China"))
    assert "PHL" not in japan.shares  # what comes back was Japan's own
    assert any(each.startswith("Of what it buys, Switzerland (") for each in germany.remarks)


@pytest.mark.parametrize(
    ("market", "made"),
    [("JPN", "the 12,400 t is known, and no record says what it made in 2024"), ("DEU", "")],
)
def test_own_output_without_a_range_is_said_to_have_none(
    facts: Facts, market: str, made: str
) -> None:
    said = [each for each in mix_of(facts, market).remarks if each.startswith("No range of ")]
    assert [made in each and "of trade alone" in each for each in said] == [True] * bool(made)


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
    assert list(agreement(facts, "POL", mix, None, [])) == []


def test_the_nearest_year_that_rows_print_speaks(facts: Facts) -> None:
    mix = mix_of(facts, "POL")
    assert mix.trade is not None
    china = mix.trade.purchases().inwards["CHN"]
    rows = [weight("CHN>POL", year, tonnes) for year, tonnes in ((2026, 1), (2023, 7), (2025, 0))]
    (said,) = agreement(facts, "POL", mix, None, rows[:2])
    assert said.startswith("Records give 7 t from China in 2023 (trade/CHN>POL-2023). Trade gives")
    (said,) = agreement(facts, "POL", mix, None, rows)
    assert said == (
        "Records give 0 t from China in 2025 (trade/CHN>POL-2025). Trade gives more, "
        f"{china[1]:,.0f} t."
    )
    assert list(agreement(facts, "POL", mix, None, rows[:1])) == []  # later than the view


@pytest.mark.parametrize(
    ("market", "percent", "paid"), [("GBR", 6, "44.4"), ("IRL", 18, "6"), ("MAR", 54, "2.09")]
)
def test_the_value_of_flows_too_small_to_stand_is_told(
    facts: Facts, market: str, percent: int, paid: str
) -> None:
    """By hand: GBR 44,411,836 dollars in all, 41.7 million in flows of 300,000 and more."""
    (said,) = (each for each in mix_of(facts, market).remarks if "one by one" in each)
    assert f"{percent} % of the {paid} million dollars" in said
    assert f"baci_totals/wld-{market.lower()}-8505.11-2024" in said
    assert not any("one by one" in each for each in mix_of(facts, "USA").remarks)


def test_one_seller_comes_and_none_of_no_tonnes_is_named(facts: Facts) -> None:
    greece, arabia = (" ".join(mix_of(facts, market).remarks) for market in ("GRC", "SAU"))
    assert "Germany (7.55 t) comes from a net buyer of magnets" in greece
    assert "(0 t)" not in arabia


def test_what_china_makes_is_held_beside_what_a_row_says_it_uses(facts: Facts) -> None:
    forecast, use = own_use(facts, "CHN", 2024, 241_848.0)
    assert forecast.startswith("The 300,000 t of magnets that China makes are a forecast (")
    assert "A record gives 201,848 t used in 2024" in use
    assert use.endswith("What it makes less what it sells is 20 % more, 241,848 t.")
    (_, same) = own_use(facts, "CHN", 2024, 201_848.0)
    assert "is as much, 201,848 t" in same
