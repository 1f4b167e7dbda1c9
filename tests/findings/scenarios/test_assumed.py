"""What is assumed of time and stocks: ranges hold the values, files set their own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from monazite.errors import NotKnownError
from monazite.findings.events.event import BASE_YEAR
from monazite.findings.method_assumptions import MethodAssumptions, read_method_assumptions
from monazite.findings.scenarios import assumed
from monazite.findings.scenarios.firms import FirmClass
from monazite.findings.scenarios.scenario_file import Scenario, read_scenario
from monazite.quantities.amount import Amount
from monazite.triples.store import Store

TOP = 'title = "A"\ndescription = "A."\nstart = "2025-04"\nmonths = 12\n'


def _chemistry() -> Any:
    """Reasons as the tables of assumptions give them."""
    rows = {
        "trade-immediate": Amount(1.0, 1.0, 1.0),
        "throughput-immediate": Amount(1.0, 1.0, 1.0),
        "trade-short-run": Amount(1.25, 1.0, 2.0),
        "throughput-short-run": Amount(1.1, 1.0, 1.3),
        "trade-medium-run": Amount(2.0, 1.5, 3.0),
        "throughput-medium-run": Amount(1.3, 1.1, 1.5),
        "new-pairs-medium-run": Amount(0.15, 0.0, 0.3),
    }
    reasons = {f"assumptions/method-horizon-{x}": (x, y, "A choice.") for x, y in rows.items()}
    return SimpleNamespace(reasons=reasons)


@pytest.fixture(scope="module")
def method(store: Store) -> MethodAssumptions:
    return read_method_assumptions(store)


def scenario(more: str = "") -> Scenario:
    return read_scenario(TOP + more, "a.toml")


def test_leads_add_up_from_the_magnet_back(method: MethodAssumptions) -> None:
    found = assumed.settings_of(scenario(), method, {}, lambda _: BASE_YEAR)
    assert found.leads == {"magnet": 0, "metal": 1, "separation": 2, "mine": 3}
    drawn = {"assumptions/method-lead-time-separation": Amount(1.6, 1.0, 2.0)}
    assert assumed.settings_of(scenario(), method, drawn, lambda _: BASE_YEAR).leads["mine"] == 4


def test_shares_of_firms_add_up_and_stocks_are_drawn_together(method: MethodAssumptions) -> None:
    classes = assumed.classes_of(method)
    assert [(x.days, x.share) for x in classes] == [
        (14, 0.2), (30, 0.25), (60, 0.25), (90, 0.15), (180, 0.1), (365, 0.05),
    ]  # fmt: skip
    drawn = {"assumptions/method-firm-stock": Amount(0.5, 0.5, 1.5)}
    found = assumed.settings_of(scenario(), method, drawn, lambda _: BASE_YEAR)
    assert [x.days for x in found.classes] == [x.days / 2 for x in classes]


@pytest.mark.parametrize("text", ["30 days", "a month"])
def test_firms_that_do_not_add_up_or_name_no_days_are_refused(
    method: MethodAssumptions, text: str
) -> None:
    """One class twice as large, or of a stock in no days."""
    share, told = method.numbers["firms-with-stock", "30 days"]
    changed = {**method.numbers, ("firms-with-stock", text): (share.times(2), told)}
    with pytest.raises(NotKnownError, match="of stock"):
        assumed.classes_of(MethodAssumptions(changed))


def test_a_file_may_set_its_own_and_says_why(method: MethodAssumptions) -> None:
    text = '[assumed]\nreason = "By hand."\ntransit = 2\ncover = { magnet = 3.0 }\n'
    own = scenario(text + "[[firms]]\ndays = 5\nshare = 1.0\n")
    found = assumed.settings_of(own, method, {}, lambda _: BASE_YEAR)
    assert (found.transit, found.cover["magnet"]) == (2, 3.0)
    assert found.classes == (FirmClass(5.0, 1.0),)
    told = {each.row: each for each in assumed.assumptions_of(own, method)}
    assert told["a/transit"].reason == "By hand."
    assert not any(row.startswith("assumptions/") and "firm" in row for row in told)


def test_what_a_file_sets_is_told_with_its_numbers_and_not_beside_the_rows_it_replaces(
    method: MethodAssumptions,
) -> None:
    own = scenario(
        '[assumed]\nreason = "A survey."\ntransit = 3\n'
        "leads = { separation = 4, metal = 2, mine = 6 }\ncover = { magnet = 2, metal = 3 }\n"
        "[[firms]]\ndays = 45\nshare = 1\n"
    )
    told = [(x.row, x.text, x.value, x.unit) for x in assumed.assumptions_of(own, method)]
    transit = "Time in transit: maker to a user in another country, by this file"
    assert told == [
        ("a/leads.metal", "Time from metal to magnet, by this file", 2, "months"),
        ("a/leads.separation", "Time from separation to magnet, by this file", 4, "months"),
        ("a/leads.mine", "Time from mine to magnet, by this file", 6, "months"),
        ("a/transit", transit, 3, "months"),
        ("a/cover.magnet", "Stock of plants: magnet, by this file", 2, "months"),
        ("a/cover.metal", "Stock of plants: metal, by this file", 3, "months"),
        *(
            (f"{assumed.PLANT_STOCK_ROW}{x}", f"Stock of plants: {x}", months, "months")
            for x, months in (("separation", 0.5), ("mine", 1.0))
        ),
        ("a/firms.45-days", "Firms by days of stock: 45 days, by this file", 100, "percent"),
    ]
    every = assumed.assumptions_of(own, method)
    assert {x.reason for x in every if x.row.startswith("a/")} == {"A survey."}


def test_a_lead_that_is_left_out_counts_on_from_one_that_the_file_sets(
    method: MethodAssumptions,
) -> None:
    """Ore never comes sooner than the oxide that is made of it."""
    own = scenario('[assumed]\nreason = "A survey."\nleads = { separation = 4 }\n')
    leads = assumed.settings_of(own, method, {}, lambda _: BASE_YEAR).leads
    assert leads == {"magnet": 0, "metal": 1, "separation": 4, "mine": 5}
    told = [x.text for x in assumed.assumptions_of(own, method)][:3]
    assert told == [
        "Lead time: metal", "Time from separation to magnet, by this file", "Lead time: mine",
    ]  # fmt: skip


def test_firms_of_a_file_without_a_reason_say_that_it_gives_none(
    method: MethodAssumptions,
) -> None:
    told = assumed.assumptions_of(scenario("[[firms]]\ndays = 45\nshare = 1\n"), method)
    assert told[-1].reason == "The scenario file gives no reason."


def test_each_that_is_drawn_has_a_range_that_holds_it_and_a_reason(
    method: MethodAssumptions,
) -> None:
    told = {each.row: each for each in assumed.assumptions_of(scenario(), method)}
    assert all(each.reason.endswith(".") for each in told.values())
    for row in assumed.inputs({}, method):
        each = told[row]
        assert None not in (each.low, each.value, each.high)
        assert each.low <= each.value <= each.high  # type: ignore[operator]
    rest = {row for row in told if row not in assumed.inputs({}, method)}
    assert len(rest) == 6
    assert all("firms-with-stock" in row for row in rest), "what is not drawn: shares of firms"


def test_how_far_trade_stretches_is_told_of_the_steps_that_a_scenario_goes_through() -> None:
    chemistry = _chemistry()
    short, long_ = (assumed.stretch_of(chemistry, months) for months in (3, 30))
    assert [x.row for x in short] == [
        "assumptions/method-horizon-trade-immediate",
        "assumptions/method-horizon-throughput-immediate",
    ]
    assert len(long_) == 6
    told = {x.row: x for x in long_}
    trade = told["assumptions/method-horizon-trade-short-run"]
    assert (trade.value, trade.low, trade.high, trade.unit) == (1.25, 1.0, 2.0, "times")
    assert trade.text.endswith("after 3 months")
