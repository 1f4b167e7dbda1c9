"""What shocks leave of a small chain, alone and together, and what is assumed, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.scenarios.model import Effects, scenario_settings
from monazite.analysis.scenarios.resolve import ChainFlows, Resolved
from monazite.analysis.scenarios.scenario_file import Scenario, Shock, read_scenario
from monazite.analysis.scenarios.trials import assumptions_of
from monazite.core.errors import NotKnownError
from monazite.data.parameters import Contingency
from monazite.model.assumptions import MethodAssumptions, read_method_assumptions
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study
from monazite.model.months.engine import MonthProgramme
from monazite.model.months.firms import Months
from monazite.model.months.settings import classes_of
from monazite.model.network.shares import WORLD
from monazite.store.store import Store
from tests.model.months.shocks import two_markets
from tests.model.small_chains import MAGNETS, candidate

MONTHS = Months(date(2025, 4, 1), 6)
TO_B = ("magnet", "A", "B", MAGNETS)
NO_LEADS = {"mine": 0, "separation": 0, "metal": 0, "magnet": 0}


def shock(
    kind: str, begins: date, ends: date | None = None, place: int = 1, **given: Any
) -> Resolved:
    if kind in ("embargo", "licence", "quota"):
        given = {"seller": "A", **given}
    known = Shock(f"shock {place}", kind, 1, begins, ends, given)
    lines = ((candidate("magnet/A"), given.get("part", 1.0)),) if "what" in given else ()
    return Resolved(known, begins, ends, kind, None, lines)


def effects(*meant: Resolved, chain: Chain | None = None) -> Effects:
    chain = chain or two_markets()
    study = Study(chain, BASE_YEAR, ("Dy",), Contingency(), WORLD)
    return Effects(meant, MONTHS, MonthProgramme(chain, steps=2), study, {"Dy": ("Dy",)})


def passing(found: Effects, key: tuple[str, str, str, str] = TO_B) -> list[float]:
    return [
        round(found.event(month, month + 1, NO_LEADS).left_of_sale(*key), 6) for month in range(6)
    ]


def left(found: Effects) -> list[float]:
    return [
        round(found.event(month, month + 1, NO_LEADS).left_of("magnet", "A"), 6)
        for month in range(6)
    ]


APRIL, MAY, JUNE = date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)


def test_an_embargo_counts_by_its_days_and_spares_who_is_not_named() -> None:
    found = effects(shock("embargo", date(2025, 4, 16), date(2025, 5, 31), buyers=("B",)))
    assert passing(found) == [0.5, 0, 1, 1, 1, 1]
    assert passing(found, ("magnet", "A", "C", MAGNETS)) == [1, 1, 1, 1, 1, 1]
    assert found.event(3, 4, NO_LEADS) == NO_EVENT


def test_what_passes_is_multiplied_and_the_tightest_quota_caps() -> None:
    half = shock("embargo", APRIL, part=0.5)
    third = shock("embargo", MAY, place=2, part=0.4)
    quota = shock("quota", JUNE, place=3, tonnes=10.0, of_tonnes=100.0)
    wide = shock("quota", JUNE, place=4, tonnes=190.0, of_tonnes=100.0)
    closed = shock("embargo", date(2025, 8, 1), place=5)
    assert passing(effects(half, third, quota, wide, closed)) == [0.5, 0.2, 0.1, 0.1, 0, 0]
    assert passing(effects(wide)) == [1] * 6


def test_each_quota_tells_what_it_leaves_itself_whatever_another_leaves() -> None:
    first = shock("quota", APRIL, date(2025, 5, 31), buyers=("B",), tonnes=10.0, of_tonnes=100.0)
    second = shock("quota", JUNE, place=2, tonnes=80.0, of_tonnes=100.0)
    alone = effects(second).passes["shock 2"]
    assert alone == pytest.approx([1, 1, 0.8, 0.8, 0.8, 0.8])
    for both in (effects(first, second), effects(second, first)):
        assert both.passes["shock 2"] == pytest.approx(alone)
        assert both.passes["shock 1"] == pytest.approx([0.1, 0.1, 1, 1, 1, 1])


def test_what_was_held_passes_on_top_when_it_is_approved() -> None:
    """All of April is held and approved after 30 days of nearly one length: it passes in May."""
    rule = shock("licence", APRIL, date(2025, 4, 30), delay_days=30.0, delay_shape=1000.0, held=1.0)
    found = passing(effects(rule))
    assert found[0] < 0.1
    assert found[0] + found[1] * 31 / 30 == pytest.approx(2 + 1 / 30, abs=1e-6)
    assert found[2:] == [1, 1, 1, 1]


def test_two_closures_leave_the_product_and_a_reopening_ends_one() -> None:
    gone = shock("close", APRIL, date(2025, 4, 30), what="magnet/A", reopening_months=2)
    assert left(effects(gone)) == [0, 0.25, 0.75, 1, 1, 1]  # half of a month from 0 to 50 %
    half = shock("close", APRIL, what="magnet/A", part=0.5)
    other = shock("close", MAY, place=2, what="magnet/A", part=0.4)
    back = shock("reopen", date(2025, 7, 1), place=3, what="magnet/A", part=1.0)
    assert left(effects(half, other)) == [0.5, 0.3, 0.3, 0.3, 0.3, 0.3]
    assert left(effects(half, other, back)) == [0.5, 0.3, 0.3, 1, 1, 1]


def test_a_price_closes_who_loses_after_a_while() -> None:
    flood = shock("price-flood", APRIL, date(2025, 7, 31), what="magnet/A", closing_months=1)
    assert left(effects(flood)) == [1, 0, 0, 0, 1, 1]
    short = shock("price-flood", APRIL, date(2025, 6, 30), what="magnet/A", closing_months=3)
    assert left(effects(short)) == [1] * 6


def test_shocks_reach_the_month_in_which_products_are_made() -> None:
    found = effects(shock("embargo", APRIL, date(2025, 4, 30)))
    leads = {**NO_LEADS, "magnet": 2}
    event = [found.event(month, month + 1, leads).left_of_sale(*TO_B) for month in range(4)]
    assert event == [1, 1, 0, 1]


def test_new_plants_ramp_and_slip() -> None:
    new = shock(
        "new-capacity",
        APRIL,
        country="A",
        stage="magnet",
        makes="magnets",
        tonnes=120.0,
        ramp_months=2,
        slip_months=1,
    )
    found = effects(new)
    added = [
        found.event(month, month + 1, NO_LEADS).more_of("magnet", "A", MAGNETS)
        for month in range(6)
    ]
    assert added == pytest.approx([0, 30, 90, 120, 120, 120])
    of_it = {**new.shock.given, "slip_months": 6}
    late = effects(shock("new-capacity", APRIL, **of_it))
    assert late.passes["shock 1"] == [0] * 6
    assert all(late.event(month, month + 1, NO_LEADS) == NO_EVENT for month in range(6))


def test_demand_and_reserves_are_of_the_market_that_is_named() -> None:
    more = shock("demand", APRIL, MAY, market="B", factor=1.5)
    whole = shock("demand", JUNE, place=2, market=WORLD, factor=2.0)
    stock = shock("stockpile", APRIL, APRIL, place=3, market="C", days=36.5, does="build")
    out = shock("stockpile", MAY, JUNE, place=4, market="C", days=36.5, does="release")
    found = effects(more, whole, stock, out)
    assert found.demand(0, 1) == {(MAGNETS, "B"): 1.5}
    assert {*found.demand(2, 3).values()} == {2.0}
    assert found.reserves(0, 1) == pytest.approx({(MAGNETS, "C"): -30.0})
    assert sum(found.reserves(x, x + 1)[MAGNETS, "C"] for x in (1, 2)) == pytest.approx(30.0)


DAYS = st.dates(date(2025, 4, 1), date(2025, 9, 28))


@given(DAYS, st.integers(0, 5), st.integers(0, 3), st.integers(1, 40))
def test_a_longer_closure_leaves_no_more_in_any_month(
    ends: date, back: int, wait: int, more: int
) -> None:
    def closed(last: date) -> list[float]:
        of_it: dict[str, Any] = {
            "what": "magnet/A",
            "reopening_months": back,
            "closing_months": wait,
        }
        return left(effects(shock("price-flood", APRIL, last, **of_it)))

    longer = closed(ends + timedelta(days=more))
    assert all(x <= y + 1e-6 for x, y in zip(longer, closed(ends), strict=True))


def test_a_closure_that_ends_in_mid_month_comes_back_from_that_day_on() -> None:
    """Closed for half of April; half of the rest of a return over a month stands there."""
    found = shock("close", APRIL, date(2025, 4, 15), what="magnet/A", reopening_months=1)
    assert left(effects(found))[:3] == pytest.approx([0.125, 1 - 0.25 / 2, 1], abs=3e-3)
    whole = shock("close", APRIL, what="magnet/A")
    back = shock("reopen", date(2025, 6, 16), place=2, what="magnet/A", reopening_months=1)
    assert left(effects(whole, back))[2:5] == pytest.approx([0.125, 0.875, 1], abs=3e-3)


@given(DAYS, st.sampled_from(["embargo", "quota", "close", "demand"]))
def test_two_shocks_one_after_the_other_are_one(day: date, kind: str) -> None:
    """Whatever the day on which one ends and the next begins: on no day are there two."""
    kinds: dict[str, dict[str, Any]] = {
        "embargo": {"part": 0.2},
        "quota": {"tonnes": 10.0, "of_tonnes": 50.0},
        "close": {"what": "magnet/A", "part": 0.7},
        "demand": {"market": "B", "factor": 2.0},
    }
    done = kinds[kind]
    last = date(2025, 9, 29)
    once = effects(shock(kind, APRIL, last, **done))
    twice = effects(
        shock(kind, APRIL, day, **done), shock(kind, day + timedelta(days=1), last, place=2, **done)
    )
    for month in range(6):
        one, two = (each.event(month, month + 1, NO_LEADS) for each in (once, twice))
        assert two.left_of_sale(*TO_B) == pytest.approx(one.left_of_sale(*TO_B), abs=1e-9)
        assert two.left_of("magnet", "A") == pytest.approx(one.left_of("magnet", "A"), abs=1e-9)
        assert twice.demand(month, month + 1) == pytest.approx(once.demand(month, month + 1))


def test_a_reserve_is_spread_over_its_months_be_they_beyond_the_scenario() -> None:
    done: dict[str, Any] = {"market": "B", "does": "release", "days": 120.0}
    beyond = effects(shock("stockpile", APRIL, date(2028, 3, 31), **done))
    within = effects(shock("stockpile", APRIL, date(2025, 9, 30), **done))
    assert [*beyond.reserves(2, 3).values()] == pytest.approx(
        [x / 6 for x in within.reserves(2, 3).values()]
    )
    assert beyond.passes["shock 1"] == pytest.approx([1 / 36] * 6)


TO_C = ("magnet", "A", "C", MAGNETS)


def flows() -> ChainFlows:
    chain = two_markets()
    return ChainFlows(chain, Programme(chain, steps=1).sales, chain.demand, {"Dy": ("Dy",)})


def test_flows_are_of_the_seller_buyers_stages_and_goods_that_are_named() -> None:
    found = flows()
    assert {TO_B, TO_C} <= found.touched(shock("embargo", APRIL)).keys()
    assert [*found.touched(shock("embargo", APRIL, buyers=("B",), stages=("magnet",)))] == [TO_B]
    assert [*found.touched(shock("embargo", APRIL, elements=("Dy",), buyers=("C",)))] == [TO_C]
    for nothing in ({"seller": "B"}, {"buyers": ("A",)}, {"elements": ("Nd",)}):
        assert found.touched(shock("embargo", APRIL, **nothing)) == {}, nothing


def test_like_goods_are_of_the_same_stage_seller_and_buyers() -> None:
    found = flows()
    assert found.like(shock("embargo", APRIL, elements=("Dy",)), [TO_B]) == [TO_C]
    assert found.like(shock("embargo", APRIL, elements=("Nd",), buyers=("C",)), [TO_B]) == [TO_C]
    assert found.like(shock("embargo", APRIL, buyers=("B",)), [TO_B]) == []


def test_users_are_of_the_market_and_product_that_are_named() -> None:
    found = flows()
    assert found.users_of(shock("embargo", APRIL, market="B").shock) == [(MAGNETS, "B")]
    assert len(found.users_of(shock("embargo", APRIL, market=WORLD).shock)) == 3
    assert found.users_of(shock("embargo", APRIL, market=WORLD, product="gold").shock) == []


def test_months_cross_a_year_and_know_leap_days() -> None:
    found = Months(date(2023, 12, 1), 3)
    assert found.names == ("2023-12", "2024-01", "2024-02")
    assert found.days == (31, 31, 29)
    assert found.last == date(2024, 2, 29)


TOP = 'title = "A"\ndescription = "A."\nstart = "2025-04"\nmonths = 12\n'


@pytest.fixture(scope="module")
def method(store: Store) -> MethodAssumptions:
    return read_method_assumptions(store)


def scenario(more: str = "") -> Scenario:
    return read_scenario(TOP + more, "a.toml")


def test_leads_add_up_from_the_magnet_back(method: MethodAssumptions) -> None:
    found = scenario_settings(scenario(), method, {}, lambda _: BASE_YEAR)
    assert found.leads == {"magnet": 0, "metal": 1.5, "separation": 3, "mine": 4.5}
    drawn = {"assumptions/method-lead-time-separation": Amount(1.6, 1.0, 2.0)}
    assert scenario_settings(scenario(), method, drawn, lambda _: BASE_YEAR).leads["mine"] == 4.6


def test_makers_of_magnets_in_china_keep_more_unless_the_file_says_what_all_keep(
    method: MethodAssumptions,
) -> None:
    found = scenario_settings(scenario(), method, {}, lambda _: BASE_YEAR)
    assert (found.cover["magnet in CHN"], found.cover["magnet"]) == (1.7, 0.5)
    said = '[assumed]\nreason = "A."\ncover = { magnet = 1 }\n'
    told = scenario_settings(scenario(said), method, {}, lambda _: BASE_YEAR)
    assert (told.cover.get("magnet in CHN"), told.cover["magnet"]) == (None, 1)


def test_shares_of_firms_add_up_and_stocks_are_drawn_together(method: MethodAssumptions) -> None:
    classes = classes_of(method)
    assert [(x.days, x.share) for x in classes] == [
        (14, 0.2), (30, 0.25), (60, 0.25), (90, 0.15), (180, 0.1), (365, 0.05),
    ]  # fmt: skip
    drawn = {"assumptions/method-firm-stock": Amount(0.5, 0.5, 1.5)}
    found = scenario_settings(scenario(), method, drawn, lambda _: BASE_YEAR)
    assert [x.days for x in found.classes] == [x.days / 2 for x in classes]


@pytest.mark.parametrize("text", ["30 days", "a month"])
def test_firms_that_do_not_add_up_or_name_no_days_are_refused(
    method: MethodAssumptions, text: str
) -> None:
    """One class twice as large, or of a stock in no days."""
    share, told = method.numbers["firms-with-stock", "30 days"]
    changed = {**method.numbers, ("firms-with-stock", text): (share.times(2), told)}
    with pytest.raises(NotKnownError, match="of stock"):
        classes_of(MethodAssumptions(changed))


def test_what_a_file_sets_is_told_with_its_numbers_and_not_beside_the_rows_it_replaces(
    method: MethodAssumptions,
) -> None:
    own = scenario(
        '[assumed]\nreason = "A survey."\ntransit = 3\n'
        "leads = { separation = 4, metal = 2, mine = 6 }\ncover = { magnet = 2, metal = 3 }\n"
        "[[firms]]\ndays = 45\nshare = 1\n"
    )
    told = [(x.row, x.text, x.value, x.unit) for x in assumptions_of(own, method)]
    transit = "Time in transit: maker to a user in another country, by this file"
    assert told == [
        ("a/leads.metal", "Time from metal to magnet, by this file", 2, "months"),
        ("a/leads.separation", "Time from separation to magnet, by this file", 4, "months"),
        ("a/leads.mine", "Time from mine to magnet, by this file", 6, "months"),
        ("a/transit", transit, 3, "months"),
        ("a/cover.magnet", "Stock of plants: magnet, by this file", 2, "months"),
        ("a/cover.metal", "Stock of plants: metal, by this file", 3, "months"),
        *(
            (f"assumptions/method-plant-stock-{x}", f"Stock of plants: {x}", months, "months")
            for x, months in (("separation", 0.5), ("mine", 1.0))
        ),
        ("a/firms.45-days", "Firms by days of stock: 45 days, by this file", 100, "percent"),
    ]
    every = assumptions_of(own, method)
    assert {x.reason for x in every if x.row.startswith("a/")} == {"A survey."}


def test_each_that_is_drawn_has_a_range_that_holds_it_and_a_reason(
    method: MethodAssumptions,
) -> None:
    told = {each.row: each for each in assumptions_of(scenario(), method)}
    assert all(each.reason.endswith(".") for each in told.values())
    for row in method.time_and_stocks:
        each = told[row]
        assert None not in (each.low, each.value, each.high)
        assert each.low <= each.value <= each.high  # type: ignore[operator]
    rest = {row for row in told if row not in method.time_and_stocks}
    assert len(rest) == 6
    assert all("firms-with-stock" in row for row in rest), "what is not drawn: shares of firms"
