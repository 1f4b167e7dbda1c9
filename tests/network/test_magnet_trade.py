"""Rare-earth tonnes by value, worked by hand and held against customs lines that print them."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.facts import Facts, read_facts
from monazite.network.magnet_purchases import magnet_codes
from monazite.network.magnet_trade import (
    LEAST,
    MIDDLE,
    MOST,
    MagnetPrices,
    Three,
    of_magnets,
    to_mix,
    to_net_purchases,
    to_prices,
)
from monazite.network.trade import Flow
from monazite.triples.records import QueryRecord
from monazite.view import View

PRICES = MagnetPrices(
    sellers={"": (40.0, 50.0, 60.0), "CHN": (45.0, 50.0, 55.0)},
    levels={2022: (1.5, 1.5, 1.5), 2024: (1.0, 1.0, 1.0)},
    cheap=(2.0, 4.0, 6.0),
    share=(0.8, 0.9, 1.0),
    rows={"": "a/others", "CHN": "a/chn", 2022: "a/2022", 2024: "a/2024", "cheap": "a/c"},
)
SURE = MagnetPrices({"": (10, 10, 10)}, {2024: (1, 1, 1)}, (2, 2, 2), (1, 1, 1), {})


def flow(pair: str, tonnes: float | None, usd_per_kg: float = 10.0, usd: float = 0.0) -> Flow:
    exporter, importer = pair.split(">")
    value = usd or (tonnes or 0.0) * usd_per_kg * 1000
    return Flow(
        "m", exporter, importer, False, tonnes, value, None, f"baci/{pair}", reconciled=True
    )


def test_a_mixture_is_split_by_its_value() -> None:
    # 100 t at 27 dollars: 50 t at 50 and 50 t at 4 dollars.
    least, middle, most = PRICES.tonnes(flow("VNM>USA", 100, 27), 2024)
    assert middle == pytest.approx(50)
    assert least == pytest.approx((2_700 - 600) / (60 - 6))  # dear magnets, and dear others
    assert most == pytest.approx(2_700 / 40)  # cheap ones, and the value all theirs


def test_a_flow_dearer_than_its_sellers_magnets_is_all_of_them() -> None:
    assert PRICES.tonnes(flow("CHN>USA", 100, 70), 2024) == (100, 100, 100)


def test_a_flow_cheaper_than_other_magnets_holds_none() -> None:
    assert PRICES.tonnes(flow("CHN>IND", 100, 2), 2024)[:2] == (0, 0)


def test_without_a_weight_the_share_of_value_counts_at_the_prices_of_the_year() -> None:
    least, middle, most = PRICES.tonnes(flow("CHN>USA", None, usd=750_000), 2022)
    assert (least, middle, most) == pytest.approx((750 * 0.8 / 82.5, 750 * 0.9 / 75, 750 / 67.5))


WEIGHTS = st.floats(0.01, 1e6)


@given(WEIGHTS, st.floats(0.0, 500.0))
def test_rare_earth_magnets_weigh_no_more_than_the_goods(tonnes: float, price: float) -> None:
    least, middle, most = PRICES.tonnes(flow("VNM>USA", tonnes, price), 2024)
    assert 0 <= least <= middle <= most <= tonnes


def test_blanks_that_come_back_finished_count_once() -> None:
    """A makes 100, sends 50 to B to be finished, gets them back, and sells 20 to C: it uses 80."""
    flows = [flow("A>B", 50), flow("B>A", 50), flow("A>C", 20)]
    found = to_net_purchases(flows, SURE, frozenset("A"), 2024)
    mix = to_mix(found, 100.0, "A", 2024, ())
    assert mix is not None
    assert (mix.tonnes, mix.low, mix.high) == (80, 80, 80)
    assert mix.shares == {"A": 1.0}
    assert found.both_ways["B"] == 50
    finisher = to_net_purchases(flows, SURE, frozenset("B"), 2024)
    assert to_mix(finisher, None, "B", 2024, ()) is None


def test_what_is_sold_is_the_markets_own_first_then_what_it_buys() -> None:
    flows = [flow("A>C", 60), flow("B>C", 20), flow("C>D", 30)]
    found = to_net_purchases(flows, SURE, frozenset("C"), 2024)
    by_own = to_mix(found, 40.0, "C", 2024, ())
    assert by_own is not None
    assert by_own.tonnes == 90
    assert by_own.shares == pytest.approx({"A": 60 / 90, "B": 20 / 90, "C": 10 / 90})
    unknown = to_mix(found, None, "C", 2024, ("a/x",))
    assert unknown is not None
    assert (unknown.low, unknown.tonnes, unknown.high) == (50, 50, 80)
    assert unknown.shares == pytest.approx({"A": 0.75, "B": 0.25})
    assert unknown.rows == ("baci/A>C", "baci/B>C", "baci/C>D", "a/x")


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
        found = to_net_purchases(flows, SURE, frozenset(market), 2024)
        mix = to_mix(found, own, market, 2024, ())
        if mix is None:
            continue
        assert mix.low is not None
        assert mix.high is not None
        assert mix.low <= mix.tonnes <= mix.high
        assert fsum(mix.shares.values()) == pytest.approx(1)
        for seller, share in mix.shares.items():
            most = (own or 0.0) if seller == market else sold[f"{seller}>{market}"]
            assert share * mix.tonnes <= most * (1 + 1e-9) + 1e-9


@given(PAIRS)
def test_what_an_area_buys_is_what_its_members_buy_outside(sold: dict[str, float]) -> None:
    flows = [flow(pair, tonnes) for pair, tonnes in sold.items()]
    area, outside = frozenset("ABC"), frozenset("DE")
    whole = to_net_purchases(flows, SURE, area, 2024)
    members = [to_net_purchases(flows, SURE, frozenset(each), 2024) for each in sorted(area)]
    assert whole.from_places(outside) == pytest.approx(
        fsum(each.from_places(outside) for each in members)
    )
    inside = fsum(each.from_places(area) for each in members)
    assert whole.inside[MIDDLE] == pytest.approx(inside)


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
    ]
    assert to_prices(rows) is not None
    for place in range(4):
        assert to_prices(rows[:place] + rows[place + 1 :]) is None
    assert to_prices([*rows[:2], answer("other-magnet-unit-value", "40"), rows[3]]) is None


@pytest.fixture(scope="module")
def facts(view: View) -> Facts:
    return read_facts(view.store, "NdPr", view.valid)


def _sold_by_china(facts: Facts, importers: frozenset[str] | None) -> Three:
    prices = facts.magnet_prices
    assert prices is not None
    flows = of_magnets(facts.flows(2024), magnet_codes(facts))
    found = [
        prices.tonnes(each, 2024)
        for each in flows
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
    least, middle, most = _sold_by_china(facts, places)
    assert least <= printed <= most
    assert middle == pytest.approx(printed, rel=apart)


def test_britains_own_line_is_more_than_the_range_holds(facts: Facts) -> None:
    """HM Revenue and Customs 2025, CN 8505 11 10, from China: 973 t for 23.5 million dollars.

    That is half of the price at which the flows of China are split.
    """
    _, middle, most = _sold_by_china(facts, frozenset({"GBR"}))
    assert middle < most < 973.2


def test_the_philippines_stand_as_their_partners_report_them(facts: Facts) -> None:
    """126 million dollars in its own report of 2024, 285 million in those of its partners."""
    flows = of_magnets(facts.flows(2024), magnet_codes(facts))
    usd = fsum(each.usd or 0.0 for each in flows if each.exporter == "PHL")
    assert usd == pytest.approx(285e6, rel=0.01)
