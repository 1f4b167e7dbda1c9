"""Ways to foretell a month: six without a model, and the licence process, fitted by trials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import product
from math import fsum, sqrt
from operator import mul
from random import Random
from statistics import fmean

from monazite.analysis.backtest.months import (
    YEAR,
    MonthFigure,
    Months,
    day_in,
    days_in,
    months_known,
)
from monazite.core.formats import fixed
from monazite.core.results import Struct
from monazite.model.licences import EXPIRES, GammaDelay, approval_sums, held_and_released

LAST_YEAR = "last year"


class KnownTrade(Struct):
    """What was known of a trade, and what is taken for it without the rule: its base.

    The base of a month is the same month of the year before times a growth before the rule.
    """

    months: Months
    rule: int
    name: str = LAST_YEAR
    growth: str = ""
    factor: float = 1.0
    rows: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        """The last month that was known."""
        return max(self.months)

    @property
    def before(self) -> float:
        """What was traded in the last month that was known."""
        return self.months[self.last].tonnes

    def base_of(self, month: int) -> float | None:
        """Return the base of a month; None where it is not known, and where the rule holds."""
        before = month - YEAR
        if before >= self.rule or before not in self.months:
            return None
        return self.months[before].tonnes * self.factor

    def bases(self, months: Iterable[int]) -> list[float]:
        """Return the bases of some months, up to the first that is not known."""
        found: list[float] = []
        for base in map(self.base_of, months):
            if base is None:
                break
            found.append(base)
        return found

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


def known_trades(figures: Sequence[MonthFigure], rule: int) -> tuple[KnownTrade, ...]:
    """Return what some rows tell of a trade, once for each base that they allow.

    The growth is printed, of periods before the rule.
    """
    months = months_known(figures)
    found = [KnownTrade(months, rule)]
    for length, growth in ((12, "the year before the rule"), (6, "the half year before the rule")):
        grown = [
            each
            for each in figures
            if each.change is not None and len(each.months) == length and each.last < rule
        ]
        if grown:
            last = max(grown, key=lambda each: (each.last, each.row))
            factor = 1 + (last.change or 0.0)
            name = f"× {fixed(factor, 2)}"
            found.append(KnownTrade(months, rule, name, growth, factor, (last.row,)))
    return tuple(found) if months else ()


_SHOWN = 0.005  # skill that rounds to 0.00 is none
NO_SKILL = "no skill"


class Score(Struct):
    """The errors of one method over the months that were scored."""

    months: int  #: how many months were scored
    mape: float  #: mean of the errors without sign, in parts of what happened
    rmse: float  #: root of the mean squared error, in tonnes
    bias: float  #: mean of forecast less what happened, in tonnes
    #: part of the months whose rise or fall since the last known month was foretold
    direction: float
    #: 1 less the mean squared error over that of the reference, a return to the same base; None
    #: where the reference made no error, or where the method is the reference
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


TRIALS = 10_000
CLOSE = 0.10  # a trial fits if no month is further off than this part of what happened
_HEAD = 3
_LEAST = 20  # where no trial fits, so many of the nearest stand for the fit
_MEANS = tuple(float(days) for days in range(10, 155, 5))
_SHAPES, _SHAPE = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0), 8.0
SET_IN_NEAREST = ("approved", "shape")
"""Parameters that the months of one rule do not tell, and that the nearest fit takes as given."""
_MOST_GRACE = 20
_HORIZON = 1200  # days for which sums of approvals are kept
DRAWN = {
    "held": (0.5, 1.0),
    "approved": (0.5, 1.0),
    "grace": (0.0, float(_MOST_GRACE)),
    "mean": (_MEANS[0], _MEANS[-1]),
    "shape": (_SHAPES[0], _SHAPES[-1]),
}
"""From where to where each parameter is drawn, all values alike."""
_NARROW = 0.5  # a parameter is identified if the fits leave less than this part of its range


class LicenceTrial(Struct):
    """One set of parameters of the licence process."""

    held: float  #: part of the trade that is held, 0 to 1
    approved: float  #: part of it that is ever approved, 0 to 1
    grace: float  #: days after the rule before anything is held
    mean: float  #: days from filing to approval
    shape: float  #: of the gamma law of the delay

    def passed(self, months: Sequence[float], days: Sequence[int], starts: int) -> list[float]:
        """Return what passes of each month, its base and days given; the rule comes on a day."""
        sums = _sums(self.mean, self.shape)
        flows = held_and_released(months, days, starts + round(self.grace), sums)
        return [
            base - self.held * held + self.approved * self.held * released
            for base, (held, released) in zip(months, flows, strict=True)
        ]


@cache
def _sums(mean: float, shape: float) -> tuple[float, ...]:
    return approval_sums(GammaDelay(mean, shape), _HORIZON, expires=EXPIRES)


@cache
def drawn_trials() -> tuple[LicenceTrial, ...]:
    """Draw parameters, each alike over its range; the seed is always the same."""
    rng = Random(0)  # noqa: S311 - trials, no secrets
    return tuple(
        LicenceTrial(
            held=rng.uniform(*DRAWN["held"]),
            approved=rng.uniform(*DRAWN["approved"]),
            grace=float(rng.randint(0, _MOST_GRACE)),
            mean=rng.choice(_MEANS),
            shape=rng.choice(_SHAPES),
        )
        for _ in range(TRIALS)
    )


class ParameterRange(Struct):
    """What the months say of one parameter."""

    _json = "* identified"

    name: str  #: its name
    low: float  #: 5 % of the fitting trials lie below
    high: float  #: 5 % of them lie above
    drawn_low: float  #: the lower end of what was tried
    drawn_high: float  #: the upper end of what was tried

    @property
    def identified(self) -> bool:
        """Whether the fits leave less than half of what was tried."""
        return self.high - self.low < _NARROW * (self.drawn_high - self.drawn_low)


class LicenceFit(Struct):
    """The licence process as some months show it."""

    nearest: LicenceTrial  #: the parameters that come nearest, everything approved in the end
    #: the trials that fit, or the nearest where none do: the range
    trials: tuple[LicenceTrial, ...]
    fitting: int  #: how many trials come within 10 % of every month
    tried: int  #: how many trials there were

    def ranges(self) -> tuple[ParameterRange, ...]:
        """Return what the months say of each parameter; nothing where no trial fits."""
        if not self.fitting:
            return ()
        return tuple(
            ParameterRange(
                each.name,
                *ends([getattr(trial, each.name) for trial in self.trials]),
                *DRAWN[each.name],
            )
            for each in fields(LicenceTrial)
        )


def ends(numbers: Sequence[float]) -> tuple[float, float]:
    """Return the numbers below and above which 5 % lie."""
    ordered, last = sorted(numbers), len(numbers) - 1
    return ordered[round(0.05 * last)], ordered[round(0.95 * last)]


def nearest_fit(
    base: Sequence[float], came: Sequence[float], days: Sequence[int], starts: int
) -> LicenceTrial:
    """Find part held, grace and mean delay with the least squared relative errors.

    The part approved is 1 and the shape 8. For a grace and a mean what passes is linear in the
    part held. Means are tried five days apart and graces two, then each day about the best.
    """
    short = [(amount - one) / one for amount, one in zip(base, came, strict=True)]

    def best(means: Iterable[float], graces: Iterable[int]) -> LicenceTrial:
        tried = []
        for mean, grace in product(means, graces):
            flows = held_and_released(base, days, starts + grace, _sums(mean, _SHAPE))
            pairs = zip(flows, came, strict=True)
            error, held = held_part([(kept - later) / one for (kept, later), one in pairs], short)
            tried.append((error, mean, grace, held))
        _, mean, grace, held = min(tried)
        return LicenceTrial(held, 1.0, float(grace), mean, _SHAPE)

    coarse = best(_MEANS, range(0, _MOST_GRACE + 1, 2))
    near = int(coarse.grace)
    return best(
        (coarse.mean + step for step in range(-4, 5)),
        range(max(0, near - 2), min(_MOST_GRACE, near + 2) + 1),
    )


def held_part(kept: Sequence[float], short: Sequence[float]) -> tuple[float, float]:
    """Return the squared error and the part held, 0 to 1, by a regression of what lacks."""
    weight = fsum(each**2 for each in kept)
    held = min(1.0, max(0.0, fsum(map(mul, kept, short)) / weight if weight else 0.0))
    return fsum((lack - held * each) ** 2 for lack, each in zip(short, kept, strict=True)), held


def fit_licences(known: KnownTrade, rule_day: str) -> LicenceFit | None:
    """Fit the process to the months from the rule to the last that was known."""
    span = range(known.rule, known.last + 1)
    base = known.bases(span)
    if not span or len(base) < len(span) or any(month not in known.months for month in span):
        return None
    came = [known.months[month].tonnes for month in span]
    days = [days_in(month) for month in span]
    starts = day_in(rule_day, known.rule)
    head = replace(known, factor=1.0).bases(span[:_HEAD])
    errors = []
    trials, first = drawn_trials(), _heads(tuple(head), tuple(days[:_HEAD]), starts)
    for place, trial in enumerate(trials):
        worst = _worst([known.factor * each for each in first[place]], came)
        if worst <= 0.3 and len(came) > _HEAD:  # most trials are far off in the first months
            worst = _worst(trial.passed(base, days, starts), came)
        errors.append((worst, place))
    errors.sort()
    near = [place for worst, place in errors if worst <= CLOSE]
    kept = near or [place for _, place in errors[:_LEAST]]
    return LicenceFit(
        nearest=nearest_fit(base, came, days, starts),
        trials=tuple(trials[place] for place in sorted(kept)),
        fitting=len(near),
        tried=len(trials),
    )


@cache
def _heads(
    base: tuple[float, ...], days: tuple[int, ...], starts: int
) -> tuple[tuple[float, ...], ...]:
    """What every trial lets pass in the first months: bases that are multiples share it."""
    return tuple(tuple(trial.passed(base, days, starts)) for trial in drawn_trials())


def _worst(passed: Sequence[float], came: Sequence[float]) -> float:
    return max(abs(one - other) / other for one, other in zip(passed, came, strict=False))


def licence_forecasts(
    fit: LicenceFit, known: KnownTrade, rule_day: str, until: int
) -> dict[int, tuple[float, float, float]]:
    """Return what the nearest fit lets pass in each later month, and the ends of all trials."""
    base = known.bases(range(known.rule, until + 1))
    span = range(known.rule, known.rule + len(base))
    days = [days_in(month) for month in span]
    starts = day_in(rule_day, known.rule)
    middle = fit.nearest.passed(base, days, starts)
    told = [trial.passed(base, days, starts) for trial in fit.trials]
    return {
        month: (one, min(one, *column), max(one, *column))
        for month, one, *column in zip(span, middle, *told, strict=True)
        if month > known.last
    }
