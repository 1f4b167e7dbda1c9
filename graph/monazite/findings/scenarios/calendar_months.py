"""The months of a scenario: their days, and which part of each lies between two days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monazite.result import Value

MONTHS_OF_YEAR = 12
Daily: TypeAlias = NDArray[np.float64]
"""A number for each day of a scenario."""


@dataclass(frozen=True)
class Months(Value):
    """The months of a scenario."""

    first: date
    count: int

    def __iter__(self) -> Iterator[date]:
        for place in range(self.count):
            year, month = divmod(
                self.first.year * MONTHS_OF_YEAR + self.first.month - 1 + place, MONTHS_OF_YEAR
            )
            yield date(year, month + 1, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The months, as 2025-04.

        >>> Months(date(2025, 11, 1), 3).names
        ('2025-11', '2025-12', '2026-01')
        """
        return tuple(f"{day:%Y-%m}" for day in self)

    @property
    def days(self) -> tuple[int, ...]:
        """How many days each month has."""
        return tuple(monthrange(day.year, day.month)[1] for day in self)

    @property
    def last(self) -> date:
        """The last day."""
        *_, day = self
        return date(day.year, day.month, self.days[-1])

    def shares(self, begins: date, ends: date | None) -> list[float]:
        """Return the part of the days of each month that lies between two days, both included.

        >>> Months(date(2010, 9, 1), 3).shares(date(2010, 9, 21), date(2010, 10, 31))[0]
        0.3333333333333333
        """
        last = ends or self.last
        found = []
        for day, days in zip(self, self.days, strict=True):
            from_ = max(begins, day).toordinal()
            until = min(last, date(day.year, day.month, days)).toordinal()
            found.append(max(0, until - from_ + 1) / days)
        return found

    def within(self, begins: date, ends: date | None) -> Daily:
        """Return 1 for each day from one to another, both included, and 0 for the others."""
        days = self.first.toordinal() + np.arange(sum(self.days))
        last = (ends or self.last).toordinal()
        return ((days >= begins.toordinal()) & (days <= last)).astype(np.float64)

    def since(self, begins: date) -> Daily:
        """Return the months that have gone by at noon of each day since one began, below 0 before.

        >>> Months(date(2025, 1, 1), 3).since(date(2025, 2, 1))[[0, 31, -1]].round(3).tolist()
        [-0.984, 0.018, 1.984]
        """
        noons = np.concatenate(
            [at + (np.arange(days) + 0.5) / days for at, days in enumerate(self.days)]
        )
        return noons - months_between(self.first, begins)

    def means(self, daily: Daily) -> list[float]:
        """Return the mean of each month of a number for each day; of what stays alike, exactly."""
        lengths = np.array(self.days)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        first = daily[starts]
        more = np.add.reduceat(daily - np.repeat(first, lengths), starts) / lengths
        found: list[float] = (first + more).tolist()
        return found


def months_between(begins: date, ends: date) -> float:
    """Return the months from the beginning of a day to that of another, by the calendar.

    >>> months_between(date(2027, 1, 1), date(2027, 4, 16))
    3.5
    """
    months = (ends.year - begins.year) * MONTHS_OF_YEAR + ends.month - begins.month
    return months + _gone(ends) - _gone(begins)


def _gone(day: date) -> float:
    """The part of its month that is over as a day begins."""
    return (day.day - 1) / monthrange(day.year, day.month)[1]
