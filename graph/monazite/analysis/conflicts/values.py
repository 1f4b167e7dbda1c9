"""What rows say, so that it can be compared: numbers, dates, names and places.

Two agree where both can be true: a number stands for all that rounds to it, a partial date for all
its days, a point for its surroundings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from math import asin, cos, inf, radians, sin, sqrt

NOISE = 0.002
"""Numbers that differ by less than this part agree: adding up and converting leave that much."""
COARSEST = 0.05
"""Zeros at the end of a number may be rounding, but not of more than this part of it."""
EARTH_KM = 6371.0


class PrintedValue:
    """What a row says: without an order, and equal or not, where a kind does not say otherwise."""

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest that it may mean."""
        return 0.0, 0.0

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether both can be true."""
        return self == other


@dataclass(frozen=True)
class PrintedNumber(PrintedValue):
    """A number in its base unit, or a range; a bound on one side is open on the other."""

    value: float | None
    low: float
    high: float
    step: float = 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest printed."""
        return self.low, self.high

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether a number both would round to exists, or the ranges share one."""
        assert isinstance(other, PrintedNumber)
        if self.low <= other.high and other.low <= self.high:
            return True
        gap = max(self.low - other.high, other.low - self.high)
        return gap < max((self.step + other.step) / 2, NOISE * min(_sizes(self, other)))


def read_number(texts: Sequence[str], factor: float = 1.0) -> PrintedNumber:
    """Read the cells of a value, its low and its high end, of which some may be empty."""
    value, low, high = (*texts, "", "")[:3]
    printed = [text for text in (value, low, high) if text]
    numbers = [float(text) * factor for text in printed]
    step = max(map(_step, printed), default=0.0) * factor
    if value:
        return PrintedNumber(numbers[0], min(numbers), max(numbers), step)
    return PrintedNumber(None, numbers[0] if low else -inf, numbers[-1] if high else inf, step)


def _step(text: str) -> float:
    """What the last digit of a printed number counts; two digits at least are meant."""
    _, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    if exponent < 0 or not any(digits):
        return float(10.0**exponent)
    written = "".join(map(str, digits))
    zeros = min(len(written) - len(written.rstrip("0")), max(len(written) - 2, 0))
    step = float(10**zeros)
    return min(step, COARSEST * float(written)) if zeros else step


@dataclass(frozen=True)
class PrintedDate(PrintedValue):
    """A partial date, as ISO days of its first and last day."""

    first: str
    last: str

    @property
    def ends(self) -> tuple[float, float]:
        """The days as ordinals."""
        days = (date.fromisoformat(self.first), date.fromisoformat(self.last))
        return float(days[0].toordinal()), float(days[1].toordinal())

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether one day may be meant by both."""
        assert isinstance(other, PrintedDate)
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class PrintedName(PrintedValue):
    """Who or what is named."""

    text: str


@dataclass(frozen=True)
class PrintedPoint(PrintedValue):
    """A point in degrees, and how many kilometres off the thing may lie."""

    latitude: float
    longitude: float
    within: float

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether one thing may lie near both points."""
        assert isinstance(other, PrintedPoint)
        return kilometres(self, other) <= self.within + other.within


def kilometres(one: PrintedPoint, other: PrintedPoint) -> float:
    """Return the great-circle distance of two points by the haversine formula."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def apart(ours: Sequence[PrintedValue], theirs: Sequence[PrintedValue]) -> bool:
    """Tell whether two sides contradict each other: nothing of one agrees with the other.

    A side that says several things also means what lies between them.
    """
    if any(one.agrees(other) for one in ours for other in theirs):
        return False
    if not isinstance(ours[0], (PrintedNumber, PrintedDate)):
        return True
    ends = ([end for printed in side for end in printed.ends] for side in (ours, theirs))
    (low, high), (bottom, top) = ((min(each), max(each)) for each in ends)
    return low > top or bottom > high


def difference(printed: Sequence[PrintedValue]) -> tuple[float | None, str]:
    """Return how far apart the two are that disagree most, and in what.

    Numbers: the part by which one falls short of the other, 0 to 1 for positive numbers; ranges
    are as far apart as their nearest ends. Dates: days. Places: kilometres. Names: None.
    """
    pairs = list(combinations(printed, 2))
    if isinstance(printed[0], PrintedPoint):
        points = [each for each in printed if isinstance(each, PrintedPoint)]
        far = max((kilometres(*pair) for pair in combinations(points, 2)), default=0.0)
        return round(far, 1), "kilometres"
    if isinstance(printed[0], PrintedDate):
        return max((_gap(*pair) for pair in pairs), default=0.0), "days"
    if not isinstance(printed[0], PrintedNumber):
        return None, ""
    return max((gap / max(_sizes(*x)) for x in pairs if (gap := _gap(*x))), default=0.0), "part"


def _gap(one: PrintedValue, other: PrintedValue) -> float:
    """How far the nearest ends of two ranges lie apart; nothing where they overlap."""
    (low, high), (bottom, top) = one.ends, other.ends
    return max(0.0, low - top, bottom - high)


def _sizes(one: PrintedValue, other: PrintedValue) -> list[float]:
    return [abs(end) for end in (*one.ends, *other.ends) if abs(end) != inf]
