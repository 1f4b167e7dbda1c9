"""Parts of a brief: acts, news, footnotes, and a bill of the reader."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.policies.acts import read_acts
from monazite.analysis.policies.policies import select
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.bom.result import exposure_lessons
from monazite.data.dates import date_bounds
from monazite.model.network.facts import read_facts
from monazite.report.brief.brief import bill_parts, bill_rows
from monazite.report.brief.document import Footnotes, runs
from monazite.report.brief.gathered import COLUMNS, ListedAct, cells_of, read_controls
from monazite.report.brief.news import (
    BOTH,
    OF_ELEMENT,
    OTHER,
    News,
    days_before,
    joined,
    read_news,
    weights_of,
)
from monazite.store.cards import RowCard, SourceLine, read_cards
from monazite.view.opening import load
from monazite.view.view import View
from tests.analysis.touching import of_other_goods, table, touches
from tests.bom.bills import example
from tests.sharing import only_whole


def acts_of(view: View, element: str, market: str) -> dict[str, ListedAct]:
    facts = read_facts(view.store, element, view.valid)
    chosen = select(view.store, facts.element.id, market)
    found = read_controls(facts, view.schema.tables, chosen, frozenset())
    return {act.line.policy: act for act in found}


def cells(act: ListedAct) -> dict[str, str]:
    told = cells_of(act, frozenset({"Dy"}), {}, {}, measured=True)
    return dict(zip(COLUMNS, told, strict=True))


@pytest.mark.parametrize("market", ["USA", *only_whole("EUE")])
@pytest.mark.parametrize("element", ["Dy", "Y"])
def test_what_policies_lists_is_in_the_brief(view: View, element: str, market: str) -> None:
    listed = {
        line.policy
        for line in view.policies(element, to=market)
        if line.status.value != "not in force" or line.status.state == "suspended"
    }
    assert len(listed) > 5
    assert listed <= acts_of(view, element, market).keys()


@pytest.mark.parametrize("market", ["USA", *only_whole("EUE", "JPN")])
def test_a_control_of_technology_is_listed_and_its_loss_is_not_measured(
    view: View, market: str
) -> None:
    told = cells(acts_of(view, "Dy", market)["mofcom-2025-62"])
    assert (told["Applies to"], told["Loss if licensed"]) == ("technology", "not measured")
    assert told["On the day"].startswith(
        "may be in force or suspended: its suspension ended on 10 Nov 2026 by its own text"
    )


def test_what_is_aimed_at_others_is_left_out_where_it_binds_no_flow(view: View) -> None:
    assert "china-japan-informal-2026" in acts_of(view, "Dy", "JPN")
    assert "china-japan-informal-2026" not in acts_of(view, "Dy", "USA")
    facts = read_facts(view.store, "Dy", view.valid)
    chosen, bound = select(view.store, "Dy", "USA"), frozenset({"china-japan-informal-2026"})
    found = read_controls(facts, view.schema.tables, chosen, bound)
    assert "china-japan-informal-2026" in {act.line.policy for act in found}


DAY, FIRST = "2026-11-24", "2026-08-26"


def news_of(view: View, element: str, market: str) -> News:
    facts = read_facts(view.store, element, view.valid)
    chosen = select(view.store, facts.element.id, market)
    sites = frozenset(row["facility"] for row in table("operations"))
    return read_news(facts, view.schema, chosen, "separation", sites)


@pytest.mark.parametrize("market", ["USA", *only_whole("DEU")])
@pytest.mark.parametrize("element", ["Dy", "Nd"])
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


@pytest.mark.parametrize("market", ["USA", *only_whole("JPN")])
@pytest.mark.parametrize("element", ["Dy", "Sc"])
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


CLAUSE = "policy_events/mofcom-2024-46-suspended-2025-11-09"


@pytest.mark.parametrize(("market", "weight"), [("USA", BOTH), ("JPN", OF_ELEMENT)])
def test_a_clause_on_other_goods_weighs_less_than_its_act(
    view: View, market: str, weight: int
) -> None:
    """Clause 1 of Announcement 46 binds dual-use items, clause 2 gallium, germanium, antimony."""
    acts = read_acts(view.store)
    chosen = select(view.store, "Dy", market)
    found = weights_of(chosen, acts, ["mofcom-2024-46", "mofcom-2025-72", "mofcom-gac-2025-18"])
    assert found[acts.acts["mofcom-2024-46"].title] == weight
    assert found[CLAUSE] == OTHER
    assert found[acts.acts["mofcom-2025-72"].title] == OTHER  # it suspends clause 2 alone
    assert found[acts.acts["mofcom-gac-2025-18"].title] == BOTH


def card(row: str, *sources: str) -> RowCard:
    said = tuple(SourceLine(name, name.upper(), "Report", "2026", "1", "") for name in sources)
    return RowCard(row, "a", "", "", "", said, {})


def notes() -> Footnotes:
    rows = (card("a/1", "usgs"), card("a/2", "bgs", "usgs"), card("a/3", "iea"))
    return Footnotes({made.row: made for made in rows})


def test_sources_are_numbered_as_they_are_first_cited() -> None:
    found = notes()
    assert found.of(["a/3"]) == (1,)
    assert found.of(["a/2"]) == (2, 3)
    assert found.of(["a/3", "a/1", "a/3"]) == (1, 3)
    assert [(each.number, each.id) for each in found.sources()] == [
        (1, "iea"),
        (2, "bgs"),
        (3, "usgs"),
    ]


def test_a_source_knows_what_it_was_cited_for_and_the_list_holds_no_other() -> None:
    found = notes()
    found.of(["a/2", "a/1", "a/9"])
    assert {each.id: each.rows for each in found.sources()} == {
        "bgs": ("a/2",),
        "usgs": ("a/1", "a/2"),
    }
    assert found.rows == {"a/1", "a/2"}


def test_what_has_no_card_has_no_footnote() -> None:
    found = notes()
    assert found.of(["a/9"]) == ()
    assert (found.sources(), found.rows) == ((), frozenset())


@given(st.lists(st.integers(1, 30)))
def test_runs_hold_the_same_numbers_with_gaps_between(numbers: list[int]) -> None:
    found = runs(numbers)
    assert [n for first, last in found for n in range(first, last + 1)] == sorted(set(numbers))
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


def test_three_parts_with_the_sources_of_rules() -> None:
    found, view = example(), load()
    notes = Footnotes(read_cards(view.store, view.schema.tables, bill_rows(found)))
    bill, rules, questions = bill_parts(found, notes)
    assert bill.heading == "Your bill: Electric drive unit"
    assert tuple(each.text for each in bill.sentences) == exposure_lessons(found)
    assert [line.cells for line in bill.lines] == [
        ("8", "Magnet, inner layer", "12.7"),
        ("7", "Magnet, outer layer", "19.2"),
    ]
    assert rules.columns == ("Rule", "By its", "24 Nov 2026")  # the last of the days
    told = {line.cells[:2]: line for line in rules.lines}
    assert told["Announcement 18 of 2025", "text"].cells[2] == "2 caught, 3 may"
    assert all(line.notes for line in rules.lines)
    assert questions.sentences[0].text == (
        "NdFeB N45SH: What was tested or declared? It settles 169 g."
    )
    assert len(questions.sentences) == 3


def test_without_stock_what_holds_most_stands_there() -> None:
    bill, *_ = bill_parts(example("petrol-car.csv"), Footnotes({}))
    assert bill.columns[:2] == ("Row", "Part")
    assert len(bill.lines) == 4
    bare = replace(example(), lines=(), elements=(), judgements=(), questions=())
    (bill,) = bill_parts(bare, Footnotes({}))
    assert (bill.columns, bill.sentences) == ((), ())


def test_a_redacted_bill_names_nothing() -> None:
    said = str(bill_parts(example(redact=True), Footnotes({})))
    assert "Your bill: product 1" in said
    for line in example().lines:
        assert line.name not in said
