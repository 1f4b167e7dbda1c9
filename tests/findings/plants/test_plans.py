"""What became of a plan, by its time and by what records tell of its plant after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.plans import (
    MET,
    OVERTAKEN,
    PASSED,
    TO_COME,
    came_of,
    parts_of_year,
    target_days,
)
from monazite.findings.plants.states import FacilityEvent
from monazite.view import View
from tests.findings.plants.test_states import event

DAY = "2026-11-24"


def plan(text: str, printed: str = "2026") -> FacilityEvent:
    return replace(event("planned", printed), detail=text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Line 1A commissioning aimed for first quarter 2026", ("2026-01-01", "2026-03-31")),
        ("Large scale by the fourth quarter of 2026", ("2026-10-01", "2026-12-31")),
        ("Series production to begin mid-2026", ("2026-05-01", "2026-08-31")),
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
