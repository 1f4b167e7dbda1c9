"""States from events: what follows by the dates alone, for any events, and the hard cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.plants.states import FacilityEvent, StageState, state_of_whole, state_on
from monazite.rows.dates import date_bounds

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
        ("1952-12-31", ("operating", "surely", ())),
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


def test_a_stop_without_an_opening_says_nothing_of_the_time_before() -> None:
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


def test_the_better_source_comes_first() -> None:
    better = [event("opened", "1982"), event("closed", "1992", tier=1), event("closed", "1994")]
    rows = {found.row for found in better}
    assert on(better, "1993-06-30", rows) == ("closed", "perhaps", ("operating",))


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
