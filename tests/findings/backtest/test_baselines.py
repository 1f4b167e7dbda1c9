import pytest

from monazite.findings.backtest.baselines import (
    BACK_TO_BASE,
    BASELINES,
    CAPPED,
    CONSTANT,
    HALVED,
    NO_CHANGE,
    YEAR_MEAN,
)
from monazite.findings.backtest.months import month_of
from tests.findings.backtest.hand_made import known

YEAR = {f"2024-{month:02d}": 100.0 for month in range(1, 13)}
BEFORE = {"2025-01": 100.0, "2025-02": 100.0, "2025-03": 100.0}


def test_each_by_hand() -> None:
    """60 then 40 of 100 t: the last step takes 20 t a month; the gap of 60 t halves."""
    trade = known({**YEAR, **BEFORE, "2025-04": 60.0, "2025-05": 40.0}, "2025-05")
    told = {
        name: [foretell(trade, month_of(month)) for month in ("2025-06", "2025-08")]
        for name, foretell in BASELINES.items()
    }
    assert told[BACK_TO_BASE] == [100, 100]
    assert told[NO_CHANGE] == [40, 40]
    assert told[YEAR_MEAN] == [pytest.approx(1100 / 12)] * 2
    assert told[CONSTANT] == [40, 40]
    assert told[HALVED] == [70, 92.5]
    assert told[CAPPED] == [pytest.approx(20), 0]


def test_a_rise_stops_at_the_base() -> None:
    trade = known({**YEAR, "2025-04": 40.0, "2025-05": 80.0}, "2025-05")
    assert BASELINES[CAPPED](trade, month_of("2025-07")) == 100


def test_nothing_is_foretold_without_a_base_or_a_whole_year() -> None:
    trade = known({"2024-06": 100.0, "2025-04": 40.0}, "2025-04")
    assert BASELINES[YEAR_MEAN](trade, month_of("2025-06")) is None
    assert BASELINES[CONSTANT](trade, month_of("2025-06")) is None
    assert BASELINES[BACK_TO_BASE](trade, month_of("2025-07")) is None
