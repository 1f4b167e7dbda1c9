"""Partial dates: the first and last possible day, and what is no date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import BadDateError
from monazite.rows.dates import DATATYPES, date_bounds, dates_in_words, day_words, read_today

DAYS = st.dates(min_value=date(1000, 1, 1))


@given(DAYS)
def test_a_day_is_its_own_bounds(day: date) -> None:
    assert date_bounds(day.isoformat()) == (day.isoformat(), day.isoformat())


@given(DAYS)
def test_a_month_contains_its_days_and_a_year_its_months(day: date) -> None:
    text = day.isoformat()
    first_of_year, last_of_year = date_bounds(text[:4])
    first_of_month, last_of_month = date_bounds(text[:7])
    assert first_of_year <= first_of_month <= text <= last_of_month <= last_of_year


@given(DAYS)
def test_the_bounds_are_tight(day: date) -> None:
    first, last = (date.fromisoformat(bound) for bound in date_bounds(day.isoformat()[:7]))
    assert (first.day, first.month) == (1, day.month)
    assert date.fromordinal(min(last.toordinal() + 1, date.max.toordinal())).day in {1, 31}
    assert (last.year, last.month) == (day.year, day.month)


@given(DAYS, DAYS)
def test_bounds_keep_the_order_of_time(one: date, other: date) -> None:
    sooner, later = sorted([one.isoformat(), other.isoformat()])
    for length in DATATYPES:
        first, last = date_bounds(sooner[:length]), date_bounds(later[:length])
        assert first[0] <= last[0]
        assert first[1] <= last[1]


@given(st.text(max_size=12))
def test_any_text_has_bounds_or_is_no_date(text: str) -> None:
    try:
        first, last = date_bounds(text)
    except ValueError:
        return
    assert len(text) in DATATYPES
    assert date.fromisoformat(first) <= date.fromisoformat(last)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("1900-02", ("1900-02-01", "1900-02-28")),
        ("2000-02", ("2000-02-01", "2000-02-29")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2025-12", ("2025-12-01", "2025-12-31")),
        ("9999", ("9999-01-01", "9999-12-31")),
    ],
)
def test_months_of_every_length(text: str, bounds: tuple[str, str]) -> None:
    assert date_bounds(text) == bounds


@pytest.mark.parametrize(
    "text",
    [
        *("", "25", "2025-13", "2025-4", "2025-04-31", "2023-02-29", "0000", "20250404"),
        *("2025-04-04T00:00:00", " 2025", "2025 ", "-2025", "12025", "2025/04", "2025\n"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(BadDateError, match="is not a date"):
        date_bounds(text)


def test_there_is_no_month_zero() -> None:
    with pytest.raises(BadDateError, match="is not a date"):
        date_bounds("2025-00")


@pytest.mark.parametrize("day", ["2026-13-01", "2026-00-01", "soon", "", "2026-1-1-1"])
def test_a_day_that_is_none_stays_as_it_is(day: str) -> None:
    assert day_words(day) == day


def test_dates_in_a_sentence_are_in_words_and_other_numbers_stay() -> None:
    said = "Since 2025-04-04 (in 2026-09), by GB 26451-2011, id a-2025-04, budget 2026-27, 2026-1"
    assert dates_in_words(said) == (
        "Since 4 Apr 2025 (in Sep 2026), by GB 26451-2011, id a-2025-04, budget 2026-27, 2026-1"
    )


def test_today_is_the_date_of_the_clock_and_all_else_stays() -> None:
    before, found, after = date.today(), read_today("today"), date.today()
    assert found in {before.isoformat(), after.isoformat()}
    assert [read_today(each) for each in (None, "", "2025", "Today")] == [None, "", "2025", "Today"]
