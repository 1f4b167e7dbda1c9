"""How long things take of which some are still awaited: the product-limit estimate.

Kaplan and Meier, *Nonparametric estimation from incomplete observations*, J. Am. Stat. Assoc. 53
(1958), 457-481; the variance is that of Greenwood, the interval that of the log of minus the log.
Where nothing happened, or everything did, the interval is the exact one of the binomial.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, fsum, log, prod, sqrt
from statistics import NormalDist

from monazite.result import Value

LEVEL = 0.9
"""Of the interval."""


@dataclass(frozen=True)
class Delay(Value):
    """How long one thing took, or has been awaited.

    Attributes:
        years: from its date to its beginning, or to the day asked about; less than 0 is early.
        happened: whether it began.
    """

    years: float
    happened: bool


@dataclass(frozen=True)
class Odds(Value):
    """A probability with its interval, 0 to 1."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        assert 0 <= self.low <= self.value <= self.high <= 1, self


@dataclass(frozen=True)
class BegunStep(Value):
    """A time at which something began, how many did, and how many were awaited until then."""

    years: float
    began: int
    awaited: int


@dataclass(frozen=True)
class ProductLimit(Value):
    """The estimate: what part has begun by which time.

    Attributes:
        steps: the times, ascending.
        delays: what it was found from, ascending.
    """

    steps: tuple[BegunStep, ...]
    delays: tuple[Delay, ...]

    def begun(self, by: float, after: float | None = None) -> Odds | None:
        """Return the probability that something has begun by a time.

        Args:
            by: years after its date.
            after: years after its date at which it is known not to have begun; None where nothing
                is known.

        Returns:
            The probability and its interval; None where nothing was awaited so long.
        """
        awaited = sum(1 for each in self.delays if after is None or each.years > after)
        if not awaited:
            return None
        if after is not None and by <= after:
            return Odds(0.0, 0.0, 0.0)
        met = [x for x in self.steps if (after is None or x.years > after) and x.years <= by]
        left = prod(1 - x.began / x.awaited for x in met)
        tail = (1 - LEVEL) / 2
        if left >= 1:
            return Odds(0.0, 0.0, 1 - tail ** (1 / awaited))
        if left <= 0:
            return Odds(1.0, tail ** (1 / awaited), 1.0)
        spread = sqrt(fsum(x.began / (x.awaited * (x.awaited - x.began)) for x in met))
        scaled = NormalDist().inv_cdf(1 - tail) * spread / abs(log(left))
        ends = sorted(1 - exp(log(left) * exp(sign * scaled)) for sign in (-1, 1))
        return Odds(1 - left, min(ends[0], 1 - left), max(ends[1], 1 - left))

    @property
    def median(self) -> float | None:
        """Years by which half have begun; None where fewer have."""
        left = 1.0
        for step in self.steps:
            left *= 1 - step.began / step.awaited
            if left <= 0.5:
                return step.years
        return None


def product_limit(delays: Iterable[Delay]) -> ProductLimit:
    """Estimate how long things take of which some are still awaited.

    >>> took = [Delay(6, True), Delay(6, True), Delay(6, True), Delay(6, False), Delay(7, True)]
    >>> [(x.years, x.began, x.awaited) for x in product_limit(took).steps]
    [(6, 3, 5), (7, 1, 1)]
    """
    known = tuple(sorted(delays, key=lambda each: (each.years, not each.happened)))
    times = sorted({each.years for each in known if each.happened})
    steps = tuple(
        BegunStep(
            time,
            sum(1 for each in known if each.happened and each.years == time),
            sum(1 for each in known if each.years >= time),
        )
        for time in times
    )
    return ProductLimit(steps, known)
