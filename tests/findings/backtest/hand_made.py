"""Months made by hand, for the back-test's tests."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.findings.backtest.baselines import KnownTrade
from monazite.findings.backtest.bases import TradeBase
from monazite.findings.backtest.months import MonthFigure, MonthTonnes, month_of

RULE_DAY = "2025-04-04"
RULE = month_of(RULE_DAY)
LAST_YEAR = TradeBase("last year", "", 1.0, ())


def figure(
    first: str,
    tonnes: float | None,
    *,
    last: str = "",
    known: str = "",
    change: float | None = None,
    derived: bool = False,
    slack: float = 0.0,
    destination: str = "WLD",
    goods: str = "rare-earth magnets",
) -> MonthFigure:
    """A row of one month, or of months in a row."""
    amount = tonnes or 0.0
    return MonthFigure(
        series="magnet-exports",
        goods=goods,
        origin="CHN",
        destination=destination,
        first=month_of(first),
        last=month_of(last or first),
        tonnes=tonnes,
        low=amount - slack,
        high=amount + slack,
        change=change,
        derived=derived,
        known=known,
        row=f"monthly/{destination}-{first}-{last}-{tonnes}-{known}",
    )


def months(told: Mapping[str, float]) -> dict[int, MonthTonnes]:
    """Months that rows print."""
    return {
        month_of(month): MonthTonnes(each, each, each, False, (f"monthly/{month}",))
        for month, each in told.items()
    }


def known(told: Mapping[str, float], last: str) -> KnownTrade:
    """What was known of a trade, on the base of last year."""
    return KnownTrade(months(told), LAST_YEAR, RULE, month_of(last))
