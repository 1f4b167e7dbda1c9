"""Interval arithmetic: a value between a low and a high, with its rows and assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from monazite.errors import NotKnownError


@dataclass(frozen=True)
class Amount:
    """A non-negative number with the ends of its range, and the rows and assumptions it rests on.

    Operations combine the ends so that all errors point the same way (interval arithmetic): the
    ranges are outer bounds, not confidence intervals.

    >>> ore = Amount(100.0, 90.0, 120.0, rows=("a",))
    >>> share = Amount(0.5, 0.4, 0.6, assumptions=("b",))
    >>> (ore * share).value, (ore * share).low, (ore * share).high
    (50.0, 36.0, 72.0)
    >>> (ore / share).high
    300.0
    """

    value: float
    low: float
    high: float
    rows: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.low <= self.value <= self.high, self

    @property
    def name(self) -> str:
        """The rows that a number was read from, joined; it identifies an input of the model."""
        return "; ".join((*self.rows, *self.assumptions))

    def at(self, drawn: Mapping[str, Amount]) -> Amount:
        """Replace the amount by the value drawn for it, if there is one.

        Args:
            drawn: drawn values, by the ``name`` of the amount that they replace.

        Returns:
            The drawn amount, or this one.

        >>> Amount(0.5, 0.4, 0.6, assumptions=("b",)).at({"b": Amount(0.45, 0.4, 0.6)}).value
        0.45
        """
        return drawn.get(self.name, self)

    def _with(self, other: Amount, value: float, low: float, high: float) -> Amount:
        return Amount(
            value,
            low,
            high,
            _joined(self.rows, other.rows),
            _joined(self.assumptions, other.assumptions),
        )

    def __add__(self, other: Amount) -> Amount:
        value, low, high = self.value + other.value, self.low + other.low, self.high + other.high
        return self._with(other, value, low, high)

    def __mul__(self, other: Amount) -> Amount:
        value, low, high = self.value * other.value, self.low * other.low, self.high * other.high
        return self._with(other, value, low, high)

    def __truediv__(self, other: Amount) -> Amount:
        if other.low <= 0:
            raise NotKnownError(
                f"A number is divided by what {other.name or 'no row'} gives, which is or may be "
                "0: give the row a value and a range above 0, or take it out of the view."
            )
        value, low, high = self.value / other.value, self.low / other.high, self.high / other.low
        return self._with(other, value, low, high)

    def less(self, other: Amount) -> Amount:
        """Subtract an amount; a difference below 0 counts as 0.

        Args:
            other: what is subtracted, in the same unit.

        Returns:
            The difference; its low is the least minus the most.

        >>> left = Amount(5.0, 4.0, 6.0).less(Amount(3.0, 2.0, 7.0))
        >>> (left.value, left.low, left.high)
        (2.0, 0.0, 4.0)
        """
        return Amount(
            max(0.0, self.value - other.value),
            max(0.0, self.low - other.high),
            max(0.0, self.high - other.low),
            tuple(sorted({*self.rows, *other.rows})),
            tuple(sorted({*self.assumptions, *other.assumptions})),
        )

    def times(self, factor: float) -> Amount:
        """Multiply by an exact number.

        Args:
            factor: 0 or more.

        Returns:
            The product; value and range are scaled.
        """
        return self * exactly(factor)


NOTHING = Amount(0.0, 0.0, 0.0)


def exactly(value: float, *rows: str) -> Amount:
    """Return an amount whose range is its value."""
    return Amount(value, value, value, rows)


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts up; their ranges add up too.

    >>> total([exactly(1.0, "a"), exactly(2.0, "b")])
    Amount(value=3.0, low=3.0, high=3.0, rows=('a', 'b'), assumptions=())
    """
    found = list(amounts)
    return Amount(
        fsum(each.value for each in found),
        fsum(each.low for each in found),
        fsum(each.high for each in found),
        tuple(sorted({row for each in found for row in each.rows})),
        tuple(sorted({row for each in found for row in each.assumptions})),
    )


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if not one or not other or one == other:
        return one or other
    return tuple(sorted({*one, *other}))
