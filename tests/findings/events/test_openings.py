"""When a site opens, seen from the day of a view: made-up events, and the last day."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError
from monazite.findings.events.openings import Opening, last_day, opening_of
from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import FacilityEvent
from tests.findings.events.test_under_construction import event

YEAR, DAY = 2024, "2026-11-24"


def opening(*events: FacilityEvent, day: str = DAY) -> Opening | None:
    lives = Lives({"site": ("Site", "Land")}, {"site": events}, (), {}, {})
    return opening_of(lives, "site", "separation", YEAR, day)


BUILT, RUNS = event("construction-started", "2025-03-17"), event("opened", "2015-01-01")
PLAN = event("planned", "2026-12-31")


def test_building_counts_from_the_day_of_the_view() -> None:
    found = opening(BUILT, PLAN)
    assert found == Opening("2026-12-31", ran=False, rows=tuple(sorted({BUILT.row, PLAN.row})))
    assert opening(BUILT, PLAN, day="2025-03-17") is not None
    with pytest.raises(
        NotKnownError, match=r"only after 2025-03-16, the day asked about \(2025-03-17\)"
    ):
        opening(BUILT, PLAN, day="2025-03-16")


def test_what_opened_since_the_base_year_is_new_and_what_opened_in_it_is_not() -> None:
    assert opening(event("opened", "2025-01-01")) == Opening(
        "2025-01-01", ran=False, rows=("facility_events/opened-2025-01-01-",)
    )
    assert opening(event("opened", "2024-12-31")) is None
    assert opening() is None
    assert opening(PLAN) is None, "planned only"


def test_a_site_that_ran_is_new_where_it_is_extended() -> None:
    found = opening(RUNS, BUILT, PLAN)
    assert found is not None
    assert found.ran
    assert opening(RUNS, PLAN) is None
    assert opening(event("construction-started", "2014-01-01"), RUNS, PLAN) is None


@pytest.mark.parametrize("stop", ["suspended", "closed"])
def test_a_site_that_stopped_is_left_out(stop: str) -> None:
    with pytest.raises(NotKnownError, match=f"the plant is {stop}"):
        opening(BUILT, PLAN, event(stop, "2026-05-01"))
    assert opening(event("opened", "2025-05-01"), event(stop, "2026-05-01")) is None


def test_what_opens_too_late_or_on_no_day_that_is_told_is_left_out() -> None:
    assert last_day(DAY) == "2029-11-24"
    with pytest.raises(NotKnownError, match="more than 3 years after 2026-11-24"):
        opening(BUILT, event("planned", "2029-11-25"))
    with pytest.raises(NotKnownError, match="We found no date at which"):
        opening(BUILT, event("planned", "2026-11-23"))
