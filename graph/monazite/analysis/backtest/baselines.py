"""Forecasts that need no model of licences, which any model has to beat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean

from monazite.analysis.backtest.months import YEAR, MonthFigure, Months
from monazite.core.formats import fixed

LAST_YEAR = "last year"
_HALF = 6
_GROWTH = {YEAR: "the year before the rule", _HALF: "the half year before the rule"}


@dataclass(frozen=True)
class TradeBase:
    """The same month of the year before times a growth before the rule; the first has none."""

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
        return None if None in found else [each for each in found if each is not None]


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
            name = f"× {fixed(factor, 2)}"
            found.append(TradeBase(name, growth, factor, (last.row,)))
    return tuple(found)


_SHOWN = 0.005  # skill that rounds to 0.00 is none
NO_SKILL = "no skill"


@dataclass(frozen=True)
class Score:
    """The errors of one method over the months that were scored.

    Attributes:
        months: how many months were scored.
        mape: mean of the errors without sign, in parts of what happened.
        rmse: root of the mean squared error, in tonnes.
        bias: mean of forecast less what happened, in tonnes.
        direction: part of the months whose rise or fall since the last known month was foretold.
        skill: 1 less the mean squared error over that of the reference, a return to the same base;
            None where the reference made no error, or where the method is the reference.
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
    def no_skill(self) -> bool:
        """Whether it has a reference and did no better."""
        return self.skill is not None and not self.has_skill

    @property
    def verdict(self) -> str:
        """Empty for a reference; else the skill, or that there is none."""
        if self.skill is None:
            return ""
        return fixed(self.skill, 2) if self.has_skill else NO_SKILL


def score(
    forecast: Sequence[float],
    happened: Sequence[float],
    before: Sequence[float],
    reference: Sequence[float] | None = None,
) -> Score | None:
    """Score forecasts against what happened."""
    if not forecast:
        return None
    errors = [told - came for told, came in zip(forecast, happened, strict=True)]
    squared = fmean(error**2 for error in errors)
    skill = None
    if reference is not None:
        theirs = fmean((told - came) ** 2 for told, came in zip(reference, happened, strict=True))
        skill = 1 - squared / theirs if theirs else None
    lines = zip(forecast, happened, before, strict=True)
    return Score(
        months=len(errors),
        mape=fmean(abs(error) / came for error, came in zip(errors, happened, strict=True)),
        rmse=sqrt(squared),
        bias=fmean(errors),
        direction=fmean(_sign(told - last) == _sign(came - last) for told, came, last in lines),
        skill=skill,
    )


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
    """What a forecaster knew at an origin; the base is what he took for the trade without rule."""

    months: Months
    base: TradeBase
    rule: int
    last: int

    @property
    def before(self) -> float:
        """What was traded in the last month that was known."""
        return self.months[self.last].tonnes

    def base_of(self, month: int) -> float | None:
        """Return the base of a month; None where it is not known."""
        return self.base.of(month, self.months, self.rule)

    def part(self, month: int) -> float | None:
        """What part of its base was traded in a month; None where either is not known."""
        base = self.base_of(month)
        return self.months[month].tonnes / base if base and month in self.months else None

    @property
    def last_part(self) -> float | None:
        """The part of the last month that was known; 1 before the rule."""
        return self.part(self.last) if self.last >= self.rule else 1.0

    def scaled(self, month: int, part: float | None) -> float | None:
        """Return a part of the base of a month; None where either is not known."""
        base = self.base_of(month)
        return None if base is None or part is None else part * base


def _year_mean(known: KnownTrade, _: int) -> float | None:
    window = range(known.last - YEAR + 1, known.last + 1)
    held = [known.months[each].tonnes for each in window if each in known.months]
    return fsum(held) / YEAR if len(held) == YEAR else None


def _halved(known: KnownTrade, month: int) -> float | None:
    last = known.last_part
    part = None if last is None else 1 - (1 - last) * 0.5 ** (month - known.last)
    return known.scaled(month, part)


def _capped(known: KnownTrade, month: int) -> float | None:
    """The last step from month to month goes on, between nothing and the base."""
    last = known.last_part
    former = known.part(known.last - 1) if known.last > known.rule else 1.0
    if last is None or former is None:
        return None
    return known.scaled(month, min(1.0, max(0.0, last + (last - former) * (month - known.last))))


BASELINES: Mapping[str, Callable[[KnownTrade, int], float | None]] = {
    BACK_TO_BASE: KnownTrade.base_of,
    NO_CHANGE: lambda known, _: known.before,
    YEAR_MEAN: _year_mean,
    CONSTANT: lambda known, month: known.scaled(month, known.last_part),
    HALVED: _halved,
    CAPPED: _capped,
}
"""Forecasts of a month by name, None where one cannot be made; the first is the reference."""
