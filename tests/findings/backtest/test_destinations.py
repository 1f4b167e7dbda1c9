import pytest

from monazite.findings.backtest.baselines import BACK_TO_BASE
from monazite.findings.backtest.destinations import destination_months, destination_score
from monazite.findings.backtest.origins import FIT, LICENCE, OUT_OF_SAMPLE, MonthForecast
from tests.findings.backtest.hand_made import RULE_DAY, figure

ROWS = [
    *(figure(f"2024-0{month}", 100.0) for month in (4, 5)),
    *(figure(f"2025-0{month}", 50.0) for month in (4, 5)),
    *(figure(f"2024-0{month}", 10.0, destination="USA") for month in (4, 5)),
    *(figure(f"2025-0{month}", 2.0, destination="USA") for month in (4, 5)),
    *(figure(f"2025-0{month}", 9.0, destination="VNM") for month in (4, 5)),  # no base
    *(figure(f"202{year}-04", 5.0, destination="EUE") for year in (4, 5)),  # no country
]


def forecast(kind: str, method: str, month: str, tonnes: float) -> MonthForecast:
    return MonthForecast(kind, "", "last year", method, month, tonnes, tonnes, tonnes, 50, 50)


FORECASTS = [
    *(forecast(FIT, method, "2025-04", tonnes) for method, tonnes in
      ((BACK_TO_BASE, 100.0), (LICENCE, 50.0))),
    *(forecast(OUT_OF_SAMPLE, method, "2025-05", tonnes) for method, tonnes in
      ((BACK_TO_BASE, 100.0), (LICENCE, 80.0))),
]  # fmt: skip


def test_parts_and_factors_by_hand() -> None:
    april, may = destination_months(ROWS, RULE_DAY, FORECASTS)
    assert (april.destination, april.part, april.world_part) == ("USA", 0.2, 0.5)
    assert [april.kind, may.kind] == [FIT, OUT_OF_SAMPLE]
    assert april.factor == pytest.approx(0.4)
    assert may.factor == pytest.approx(0.25)


def test_only_what_was_foretold_is_scored() -> None:
    found = destination_score(destination_months(ROWS, RULE_DAY, FORECASTS))
    assert found is not None
    assert found.months == 1
    assert found.bias == pytest.approx(8 - 2)
    assert destination_score(destination_months(ROWS, RULE_DAY, ())) is None
