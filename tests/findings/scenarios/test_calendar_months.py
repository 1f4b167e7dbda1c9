"""Months, their days and parts of them, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from monazite.findings.scenarios.calendar_months import Months


def test_months_cross_a_year_and_know_leap_days() -> None:
    found = Months(date(2023, 12, 1), 3)
    assert found.names == ("2023-12", "2024-01", "2024-02")
    assert found.days == (31, 31, 29)
    assert found.last == date(2024, 2, 29)


def test_parts_of_months_count_both_ends() -> None:
    found = Months(date(2025, 4, 1), 3)
    assert found.shares(date(2025, 4, 16), date(2025, 5, 31)) == pytest.approx([0.5, 1, 0])
    assert found.shares(date(2025, 6, 30), None) == pytest.approx([0, 0, 1 / 30])
    assert found.shares(date(2026, 1, 1), None) == pytest.approx([0, 0, 0])
