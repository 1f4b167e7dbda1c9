"""Fan charts: the line, the band and what is wanted, at the places that the numbers say."""

from __future__ import annotations

import re

import pytest

from monazite.findings.scenarios.headline import use_lines
from monazite.findings.scenarios.outcome import USERS
from monazite.pages.scenarios.calendar import NARROW, WIDE, Calendar
from monazite.pages.scenarios.fans import HIGH, fan, stock_fan
from tests.pages.outcomes import HEAVY, MONTHS, PATH, small_outcome

TOP = 8.0


def path(svg: str, look: str) -> list[tuple[float, float]]:
    (found,) = re.findall(rf'<path class="{look}" d="M([^"]*)"', svg)
    points = (each.split() for each in found.removesuffix("Z").split("L"))
    return [(float(x), float(y)) for x, y in points]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_line_is_what_is_supplied_of_all_that_is_wanted(width: float) -> None:
    calendar = Calendar(MONTHS, width)
    line = use_lines(small_outcome())[0]
    drawn = path(fan(calendar, line).svg, "supplied")
    expected = [TOP + HIGH * (1 - part) for part in PATH]
    assert [y for _, y in drawn] == pytest.approx(expected, abs=0.01)
    assert [x for x, _ in drawn] == [calendar.middle(place) for place in range(len(MONTHS))]


def test_the_band_goes_up_one_end_and_back_the_other() -> None:
    line = use_lines(small_outcome())[0]
    band = path(fan(Calendar(MONTHS), line).svg, "band")
    assert len(band) == 2 * len(MONTHS)
    assert all(
        high[1] <= low[1] for high, low in zip(band[: len(MONTHS)], band[::-1], strict=False)
    )


def test_without_trials_there_is_no_band() -> None:
    line = use_lines(small_outcome(trials=False))[0]
    assert 'class="band"' not in fan(Calendar(MONTHS), line).svg


def test_the_worst_month_says_what_is_supplied_in_it() -> None:
    lines = use_lines(small_outcome())
    assert "25 % supplied" in fan(Calendar(MONTHS), lines[0]).svg
    spared = next(line for line in lines if line.market == "USA")
    assert "supplied</text>" not in fan(Calendar(MONTHS), spared).svg


def test_another_scenario_is_one_line_more() -> None:
    line = use_lines(small_outcome())[0]
    milder = use_lines(small_outcome())[1]
    assert len(path(fan(Calendar(MONTHS), line, milder).svg, "beside")) == len(MONTHS)
    assert 'class="beside"' not in fan(Calendar(MONTHS), line).svg


def test_a_stock_says_the_least_that_lies_there() -> None:
    found = small_outcome()
    stocks = [each for each in found.stocks if each.where == USERS and each.what == HEAVY]
    drawn = stock_fan(Calendar(MONTHS), use_lines(found)[0], stocks).svg
    assert "least 0.5 months of use" in drawn
