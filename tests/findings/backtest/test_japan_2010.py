import pytest

from monazite.findings.backtest.japan_2010 import (
    EMBARGO,
    EXPORTS,
    IMPORTS,
    QUOTA,
    Reconstruction,
    reconstruct_2010,
)
from monazite.findings.backtest.months import read_months
from monazite.quantities.amount import Amount
from monazite.triples.store import Store

ARRIVAL = Amount(20.0, 0.0, 30.0)
QUOTAS = {"second-half": (7976.0, "quotas/half"), "full-year": (30258.0, "quotas/year")}


def left(found: Reconstruction, series: str, cause: str) -> dict[str, float]:
    return {
        each.month: each.tonnes
        for each in found.months
        if (each.series, each.cause) == (series, cause)
    }


def found_in(store: Store, last: str) -> Reconstruction:
    found = reconstruct_2010(read_months(store), QUOTAS, ("2010-09-21", last), ARRIVAL)
    assert found is not None
    return found


def test_the_embargo_alone_as_it_was_tried_before(store: Store) -> None:
    """Tried apart from this code, to 20 November: 1,689, 2,317 and 3,573 t of exports."""
    found = found_in(store, "2010-11-20")
    told = left(found, EXPORTS, EMBARGO)
    assert [round(told[f"2010-{month}"]) for month in (10, 11, 12)] == [1689, 2317, 3573]
    assert found.over_quota == pytest.approx(1.32, abs=0.005)
    # the act ends on 19 November in the tables: a day of Japan's part more in November
    ends = left(found_in(store, "2010-11-19"), EXPORTS, EMBARGO)["2010-11"]
    assert ends - told["2010-11"] == pytest.approx(found.japan / 30)


def test_what_happened_is_what_was_printed(store: Store) -> None:
    found = found_in(store, "2010-11-19")
    exports = {each.month: each.happened for each in found.months if each.series == EXPORTS}
    assert exports == {"2010-09": 3660, "2010-10": 830, "2010-11": 2090, "2010-12": 4738}
    imports = {each.month: each.happened for each in found.months if each.series == IMPORTS}
    assert imports == {"2010-09": 2246, "2010-10": 1278, "2010-11": 634, "2010-12": 4080}


def test_the_quota_alone_is_spread_evenly(store: Store) -> None:
    told = left(found_in(store, "2010-11-19"), EXPORTS, QUOTA)
    assert set(map(round, told.values())) == {round(7976 / 6)}


def test_no_cause_alone_has_skill_on_both_series(store: Store) -> None:
    found = found_in(store, "2010-11-19")
    for cause in (QUOTA, EMBARGO):
        assert not all(each.score.has_skill for each in found.scores if each.method == cause)


def test_imports_lag_within_their_range(store: Store) -> None:
    found = found_in(store, "2010-11-19")
    october = next(
        each
        for each in found.months
        if (each.series, each.cause, each.month) == (IMPORTS, EMBARGO, "2010-10")
    )
    assert october.low == 0  # no lag: nothing arrives
    assert 0 < october.tonnes < october.high


def test_without_the_months_before_there_is_none() -> None:
    assert reconstruct_2010((), QUOTAS, ("2010-09-21", "2010-11-19"), ARRIVAL) is None
