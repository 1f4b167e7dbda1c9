"""Where happenings stand: no label over another, later days further right."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.timeline.timeline import Timeline
from monazite.pages.timeline.layout import BARS, LABELS, RIGHT, WIDTH, scale_of
from tests.pages.timelines import crowded_timeline, dated_event, lanes, small_timeline


def assert_no_label_covers_another(timeline: Timeline) -> None:
    for lane in lanes(timeline):
        for one, other in combinations(lane.items, 2):
            apart = one.span[1] < other.span[0] or other.span[1] < one.span[0]
            assert apart or not (one.label or other.label), (one, other)


@pytest.mark.parametrize("timeline", [small_timeline(), crowded_timeline()])
def test_no_label_covers_another_or_leaves_the_strip(timeline: Timeline) -> None:
    assert_no_label_covers_another(timeline)
    for lane in lanes(timeline):
        for item in lane.items:
            assert item.span[0] >= LABELS
            assert item.span[1] <= WIDTH - RIGHT + 1


EVENTS = st.lists(
    st.builds(
        lambda year, month, length, kind: dated_event(
            kind, f"{year}-{month:02}-11"[:length], "Something happened to it", subject="Works"
        ),
        st.integers(1950, 2026),
        st.integers(1, 12),
        st.sampled_from([4, 7, 10]),
        st.sampled_from(["event", "plan", "policy", "statement", "price", "share"]),
    ),
    min_size=1,
    max_size=12,
)


@given(EVENTS)
def test_whatever_happens_no_label_covers_another(events: list) -> None:  # type: ignore[type-arg]
    ordered = tuple(sorted(events, key=lambda event: (event.earliest, event.latest)))
    assert_no_label_covers_another(Timeline("Works", None, None, "2026-11-24", None, ordered, ()))


def test_later_days_stand_further_right() -> None:
    scale = scale_of(small_timeline())
    days = ["1952-01-01", "1977-05-31", "1998-03-04", "2012-06-30", "2030-12-31"]
    places = [scale.x(day) for day in days]
    assert places == sorted(places)
    assert places[0] >= LABELS
    assert places[-1] <= WIDTH - RIGHT


def test_bars_are_the_kinds_that_last() -> None:
    assert {"ownership", "operation", "supply"} == BARS
