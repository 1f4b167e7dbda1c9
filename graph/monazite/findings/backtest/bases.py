"""What would have been traded without a rule: three bases, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monazite.findings.backtest.months import YEAR, MonthFigure, Months

LAST_YEAR = "last year"
_HALF = 6
_GROWTH = {YEAR: "the year before the rule", _HALF: "the half year before the rule"}


@dataclass(frozen=True)
class TradeBase:
    """One base: the same month of the year before, times growth before the rule.

    Attributes:
        name: of the base: last year, or what last year is multiplied by.
        growth: of which time the factor is the growth; empty without one.
        factor: what the month of the year before is multiplied by.
    """

    name: str
    growth: str
    factor: float
    rows: tuple[str, ...]

    def of(self, month: int, known: Months, rule: int) -> float | None:
        """Return the base of a month, None where it is not known."""
        before = month - YEAR
        if before >= rule or before not in known:
            return None
        return known[before].tonnes * self.factor

    def of_all(self, months: Iterable[int], known: Months, rule: int) -> list[float] | None:
        """Return the bases of some months, None where one of them is not known."""
        found = [self.of(month, known, rule) for month in months]
        told = [each for each in found if each is not None]
        return told if len(told) == len(found) else None


def bases_known(figures: Sequence[MonthFigure], rule: int) -> tuple[TradeBase, ...]:
    """Return the bases that rows allow: the growth is printed, of periods before the rule."""
    found = [TradeBase(LAST_YEAR, "", 1.0, ())]
    for length, growth in _GROWTH.items():
        grown = [
            each
            for each in figures
            if each.change is not None and len(each.months) == length and each.last < rule
        ]
        if grown:
            last = max(grown, key=lambda each: (each.last, each.row))
            factor = 1 + (last.change or 0.0)
            name = f"× {factor:.2f}"
            found.append(TradeBase(name, growth, factor, (last.row,)))
    return tuple(found)
