"""States, lives, plans and places of plants: hard cases by hand, and what follows by dates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite as mz
from monazite.data.dates import date_bounds
from monazite.model.facilities import status
from monazite.model.facilities.mapped_sites import (
    MOST_FLOWS,
    MappedSites,
    find_mapped_flows,
    find_mapped_sites,
)
from monazite.model.facilities.status import (
    MET,
    OVERTAKEN,
    PASSED,
    TO_COME,
    FacilityEvent,
    FacilityStatuses,
    StageState,
    came_of,
    parts_of_year,
    read_lives,
    state_of_whole,
    state_on,
    target_days,
)
from monazite.model.network.facts import read_facts
from monazite.store.queries import QueryRecord
from monazite.store.store import Store
from monazite.view.view import View

STATES = {
    "opened": "operating",
    "restarted": "operating",
    "suspended": "suspended",
    "closed": "closed",
    "planned": "planned",
    "construction-started": "under construction",
    "sold": "",
}


def event(
    kind: str, printed: str, *, stage: str = "", part: str = "", tier: int = 3, row: str = ""
) -> FacilityEvent:
    earliest, latest = date_bounds(printed)
    return FacilityEvent(
        row=row or f"{kind}-{printed}-{stage}{part}",
        facility="works",
        event=kind,
        label=kind.capitalize(),
        state=STATES[kind],
        printed=printed,
        earliest=earliest,
        latest=latest,
        stage=stage,
        part=part,
        detail="",
        tier=tier,
    )


def told(state: StageState) -> tuple[str, str, tuple[str, ...]]:
    return state.state, state.certainty, state.others


def on(events: Sequence[FacilityEvent], day: str, *versions: set[str], stage: str = "") -> object:
    return told(state_on(stage, events, [frozenset(rows) for rows in versions], day))


LIFE = [event("opened", "1952"), event("suspended", "1998-07"), event("closed", "2002-03-04")]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("1951-12-31", ("not yet", "surely", ())),
        ("1952-06-01", ("operating", "perhaps", ("not yet",))),
        ("1998-06-30", ("operating", "surely", ())),
        ("1998-07-15", ("suspended", "perhaps", ("operating",))),
        ("2002-03-03", ("suspended", "surely", ())),
        ("2002-03-04", ("closed", "surely", ())),
    ],
)
def test_the_last_event_by_the_day_decides(day: str, state: object) -> None:
    assert on(LIFE, day) == state


def test_two_events_of_one_year_leave_their_order_open() -> None:
    events = [event("opened", "1990"), event("suspended", "1990")]
    state, certainty, others = told(state_on("", events, [], "1995-01-01"))
    assert {state, *others} == {"operating", "suspended"}
    assert certainty == "perhaps"


def test_a_facility_without_events_is_not_known() -> None:
    assert on([], "2020-01-01") == ("not known", "not known", ())
    assert on([event("sold", "2010")], "2020-01-01") == ("not known", "not known", ())
    assert on([event("closed", "1991")], "1980-01-01") == ("not known", "not known", ())


@pytest.mark.parametrize(
    ("kind", "state"), [("planned", "planned"), ("construction-started", "under construction")]
)
def test_plans_and_building_count_only_before_the_first_start(kind: str, state: str) -> None:
    events = [event(kind, "2020"), event("opened", "2023-05-01")]
    assert on(events, "2022-01-01") == (state, "surely", ())
    assert on(events, "2024-01-01") == ("operating", "surely", ())
    assert on([*events, event("planned", "2024")], "2025-01-01") == ("operating", "surely", ())


def test_a_part_that_stops_leaves_the_rest_as_it_was() -> None:
    events = [event("opened", "1948"), event("suspended", "1994-07", part="monazite feed")]
    assert on(events, "1994-12-31") == ("operating", "surely", ())


def test_a_part_that_starts_makes_no_plant() -> None:
    assert on([event("opened", "2018", part="pilot")], "2020-01-01") == (
        "partly operating",
        "perhaps",
        (),
    )
    stopped = [event("opened", "2010"), event("suspended", "2024"), event("restarted", "2025-03")]
    again = [*stopped[:2], event("restarted", "2025-03", part="sale of stocks")]
    assert on(again, "2026-01-01") == ("suspended", "surely", ())
    assert on(stopped, "2026-01-01") == ("operating", "surely", ())


def test_a_conflict_makes_the_time_between_its_versions_a_perhaps() -> None:
    events = [
        event("opened", "1982"),
        event("closed", "1992", row="press"),
        event("closed", "1994-01-19", row="chronology"),
    ]
    versions = {"press", "chronology"}
    assert on(events, "1993-06-30") == ("closed", "surely", ())
    assert on(events, "1993-06-30", versions) == ("operating", "perhaps", ("closed",))
    assert on(events, "1991-12-31", versions) == ("operating", "surely", ())
    assert on(events, "1995-01-01", versions) == ("closed", "surely", ())
    better = [events[0], event("closed", "1992", tier=1, row="press"), events[2]]
    assert on(better, "1993-06-30", versions) == ("closed", "perhaps", ("operating",))


def test_a_stop_of_one_stage_speaks_against_an_earlier_stop_of_all() -> None:
    events = [
        event("opened", "1952"),
        event("suspended", "1997", tier=4),
        event("suspended", "1998", stage="separation"),
    ]
    rows = {events[1].row, events[2].row}
    assert on(events, "1999-01-01", rows, stage="mine") == ("operating", "perhaps", ("suspended",))
    assert on(events, "1999-01-01", rows, stage="separation") == ("suspended", "surely", ())


def test_stages_together() -> None:
    def stage(state: str, certainty: str = "surely", *others: str) -> StageState:
        return StageState("s", state, certainty, others, ())

    cases = {
        ("operating", "operating"): ("operating", "surely", ()),
        ("operating", "suspended"): ("partly operating", "surely", ()),
        ("suspended", "closed"): ("suspended", "surely", ()),
        ("operating", "not known"): ("operating", "surely", ()),
        ("not known", "not known"): ("not known", "not known", ()),
    }
    for states, whole in cases.items():
        assert state_of_whole([stage(state) for state in states]) == whole
    open_question = [stage("operating", "perhaps", "suspended"), stage("suspended")]
    assert state_of_whole(open_question) == ("partly operating", "perhaps", ("suspended",))


DAYS = st.dates(date(1950, 1, 1), date(2026, 12, 31))
EVENTS = st.lists(
    st.builds(
        lambda kind, day, length: event(kind, day.isoformat()[:length]),
        st.sampled_from([kind for kind, state in STATES.items() if state]),
        DAYS,
        st.sampled_from([4, 7, 10]),
    ),
    max_size=6,
    unique_by=lambda found: found.row,
)


@given(EVENTS, DAYS)
def test_surely_means_the_same_whatever_day_the_dates_mean(
    events: list[FacilityEvent], day: date
) -> None:
    """Fix every partial date at its first day, or at its last: a sure state does not change."""
    found = state_on("", events, [], day.isoformat())
    for bound in ("earliest", "latest"):
        fixed = [event(each.event, getattr(each, bound), row=each.row) for each in events]
        exact = state_on("", fixed, [], day.isoformat())
        if found.certainty == "surely" and found.state in {"operating", "suspended", "closed"}:
            assert exact.state == found.state
            assert exact.others == ()
        if exact.state in {"operating", "suspended", "closed"}:
            assert exact.state in {found.state, *found.others}


@given(EVENTS, DAYS)
def test_the_order_of_the_rows_does_not_matter(events: list[FacilityEvent], day: date) -> None:
    forward = state_on("", events, [], day.isoformat())
    assert state_on("", events[::-1], [], day.isoformat()) == forward


@given(EVENTS, DAYS, st.integers(1, 4000))
def test_an_event_after_the_day_changes_no_state_that_was_sure(
    events: list[FacilityEvent], day: date, later: int
) -> None:
    found = state_on("", events, [], day.isoformat())
    future = event("closed", (day + timedelta(days=later)).isoformat(), row="future")
    if found.state in {"operating", "suspended", "closed"}:
        assert state_on("", [*events, future], [], day.isoformat()) == found


EVENT = "facility_events/mountain-pass-"
PARTLY, RUNS, STOPPED = "partly operating", ("operating", "surely"), ("suspended", "surely")
MOUNTAIN_PASS = {
    # 1997 has stopped all, says a worse source; 1998 stopped the separation alone; 2000 and 2002
    # are still to come, so that separation may have run until 2000.
    "1998-12-31": (
        *((PARTLY, "perhaps"), {"operating", "suspended"}),
        *(("operating", "perhaps"), ("suspended", "perhaps")),
        *("molycorp-mountain-pass-1952", "1998-suspended", {"1997-suspended", "2002-closed"}),
    ),
    # Mining again since December 2010, or only since August 2012; separation rests since 1998.
    "2010-12-31": (
        *((PARTLY, "perhaps"), {"suspended"}, ("operating", "perhaps"), STOPPED),
        *("molycorp-mountain-pass-2008", "2010-12-restarted", {"2012-08-27-restarted"}),
    ),
    # Mining since 2018, the concentrate went to China: no separation before 2023.
    "2019-06-30": (
        *((PARTLY, "surely"), set[str](), RUNS, STOPPED),
        *("mp-materials-mountain-pass-2017", "2018-restarted", {"2015-suspended"}),
    ),
    "2025-06-11": (
        *(RUNS, set[str](), RUNS, RUNS),
        *("mp-materials-mountain-pass-2017", "2023-commissioned", {"2018-restarted"}),
    ),
}
"""State, what else it may be, mine, separation, row of the owner, last event, other rows."""


@pytest.fixture(scope="module")
def lives(store: Store) -> FacilityStatuses:
    return read_lives(store)


@pytest.mark.parametrize("day", MOUNTAIN_PASS)
def test_state_owner_operator_and_last_event(lives: FacilityStatuses, day: str) -> None:
    state, others, mine, separation, owner, last, rows = MOUNTAIN_PASS[day]
    found = lives.on("mountain-pass", day)
    stages = {stage.stage: (stage.state, stage.certainty) for stage in found.stages}
    assert ((found.state, found.certainty), {*found.others}) == (state, others)
    assert stages == {"mine": mine, "separation": separation}
    assert [each.row for each in found.owners] == [f"ownership/{owner}"]
    assert [(x.id, x.certainty) for x in found.operators] == [(found.owners[0].id, "surely")]
    assert found.last_event is not None
    assert found.last_event.row == f"{EVENT}{last}"
    assert {*found.rows} >= {f"{EVENT}{row}" for row in rows}


@pytest.mark.whole
@pytest.mark.parametrize("day", MOUNTAIN_PASS)
def test_the_view_of_the_day_tells_the_same_life(
    lives: FacilityStatuses, day: str, cache_of_the_tests: object
) -> None:
    """A view keeps no event after its day; what those put in doubt is sure in it."""
    whole = lives.on("mountain-pass", day)
    view = read_lives(mz.load(valid=day).store).on("mountain-pass", day)
    assert view.state == whole.state
    assert set(view.others) <= set(whole.others)
    assert (view.owners, view.operators) == (whole.owners, whole.operators)
    assert view.last_event == whole.last_event


def test_no_version_of_the_1990s_closures_is_taken_for_the_whole(lives: FacilityStatuses) -> None:
    """Bukit Merah in 1993 was suspended by a court, closed by the press; La Rochelle ran on."""
    later = lives.on("bukit-merah", "1999-01-01")
    assert later.owners == ()
    assert [owner.label for owner in later.owners_before] == ["Asian Rare Earth Sdn Bhd"]
    between = lives.on("bukit-merah", "1993-06-30")
    assert (between.state, between.certainty, between.others) == (
        "suspended",
        "perhaps",
        ("closed",),
    )
    assert lives.on("bukit-merah", "1994-06-30").state == "closed"
    rochelle = lives.on("la-rochelle", "1994-12-31")
    assert (rochelle.state, rochelle.certainty) == ("operating", "surely")


DAY = "2026-11-24"


def plan(text: str, printed: str = "2026") -> FacilityEvent:
    return replace(event("planned", printed), detail=text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Line 1A commissioning aimed for first quarter 2026", ("2026-01-01", "2026-03-31")),
        ("Commissioning mid-2026, Dy and Tb late 2026", ("2026-05-01", "2026-12-31")),
        ("Ready in H2 2026", ("2026-07-01", "2026-12-31")),
        ("Mining test from February 2026", ("2026-02-01", "2026-02-28")),
        ("Slipped from early 2025", ("2026-01-01", "2026-12-31")),
        ("Within two years of the study of November 2024", ("2026-01-01", "2026-12-31")),
    ],
)
def test_the_text_of_a_plan_narrows_its_year(text: str, days: tuple[str, str]) -> None:
    assert target_days("2026", text) == days


def test_a_day_stays_a_day_and_words_are_as_the_text_has_them() -> None:
    assert target_days("2026-08-31", "Building from September 2026") == ("2026-08-31",) * 2
    assert [each.words for each in parts_of_year("By End of 2029", "2029")] == ["End of 2029"]


def test_what_is_over_is_not_to_come() -> None:
    late, early = plan("Late 2026"), plan("First half of 2026")
    assert came_of(late, [late], DAY) == TO_COME
    assert came_of(early, [early], DAY) == PASSED
    assert came_of(early, [early, event("sold", "2026-08-31")], DAY) == OVERTAKEN
    assert came_of(early, [early, event("planned", "2026-08-31")], DAY) == OVERTAKEN
    assert came_of(early, [early, event("sold", "2025-08-31")], DAY) == PASSED
    assert came_of(early, [early, event("opened", "2026-11-30")], DAY) == PASSED


def test_a_plan_is_met_by_a_begin_of_its_own_stage_and_part_in_its_time() -> None:
    late = plan("Second half of 2026")
    assert came_of(late, [late, event("opened", "2026-10")], DAY) == MET
    assert came_of(late, [late, event("opened", "2026-06")], DAY) == TO_COME
    assert came_of(late, [late, event("opened", "2026")], DAY) == TO_COME
    other = replace(late, stage="mine")
    assert came_of(other, [other, event("opened", "2026-10", stage="magnet")], DAY) == TO_COME


@pytest.mark.parametrize(
    ("plant", "row", "came"),
    [
        ("nolans", "nolans-2026-planned", OVERTAKEN),  # decided on 31 August 2026
        ("usar-stillwater", "usar-stillwater-2026-planned", MET),  # commissioned in 2026
        ("neo-narva", "neo-narva-2026-planned", OVERTAKEN),  # still shipping samples in August
        ("ucore-smc", "ucore-smc-2026-planned-2", PASSED),  # mid-2026, and nothing since
        ("caremag-lacq", "caremag-lacq-2026-planned", TO_COME),  # late 2026
        ("eneabba-refinery", "eneabba-refinery-2027-planned", TO_COME),
    ],
)
def test_plans_of_the_tables(view: View, plant: str, row: str, came: str) -> None:
    events = read_lives(view.store).events[plant]
    (planned,) = (each for each in events if each.row == f"facility_events/{row}")
    assert came_of(planned, events, DAY) == came


def point(facility: str, precision: str, lat: str, lon: str, row: str) -> QueryRecord:
    return QueryRecord(
        {"facility": facility, "precision": precision, "lat": lat, "lon": lon, "row": row}
    )


def test_the_most_exact_point_is_taken_then_that_with_more_decimals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [
        point("mine", "town", "41.123456", "109.123456", "row/a"),
        point("mine", "site", "41.7", "109.9", "row/b"),
        point("mine", "site", "41.78", "109.97", "row/c"),
        point("mine", "site", "41.78", "109.98", "row/d"),
        point("plant", "", "1.0", "2.0", "row/e"),
    ]
    for order in (given, given[::-1]):
        monkeypatch.setattr(status, "ask", lambda *_, order=order: order)
        found = status.best_points(None)  # type: ignore[arg-type]
        assert {name: each["row"] for name, each in found.items()} == {
            "mine": "row/c",
            "plant": "row/e",
        }


@pytest.mark.whole
def test_what_rules_ask_of_findings_loads_no_graph_library() -> None:
    asked = "import monazite.analysis.rule_lines, sys; print('networkx' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.fixture(scope="module")
def dysprosium(view: View) -> MappedSites:
    return find_mapped_sites(read_facts(view.store, "Dy", view.valid))


def test_tonnes_are_those_of_a_record_and_else_not_known(dysprosium: MappedSites) -> None:
    """Read in capacity.csv: 50,692 t REO of 2025; Bayan Obo has gross weights alone."""
    sizes = {(site.facility, site.stage): site for site in dysprosium.found}
    mine = sizes["mountain-pass", "mine"]
    assert (mine.tonnes, mine.measure) == (
        50692.0,
        "50,692 t a year of rare-earth oxide, made 2025",
    )
    assert any(row.startswith("capacity/mountain-pass") for row in mine.rows)
    assert sizes["bayan-obo", "mine"].tonnes is None
    for site in dysprosium.found:
        assert (site.tonnes is not None) == any(row.startswith("capacity/") for row in site.rows)


def test_a_site_of_other_elements_is_left_out_and_counted(
    view: View, dysprosium: MappedSites
) -> None:
    oxide, none = (
        find_mapped_sites(read_facts(view.store, name, view.valid)) for name in ("La", "Sc")
    )
    assert {"magnet", "alloy"} <= {site.stage for site in dysprosium.found}
    assert not {"magnet", "alloy", "use"} & {site.stage for site in oxide.found}
    assert len(none.found) < 5
    totals = {
        len({site.facility for site in found.found}) + found.others
        for found in (dysprosium, oxide, none)
    }
    assert len(totals) == 1


def test_flows_run_between_countries_with_sites_the_largest_first(
    view: View, dysprosium: MappedSites
) -> None:
    flows, unplaced = find_mapped_flows(view.network("Dy", "USA"), dysprosium.found)
    assert 0 < len(flows) <= MOST_FLOWS
    assert unplaced > 0
    assert [flow.share for flow in flows] == sorted((flow.share for flow in flows), reverse=True)
    lands = {site.country for site in dysprosium.found}
    for flow in flows:
        assert {flow.seller, flow.buyer} <= lands
        assert flow.rows
