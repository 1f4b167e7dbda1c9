"""Rare-earth tonnes by value, worked by hand and held against customs lines that print them."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.facts import Facts, read_facts
from monazite.network.magnet_prices import LEAST, MIDDLE, MOST, MagnetPrices, Three
from monazite.network.magnet_purchases import magnet_codes
from monazite.network.magnet_trade import (
    MagnetTrade,
    of_magnets,
    to_purchases_by_value,
)
from monazite.network.trade import Flow
from monazite.view import View
from tests.network.sold_by_hand import magnet_flow as flow

ROWS: dict[str | int, str] = {
    each: f"a/{each or 'others'}" for each in ("", 2024, "cheap", "share", "own make")
}
SURE = MagnetPrices({"": (10, 10, 10)}, {2024: (1, 1, 1)}, (2, 2, 2), (1, 1, 1), (0, 0, 1), ROWS)
WIDE = replace(SURE, sellers={"": (8, 10, 14), "A": (9, 10, 11)}, rows={**ROWS, "A": "a/A"})


def trade_of(
    flows: list[Flow], market: str, own: float | None = None, rows: tuple[str, ...] = ()
) -> MagnetTrade:
    return MagnetTrade(tuple(flows), SURE, frozenset(market), market, 2024, own, rows)


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


def test_numbers_by_which_a_market_takes_nothing_leave_the_mix_as_it_is() -> None:
    trade = replace(trade_of([flow("A>C", 35, 6), flow("C>D", 17, 10)], "C"), prices=WIDE)
    mix = trade.mix()
    assert mix is not None
    assert mix.tonnes == pytest.approx(35 * 4 / 8 - 17)
    assert mix.at({"a/A": 11.0}) is mix  # 15.6 t bought, 17 t sold


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
