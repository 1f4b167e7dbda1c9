"""What earlier Chinese licence rules foretell of the next: the only test made before the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from operator import mul

from monazite.findings.backtest.baselines import BACK_TO_BASE, BASELINES, NO_CHANGE, YEAR_MEAN
from monazite.findings.backtest.fitting import LicenceTrial
from monazite.findings.backtest.months import (
    YEAR,
    MonthFigure,
    day_in,
    days_in,
    known_by,
    month_of,
    month_text,
    months_known,
)
from monazite.findings.backtest.origins import (
    CROSS_EPISODE,
    LICENCE,
    MonthForecast,
    known_trades,
    measured,
)

RULES: Mapping[str, str] = {
    "gallium": "2023-08-01",
    "germanium": "2023-08-01",
    "flake graphite": "2023-12-01",
    "spherical graphite": "2023-12-01",
    "antimony": "2024-09-15",
}
"""Goods, and the day on which their licence rule took effect."""
_MEANS = range(10, 605, 5)
_SHAPE = 2.0


@dataclass(frozen=True)
class EarlierMonth:
    """What part of its base a licensed good had in a month after its rule.

    Attributes:
        goods: the good.
        rule_day: the day on which its rule took effect.
        month: the month, as YYYY-MM.
        tonnes: what was exported.
        base: the same month of the year before, or the mean of those that are known.
        own_base: whether the base is that of the same month.
        part: the one over the other.
        rows: the rows.
    """

    goods: str
    rule_day: str
    month: str
    tonnes: float
    base: float
    own_base: bool
    part: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class EarlierRules:
    """The licence process fitted to earlier rules together.

    Attributes:
        months: what it was fitted to.
        fit: the parameters; None where no month is known.
        missing: goods of which no month or no base is known.
    """

    months: tuple[EarlierMonth, ...]
    fit: LicenceTrial | None
    missing: tuple[str, ...]


def earlier_rules(figures: Sequence[MonthFigure], origin: str) -> EarlierRules:
    """Fit the process to the months of earlier rules that were known at an origin.

    Every month counts alike. The part held and the mean delay are fitted, nothing is held later
    than the rule, everything is approved in the end, and the shape is 2: the months tell no more.
    """
    told = known_by(figures, origin)
    months = [month for goods in RULES for month in _months_after(told, goods)]
    missing = tuple(goods for goods in RULES if not any(each.goods == goods for each in months))
    return EarlierRules(tuple(months), _pooled(months) if months else None, missing)


def _months_after(figures: Sequence[MonthFigure], goods: str) -> Iterator[EarlierMonth]:
    rule = month_of(RULES[goods])
    held = [each for each in figures if each.goods == goods]
    known = months_known(held)
    bases = {
        month + YEAR: each
        for month, each in known.items()
        if month + YEAR >= rule and month < rule - 1
    }
    first = rule if RULES[goods].endswith("-01") else rule + 1
    if not bases:
        return
    mean = fsum(each.tonnes for each in bases.values()) / len(bases)
    for month, tonnes in sorted(measured(known).items()):
        if month >= first:
            own = bases.get(month)
            base = own.tonnes if own else mean
            rows = {*known[month].rows, *(own.rows if own else ())}
            if not own:
                rows |= {row for each in bases.values() for row in each.rows}
            yield EarlierMonth(
                goods,
                RULES[goods],
                month_text(month),
                tonnes,
                base,
                own is not None,
                tonnes / base,
                tuple(sorted(rows)),
            )


def _pooled(months: Sequence[EarlierMonth]) -> LicenceTrial:
    """The part held and the mean delay with the least squared error over all months.

    With all of it held, a part ``r`` passes; with the part ``h``, ``1 - h * (1 - r)``.
    """
    found = []
    for mean in _MEANS:
        trial = LicenceTrial(1.0, 1.0, 0.0, float(mean), _SHAPE)
        kept = [1 - part for part in _parts_of(trial, months)]
        short = [1 - each.part for each in months]
        held = min(1.0, max(0.0, fsum(map(mul, kept, short)) / fsum(map(mul, kept, kept))))
        error = fsum((lack - held * each) ** 2 for lack, each in zip(short, kept, strict=True))
        found.append((error, mean, replace(trial, held=held)))
    return min(found, key=lambda each: each[:2])[2]


def _parts_of(trial: LicenceTrial, months: Sequence[EarlierMonth]) -> list[float]:
    """What part the process lets pass in each of some months of several rules."""
    last = {each.rule_day: month_of(each.month) for each in months}
    for each in months:
        last[each.rule_day] = max(last[each.rule_day], month_of(each.month))
    parts = {rule_day: _parts(trial, rule_day, month) for rule_day, month in last.items()}
    return [parts[each.rule_day][month_of(each.month)] for each in months]


def _parts(trial: LicenceTrial, rule_day: str, last: int) -> dict[int, float]:
    """What part of an even trade passes in each month."""
    span = range(month_of(rule_day), last + 1)
    days = [days_in(month) for month in span]
    starts = day_in(rule_day, span[0])
    passed = trial.passed([float(each) for each in days], days, starts)
    return {month: part / each for month, part, each in zip(span, passed, days, strict=True)}


def cross_episode(
    figures: Sequence[MonthFigure], rule_day: str, found: EarlierRules
) -> tuple[MonthForecast, ...]:
    """Foretell the months after a rule from its first day, by what earlier rules showed."""
    if found.fit is None:
        return ()
    rule = month_of(rule_day)
    happened = {
        month: tonnes for month, tonnes in measured(months_known(figures)).items() if month >= rule
    }
    lines: list[MonthForecast] = []
    for known in known_trades(figures, rule_day, rule_day):
        parts = _parts(found.fit, rule_day, max(happened, default=rule))
        for month, came in sorted(happened.items()):
            base = known.base.of(month, known.months, known.rule)
            if base is None:
                continue
            draft = MonthForecast(
                *(CROSS_EPISODE, rule_day, known.base.name, LICENCE, month_text(month)),
                *(base * parts[month],) * 3,
                came,
                known.before,
            )
            lines.append(draft)
            for method in (BACK_TO_BASE, NO_CHANGE, YEAR_MEAN):  # the others need a month of it
                tonnes = BASELINES[method](known, month)
                if tonnes is not None:
                    lines.append(
                        replace(draft, method=method, tonnes=tonnes, low=tonnes, high=tonnes)
                    )
    return tuple(lines)
