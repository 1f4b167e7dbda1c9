"""The licence process fitted to the months that were known, by trials of its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import product
from math import fsum
from operator import mul
from random import Random

from monazite.analysis.backtest.baselines import KnownTrade
from monazite.analysis.backtest.months import day_in, days_in
from monazite.model.licences import (
    EXPIRES,
    ApprovalSums,
    GammaDelay,
    approval_sums,
    held_and_released,
)

TRIALS = 10_000
CLOSE = 0.10  # a trial fits if no month is further off than this part of what happened
_HEAD = 3
_FAR = 0.30
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


@dataclass(frozen=True)
class LicenceTrial:
    """One set of parameters of the licence process.

    Attributes:
        held: part of the trade that is held, 0 to 1.
        approved: part of it that is ever approved, 0 to 1.
        grace: days after the rule before anything is held.
        mean: days from filing to approval.
        shape: of the gamma law of the delay.
    """

    held: float
    approved: float
    grace: float
    mean: float
    shape: float

    def passed(self, months: Sequence[float], days: Sequence[int], starts: int) -> list[float]:
        """Return what passes of each month, its base and days given; the rule comes on a day."""
        sums = _sums(self.mean, self.shape)
        flows = held_and_released(months, days, starts + round(self.grace), sums)
        return [
            base - self.held * held + self.approved * self.held * released
            for base, (held, released) in zip(months, flows, strict=True)
        ]


@cache
def _sums(mean: float, shape: float) -> ApprovalSums:
    return approval_sums(GammaDelay(mean, shape), _HORIZON, expires=EXPIRES)


@cache
def drawn_trials(count: int = TRIALS) -> tuple[LicenceTrial, ...]:
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
        for _ in range(count)
    )


@dataclass(frozen=True)
class ParameterRange:
    """What the months say of one parameter.

    Attributes:
        name: its name.
        low: 5 % of the fitting trials lie below.
        high: 5 % of them lie above.
        drawn_low: the lower end of what was tried.
        drawn_high: the upper end of what was tried.
    """

    _json = "* identified"

    name: str
    low: float
    high: float
    drawn_low: float
    drawn_high: float

    @property
    def identified(self) -> bool:
        """Whether the fits leave less than half of what was tried."""
        return self.high - self.low < _NARROW * (self.drawn_high - self.drawn_low)


@dataclass(frozen=True)
class LicenceFit:
    """The licence process as some months show it.

    Attributes:
        nearest: the parameters that come nearest, everything approved in the end.
        trials: the trials that fit, or the nearest where none do: the range.
        fitting: how many trials come within 10 % of every month.
        tried: how many trials there were.
    """

    nearest: LicenceTrial
    trials: tuple[LicenceTrial, ...]
    fitting: int
    tried: int

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
    ordered = sorted(numbers)
    last = len(ordered) - 1
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
    base = known.base.of_all(span, known.months, known.rule)
    if not span or base is None or any(month not in known.months for month in span):
        return None
    came = [known.months[month].tonnes for month in span]
    days = [days_in(month) for month in span]
    starts = day_in(rule_day, known.rule)
    head = replace(known.base, factor=1.0).of_all(span[:_HEAD], known.months, known.rule) or []
    errors = []
    first = _heads(tuple(head), tuple(days[:_HEAD]), starts)
    for place, trial in enumerate(drawn_trials()):
        worst = _worst([known.base.factor * each for each in first[place]], came)
        if worst <= _FAR and len(came) > _HEAD:  # most trials are far off in the first months
            worst = _worst(trial.passed(base, days, starts), came)
        errors.append((worst, place))
    near = [place for worst, place in sorted(errors) if worst <= CLOSE]
    kept = near or [place for _, place in sorted(errors)[:_LEAST]]
    trials = drawn_trials()
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
    base: list[float] = []
    for each in map(known.base_of, range(known.rule, until + 1)):
        if each is None:
            break
        base.append(each)
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
