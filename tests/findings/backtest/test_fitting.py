import pytest

from monazite.findings.backtest.fitting import (
    LicenceTrial,
    drawn_trials,
    ends,
    fit_licences,
    licence_forecasts,
    nearest_fit,
)
from monazite.findings.backtest.months import days_in, month_of
from monazite.findings.licences.daily_flows import Licence, passed_by_month
from monazite.findings.licences.delays import GammaDelay
from tests.findings.backtest.hand_made import RULE, RULE_DAY, known

BASE = [4776.0, 4811.0, 5150.0, 5278.0]
DAYS = [days_in(RULE + step) for step in range(4)]


def test_a_trial_is_the_licence_process() -> None:
    trial = LicenceTrial(held=0.8, approved=0.7, grace=5.0, mean=40.0, shape=3.0)
    licence = Licence(3, 0.8, GammaDelay(40, 3), approved=0.7, grace=5)
    assert trial.passed(BASE, DAYS, 3) == pytest.approx(passed_by_month(licence, BASE, DAYS))


def test_what_made_the_months_is_found_again() -> None:
    truth = LicenceTrial(held=0.77, approved=1.0, grace=7.0, mean=52.0, shape=8.0)
    found = nearest_fit(BASE, truth.passed(BASE, DAYS, 3), DAYS, 3)
    assert (found.grace, found.mean) == (7, 52)
    assert found.held == pytest.approx(0.77)


def test_three_months_of_2025_as_they_were_tried_before() -> None:
    """Tried apart from this code: held 0.83 to 0.85, grace 8 to 11 days, mean 60 to 70."""
    trade = known(
        {
            "2024-04": 4776.0,
            "2024-05": 4811.0,
            "2024-06": 5150.0,
            "2025-04": 2627.0,
            "2025-05": 1238.0,
            "2025-06": 3188.0,
        },
        "2025-06",
    )
    fit = fit_licences(trade, RULE_DAY)
    assert fit is not None
    assert 0.82 < fit.nearest.held < 0.86
    assert 8 <= fit.nearest.grace <= 11
    assert 56 <= fit.nearest.mean <= 70
    told = {each.name: each.identified for each in fit.ranges()}
    assert told["held"]
    assert not told["approved"]
    assert not told["shape"]
    assert 0 < fit.fitting < fit.tried / 100  # few of the trials fit


def test_a_forecast_ends_with_the_base_and_lies_in_its_range() -> None:
    trade = known(
        {
            **{f"2024-0{month}": 100.0 for month in range(4, 9)},
            "2025-04": 60.0,
            "2025-05": 25.0,
        },
        "2025-05",
    )
    fit = fit_licences(trade, RULE_DAY)
    assert fit is not None
    found = licence_forecasts(fit, trade, RULE_DAY, month_of("2025-12"))
    assert [*found] == [month_of(f"2025-0{month}") for month in (6, 7, 8)]
    assert all(low <= tonnes <= high for tonnes, low, high in found.values())


def test_nothing_is_fitted_without_a_month_or_a_base() -> None:
    assert fit_licences(known({"2024-12": 1.0}, "2024-12"), RULE_DAY) is None
    assert fit_licences(known({"2025-04": 1.0}, "2025-04"), RULE_DAY) is None


def test_where_no_trial_fits_no_range_is_claimed() -> None:
    trade = known({"2024-04": 100.0, "2025-04": 300.0}, "2025-04")
    fit = fit_licences(trade, RULE_DAY)
    assert fit is not None
    assert (fit.fitting, fit.ranges()) == (0, ())
    assert fit.trials


def test_trials_are_drawn_alike_each_time() -> None:
    assert drawn_trials(50, 1) == drawn_trials.__wrapped__(50, 1) != drawn_trials(50, 2)
    assert ends([3.0]) == (3, 3)
