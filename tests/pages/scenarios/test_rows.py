"""Rows of rules and of firms: from which day, and how much in which month."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monazite.findings.scenarios.headline import use_lines
from monazite.pages.scenarios.calendar import NARROW, WIDE, Calendar
from monazite.pages.scenarios.rows import firm_rows, rule_row, rule_words
from tests.pages.outcomes import HEAVY, MONTHS, small_outcome


def test_the_bar_of_a_rule_begins_and_ends_on_its_days() -> None:
    calendar = Calendar(MONTHS)
    embargo = small_outcome().rules[1]
    (bar,) = re.findall(
        r'class="rule-bar" d="M([\d.]+) 0H([\d.]+)V', rule_row(calendar, embargo).svg
    )
    assert float(bar[0]) == calendar.day("2025-05-10")
    assert float(bar[1]) == calendar.day("2025-07-20", end=True)


def test_a_rule_without_an_end_has_an_arrow_and_says_so() -> None:
    licence, embargo = small_outcome().rules
    calendar = Calendar(MONTHS)
    assert rule_row(calendar, licence).svg.count('class="rule-bar"') == 2
    assert rule_row(calendar, embargo).svg.count('class="rule-bar"') == 1
    assert rule_words(licence) == "Licences for heavy magnets: 4 Apr 2025, no end known"
    assert rule_words(embargo) == "No magnets to Japan: 10 May 2025 to 20 Jul 2025"


def test_cells_say_what_is_held_back_where_something_is() -> None:
    embargo = small_outcome().rules[1]
    assert re.findall(r">(\d+)</text>", rule_row(Calendar(MONTHS), embargo).svg) == [
        "67",
        "100",
        "65",
    ]
    demand = replace(embargo, kind="demand", passes=(("2025-05", 1.4),))
    assert "step-" not in rule_row(Calendar(MONTHS), demand).svg


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_class_of_firms_has_its_row_by_days_of_stock(width: float) -> None:
    found = small_outcome()
    line = use_lines(found)[0]
    firms = [each for each in found.firms if each.product == HEAVY]
    drawn = firm_rows(Calendar(MONTHS, width), line, firms).svg
    assert drawn.count("<rect") == 2 * len(MONTHS)
    assert re.findall(r">(\d+) days", drawn) == ["14", "45"]
    assert "None stop with 120 days of stock (20 % of use)." in drawn
    assert re.findall(r">(\d+)</text>", drawn)[:4] == ["0", "10", "60", "75"]
