"""Firms of a market by the stock that they hold: who runs on, who stands still, what they order.

A pooled stock would let all run until all stop on one day: firms are cut into classes by days of
stock. What comes beyond normal stocks is held in common.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monazite.core.results import Value

MONTHS_OF_YEAR = 12
IMMEDIATE, YEARS = 3, 24
"""Months without more than the base year's trade and output; months until the medium run."""
Daily: TypeAlias = NDArray[np.float64]  # a number for each day of a scenario


@dataclass(frozen=True)
class Months(Value):
    """The months of a scenario."""

    first: date
    count: int

    def __iter__(self) -> Iterator[date]:
        for place in range(self.count):
            months = self.first.year * MONTHS_OF_YEAR + self.first.month - 1 + place
            year, month = divmod(months, MONTHS_OF_YEAR)
            yield date(year, month + 1, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The months, as 2025-04."""
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
        """Return the part of the days of each month that lies between two days, both included."""
        days = np.array(self.days)
        within = np.add.reduceat(self.within(begins, ends), np.cumsum(days) - days)
        found: list[float] = (within / days).tolist()
        return found

    def within(self, begins: date, ends: date | None) -> Daily:
        """Return 1 for each day from one to another, both included, and 0 for the others."""
        days = self.first.toordinal() + np.arange(sum(self.days))
        last = (ends or self.last).toordinal()
        return ((days >= begins.toordinal()) & (days <= last)).astype(np.float64)

    def since(self, begins: date) -> Daily:
        """Return the months gone by at noon of each day since one began, below 0 before it."""
        noons = np.concatenate(
            [at + (np.arange(days) + 0.5) / days for at, days in enumerate(self.days)]
        )
        return noons - months_between(self.first, begins)

    def means(self, daily: Daily) -> list[float]:
        """Return the mean of each month of a number for each day; of what stays alike, exactly."""
        lengths = np.array(self.days)
        starts = np.cumsum(lengths) - lengths
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
    first, last = ((x.day - 1) / monthrange(x.year, x.month)[1] for x in (begins, ends))
    return months + last - first


DAYS = 365 / 12  # of a normal month


@dataclass(frozen=True)
class FirmClass(Value):
    """Firms that hold the same days of stock, and their share of the use of the market, 0 to 1."""

    days: float
    share: float


class MarketStock:
    """What the firms of a market hold of a product, and what is under way to them."""

    def __init__(
        self, classes: Sequence[FirmClass], month: float, sent: Sequence[float], lead: int
    ) -> None:
        self.classes = tuple(classes)
        self._targets = [month * each.share * each.days / DAYS for each in self.classes]
        self.held = [*self._targets]
        self.common = self.reserve = 0.0
        self._reserve_target = 0.0
        self.under_way = [fsum(sent)] * lead
        self._normal = fsum(self._targets) + fsum(self.under_way)

    @property
    def stock(self) -> float:
        """Tonnes that lie in the market."""
        return fsum(self.held) + self.common + self.reserve

    def at_rest(self) -> bool:
        """Whether all that is held and under way is as when all is well."""
        return abs(self._position() - self._normal) <= 1e-9 * max(1.0, self._normal)

    def _position(self) -> float:
        return self.stock + fsum(self.under_way)

    def build(self, tonnes: float) -> None:
        """Order tonnes more, to lie in a reserve that firms do not use until it is released."""
        self._reserve_target += tonnes
        self._normal += tonnes

    def release(self, tonnes: float) -> None:
        """Give tonnes of a reserve to the market: of the one built, else of an older one."""
        taken = min(self.reserve, tonnes)
        self.reserve -= taken
        self._reserve_target -= taken
        self._normal -= taken
        self.common += tonnes

    def wanted(self, use: float, at_home: float) -> tuple[float, float, float]:
        """Return what is ordered in a month for use and for stock, and how full stocks are, 0 to 1.

        What cannot be used this month for want of goods is not made up for later.
        """
        arriving = self.under_way[0] if self.under_way else 0.0
        there = fsum(self.held) + self.common + arriving + at_home
        expected = min(use, there) if self.under_way else use
        order = max(0.0, self._normal + expected - self._position())
        for_use = min(use, order)
        filled = 1 - (order - for_use) / self._normal if self._normal > 0 else 1.0
        return for_use, order - for_use, max(0.0, filled)

    def send(self, abroad: float, at_home: float) -> float:
        """Take what is sent in a month, and return what arrives."""
        self.under_way.append(abroad)
        return self.under_way.pop(0) + at_home

    def use(self, arrives: float, wanted: float) -> tuple[float, tuple[float, ...]]:
        """Use what arrives and is held; return that, and what part of each class stood still."""
        used = []
        for place, each in enumerate(self.classes):
            there = self.held[place] + each.share * arrives
            part = min(each.share * wanted, there)
            used.append(part)
            left = there - part
            self.held[place] = min(left, self._targets[place])
            self.common += left - self.held[place]
        missing = [each.share * wanted - x for each, x in zip(self.classes, used, strict=True)]
        whole = fsum(missing)
        given = min(self.common, whole)
        if given > 0:
            used = [x + given * y / whole for x, y in zip(used, missing, strict=True)]
            self.common -= given
        stopped = tuple(
            max(0.0, 1 - x / (each.share * wanted)) if each.share * wanted > 0 else 0.0
            for each, x in zip(self.classes, used, strict=True)
        )
        # what is held in common fills normal stocks, each by the same part of what it lacks
        lacking = [target - held for target, held in zip(self._targets, self.held, strict=True)]
        whole = fsum(lacking)
        part = min(1.0, self.common / whole) if whole > 0 else 0.0
        if part > 0:
            self.held = [held + part * x for held, x in zip(self.held, lacking, strict=True)]
            self.common = max(0.0, self.common - part * whole)
        stored = min(self.common, max(0.0, self._reserve_target - self.reserve))
        self.common -= stored
        self.reserve += stored
        return fsum(used), tuple(0.0 if x < 1e-9 else x for x in stopped)
