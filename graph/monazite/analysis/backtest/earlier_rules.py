"""What earlier Chinese licence rules foretell of the next: the only test made before the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product, takewhile
from math import exp, fsum, log
from statistics import fmean

from monazite.analysis.backtest.methods import (
    BACK_TO_BASE,
    BASELINES,
    NO_CHANGE,
    YEAR_MEAN,
    KnownTrade,
    LicenceTrial,
    held_part,
    known_trades,
)
from monazite.analysis.backtest.months import (
    YEAR,
    MonthFigure,
    day_in,
    days_in,
    known_by,
    month_of,
    month_text,
    months_known,
)
from monazite.analysis.backtest.origins import CROSS_EPISODE, LICENCE, MonthForecast, measured
from monazite.core.results import Struct
from monazite.model.assumptions import span
from monazite.model.chemistry import Amount
from monazite.model.licences import FixedDelay, Licence, passed_by_month

MONTHS = 7


class TextMonth(Struct):
    """One month by the text alone, beside what happened; all in tonnes."""

    month: str
    base: float  #: the same month of the year before
    told: float  #: what would have passed by the text
    told_low: float  #: the least over the ranges of scope, time limit and base
    told_high: float  #: the most
    happened: float  #: what passed
    over: float  #: what passed less than the text would have let pass: over-compliance
    over_low: float  #: the least
    over_high: float  #: the most
    rows: tuple[str, ...]  #: keys of the rows


def text_alone(
    figures: Sequence[MonthFigure], rule_day: str, scope: Amount, review: Amount
) -> tuple[TextMonth, ...]:
    """Hold the covered part from the first day, each order for the time limit; all are approved."""
    rule = month_of(rule_day)
    trades = known_trades(figures, rule)
    known = trades[0].months if trades else {}
    happened = measured(known)
    span_of_rule = range(rule, rule + MONTHS)
    months = list(takewhile(lambda x: x in happened and x - YEAR in known, span_of_rule))
    days = [days_in(month) for month in months]

    def passed(trade: KnownTrade, covered: float, days_held: float) -> tuple[float, ...]:
        licence = Licence(day_in(rule_day, rule), covered, FixedDelay(round(days_held)))
        return passed_by_month(licence, trade.bases(months), days)

    tried = [passed(*each) for each in product(trades, span(scope), span(review))]
    middle = tried[0] if tried else ()  # on last year's months, by the middle of both
    found = []
    for month, told, *column in zip(months, middle, *tried, strict=True):
        came, base, low, high = happened[month], known[month - YEAR], min(column), max(column)
        rows = tuple(sorted({*known[month].rows, *base.rows}))
        over = (told - came, low - came, high - came)
        found.append(TextMonth(month_text(month), base.tonnes, told, low, high, came, *over, rows))
    return tuple(found)


IN_PROPORTION = "in proportion"
HOME_FIRST = "home first"
UNDECIDED = "undecided"
_CLEAR = 3.0  # a ratio below it, or one that crosses 1 when a month is left out, decides nothing


class AllocationMonth(Struct):
    """What part of exports each rule lets pass in a month, and what passed."""

    month: str
    in_proportion: float  #: home and abroad share what is withheld
    home_first: float  #: exports bear all of it
    happened: float  #: what passed


class Allocation(Struct):
    """Which of the two rules the months of an episode support."""

    _json = "* supports"

    months: tuple[AllocationMonth, ...]  #: parts of exports by month
    ratio: float  #: likelihood of home first over that of in proportion; above 1 for home first
    low: float  #: least of the ratio with one month left out, over the ranges of what is assumed
    high: float  #: the most

    @property
    def supports(self) -> str:
        """The rule that the months support, or that they decide nothing."""
        if self.low >= _CLEAR:
            return HOME_FIRST
        return IN_PROPORTION if self.high <= 1 / _CLEAR else UNDECIDED


def compare_rules(
    parts: Sequence[tuple[str, float, float]], abroad: Amount, factor: Amount
) -> Allocation | None:
    """Compare two rules on the parts of exports that passed, by normal errors of the logarithms.

    A rule withholds the part ``s`` of exports. Home first leaves ``1 - s`` of them. In proportion,
    exports keep ``1 - s * w``, where ``w`` is the part of all that went abroad.
    """
    if not parts:
        return None
    outward = span(abroad)[0]
    months = tuple(
        AllocationMonth(month, 1 - (1 - left) * outward, left, passed)
        for month, left, passed in parts
    )
    tried = []  # by the middle of both first
    for part, error in product(span(abroad), map(log, span(factor))):
        gains = [_gain(left, passed, part, error) for _, left, passed in parts]
        whole = fsum(gains)
        tried += [whole, *(whole - each for each in gains if len(gains) > 1)]
    return Allocation(months, exp(tried[0]), exp(min(tried)), exp(max(tried)))


def _gain(left: float, passed: float, outward: float, error: float) -> float:
    """By how much a month makes home first likelier, as a logarithm."""
    shared = log(passed / (1 - (1 - left) * outward))
    home = log(passed / left)
    return (shared**2 - home**2) / (2 * error**2)


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


class EarlierMonth(Struct):
    """What part of its base a licensed good had in a month after its rule."""

    goods: str  #: the good
    rule_day: str  #: the day on which its rule took effect
    month: str
    tonnes: float  #: what was exported
    base: float  #: the same month of the year before, or the mean of those that are known
    own_base: bool  #: whether the base is that of the same month
    part: float  #: the one over the other
    rows: tuple[str, ...]  #: keys of the rows


class EarlierRules(Struct):
    """The licence process fitted to earlier rules together."""

    months: tuple[EarlierMonth, ...]
    fit: LicenceTrial | None  #: the parameters; None where no month is known
    missing: tuple[str, ...]  #: goods of which no month or no base is known


def earlier_rules(figures: Sequence[MonthFigure], origin: str) -> EarlierRules:
    """Fit the part held and the mean delay to the months of earlier rules known at an origin."""
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
    mean = fmean(each.tonnes for each in bases.values())
    for month, tonnes in sorted(measured(known).items()):
        if month >= first:
            own = bases.get(month)
            base = own.tonnes if own else mean
            used = [known[month], *([own] if own else bases.values())]
            rows = tuple(sorted({row for each in used for row in each.rows}))
            told = (goods, RULES[goods], month_text(month), tonnes, base)
            yield EarlierMonth(*told, own is not None, tonnes / base, rows)


def _pooled(months: Sequence[EarlierMonth]) -> LicenceTrial:
    """The part held and the mean delay with the least squared error over all months."""
    short = [1 - each.part for each in months]
    ordered = sorted(months, key=lambda each: each.month)
    last = {each.rule_day: month_of(each.month) for each in ordered}
    found = []
    for mean in _MEANS:
        trial = LicenceTrial(1.0, 1.0, 0.0, float(mean), _SHAPE)
        parts = {rule_day: _parts(trial, rule_day, month) for rule_day, month in last.items()}
        kept = [1 - parts[each.rule_day][month_of(each.month)] for each in months]
        error, held = held_part(kept, short)
        found.append((error, mean, replace(trial, held=held)))
    return min(found, key=lambda each: each[:2])[2]


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
    happened = {x: y for x, y in measured(months_known(figures)).items() if x >= rule}
    lines: list[MonthForecast] = []
    for known in known_trades(known_by(figures, rule_day), rule):
        parts = _parts(found.fit, rule_day, max(happened, default=rule))
        for month, came in sorted(happened.items()):
            base = known.base_of(month)
            if base is None:
                continue
            foretold: dict[str, float | None] = {LICENCE: base * parts[month]}
            for method in (BACK_TO_BASE, NO_CHANGE, YEAR_MEAN):  # the others need a month of it
                foretold[method] = BASELINES[method](known, month)
            for method, told in foretold.items():
                if told is not None:
                    by = (CROSS_EPISODE, rule_day, known.name, method, month_text(month))
                    lines.append(MonthForecast(*by, told, told, told, came, known.before))
    return tuple(lines)
