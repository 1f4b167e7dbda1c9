"""The licence process: what passes, waits and expires, day by day, and summed to months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, fsum, isfinite, lgamma, log
from operator import mul

from monazite.core.errors import MissingInputError
from monazite.core.formats import fixed

_SMALL = 1e-14
_MOST_TERMS = 10_000  # Of a series that converges in tens of terms for the shapes that are allowed
LARGEST_SHAPE = 1000.0  # Above it a delay is a fixed number of days, to within a day in thirty


@dataclass(frozen=True, slots=True)
class GammaDelay:
    """A delay that is distributed as a gamma law."""

    mean: float  # days from filing to approval, of those that are ever approved
    shape: float  # 1 for a constant chance a day; the larger, the closer all delays are to the mean

    def __post_init__(self) -> None:
        if not (isfinite(self.mean) and self.mean > 0 and 0 < self.shape <= LARGEST_SHAPE):
            raise MissingInputError(
                f"A delay needs a mean above 0 days and a shape above 0, at most "
                f"{fixed(LARGEST_SHAPE, 0)}; got {self.mean} and {self.shape}."
            )

    def approved_within(self, days: float) -> float:
        """Return the part of what is ever approved that is so within some days."""
        return regularised_gamma(self.shape, days * self.shape / self.mean)


@dataclass(frozen=True, slots=True)
class FixedDelay:
    """A delay that is the same for all, as where an authority uses up its time limit."""

    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise MissingInputError(f"A fixed delay needs at least 1 day; got {self.days}.")

    def approved_within(self, days: float) -> float:
        """Return 1 from the day of approval on, 0 before."""
        return float(days >= self.days)


Delay = GammaDelay | FixedDelay


def approved_on(delay: Delay, days: int) -> tuple[float, ...]:
    """Return the part approved on each day after filing, ``f(n) = F(n) - F(n - 1)``."""
    until = [delay.approved_within(day) for day in range(days + 1)]
    return (0.0, *(later - former for former, later in pairwise(until)))


def regularised_gamma(shape: float, at: float) -> float:
    """Return ``P(shape, at)``, the lower incomplete gamma function over the whole.

    By its power series below ``shape + 1``, by the continued fraction above: Abramowitz and Stegun
    1964, Handbook of Mathematical Functions, 6.5.29 and 6.5.31.
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


EXPIRES = 180  # Days after which an order that still waits is given up, if nothing else is said


@dataclass(frozen=True, slots=True)
class Licence:
    """A rule under which part of a trade waits for licences; days are counted from any day 0."""

    starts: int
    held: float  # part of the trade that is held for a licence, 0 to 1
    delay: Delay
    approved: float = 1.0  # part of what is held that is ever approved, if it does not expire first
    grace: int = 0  # days before anything is held
    expires: int = EXPIRES  # days after which an order that waits is given up
    destination: float = 1.0  # 1 for all alike; no part above the whole
    ends: int | None = None  # from this day on nothing is held

    def __post_init__(self) -> None:
        for name in ("held", "approved"):
            if not 0 <= getattr(self, name) <= 1:
                raise MissingInputError(
                    f"{name} is a part, from 0 to 1; got {getattr(self, name)}."
                )
        if not (isfinite(self.destination) and self.destination >= 0):
            raise MissingInputError(f"destination is 0 or more; got {self.destination}.")
        if self.grace < 0 or self.expires < 1:
            raise MissingInputError(
                f"grace is 0 days or more and orders expire after 1 or more; got {self.grace} "
                f"and {self.expires}."
            )
        if self.ends is not None and self.ends < self.starts:
            raise MissingInputError(
                f"A rule ends after it starts; it starts on day {self.starts} and ends on day "
                f"{self.ends}."
            )

    def holds_on(self, day: int) -> bool:
        """Tell whether goods that would leave on a day are held."""
        open_again = self.ends is not None and day >= self.ends
        return day >= self.starts + self.grace and not open_again

    def parts(self) -> tuple[float, float]:
        """Return the parts held and ever approved at this destination."""
        passes = min(1.0, (1 - self.held) * self.destination)
        return 1 - passes, min(1.0, self.approved * self.destination)


@dataclass(frozen=True, slots=True)
class DailyFlows:
    """What became of a trade on each day: what was held was approved, expired, or still waits."""

    at_once: tuple[float, ...]
    held: tuple[float, ...]
    approved: tuple[float, ...]  # passed by a licence, or as the rule ended
    expired: tuple[float, ...]
    waiting: tuple[float, ...]

    def passed(self) -> tuple[float, ...]:
        """Return all that passed on each day."""
        return tuple(map(sum, zip(self.at_once, self.approved, strict=True)))


def flows_by_day(licence: Licence, base: Sequence[float]) -> DailyFlows:
    """Return what passes each day: ``X_t = (1 - h) b_t + a sum_s h b_s f(t - s)``.

    The sum runs over days ``s`` at most ``licence.expires`` days ago; the rest is given up.
    """
    held_part, approved_part = licence.parts()
    parts = [held_part if licence.holds_on(day) else 0.0 for day in range(len(base))]
    held = [part * amount for part, amount in zip(parts, base, strict=True)]
    at_once = [amount - kept for amount, kept in zip(base, held, strict=True)]
    shares = approved_on(licence.delay, min(licence.expires, max(len(base) - 1, 0)))
    approved = _convolved(held, [approved_part * share for share in shares])
    expired = [
        held[day - licence.expires]
        * (1 - approved_part * licence.delay.approved_within(licence.expires))
        if day >= licence.expires
        else 0.0
        for day in range(len(base))
    ]
    return _with_end(licence, at_once, held, approved, expired, approved_part)


def _convolved(held: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Approvals of each day, of all that was held up to ``len(shares) - 1`` days before."""
    approved = []
    for day in range(len(held)):
        first = max(0, day - len(shares) + 1)
        approved.append(sum(map(mul, held[first : day + 1], shares[day - first :: -1])))
    return approved


def _with_end(
    licence: Licence,
    at_once: list[float],
    held: list[float],
    approved: list[float],
    expired: list[float],
    approved_part: float,
) -> DailyFlows:
    """What waits, day by day; when the rule ends, what was never to be approved is given up."""
    ends = len(held) if licence.ends is None else max(licence.ends, 0)
    too_late = approved_part * (1 - licence.delay.approved_within(licence.expires))
    waiting, left, to_come = [], 0.0, 0.0
    for day in range(len(held)):
        if day == ends:
            approved[day] = min(left, max(0.0, to_come))
            expired[day], left = left - approved[day], 0.0
        elif day > ends:
            approved[day] = expired[day] = 0.0
        else:
            left = max(0.0, left + held[day] - approved[day] - expired[day])
            given_up = held[day - licence.expires] * too_late if day >= licence.expires else 0.0
            to_come += approved_part * held[day] - approved[day] - given_up
        waiting.append(left)
    return DailyFlows(*map(tuple, (at_once, held, approved, expired, waiting)))


def by_month(daily: Sequence[float], days: Sequence[int]) -> tuple[float, ...]:
    """Sum days to months."""
    if sum(days) != len(daily):
        raise MissingInputError(f"{len(daily)} days are no months of {sum(days)} days.")
    sums, first = [], 0
    for length in days:
        sums.append(fsum(daily[first : first + length]))
        first += length
    return tuple(sums)


def spread(months: Sequence[float], days: Sequence[int]) -> tuple[float, ...]:
    """Spread months evenly over their days."""
    return tuple(
        month / length for month, length in zip(months, days, strict=True) for _ in range(length)
    )


def passed_by_month(
    licence: Licence, months: Sequence[float], days: Sequence[int]
) -> tuple[float, ...]:
    """Return what passes in each month of a trade that is spread evenly over its days."""
    return by_month(flows_by_day(licence, spread(months, days)).passed(), days)


def approval_sums(delay: Delay, days: int, *, expires: int = EXPIRES) -> tuple[float, ...]:
    """Return for 0, 1, ... days the sum of the parts that a law approves within 0 up to so many.

    Nothing is approved after an order has expired.
    """
    short = [delay.approved_within(day) for day in range(min(days, expires) + 1)]
    parts = short + short[-1:] * (days + 1 - len(short))
    return tuple(accumulate(parts))


def held_and_released(
    months: Sequence[float], days: Sequence[int], holds_from: int, sums: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """Return what is held and released each month: ``b - h * held + a * h * released`` passes."""
    ends = list(accumulate(days, initial=0))
    told = (*sums, 0.0)  # the last place, -1, stands for all days before an application
    spans = []
    for month, amount in enumerate(months):
        begin = max(ends[month], holds_from)
        if begin < ends[month + 1]:
            spans.append((begin, ends[month + 1], amount / days[month]))
    found = []
    for first, stop in pairwise(ends):
        held = released = 0.0
        last, former = stop - 1, first - 1
        for begin, end, daily in spans:
            if begin >= stop:
                break
            if begin >= first:
                held = daily * (end - begin)
            released += daily * (
                told[max(-1, last - begin)]
                - told[max(-1, last - end)]
                - told[max(-1, former - begin)]
                + told[max(-1, former - end)]
            )
        found.append((held, released))
    return tuple(found)
