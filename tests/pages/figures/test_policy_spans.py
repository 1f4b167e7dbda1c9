"""Spans of policies: from effective to ended, with pauses, year by year as one."""

from __future__ import annotations

import pytest

from monazite.pages.figures.policy_spans import restraint_spans
from tests.pages.drawings import step


def test_policies_are_spans_from_effective_to_ended() -> None:
    steps = [
        step("Quota", "Announced", "1998-01-01"),
        step("Quota", "Effective", "1999-01-01"),
        step("Quota", "Ended", "2014-12-31"),
        step("Control", "Effective", "2025-10-01"),
        step("Control", "Suspended until 2026-11-10", "2025-11-01", "2026-11-10"),
        step("Never", "Announced", "2020-01-01"),
        step("Loan", "Effective", "2020-01-01"),
    ]
    quota, control = restraint_spans(steps, {"Quota", "Control", "Never"})
    assert (quota.title, quota.begins, round(quota.ends or 0, 1)) == ("Quota", 1999.0, 2015.0)
    assert quota.paused is None
    assert (control.begins, control.ends) == (2025.75, None)
    assert control.paused is not None
    assert control.paused[0] == pytest.approx(2025.83, abs=0.01)
    assert control.paused[1] == pytest.approx(2026.86, abs=0.01)
    assert len(quota.rows) == 3


def test_a_policy_issued_year_by_year_is_one_span() -> None:
    steps = [
        each
        for when in (2011, 2012, 2013)
        for each in (
            step(f"Quota {when}", "Effective", f"{when}-01-01"),
            step(f"Quota {when}", "Ended", f"{when}-12-31"),
        )
    ]
    (span,) = restraint_spans(steps, {"Quota 2011", "Quota 2012", "Quota 2013"})
    assert (span.title, span.begins, round(span.ends or 0, 1)) == (
        "Quota, year by year",
        2011,
        2014,
    )
    assert len(span.rows) == 6
