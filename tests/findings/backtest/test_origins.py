from monazite.findings.backtest.baselines import BACK_TO_BASE, NO_CHANGE
from monazite.findings.backtest.origins import (
    FIT,
    LICENCE,
    OUT_OF_SAMPLE,
    origins_of,
    run_origins,
    scores_of,
)
from tests.findings.backtest.hand_made import RULE, RULE_DAY, figure

ROWS = [
    *(figure(f"2024-0{month}", 100.0, known="2025-01-31") for month in range(4, 9)),
    figure("2025-04", 60.0, known="2025-05-20"),
    figure("2025-05", 30.0, known="2025-06-20"),
    figure("2025-06", 70.0, known="2025-07-20"),
    figure("2025-07", 90.0, known="2025-08-20"),
    figure("2025-07", 91.0, known="2025-09-01"),
]


def test_an_origin_for_each_month_that_was_printed() -> None:
    assert origins_of(ROWS, RULE) == ("2025-05-20", "2025-06-20", "2025-07-20", "2025-08-20")
    without_may = [each for each in ROWS if each.first != RULE + 1]
    assert origins_of(without_may, RULE) == ("2025-05-20",)


def test_every_later_month_is_foretold_and_no_earlier_one() -> None:
    run = run_origins(ROWS, RULE_DAY, ("2025-06-20",))
    later = [each for each in run.forecasts if each.kind == OUT_OF_SAMPLE]
    assert {each.month for each in later} == {"2025-06", "2025-07"}
    assert {each.month for each in run.forecasts if each.kind == FIT} == {"2025-04", "2025-05"}
    assert {each.before for each in run.forecasts} == {30}
    assert {each.known_until for each in run.fits} == {"2025-05"}


def test_what_is_printed_later_changes_no_forecast() -> None:
    """Only what was published by the origin is used."""
    changed = [*ROWS[:-3], figure("2025-06", 5000.0, known="2025-07-20"), *ROWS[-2:]]
    told, other = (
        [each.tonnes for each in run_origins(rows, RULE_DAY, ("2025-06-20",)).forecasts]
        for rows in (ROWS, changed)
    )
    assert told == other


def test_skill_is_measured_by_the_same_base_on_the_same_months() -> None:
    run = run_origins(ROWS, RULE_DAY, ("2025-06-20",))
    found = {(each.kind, each.method): each.score for each in scores_of(run.forecasts)}
    # back to base: 30 and 10 t too much; no change: 40 and 60 t too little
    assert found[OUT_OF_SAMPLE, BACK_TO_BASE].skill is None
    assert found[OUT_OF_SAMPLE, NO_CHANGE].skill == 1 - (40**2 + 60**2) / (30**2 + 10**2)
    assert found[OUT_OF_SAMPLE, NO_CHANGE].months == 2
    assert found[FIT, LICENCE].skill is None  # a fit is no test
