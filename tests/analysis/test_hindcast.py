"""The hindcast: parts that pass by hand, a rebound that is there or not, and counts of ranges."""

from __future__ import annotations

import pytest

import monazite
from monazite.analysis.backtest.hindcast import (
    ENGINE,
    LICENCES,
    NO_REBOUND,
    Hindcast,
    HindcastLine,
    passing_parts,
    rebound_tests,
    with_rebound,
)
from monazite.analysis.backtest.methods import LicenceFit, LicenceTrial
from monazite.analysis.backtest.origins import DestinationMonth, OriginBase
from monazite.core.errors import NotKnownError

RULE_DAY = "2025-04-04"
MONTHS = ("2025-07", "2025-08", "2025-09", "2025-10")


def test_a_rule_that_approves_nothing_lets_pass_what_left_before_it() -> None:
    stopped = LicenceTrial(held=1.0, approved=0.0, grace=0.0, mean=60.0, shape=2.0)
    assert passing_parts((stopped, 2.0), RULE_DAY) == pytest.approx([2 * 3 / 30, *[0.0] * 6])
    late = LicenceTrial(held=1.0, approved=0.0, grace=27.0, mean=60.0, shape=2.0)
    assert passing_parts((late, 1.0), RULE_DAY) == pytest.approx([1.0, *[0.0] * 6])


@pytest.mark.parametrize("rate", [0.0, 0.25])
def test_a_rebound_earns_its_place_where_there_is_one(rate: float) -> None:
    """Destinations that follow the process, with or without a rebound of a quarter a month."""
    nearest = LicenceTrial(held=0.8, approved=1.0, grace=10.0, mean=60.0, shape=8.0)
    path = with_rebound(passing_parts((nearest, 1.0), RULE_DAY), 1.0, rate)
    came = [
        DestinationMonth(to, month, 100 * part, 100.0, part, 1.0, "", None, ())
        for to, noise in (("DEU", 1.05), ("JPN", 0.95), ("KOR", 1.02), ("USA", 0.98))
        for month, part in zip(MONTHS, (noise * x for x in path[3:]), strict=True)
    ]
    fit = LicenceFit(nearest, (nearest,), 1, 1)
    base = OriginBase("2025-07-21", "last year", "", 1.0, "2025-06", fit, ())
    (found,) = rebound_tests(came, (base,), RULE_DAY)
    assert found.earns_its_place == (rate > 0)
    assert found.destinations == 4
    assert found.fitted < 1.06


def test_a_miss_has_a_cause_only_where_one_is_known() -> None:
    line = HindcastLine("e", "t", "USA", "2025-09", "m", 0.9, 0.8, 1.0)
    assert (line.covered, line.cause) == (None, ""), "no row prints what happened"
    said = ("e", "t", "USA", "2025-09", "m", 0.9, 0.8, 1.0)
    assert HindcastLine(*said, 1.0).covered
    assert HindcastLine(*said, 1.2).cause == NO_REBOUND
    assert HindcastLine(*said, 0.5).cause == "not known"
    assert HindcastLine(*said, 1.2, waits=True).cause == "not known"


@pytest.fixture(scope="module")
def found() -> Hindcast:
    return monazite.load().hindcast()


@pytest.mark.whole
def test_ranges_are_counted_and_what_happened_has_its_rows(found: Hindcast) -> None:
    for each in found.tests:
        lines = [x for x in found.lines if (x.episode, x.test) == (each.episode, each.test)]
        assert each.covered == sum(x.covered is True for x in lines)
        assert each.ranges == each.covered + each.too_low + each.too_high
        assert each.explained <= each.too_low + each.too_high
    for line in found.lines:
        assert bool(line.rows) == (line.happened is not None)
        if line.low is not None and line.high is not None:
            assert line.low <= line.said <= line.high
    usa = {x.when: x.happened for x in found.lines if (x.episode, x.market) == (LICENCES, "USA")}
    assert usa["2025-05"] == pytest.approx(46 / 689), "tonnes of May 2025 over those of May 2024"


@pytest.mark.whole
def test_a_closure_costs_more_the_longer_it_lasts(found: Hindcast) -> None:
    """And no row prints what was lost."""
    for market in ("WLD", "JPN"):
        lines = [x for x in found.lines if (x.test, x.market) == (ENGINE, market)]
        losses = [x.said for x in lines]
        assert losses == sorted(losses)
        assert (len(lines), losses[0], losses[-1] > 0.1) == (3, 0.0, True)
        assert {x.happened for x in lines} == {None}


@pytest.mark.whole
def test_a_day_before_the_episode_knows_nothing_of_it() -> None:
    with pytest.raises(NotKnownError, match="no month of China's magnet exports since the rule"):
        monazite.load(known="2025-05-01").hindcast()
