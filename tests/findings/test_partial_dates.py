"""Whether a fact holds on a day, held against every exact pair of dates that is possible."""

from __future__ import annotations

from itertools import product

import pytest

from monazite.findings.partial_dates import PRECISION, bounds_in, holds
from monazite.rows.filters import NO, PERHAPS, SURELY, Bounds

DAYS = [f"2020-01-0{n}" for n in range(1, 7)]
SPANS = [(a, b) for a, b in product(DAYS[1:5], repeat=2) if a <= b]


def of_exact(begins: tuple[str, str], ends: tuple[str, str] | None, day: str) -> str:
    """By trial: surely in all, no in none of the exact intervals, else perhaps."""
    firsts = [each for each in DAYS if begins[0] <= each <= begins[1]]
    lasts = [each for each in DAYS if ends[0] <= each <= ends[1]] if ends else ["9"]
    found = {first <= day <= last for first in firsts for last in lasts}
    if len(found) > 1:
        return PERHAPS
    return SURELY if True in found else NO


@pytest.mark.parametrize("ends", [None, *SPANS])
def test_it_is_what_trial_of_all_exact_dates_gives(ends: Bounds) -> None:
    for begins, day in product(SPANS, DAYS):
        if ends is None or begins[1] <= ends[0]:
            assert holds(begins, ends, day) == of_exact(begins, ends, day), (begins, day)


def test_without_a_begin_it_perhaps_holds_up_to_the_end() -> None:
    assert [holds(None, (DAYS[2], DAYS[3]), day) for day in DAYS] == [PERHAPS] * 4 + [NO] * 2
    assert holds(None, None, DAYS[0]) == PERHAPS


def test_a_record_without_a_date_has_no_bounds() -> None:
    record = {"untilEarliest": "", "untilLatest": "", "fromEarliest": "a", "fromLatest": "b"}
    assert bounds_in(record, "until") is None
    assert bounds_in(record, "from") == ("a", "b")


def test_precision_follows_the_length_of_the_text() -> None:
    assert [PRECISION[len(day)] for day in ("2020", "2020-01", "2020-01-02")] == [
        "year",
        "month",
        "day",
    ]
