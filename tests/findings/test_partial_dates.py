"""Whether a fact holds on a day, against every day that its dates can mean."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.partial_dates import bounds_in, holds
from monazite.rows.dates import date_bounds
from monazite.rows.filters import NO, PERHAPS, SURELY

MONTHS = st.integers(1, 12).map(lambda month: f"2024-{month:02}")
DAYS = st.dates(date(2023, 12, 15), date(2025, 1, 15)).map(str)


def days_of(text: str) -> list[str]:
    first, last = map(date.fromisoformat, date_bounds(text))
    return [str(first + timedelta(days=step)) for step in range((last - first).days + 1)]


@given(MONTHS, MONTHS, DAYS)
def test_an_interval_is_what_all_or_some_of_its_possible_days_say(
    begins: str, ends: str, day: str
) -> None:
    if begins < ends:
        inside = [a <= day <= b for a, b in product(days_of(begins), days_of(ends))]
        expected = SURELY if all(inside) else PERHAPS if any(inside) else NO
        assert holds(date_bounds(begins), date_bounds(ends), day) == expected


def test_an_end_that_is_not_known() -> None:
    year = date_bounds("2020")
    assert holds(year, None, "2026-01-01") == SURELY  # open
    assert holds(None, None, "2026-01-01") == PERHAPS
    assert holds(None, year, "2021-01-01") == NO


def test_a_record_without_a_date_has_no_bounds() -> None:
    assert bounds_in({"untilEarliest": "", "untilLatest": ""}, "until") is None
