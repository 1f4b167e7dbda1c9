"""Numbers and months with the range of trials: ends are months that trials found."""

from __future__ import annotations

from monazite.findings.uncertainty.spans import (
    NEVER,
    MonthSpan,
    Span,
    last_short,
    month_span_of,
    span_of,
)

MONTHS = ("2027-03", "2027-04", "2027-05", "2027-06")


def test_a_number_without_trials_has_no_range() -> None:
    assert span_of(2.0, ()) == Span(2.0)
    assert span_of(2.0, (1.0, 3.0)) == Span(2.0, 1.1, 2.9)


def test_ends_are_months_of_trials_and_lie_between_none() -> None:
    """Half of the trials are never short, half until June: no end lies in the months between."""
    half = [NEVER] * 5 + [3.0] * 5
    assert month_span_of(NEVER, half, MONTHS) == MonthSpan("", "", "2027-06")
    assert month_span_of(1.0, [1.0] * 40 + [2.0], MONTHS) == MonthSpan("2027-04", *["2027-04"] * 2)
    assert month_span_of(1.0, (), MONTHS) == MonthSpan("2027-04")


def test_the_last_month_is_that_after_which_no_more_than_a_little_is_lacking() -> None:
    assert last_short([0.2, 0.0, 0.3, 0.004], 0.005) == 2.0
    assert last_short([0.004], 0.005) == NEVER


def test_a_month_stands_alone_where_trials_agree() -> None:
    assert MonthSpan("2027-04", "2027-04", "2027-04").cell == "2027-04"
    assert MonthSpan("", "", "").cell == ""
    assert MonthSpan("2027-05", "2027-03", "2027-04").cell == "2027-05 (2027-03 to 2027-04)"
