"""Forecasts that need no model of licences, which any model has to beat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from monazite.analysis.backtest.months import YEAR, MonthFigure, Months

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


_SHOWN = 0.005
"""Skill that rounds to 0.00 is none."""
NO_SKILL = "no skill"
"""What is said of a method that does no better than its reference."""


@dataclass(frozen=True)
class Score:
    """The errors of one method over the months that were scored.

    Attributes:
        months: how many were scored.
        mape: mean of the errors without sign, in parts of what happened.
        rmse: root of the mean squared error, in tonnes.
        bias: mean of forecast less what happened, in tonnes.
        direction: part of the months whose rise or fall since the last known month was foretold.
        skill: 1 less the mean squared error over that of the reference; None where the reference
            made no error, or where the method is the reference.
    """

    months: int
    mape: float
    rmse: float
    bias: float
    direction: float
    skill: float | None

    @property
    def has_skill(self) -> bool:
        """Whether it did better than its reference."""
        return self.skill is not None and self.skill >= _SHOWN

    @property
    def verdict(self) -> str:
        """Empty for a reference; else the skill, or that there is none."""
        if self.skill is None:
            return ""
        return f"{self.skill:.2f}" if self.has_skill else NO_SKILL


def score(
    forecast: Sequence[float],
    happened: Sequence[float],
    before: Sequence[float],
    reference: Sequence[float] | None = None,
) -> Score | None:
    """Score forecasts against what happened.

    >>> found = score([90, 120], [100, 100], [80, 80], [80, 100])
    >>> found.months, round(found.rmse, 1), found.bias, found.direction, found.skill
    (2, 15.8, 5.0, 1.0, -0.25)
    >>> found.verdict
    'no skill'
    """
    if not forecast:
        return None
    errors = [told - came for told, came in zip(forecast, happened, strict=True)]
    squared = _mean([error**2 for error in errors])
    skill = None
    if reference is not None:
        theirs = _mean([(told - came) ** 2 for told, came in zip(reference, happened, strict=True)])
        skill = 1 - squared / theirs if theirs else None
    return Score(
        months=len(errors),
        mape=_mean([abs(error) / came for error, came in zip(errors, happened, strict=True)]),
        rmse=sqrt(squared),
        bias=_mean(errors),
        direction=_mean(
            [
                float(_sign(told - last) == _sign(came - last))
                for told, came, last in zip(forecast, happened, before, strict=True)
            ]
        ),
        skill=skill,
    )


def _mean(numbers: Sequence[float]) -> float:
    return fsum(numbers) / len(numbers)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


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
