"""What happened in the year before a brief: no dated row that touches it is dropped."""

from __future__ import annotations

import pytest

from monazite.findings.brief.news import News, joined, read_news, year_before
from monazite.findings.policies.selection import select
from monazite.findings.timeline.dated_events import DatedEvent
from monazite.network.facts import read_facts
from monazite.rows.dates import date_bounds
from monazite.view import View
from tests.findings.touching import of_other_goods, table, touches

DAY, FIRST = "2026-11-24", "2025-11-24"


def news_of(view: View, element: str, market: str) -> News:
    facts = read_facts(view.store, element, view.valid)
    chosen = select(view.store, facts.element.id, market)
    return read_news(facts, view.schema, chosen, "separation")


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
    assert len(due) > 20
    assert due - told == set()


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


@pytest.mark.parametrize(
    ("market", "acts"),
    [
        (
            "USA",
            {
                "Extension of the Kuala Lumpur joint arrangement to 10 January 2027",
                "Ten US entities on the export control list, MP Materials and USA Rare Earth "
                "among them",
                "Project Vault, US Strategic Critical Minerals Reserve",
            },
        ),
        ("JPN", {"Dual-use export ban to Japanese military users and uses"}),
        ("EUE", {"RESourceEU Action Plan (COM(2025) 945)"}),
    ],
)
@pytest.mark.parametrize("element", ["Dy", "Y"])
def test_the_news_of_2026_is_told(view: View, element: str, market: str, acts: set[str]) -> None:
    found = news_of(view, element, market)
    assert acts <= {event.subject for event in found.events}
    assert max(event.date for event in found.events) > "2026-06"
    assert acts <= found.now.keys()
    assert found.first == FIRST


def test_a_statement_says_what_was_stated(view: View) -> None:
    told = {event.what for event in news_of(view, "Dy", "JPN").events if event.event == "Stated"}
    assert "Stated: By sources in trade several exports were approved: no full stop" in told


def test_plants_of_the_market_are_told_whole_and_the_last_elsewhere(view: View) -> None:
    found = news_of(view, "Dy", "USA")
    plants = [event for event in found.events if event.kind == "event"]
    assert any("10X" in event.subject for event in plants)  # ground broken 2026-05
    assert any("Kuantan" in event.subject for event in plants)  # separates elsewhere
    assert all(event.latest >= FIRST and event.earliest <= DAY for event in found.events)


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


def test_a_year_before_a_day() -> None:
    assert (year_before(DAY), year_before("2024-02-29")) == (FIRST, "2023-02-29")


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
    """White Mesa commissioned a "pilot dysprosium circuit" in 2025."""
    row = "facility_events/white-mesa-mill-2025-commissioned"
    for element, told in (("Dy", True), ("mree", True), ("Y", False), ("Nd", False)):
        rows = {row for event in news_of(view, element, "USA").events for row in event.rows}
        assert (row in rows) == told, element
