"""Events in lanes: each in the lane of its state, at its half-year, and in the list."""

from __future__ import annotations

import re

import pytest

from monazite.pages.explorer.lanes import TALL, WIDE, lanes_list, lanes_svg
from tests.pages.explorers import DAY, EVENTS, happened

MARK = re.compile(r'data-card="([^"]*)" transform="translate\(([\d.]+) ([\d.]+)\)')


def marks(svg: str) -> dict[str, tuple[float, float]]:
    return {name: (float(x), float(y)) for name, x, y in MARK.findall(svg)}


def test_each_event_stands_in_the_lane_of_its_state_and_at_its_time() -> None:
    found = marks(lanes_svg(EVENTS, DAY))
    rows = ["policy/gac-18", "facility/Lovozero", "facility/old-mine", "facility/new"]
    assert sorted(rows, key=lambda name: found[name][1]) == rows
    times = ["facility/old-mine", "facility/Lovozero", "facility/new", "policy/gac-18"]
    assert sorted(times, key=lambda name: found[name][0]) == times
    assert all(0 <= x < WIDE for x, _ in found.values())


def test_what_has_no_room_is_counted_and_listed() -> None:
    many = [happened(f"facility/{n}", "2020-01-01", "operating") for n in range(TALL + 3)]
    assert len(marks(lanes_svg(many, DAY))) == TALL
    assert "3 more in the list" in lanes_svg(many, DAY)
    assert lanes_list(many).count("<li>") == TALL + 3


@pytest.mark.parametrize("state", ["", "not known", "anything"])
def test_what_changes_no_state_is_left_out(state: str) -> None:
    event = [happened("facility/a", "2020", state)]
    assert marks(lanes_svg(event, DAY)) == {}
    assert "(0)" in lanes_list(event)


def test_the_list_begins_with_the_newest() -> None:
    dates = re.findall(r'"quiet">([^<]*)</span>', lanes_list(EVENTS))
    assert dates == ["4 Apr 2025", "1 Jan 2024", "1 Mar 2010", "30 Jun 1995"]


def test_a_day_may_be_a_year() -> None:
    assert '<path class="today"' in lanes_svg(EVENTS, "2024")
