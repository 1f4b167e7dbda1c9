from math import exp, log

import pytest

from monazite.findings.backtest.allocation import (
    HOME_FIRST,
    IN_PROPORTION,
    UNDECIDED,
    compare_rules,
    destination_spreads,
)
from monazite.findings.backtest.destinations import DestinationMonth
from monazite.quantities.amount import Amount

FIFTH = Amount(0.2, 0.2, 0.2)
ERROR = Amount(exp(0.5), exp(0.3), exp(0.8))


def test_the_ratio_by_hand() -> None:
    """A rule leaves 50 % of exports: home first 50 %, in proportion 1 - 0.5 * 0.2 = 90 %."""
    found = compare_rules([("2025-04", 0.5, 0.45)], FIFTH, ERROR)
    assert found is not None
    assert found.months[0].in_proportion == pytest.approx(0.9)
    gain = (log(0.45 / 0.9) ** 2 - log(0.45 / 0.5) ** 2) / (2 * 0.5**2)
    assert found.ratio == pytest.approx(exp(gain))


@pytest.mark.parametrize(
    ("passed", "verdict"), [(0.3, HOME_FIRST), (0.98, IN_PROPORTION), (0.55, UNDECIDED)]
)
def test_what_months_support(passed: float, verdict: str) -> None:
    found = compare_rules(
        [(f"2025-{month:02d}", 0.35, passed) for month in range(1, 7)], FIFTH, ERROR
    )
    assert found is not None
    assert found.supports == verdict


def test_one_month_that_turns_it_decides_nothing() -> None:
    found = compare_rules([("2025-04", 0.4, 0.1), ("2025-05", 0.4, 0.92)], FIFTH, ERROR)
    assert found is not None
    assert found.low < 1 < found.high
    assert found.supports == UNDECIDED
    assert compare_rules([], FIFTH, ERROR) is None


def test_equal_parts_have_no_spread() -> None:
    def month(destination: str, part: float) -> DestinationMonth:
        return DestinationMonth(destination, "2025-05", part, 1.0, part, 0.5, "", None, ())

    (even,) = destination_spreads([month("USA", 0.5), month("JPN", 0.5)])
    assert (even.least, even.most, even.spread) == (1, 1, 1)
    (uneven,) = destination_spreads([month("USA", 0.25), month("JPN", 1.0)])
    assert (uneven.least, uneven.most) == (0.5, 2)
    assert uneven.spread == pytest.approx(2)
    assert destination_spreads([month("USA", 0.5)]) == ()
