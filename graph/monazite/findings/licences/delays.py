"""How long a licence takes: the part of applications that is approved on each day after filing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, isfinite, lgamma, log

from monazite.errors import MissingInputError

_SMALL = 1e-14
_MOST_TERMS = 10_000
"""Of a series that converges in tens of terms for the shapes that are allowed."""
LARGEST_SHAPE = 1000.0
"""Above it a delay is a fixed number of days, to within a day in thirty."""


@dataclass(frozen=True, slots=True)
class GammaDelay:
    """A delay that is distributed as a gamma law.

    Attributes:
        mean: days from filing to approval, of those that are ever approved.
        shape: 1 for a constant chance a day; the larger, the closer all delays are to the mean.
    """

    mean: float
    shape: float

    def __post_init__(self) -> None:
        """Refuse what is no law: see `approved_within`."""
        if not (isfinite(self.mean) and self.mean > 0 and 0 < self.shape <= LARGEST_SHAPE):
            raise MissingInputError(
                f"A delay needs a mean above 0 days and a shape above 0, at most "
                f"{LARGEST_SHAPE:.0f}; got {self.mean} and {self.shape}."
            )

    def approved_within(self, days: float) -> float:
        """Return the part of what is ever approved that is so within some days.

        >>> round(GammaDelay(mean=2, shape=1).approved_within(2), 4)
        0.6321
        """
        return regularised_gamma(self.shape, days * self.shape / self.mean)


@dataclass(frozen=True, slots=True)
class FixedDelay:
    """A delay that is the same for all, as where an authority uses up its time limit."""

    days: int

    def __post_init__(self) -> None:
        """Refuse an approval before the application."""
        if self.days < 1:
            raise MissingInputError(f"A fixed delay needs at least 1 day; got {self.days}.")

    def approved_within(self, days: float) -> float:
        """Return 1 from the day of approval on, 0 before."""
        return float(days >= self.days)


Delay = GammaDelay | FixedDelay


def approved_on(delay: Delay, days: int) -> tuple[float, ...]:
    """Return the part that is approved on each day after filing, ``f(n) = F(n) - F(n - 1)``.

    Nothing is approved on the day of filing.

    >>> [round(part, 3) for part in approved_on(GammaDelay(mean=1, shape=1), 3)]
    [0.0, 0.632, 0.233, 0.086]
    >>> approved_on(FixedDelay(2), 3)
    (0.0, 0.0, 1.0, 0.0)
    """
    until = [delay.approved_within(day) for day in range(days + 1)]
    return (0.0, *(later - former for former, later in pairwise(until)))


def regularised_gamma(shape: float, at: float) -> float:
    """Return ``P(shape, at)``, the lower incomplete gamma function over the whole.

    By its power series below ``shape + 1``, by the continued fraction of the upper function above.

    References:
        Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 6.5.29 and 6.5.31.

    >>> round(regularised_gamma(1, 1), 6), regularised_gamma(2, 0)
    (0.632121, 0.0)
    """
    if at <= 0:
        return 0.0
    front = exp(shape * log(at) - at - lgamma(shape))
    if at < shape + 1:
        return min(1.0, front * _series(shape, at))
    return max(0.0, 1 - front * _continued_fraction(shape, at))


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    for step in range(1, _MOST_TERMS):
        term *= at / (shape + step)
        total += term
        if term < total * _SMALL:
            break
    return total


def _continued_fraction(shape: float, at: float) -> float:
    """The fraction of the upper function, by the method of Lentz."""
    under = at + 1 - shape
    over, inverse = 1e300, 1 / under
    value = inverse
    for step in range(1, _MOST_TERMS):
        part = step * (shape - step)
        under += 2
        inverse = 1 / (part * inverse + under)
        over = under + part / over
        value *= inverse * over
        if abs(inverse * over - 1) < _SMALL:
            break
    return value
