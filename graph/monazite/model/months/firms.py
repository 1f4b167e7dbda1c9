"""Firms of a market by the stock that they hold: who runs on, who stands still, what they order.

A pooled stock would let all run until all stop on one day: firms are cut into classes by days of
stock. What comes beyond normal stocks is held in common.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import fsum
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from monazite.core.results import Value

MONTHS_OF_YEAR = 12
IMMEDIATE, YEARS = 3, 24
"""Months without more than the base year's trade and output; months until the medium run."""
Daily: TypeAlias = NDArray[np.float64]  # a number for each day of a scenario


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


JUMP = 0.05  # part of what is normal, or else of the most, by which a day ends a period
Of = TypeVar("Of", bound=tuple[str, ...])


class DailyNumbers(Generic[Of]):
    """Numbers for each day of a scenario, by stage or product and more, and their means.

    Before the first day all is normal.
    """

    def __init__(self, months: Months, daily: Mapping[Of, Daily], normal: float) -> None:
        self._normal = normal
        lengths = np.repeat(1 / np.array(months.days), months.days)
        self._starts = np.concatenate([[0.0], np.cumsum(lengths)])
        keys: dict[str, list[Of]] = defaultdict(list)
        for key in daily:
            keys[key[0]].append(key)
        self._sums: dict[str, tuple[list[Of], Daily]] = {}
        self._jumps: dict[str, list[float]] = {}
        for first, own in keys.items():
            apart = np.array([daily[key] for key in own]) - normal
            self._sums[first] = own, np.pad(np.cumsum(apart * lengths, axis=1), ((0, 0), (1, 0)))
            most = normal or np.max(np.abs(apart), initial=0.0)
            changes = np.max(np.abs(np.diff(apart, axis=1, prepend=0.0)), axis=0)
            self._jumps[first] = self._starts[:-1][changes > JUMP * most].tolist()

    def breaks(self, leads: Mapping[str, float]) -> set[float]:
        """Return the times at which a number jumps, by stage so many months later."""
        return {at + leads.get(first, 0) for first, own in self._jumps.items() for at in own}

    def means(self, begins: float, ends: float, leads: Mapping[str, float]) -> dict[Of, float]:
        """Return the means of a period, by stage so many months before, where not normal."""
        found: dict[Of, float] = {}
        for first, (keys, sums) in self._sums.items():
            lead = leads.get(first, 0)
            apart = (self._until(sums, ends - lead) - self._until(sums, begins - lead)) / (
                ends - begins
            )
            found |= {
                key: mean
                for key, mean in zip(keys, np.round(self._normal + apart, 12).tolist(), strict=True)
                if mean != self._normal
            }
        return found

    def _until(self, sums: Daily, time: float) -> Daily:
        at = float(np.interp(time, self._starts, np.arange(len(self._starts))))
        day = min(int(at), sums.shape[1] - 2)
        until: Daily = sums[:, day] + (at - day) * (sums[:, day + 1] - sums[:, day])
        return until


def months_between(begins: date, ends: date) -> float:
    """Return the months from the beginning of a day to that of another, by the calendar.

    >>> months_between(date(2027, 1, 1), date(2027, 4, 16))
    3.5
    """
    months = (ends.year - begins.year) * MONTHS_OF_YEAR + ends.month - begins.month
    first, last = ((x.day - 1) / monthrange(x.year, x.month)[1] for x in (begins, ends))
    return months + last - first


DAYS = 365 / 12  # of a normal month


class FirmClass(Value):
    """Firms that hold the same days of stock, and their share of the use of the market, 0 to 1."""

    days: float
    share: float


class MarketStock:
    """What the firms of a market hold of a product, and what is under way to them."""

    def __init__(
        self, classes: Sequence[FirmClass], month: float, abroad: float, transit: float
    ) -> None:
        self.classes, self._transit = tuple(classes), transit
        self._targets = [month * each.share * each.days / DAYS for each in self.classes]
        self.held = [*self._targets]
        self.common = self.reserve = 0.0
        self._reserve_target = self._now = 0.0
        self._sent = [(-transit, 0.0, abroad)]
        """What left abroad and may be under way: from when until when, in tonnes a month."""
        self._normal = fsum(self._targets) + abroad * transit

    @property
    def stock(self) -> float:
        """Tonnes that lie in the market."""
        return fsum(self.held) + self.common + self.reserve

    @property
    def under_way(self) -> float:
        """Tonnes that left, and did not arrive yet."""
        return self._left(self._now - self._transit, self._now)

    def _left(self, begins: float, ends: float) -> float:
        """Tonnes that left between two times."""
        return fsum(
            pace * max(0.0, min(last, ends) - max(first, begins))
            for first, last, pace in self._sent
        )

    def at_rest(self) -> bool:
        """Whether all that is held and under way is as when all is well."""
        return abs(self._position() - self._normal) <= 1e-9 * max(1.0, self._normal)

    def _position(self) -> float:
        return self.stock + self.under_way

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

    def wanted(self, use: float, at_home: float, length: float = 1.0) -> tuple[float, float, float]:
        """Return what is ordered in a period for use and stock, and how full stocks are, 0 to 1.

        What cannot be used in it for want of goods is not made up for later.
        """
        begins = self._now - self._transit
        there = fsum(self.held) + self.common + self._left(begins, begins + length) + at_home
        expected = min(use, there) if self._transit >= length else use
        order = max(0.0, self._normal + expected - self._position())
        for_use = min(use, order)
        filled = 1 - (order - for_use) / self._normal if self._normal > 0 else 1.0
        return for_use, order - for_use, max(0.0, filled)

    def send(self, abroad: float, at_home: float, length: float = 1.0) -> float:
        """Take what is sent in a period, and return what arrives in it."""
        begins = self._now - self._transit
        self._sent.append((self._now, self._now + length, abroad / length))
        arrives = self._left(begins, begins + length)
        self._now += length
        self._sent = [each for each in self._sent if each[1] > begins + length]
        return arrives + at_home

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
