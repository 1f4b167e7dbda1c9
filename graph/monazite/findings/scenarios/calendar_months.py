"""The months of a scenario: their days, and which part of each lies between two days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from monazite.result import Value

MONTHS_OF_YEAR = 12


@dataclass(frozen=True)
class Months(Value):
    """The months of a scenario.

    Attributes:
        first: the first day of the first month.
        count: how many months.
    """

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
