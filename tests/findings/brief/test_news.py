"""What changed in ninety days, and what is due: no dated row that touches a question is dropped."""

from __future__ import annotations

import pytest

from monazite.findings.brief.news import (
    News,
    days_before,
    grouped,
    joined,
    known_by,
    read_news,
)
from monazite.findings.policies.selection import select
from monazite.findings.timeline.dated_events import DatedEvent
from monazite.network.facts import read_facts
from monazite.rows.dates import date_bounds
from monazite.view import View
from tests.findings.touching import of_other_goods, table, touches

DAY, FIRST = "2026-11-24", "2026-08-26"


def news_of(view: View, element: str, market: str) -> News:
    facts = read_facts(view.store, element, view.valid)
    chosen = select(view.store, facts.element.id, market)
    sites = frozenset(row["facility"] for row in table("operations"))
    return read_news(facts, view.schema, chosen, "separation", sites)


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN", "DEU"])
@pytest.mark.parametrize("element", ["Dy", "Y", "Nd"])
def test_no_dated_row_that_touches_it_is_dropped(view: View, element: str, market: str) -> None:
    told = {row for event in news_of(view, element, market).events for row in event.rows}
    acts = set(touches(element, market)) - of_other_goods()
    due = {
        f"policy_events/{row['row']}"
        for row in table("policy_events")
        if row["policy"] in acts
        and date_bounds(row["date"])[0] <= DAY
        and date_bounds(row["date"])[1] >= FIRST
    }
    assert due or market != "USA"
    assert due - told == set()


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN", "DEU"])
@pytest.mark.parametrize("element", ["Dy", "Sc", "Nd"])
def test_no_date_to_come_that_touches_it_is_dropped(view: View, element: str, market: str) -> None:
    told = {row for event in news_of(view, element, market).due for row in event.rows}
    acts = set(touches(element, market)) - of_other_goods()
    due = {
        f"policy_events/{row['row']}"
        for row in table("policy_events")
        if row["policy"] in acts
        if date_bounds(row["date"])[0] > DAY
        or (row["until"] and date_bounds(row["until"])[1] > DAY)
    }
    assert due or market != "USA"
    assert due - told == set()


@pytest.mark.parametrize("element", ["Dy", "Nd"])
def test_a_change_of_hands_in_the_chain_is_told(view: View, element: str) -> None:
    """USA Rare Earth bought all of Serra Verde on 3 September 2026."""
    told = {event.what for event in news_of(view, element, "USA").events}
    assert "USA Rare Earth holds 100 % of Serra Verde Group" in told


def test_what_a_plant_is_to_do_is_due_and_not_news(view: View) -> None:
    """Eneabba is to be commissioned in 2027; of August 2026 it is said to be built to 60 %."""
    found = news_of(view, "Dy", "USA")
    due = [event.what for event in found.due if event.subject.startswith("Eneabba")]
    past = [event.what for event in found.events if event.subject.startswith("Eneabba")]
    assert due == ["Commissioning slated"]
    assert past == ["About 60% built; commissioning mid-2027"]
    assert all(event.latest > DAY for event in found.due)


def test_what_ends_with_a_year_comes_after_the_days_of_that_year(view: View) -> None:
    dates = [event.date for event in news_of(view, "Dy", "USA").due]
    assert dates.index("2026-11-27") < dates.index("2026") < dates.index("2027-01-01")


def test_one_line_for_what_happened_to_several_on_one_day(view: View) -> None:
    found = news_of(view, "Dy", "USA")
    groups = {group.what: group for group in grouped(found.events, found.weights)}
    ended = groups["Suspension ended by its own text"]
    assert ended.date in {"2026-11-09", "2026-11-10"}
    assert len({group.subjects for group in groups.values()}) > 5
    assert all(group.rows for group in groups.values())


def test_what_an_editor_says_of_a_record_is_no_news(view: View) -> None:
    found = news_of(view, "Dy", "USA")
    texts = [event.what for event in (*found.events, *found.due)]
    assert not [text for text in texts if "outcome:" in text or "report date" in text]
    assert not [text for text in texts if "not stated" in text]


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN"])
@pytest.mark.parametrize("element", ["Dy", "Y"])
def test_an_act_on_goods_without_any_rare_earth_is_no_news(
    view: View, element: str, market: str
) -> None:
    """Polysilicon, batteries, superhard materials: announced or suspended within the year."""
    told = {row for event in news_of(view, element, market).events for row in event.rows}
    others = ("us-232-polysilicon-2026", "mofcom-gac-2025-55", "mofcom-gac-2025-58")
    assert not any(row.startswith(f"policy_events/{act}") for row in told for act in others)
    assert set(others) <= of_other_goods()


@pytest.mark.parametrize("market", ["USA", "JPN", "EUE"])
@pytest.mark.parametrize("element", ["Dy", "Y"])
def test_the_news_of_the_autumn_is_told(view: View, element: str, market: str) -> None:
    """The extension of a truce names no element: it touches what the acts touch that it extends."""
    found = news_of(view, element, market)
    truce = "Extension of the Kuala Lumpur joint arrangement to 10 January 2027"
    assert truce in {event.subject for event in found.events}
    assert (truce, "2027-01-10") in {(event.subject, event.date) for event in found.due}
    assert max(event.date for event in found.events) > "2026-11"
    assert found.now[truce] == "may be in force"
    assert found.weights[truce] >= 2
    assert found.first == FIRST


def test_plants_of_the_market_are_told_whole_and_the_last_elsewhere(view: View) -> None:
    found = news_of(view, "Dy", "USA")
    plants = [event for event in found.events if event.kind in {"event", "plan"}]
    assert any("Nolans" in event.subject for event in plants)  # separates elsewhere
    assert all(event.latest >= FIRST and event.earliest <= DAY for event in found.events)
    here = [event.subject for event in news_of(view, "Nd", "EUE").events]
    assert any("Narva" in subject for subject in here)  # in the market


def test_what_a_source_told_before_the_ninety_days_did_not_change_in_them(view: View) -> None:
    """Stillwater was commissioned in 2026, by the results of its first quarter of that year."""
    for element in ("Dy", "Nd"):
        found = news_of(view, element, "USA")
        bare = [event for event in found.events if len(event.date) == 4]
        assert not [event for event in bare if "Stillwater" in event.subject]
        assert all(known_by(event) >= FIRST for event in bare)


def test_what_was_met_or_has_passed_is_not_due(view: View) -> None:
    found = news_of(view, "Dy", "USA")
    due = {row for event in found.due for row in event.rows}
    plans = {"nolans-2026-planned", "usar-stillwater-2026-planned", "ucore-smc-2026-planned-2"}
    assert not {f"facility_events/{each}" for each in plans} & due
    assert [event.rows for event in found.passed] == [("facility_events/ucore-smc-2026-planned-2",)]
    assert all(event.latest > DAY for event in found.due)


def test_steps_of_one_act_on_one_date_are_one_line() -> None:
    def step(act: str, what: str, day: str = "2026-06-22", kind: str = "policy") -> DatedEvent:
        return DatedEvent(kind, day, day, day, act, what, what, (f"{act}/{what}",))

    both = joined([step("a", "Announced"), step("b", "Announced"), step("a", "Effective")])
    assert [(each.subject, each.what) for each in both] == [
        ("a", "Announced, effective"),
        ("b", "Announced"),
    ]
    assert both[0].rows == ("a/Announced", "a/Effective")
    apart = [step("a", "Announced"), step("a", "Effective", "2026-06-23")]
    assert joined(apart) == apart
    plants = [step("a", "Opened", kind="event"), step("a", "Closed", kind="event")]
    assert joined(plants) == plants


def test_ninety_days_before_a_day() -> None:
    assert (days_before(DAY), days_before("2024-03-01", 1)) == (FIRST, "2024-02-29")


def test_the_end_of_a_suspension_is_told_though_no_step_tells_it(view: View) -> None:
    """Announcements 55 to 58, 61 and 62 were suspended until 2026-11-10: nothing is dated then."""
    found = news_of(view, "Dy", "USA")
    told = {event.subject: event for event in found.events if event.date == "2026-11-10"}
    for name in ("rare earth items made abroad (0.1% rule)", "rare earth technology"):
        event = told[f"Export controls on {name}"]
        assert event.what == "Suspension ended by its own text"
        assert "policy_events/mofcom-2025-6" in event.rows[0]
        assert found.now[event.subject] == "may be in force or suspended"
    assert told["Trump-Xi understanding at Busan"].what == "Its stated last day"


def test_a_part_of_a_plant_that_is_named_for_another_element_is_left_out(view: View) -> None:
    """White Mesa is to make "dysprosium and terbium" on a large scale in 2026."""
    row = "facility_events/white-mesa-mill-2026-planned"
    for element, told in (("Dy", True), ("mree", True), ("Y", False), ("Nd", False)):
        rows = {row for event in news_of(view, element, "USA").due for row in event.rows}
        assert (row in rows) == told, element
