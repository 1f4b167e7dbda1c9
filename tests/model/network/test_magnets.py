"""Rare-earth tonnes by value: by hand, in their ranges, and against customs that print them."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.model.network.facts import Facts, read_facts, record
from monazite.model.network.market import agreement, find_mix, magnet_codes, own_use, traded_mix
from monazite.model.network.trade import (
    LEAST,
    MIDDLE,
    MOST,
    Flow,
    MagnetPrices,
    MagnetTrade,
    OwnOutput,
    Three,
    TradedMix,
    of_magnets,
    to_prices,
    to_purchases_by_value,
)
from monazite.store.queries import QueryRecord
from monazite.view.view import View
from tests.model.network.conftest import magnet_flow as flow
from tests.model.network.conftest import weight

PRICES = MagnetPrices(
    numbers={
        "": (40.0, 50.0, 60.0),
        "CHN": (45.0, 50.0, 55.0),
        2022: (1.5, 1.5, 1.5),
        2024: (1.0, 1.0, 1.0),
        "cheap": (2.0, 4.0, 6.0),
        "share": (0.8, 0.9, 1.0),
        "own make": (0.0, 0.0, 1.0),
    },
    rows={
        "": "a/others",
        "CHN": "a/chn",
        2022: "a/2022",
        2024: "a/2024",
        "cheap": "a/cheap",
        "share": "a/share",
        "own make": "a/own",
    },
)


def test_a_mixture_is_split_by_its_value() -> None:
    # 100 t at 27 dollars: 50 t at 50 and 50 t at 4 dollars.
    least, middle, most = PRICES.tonnes(flow("VNM>USA", 100, 27), 2024)
    assert middle == pytest.approx(50)
    assert least == pytest.approx((2_700 - 600) / (60 - 6))  # dear magnets, and dear others
    assert most == pytest.approx(2_700 / 40)  # cheap ones, and the value all theirs


def test_a_flow_dearer_than_magnets_is_all_of_them_and_one_cheaper_than_others_none() -> None:
    assert PRICES.tonnes(flow("CHN>USA", 100, 70), 2024) == (100, 100, 100)
    assert PRICES.tonnes(flow("CHN>IND", 100, 2), 2024)[:2] == (0, 0)


def test_without_a_weight_the_share_of_value_counts_at_the_prices_of_the_year() -> None:
    least, middle, most = PRICES.tonnes(flow("CHN>USA", None, usd=750_000), 2022)
    assert (least, middle, most) == pytest.approx((750 * 0.8 / 82.5, 750 * 0.9 / 75, 750 / 67.5))


WEIGHTS = st.floats(0.01, 1e6)


@given(WEIGHTS, st.floats(0.0, 500.0))
def test_rare_earth_magnets_weigh_no_more_than_the_goods(tonnes: float, price: float) -> None:
    least, middle, most = PRICES.tonnes(flow("VNM>USA", tonnes, price), 2024)
    assert 0 <= least <= middle <= most <= tonnes


def answer(kind: str, value: str, seller: str = "", subject: str = "x") -> QueryRecord:
    texts = {"property": kind, "seller": seller, "subject": subject, "unit": "usd-per-kg"}
    return QueryRecord(
        {**texts, "value": value, "low": value, "high": value, "row": "row/a/" + kind}
    )


def test_prices_that_are_not_whole_or_not_above_other_magnets_split_nothing() -> None:
    rows = [
        answer("magnet-unit-value", "40"),
        answer("magnet-price-level", "1", subject="2024"),
        answer("other-magnet-unit-value", "4"),
        answer("rare-earth-value-share", "0.9"),
        answer("sold-of-own-make", "0"),
    ]
    assert to_prices(rows) is not None
    for place in range(5):
        assert to_prices(rows[:place] + rows[place + 1 :]) is None
    assert to_prices([*rows[:2], answer("other-magnet-unit-value", "40"), *rows[3:]]) is None


RANGES = PRICES.ranges()


@st.composite
def drawn(draw: st.DrawFn) -> dict[str, float]:
    """A value inside its range for each row."""
    return {row: draw(st.floats(low, high)) for row, (low, _, high) in RANGES.items()}


def test_a_number_that_is_moved_moves_all_that_its_seller_sells_and_nobody_elses() -> None:
    moved = PRICES.at({"a/chn": 46.0})
    for before in (flow("CHN>USA", 100, 27), flow("CHN>IND", 10, 30)):
        value, weight = (before.usd or 0.0) / 1000, before.tonnes or 0.0
        assert moved.tonnes(before, 2024)[MIDDLE] == pytest.approx((value - weight * 4) / (46 - 4))
    other = flow("VNM>USA", 100, 27)
    assert moved.tonnes(other, 2024) == PRICES.tonnes(other, 2024)


@given(drawn(), WEIGHTS, st.floats(0, 90), st.sampled_from(["CHN>USA", "VNM>USA"]), st.booleans())
def test_no_number_inside_its_range_leaves_the_range_of_the_tonnes(
    values: dict[str, float], tonnes: float, price: float, pair: str, weighed: bool
) -> None:
    goods = flow(pair, tonnes if weighed else None, usd=tonnes * price * 1000)
    least, _, most = PRICES.tonnes(goods, 2024)
    after = PRICES.at(values).tonnes(goods, 2024)
    assert (after[LEAST], after[MOST]) == (least, most)
    assert least * (1 - 1e-9) <= after[MIDDLE] <= most * (1 + 1e-9)


def test_what_is_assumed_is_named_own_make_only_where_nobody_says_what_is_made() -> None:
    flows = [flow("CHN>USA", 1), flow("USA>DEU", 1)]
    made = {"a/chn", "a/others", "a/2024", "a/cheap", "a/share"}
    assert PRICES.assumed(flows, 2024, made=True) == made
    assert PRICES.assumed(flows, 2024, made=False) == made | {"a/own"}


NUMBERS: dict[str | int, Three] = {
    "": (10, 10, 10),
    2024: (1, 1, 1),
    "cheap": (2, 2, 2),
    "share": (1, 1, 1),
    "own make": (0, 0, 1),
}
SURE = MagnetPrices(NUMBERS, {each: f"a/{each or 'others'}" for each in NUMBERS})
WIDE = MagnetPrices({**NUMBERS, "": (8, 10, 14), "A": (9, 10, 11)}, {**SURE.rows, "A": "a/A"})


def trade_of(flows: list[Flow], market: str, own: float | None = None) -> MagnetTrade:
    made = None if own is None else OwnOutput(own, 2024, ())
    return MagnetTrade(tuple(flows), SURE, frozenset(market), market, 2024, made)


def test_blanks_that_come_back_finished_count_once() -> None:
    """A makes 100, sends 50 to B to be finished, gets them back, and sells 20 to C: it uses 80."""
    flows = [flow("A>B", 50), flow("B>A", 50), flow("A>C", 20)]
    trade = trade_of(flows, "A", 100.0)
    mix = trade.mix()
    assert mix is not None
    assert (mix.tonnes, mix.low, mix.high) == (80, 80, 80)
    assert mix.shares == {"A": 1.0}
    assert trade.purchases().both_ways["B"] == 50
    assert trade_of(flows, "B").mix() is None


def test_what_is_sold_is_the_markets_own_first_then_what_it_buys() -> None:
    flows = [flow("A>C", 60), flow("B>C", 20), flow("C>D", 30)]
    by_own = trade_of(flows, "C", 40.0).mix()
    assert by_own is not None
    assert by_own.tonnes == 90
    assert by_own.shares == pytest.approx({"A": 60 / 90, "B": 20 / 90, "C": 10 / 90})
    unknown = trade_of(flows, "C").mix()
    assert unknown is not None
    assert (unknown.low, unknown.tonnes, unknown.high) == (50, 50, 80)
    assert unknown.shares == pytest.approx({"A": 0.75, "B": 0.25})
    assert unknown.rows == ("baci/A>C", "baci/B>C", "baci/C>D", *sorted(SURE.rows.values()))


PAIRS = st.dictionaries(
    st.sampled_from([f"{a}>{b}" for a in "ABCDE" for b in "ABCDE" if a != b]),
    st.floats(1, 1e5),
    min_size=1,
)


@given(PAIRS, st.one_of(st.none(), st.floats(0, 1e5)))
def test_no_market_takes_more_than_it_is_sold_and_makes(
    sold: dict[str, float], own: float | None
) -> None:
    flows = [flow(pair, tonnes) for pair, tonnes in sold.items()]
    for market in "ABCDE":
        mix = trade_of(flows, market, own).mix()
        if mix is None:
            continue
        assert mix.low is not None
        assert mix.high is not None
        assert mix.low <= mix.tonnes <= mix.high
        assert fsum(mix.shares.values()) == pytest.approx(1)
        for seller, share in mix.shares.items():
            most = (own or 0.0) if seller == market else sold[f"{seller}>{market}"]
            assert share * mix.tonnes <= most * (1 + 1e-9) + 1e-9


@given(PAIRS, st.one_of(st.none(), st.floats(0, 1e5)), st.data())
def test_the_range_holds_whatever_the_numbers_of_the_split_are(
    sold: dict[str, float], own: float | None, data: st.DataObject
) -> None:
    flows = [flow(pair, tonnes) for pair, tonnes in sold.items()]
    for market in "ABC":
        mix = replace(trade_of(flows, market, own), prices=WIDE).mix()
        if mix is None:
            continue
        ends = mix.ranges().items()
        values = {row: data.draw(st.floats(low, high)) for row, (low, _, high) in ends}
        after = mix.at(values)
        assert (after.low, after.high) == (mix.low, mix.high)
        assert mix.low is not None
        assert mix.high is not None
        assert mix.low <= mix.tonnes <= mix.high
        assert mix.low * (1 - 1e-9) - 1e-9 <= after.tonnes <= mix.high * (1 + 1e-9) + 1e-9
        assert after.rows == mix.rows


def test_a_split_of_other_numbers_by_hand() -> None:
    """A seller at 11 instead of 10 dollars a kilogram sells less for the same value."""
    trade = replace(trade_of([flow("A>C", 60, 6), flow("B>C", 20, 6)], "C"), prices=WIDE)
    mix = trade.mix()
    assert mix is not None
    assert mix.tonnes == pytest.approx(80 * (6 - 2) / (10 - 2))
    after = mix.at({"a/A": 11.0, "a/else": 5.0})
    assert after.tonnes == pytest.approx(60 * (6 - 2) / (11 - 2) + 20 * (6 - 2) / (10 - 2))
    assert after.shares["A"] < mix.shares["A"]
    assert mix.at({"a/else": 5.0}) is mix


def test_what_a_market_sells_is_taken_out_but_for_the_part_that_it_makes() -> None:
    mix = trade_of([flow("A>C", 60), flow("C>D", 30)], "C").mix()
    assert mix is not None
    assert [mix.at({"a/own make": part}).tonnes for part in (0.0, 0.5, 1.0)] == [30, 45, 60]


@given(PAIRS)
def test_what_an_area_buys_is_what_its_members_buy_outside(sold: dict[str, float]) -> None:
    flows = [flow(pair, tonnes) for pair, tonnes in sold.items()]
    area, outside = frozenset("ABC"), frozenset("DE")
    whole = to_purchases_by_value(flows, SURE, area, 2024)
    members = [to_purchases_by_value(flows, SURE, frozenset(each), 2024) for each in sorted(area)]
    assert whole.from_places(outside) == pytest.approx(
        fsum(each.from_places(outside) for each in members)
    )
    inside = fsum(each.from_places(area) for each in members)
    assert whole.inside[MIDDLE] == pytest.approx(inside)


@pytest.fixture(scope="module")
def facts(view: View) -> Facts:
    return read_facts(view.store, "NdPr", view.valid)


def sold_by_china(facts: Facts, importers: frozenset[str] | None) -> Three:
    prices = facts.magnet_prices
    assert prices is not None
    found = [
        prices.tonnes(each, 2024)
        for each in of_magnets(facts.flows(2024), magnet_codes(facts))
        if each.exporter == "CHN" and (importers is None or each.importer in importers)
    ]
    least, middle, most = (fsum(each[case] for each in found) for case in (LEAST, MIDDLE, MOST))
    return least, middle, most


@pytest.mark.parametrize(
    ("importers", "printed", "apart"),
    [
        (None, 58_152, 0.01),  # China's line 8505111000, all destinations
        ("USA", 7_444, 0.02),  # China's line 8505111000, to the United States
        ("EUE", 18_246.4, 0.15),  # the Union's line CN 8505 11 10, from China
    ],
)
def test_chinas_sales_of_2024_come_to_what_clean_codes_print(
    facts: Facts, importers: str | None, printed: float, apart: float
) -> None:
    places = None if importers is None else facts.areas.get(importers, frozenset({importers}))
    least, middle, most = sold_by_china(facts, places)
    assert least <= printed <= most
    assert middle == pytest.approx(printed, rel=apart)


def mix_of(facts: Facts, market: str) -> TradedMix:
    mix = find_mix(facts, market)
    assert isinstance(mix, TradedMix)
    assert mix.low is not None
    assert mix.high is not None
    assert mix.low < mix.tonnes < mix.high
    return mix


@pytest.mark.parametrize("market", ["DEU", "FRA", "MEX", "IND", "THA", "ITA", "GBR"])
def test_every_country_that_buys_is_a_market_with_a_range(facts: Facts, market: str) -> None:
    mix = mix_of(facts, market)
    assert mix.year == 2024
    assert sum(mix.shares.values()) == pytest.approx(1)
    assert "Customs weigh all metal magnets together" in mix.remarks[0]
    bound = any("an upper bound" in each for each in mix.remarks)
    assert bound == (market in {"IND", "MEX", "ITA", "GBR", "THA"})  # mostly of other kinds


@pytest.mark.parametrize(
    ("market", "what", "printed", "range_holds"),
    [
        ("USA", "single sellers", 9_722, True),  # import value of 2024
        ("USA", "from China", 5_933, True),  # China's customs, 2025
        ("JPN", "from China", 4_878, False),  # a year of 2025 that months of others contradict
        ("KOR", "single sellers", 9_497, False),  # two months of 2025, times twelve
        ("VNM", "from China", 4_124, False),  # three months of 2025, times twelve
        ("EUE", "used in", 20_000, True),  # European Court of Auditors, 2024
        ("EUE", "single sellers", 20_028, True),  # CN 8505 11 10, 2024
        ("EUE", "from China", 18_246, True),
        ("GBR", "from China", 884, False),  # CN 8505 11 10, July 2024 to June 2025
        ("IND", "used in", 4_010, True),  # annual demand 2025
        ("IND", "single sellers", 3_838, True),
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


def test_a_member_says_what_it_buys_itself_and_what_is_the_unions(facts: Facts) -> None:
    germany = " ".join(mix_of(facts, "DEU").remarks)
    assert "Outside the European Union, Germany buys 11,472 t of the 22,700 t" in germany
    assert "654 t from other members" in germany
    assert "Of what it buys, Switzerland (" in germany
    assert not any("itself buys" in each for each in mix_of(facts, "MEX").remarks)


def test_japans_loops_count_once_and_its_own_output_has_no_range(facts: Facts) -> None:
    japan = mix_of(facts, "JPN")
    (loop,) = (each for each in japan.remarks if "counted once" in each)
    assert all(name in loop for name in ("Philippines", "Vietnam", "China"))
    assert "PHL" not in japan.shares  # what comes back was Japan's own
    (said,) = (each for each in japan.remarks if each.startswith("No range of "))
    assert "the 12,400 t is known, and no record says what it made in 2024" in said
    assert "of trade alone" in said
    assert not any(each.startswith("No range of ") for each in mix_of(facts, "DEU").remarks)


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


def test_what_china_makes_is_held_beside_what_a_row_says_it_uses(facts: Facts) -> None:
    forecast, use = own_use(facts, "CHN", 2024, 241_848.0)
    assert forecast.startswith("The 300,000 t of magnets that China makes are a forecast (")
    assert "A record gives 201,848 t used in 2024" in use
    assert use.endswith("What it makes less what it sells is 20 % more, 241,848 t.")
    (_, same) = own_use(facts, "CHN", 2024, 201_848.0)
    assert "is as much, 201,848 t" in same
