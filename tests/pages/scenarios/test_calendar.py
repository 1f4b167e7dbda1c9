"""The time axis: months side by side, days inside them, names that have room."""

from __future__ import annotations

import pytest

from monazite.pages.drawing.lettering import text_width
from monazite.pages.scenarios.calendar import NARROW, WIDE, Calendar
from monazite.pages.scenarios.marks import SMALL

YEARS = tuple(f"{year}-{month:02}" for year in range(2025, 2030) for month in range(1, 13))


def test_a_day_lies_in_its_month_and_what_is_outside_at_the_edge() -> None:
    calendar = Calendar(("2024-02", "2024-03"), 226 + 58)
    assert calendar.day("2024-02-01") == calendar.left(0)
    assert calendar.day("2024-02-29", end=True) == calendar.left(1)
    assert calendar.left(0) < calendar.day("2024-02-15") < calendar.middle(0) + 1
    assert calendar.day("2020-01-01") == calendar.left(0)
    assert calendar.day("2029-01-01", end=True) == calendar.end


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 7, 12, 36, 60])
def test_the_names_of_months_stand_apart(width: float, count: int) -> None:
    calendar = Calendar(YEARS[3 : 3 + count], width)
    ticks = calendar.ticks
    assert ticks[0] == (0, "Apr 2025")
    ends = [calendar.left(place) + 3 + text_width(words, SMALL) for place, words in ticks]
    begins = [calendar.left(place) for place, _ in ticks]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


def test_months_fill_the_plot_and_a_phone_numbers_only_what_has_room() -> None:
    wide, phone = Calendar(YEARS[:36], WIDE), Calendar(YEARS[:36], NARROW)
    assert wide.left(36) == pytest.approx(wide.end)
    assert (wide.wide, wide.numbered, phone.wide, phone.numbered) == (True, True, False, False)
