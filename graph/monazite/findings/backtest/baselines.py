"""Forecasts that need no model of licences, which any model has to beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum

from monazite.findings.backtest.bases import TradeBase
from monazite.findings.backtest.months import YEAR, Months

BACK_TO_BASE = "back to base"
NO_CHANGE = "no change"
YEAR_MEAN = "twelve-month mean"
CONSTANT = "constant approval"
HALVED = "gap halves monthly"
CAPPED = "capped linear"


@dataclass(frozen=True)
class KnownTrade:
    """What a forecaster knew on the day of an origin.

    Attributes:
        base: what he took for the trade without the rule.
    """

    months: Months
    base: TradeBase
    rule: int
    last: int

    @property
    def before(self) -> float:
        """What was traded in the last month that was known."""
        return self.months[self.last].tonnes

    def part(self, month: int) -> float | None:
        """What part of its base was traded in a month; None where either is not known."""
        base = self.base.of(month, self.months, self.rule)
        return self.months[month].tonnes / base if base and month in self.months else None


Baseline = Callable[[KnownTrade, int], float | None]
"""A forecast of a month from what was known; None where it cannot be made."""


def _back_to_base(known: KnownTrade, month: int) -> float | None:
    return known.base.of(month, known.months, known.rule)


def _no_change(known: KnownTrade, month: int) -> float | None:  # noqa: ARG001 - as all
    return known.before


def _year_mean(known: KnownTrade, month: int) -> float | None:  # noqa: ARG001 - as all
    window = range(known.last - YEAR + 1, known.last + 1)
    held = [known.months[each].tonnes for each in window if each in known.months]
    return fsum(held) / YEAR if len(held) == YEAR else None


def _scaled(known: KnownTrade, month: int, part: float | None) -> float | None:
    base = known.base.of(month, known.months, known.rule)
    return None if base is None or part is None else part * base


def _constant(known: KnownTrade, month: int) -> float | None:
    return _scaled(known, month, known.part(known.last) if known.last >= known.rule else 1.0)


def _halved(known: KnownTrade, month: int) -> float | None:
    last = known.part(known.last) if known.last >= known.rule else 1.0
    return _scaled(
        known, month, None if last is None else 1 - (1 - last) * 0.5 ** (month - known.last)
    )


def _capped(known: KnownTrade, month: int) -> float | None:
    """The last step from month to month goes on, between nothing and the base."""
    if known.last < known.rule:
        return _scaled(known, month, 1.0)
    last = known.part(known.last)
    former = known.part(known.last - 1) if known.last > known.rule else 1.0
    if last is None or former is None:
        return None
    return _scaled(known, month, min(1.0, max(0.0, last + (last - former) * (month - known.last))))


BASELINES: Mapping[str, Baseline] = {
    BACK_TO_BASE: _back_to_base,
    NO_CHANGE: _no_change,
    YEAR_MEAN: _year_mean,
    CONSTANT: _constant,
    HALVED: _halved,
    CAPPED: _capped,
}
"""The baselines by name; the first is the reference of skill."""
