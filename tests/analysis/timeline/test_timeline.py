"""What a timeline takes in, in which order, what it leaves out, and how it is told."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.timeline.dated_events import BEGIN, END, DatedEvent, order, read_dated_events
from monazite.analysis.timeline.result import Timeline, life_lines
from monazite.analysis.timeline.timeline import Mentions, timeline_of
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.data.dates import date_bounds
from monazite.model.facilities.status import read_lives
from monazite.store.names import find_entity
from monazite.store.store import Store
from monazite.view.view import View
from tests.analysis.touching import home, table, touches_site
from tests.golden.lines import lines_of
from tests.report.timelines import small_timeline
from tests.results import records_in


@cache
def _timeline(
    view: View, name: str | None, stage: str | None = None, *, whole: bool = False
) -> Timeline:
    entity = find_entity(view.store, name) if name else None
    return timeline_of(view.store, view.schema, view.valid, entity, stage=stage, whole=whole)


def _rows(found: Timeline) -> set[str]:
    return {row for dated_event in found.events for row in dated_event.rows}


ENTITIES = ["mountain-pass", "Dy", "mofcom-2025-61"]


@pytest.mark.parametrize("name", ENTITIES)
def test_lines_are_in_order_each_with_row_source_and_sentence(view: View, name: str) -> None:
    found = _timeline(view, name)
    assert found.events
    assert list(found.events) == sorted(found.events, key=order)
    for dated_event in found.events:
        assert dated_event.rows
        assert dated_event.what
        assert dated_event.sources
        assert (dated_event.earliest, dated_event.latest) == date_bounds(dated_event.date)
        assert dated_event.certainty == {4: "year", 7: "month", 10: "day"}[len(dated_event.date)]


def test_a_facility_has_its_events_its_holders_up_to_the_last_and_what_targets_them(
    view: View,
) -> None:
    rows = _rows(_timeline(view, "mountain-pass"))
    events = {
        row
        for row, line in lines_of("facility_events").items()
        if line["facility"] == "mountain-pass" and line["date"]
    }
    assert events <= rows
    assert {
        "ownership/molycorp-mountain-pass-1952",
        "ownership/unocal-molycorp-1977",  # the holder of the holder
        "ownership/chevron-unocal-2005",  # and of that one
        "ownership/us-dod-mp-materials-2025-07",
        "operations/mountain-pass-mine",
        "supply_links/mountain-pass-shenghe-resources-rare-earth-concentrate-2025-04-17",
        "statements/c18-mountain-pass-1998",
    } <= rows
    assert "policy_events/mof-china-2026-46-effective-2026-06-22" in rows  # aimed at its country
    assert not any("us-232-polysilicon" in row for row in rows)
    assert not any("silmet" in row for row in rows)  # another plant of an owner


def _steps(acts: set[str]) -> set[str]:
    lines = lines_of("policy_events").items()
    return {row for row, line in lines if line["policy"] in acts and line["date"]}


@pytest.mark.parametrize("plant", [row["id"] for row in table("facilities")][::9])
def test_no_step_of_an_act_that_touches_a_plant_is_dropped(view: View, plant: str) -> None:
    runs = {row["operator"] for row in table("operations") if row["facility"] == plant}
    due = _steps(touches_site({plant, *runs} - {""}, {home()[plant]}))
    assert due - _rows(_timeline(view, plant)) == set()


@pytest.mark.parametrize(
    ("policy", "day", "what"),
    [
        (
            "mofcom-2025-61",
            "2025-12-01",
            "Would have taken effect in part (content and technology rules), suspended",
        ),
        ("mofcom-gac-2025-55", "2025-11-08", "Would have taken effect, suspended"),
        ("mofcom-2025-61", "2025-10-09", "Effective in part (items of Chinese origin)"),
        ("mofcom-gac-2025-70", "2025-11-07", "Effective"),
    ],
)
def test_a_start_that_never_came_is_not_told_as_one(
    view: View, policy: str, day: str, what: str
) -> None:
    told = [h for h in _timeline(view, policy).events if h.date == day and h.kind == "policy"]
    assert what in [h.what for h in told]
    assert ("Effective" in [h.event for h in told]) == what.startswith("Effective")


def test_what_lasts_has_a_begin_that_knows_its_end_and_an_end(view: View) -> None:
    row = "ownership/chevron-mountain-pass-2007"
    told, undated = read_dated_events(view.store, view.schema, [row])
    assert undated == 0
    assert [(h.edge, h.date, h.until) for h in told] == [
        (BEGIN, "2007", "2008-09-30"),
        (END, "2008-09-30", ""),
    ]
    assert (told[0].ends, told[1].begins) == (("2008-09-30", "2008-09-30"), None)


def test_what_has_no_timeline_says_so(view: View, store: Store) -> None:
    mineral = find_entity(store, "bastnaesite", "Mineral")
    with pytest.raises(NotKnownError, match="has no timeline; take a facility"):
        timeline_of(store, view.schema, view.valid, mineral)
    with pytest.raises(UnknownNameError, match='no stage "mining"'):
        timeline_of(store, view.schema, view.valid, None, stage="mining")
    with pytest.raises(UnknownNameError, match="Name an entity"):
        timeline_of(store, view.schema, view.valid)


HAPPENINGS = st.builds(
    lambda year, month, exact, row: DatedEvent(
        kind="event",
        date=f"{year}-{month:02}" if exact else str(year),
        earliest=date_bounds(f"{year}-{month:02}" if exact else str(year))[0],
        latest=date_bounds(f"{year}-{month:02}" if exact else str(year))[1],
        subject="works",
        what="opened",
        short="opened",
        rows=(row,),
    ),
    st.integers(1985, 1990),
    st.integers(1, 12),
    st.booleans(),
    st.text("abc", min_size=1, max_size=3),
)


@given(st.lists(HAPPENINGS, max_size=8), st.integers(1985, 1990), st.integers(0, 3))
def test_a_cut_keeps_all_that_may_fall_between_and_nothing_else(
    events: list[DatedEvent], first: int, years: int
) -> None:
    found = Timeline("works", None, None, "1990-01-01", None, tuple(events), ())
    begin, end = f"{first}-01-01", f"{first + years}-12-31"
    kept = found.between(str(first), str(first + years)).events
    assert kept == tuple(h for h in events if h.latest >= begin and h.earliest <= end)


def mentions(**roles: dict[str, str]) -> Mentions:
    named = {
        (role, thing): frozenset(rows.split())
        for role, things in roles.items()
        for thing, rows in things.items()
    }
    nothing = SimpleNamespace()
    return Mentions(nothing, nothing, "2026-11-24", nothing, named)  # type: ignore[arg-type]


def test_a_policy_has_its_steps_and_what_is_said_of_it() -> None:
    found = mentions(
        policy={"p": "policy_events/1 policy_scope/1", "q": "policy_events/2"},
        subject={"p": "statements/1 other/1"},
    )
    assert found.of_policies(["p"]) == {"policy_events/1", "statements/1"}
    assert found.of_policies([]) == set()


def test_holders_are_followed_upward_and_a_circle_ends() -> None:
    found = mentions(
        owned={"plant": "own/1 own/2", "firm": "own/3", "group": "own/4"},
        owner={"firm": "own/1", "other": "own/2", "group": "own/3", "plant": "own/4"},
    )
    assert found.holders_above("plant") == {
        "firm": {"own/1"},
        "other": {"own/2"},
        "group": {"own/3"},
        "plant": {"own/4"},
    }


def test_six_holders_are_followed_and_no_seventh() -> None:
    names = [str(number) for number in range(9)]
    found = mentions(
        owned={name: f"own/{name}" for name in names[:-1]},
        owner={str(int(name) + 1): f"own/{name}" for name in names[:-1]},
    )
    assert sorted(found.holders_above("0")) == names[1:7]


def test_a_life_in_a_sentence(store: Store) -> None:
    lives = read_lives(store)
    assert life_lines(lives.on("mountain-pass", "2010-12-31")) == (
        "On 2010-12-31: perhaps partly operating (other versions: suspended); mine operating, "
        "separation suspended. Owner: Molycorp. Operator: Molycorp."
    )
    assert life_lines(lives.on("bukit-merah", "1999-01-01")) == (
        "On 1999-01-01: closed. Owner: not known (last on record: Asian Rare Earth Sdn Bhd until "
        "1994). Operator: not known."
    )


def test_an_element_has_policies_prices_shares_and_its_largest_plants(view: View) -> None:
    found = _timeline(view, "Dy")
    kinds = {dated_event.kind for dated_event in found.events}
    assert {"policy", "price", "share", "event"} <= kinds
    assert not kinds & {"ownership", "supply"}
    turns = [each for each in found.short if each.event.kind == "event"]
    assert {each.why for each in turns} >= {"Opening"}
    assert len(found.short) <= 15
    seven = "Export controls on seven medium and heavy rare earths and magnets"
    assert any(x.event.subject == seven and x.why == "Rule starts" for x in found.short)
    assert any("largest of each stage" in said for said in found.left_out)
    assert not any("share-of-" in each.what for each in found.events)
    assert any(row.startswith("policy_events/mofcom-gac-2025-18-") for row in _rows(found))
    prices = [h for h in found.events if h.kind == "price"]
    assert all("dysprosium" in h.subject or "rare earth" in h.subject for h in prices)
    years = [h.date for h in found.events if h.kind == "share" and "mine" in h.subject]
    assert len(years) == len(set(years))


def test_a_country_has_state_changes_and_its_shares_and_says_what_is_left_out(view: View) -> None:
    found = _timeline(view, "USA")
    rows = _rows(found)
    assert "facility_events/mountain-pass-2015-suspended" in rows
    assert "facility_events/mountain-pass-2028-planned" not in rows
    assert any("change no state are left out" in said for said in found.left_out)
    assert any("Ownership and supply links are left out" in said for said in found.left_out)
    whole = _timeline(view, "USA", whole=True)
    assert "facility_events/mountain-pass-2028-planned" in _rows(whole)
    assert not any("change no state" in said for said in whole.left_out)
    mine = {h.date: h.what for h in found.events if "mine" in h.subject and h.kind == "share"}
    assert mine["1994"].startswith("United States has 36 %")  # BGS: 20,664 of 57,002 t


def test_days_cut_and_say_so(view: View) -> None:
    whole = _timeline(view, "mountain-pass")
    cut = whole.between("2010", "2012")
    assert {h.date[:4] for h in cut.events} >= {"2010", "2011", "2012"}
    for dated_event in cut.events:
        assert dated_event.earliest <= "2012-12-31"
        assert max(dated_event.latest, dated_event.until_latest) >= "2010-01-01"
    lost = len(whole.events) - len(cut.events)
    assert f"{lost:,} lines outside the days asked for are left out." in cut.left_out
    assert whole.between(None, None) == whole


def test_csv_has_a_line_a_happening() -> None:
    (table,) = small_timeline().csv_tables()
    assert len(table.rows) == len(small_timeline().events)
    assert records_in(table)[0]["sources"] == "paper"
