"""Where events stand: one a row, no words over others, later days further right."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.lettering import text_width
from monazite.pages.timeline.layout import DATES, LINE, SIZE, STRIP, WIDTH, WORDS, lay_out, scale_of
from tests.pages.timelines import crowded_timeline, dated_event, hostile_timeline, small_timeline


def assert_rows_stand_apart(timeline: Timeline) -> None:
    layout = lay_out(timeline)
    assert len(layout.rows) == len(timeline.short)
    for above, below in pairwise(layout.rows):
        assert above.y + LINE * len(above.words) <= below.y
    for row in layout.rows:
        assert DATES < row.ends[0] <= row.middle <= row.ends[1] <= STRIP
        assert row.y + LINE * (len(row.words) - 1) < layout.height
        for line in row.words:
            assert text_width(line, SIZE) <= WIDTH - WORDS


@pytest.mark.parametrize("make", [small_timeline, crowded_timeline, hostile_timeline])
def test_rows_stand_apart_inside_the_picture(make: object) -> None:
    assert callable(make)
    assert_rows_stand_apart(make())


EVENTS = st.lists(
    st.builds(
        lambda year, month, length, kind: dated_event(
            kind, f"{year}-{month:02}-11"[:length], "Something happened to it " * 9, event="Opened"
        ),
        st.integers(1950, 2026),
        st.integers(1, 12),
        st.sampled_from([4, 7, 10]),
        st.sampled_from(["event", "plan", "policy", "statement", "price", "share"]),
    ),
    min_size=1,
    max_size=20,
)


@given(EVENTS)
def test_whatever_happens_rows_stand_apart(events: list) -> None:  # type: ignore[type-arg]
    ordered = tuple(sorted(events, key=lambda event: (event.earliest, event.latest)))
    assert_rows_stand_apart(Timeline("Works", None, None, "2026-11-24", None, ordered, ()))


def test_later_days_stand_further_right() -> None:
    timeline = small_timeline()
    scale = scale_of(timeline.short, timeline.day)
    days = ["1952-01-01", "1977-05-31", "1998-03-04", "2012-06-30"]
    places = [scale.x(day) for day in days]
    assert places == sorted(places)


def test_the_axis_names_round_years_with_room_between() -> None:
    timeline = small_timeline()
    years = scale_of(timeline.short, timeline.day).years
    assert all(year % 10 == 0 for year in years)
    assert 3 <= len(years) <= 8
