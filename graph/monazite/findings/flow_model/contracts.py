"""Contracts: what users get after an event while nobody bids.

The flows are those of the base year, each at a level between 0 and 1. A pool has rows, those of the
linear programme (``constraints``): what it takes and sells of a product is no more than what it
makes, buys and lacks of it. For each of them

* wanted = the sum over its uses of base x need: plants that stop, and borders that close, need
  nothing, and what feeds them is released in the same part, stage by stage up to the mines;
* alpha = min(1, available / wanted), one for the pool's own next stage, its other users and its
  buyers abroad;
* level = need x the least alpha of the rows that a flow is in: a product gets the least of what its
  elements get, ore the least of what it holds.

Where ``home_first``, a pool that makes the product itself serves its own plants and users before
buyers abroad: alpha at home = min(1, available / wanted at home), abroad what is left.

It starts with all levels at their needs, and repeats until no level falls any more. Levels only
fall, so that the greatest solution is found: it depends on no order. Metal that a product leaves
for want of another element goes to the other products of its pool. Nothing flows that the linear
programme does not allow, so that what is served here is a floor that it can hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import fsum

import numpy as np
from numpy.typing import NDArray

from monazite.findings.events.event import BASE_YEAR, Event
from monazite.findings.flow_model.programme import Programme, Served, UnlimitedSupply

ROUNDS, SETTLED = 10_000, 1e-12
"""Pools that sell to each other in circles come to rest round by round."""
CLOSED = 1e-9
"""A row that lacks a smaller part of what it takes lacks nothing."""

Numbers = NDArray[np.float64]


class Contracts:
    """The contracts of a base year: who takes what of whom, and what is left after an event."""

    def __init__(self, programme: Programme) -> None:
        """Read the flows of the base year from its linear programme."""
        self._programme = programme
        self._flows = [x for x, tonnes in sorted(programme.base.items()) if tonnes > 0]
        self._tonnes = np.array([programme.base[x] for x in self._flows])
        place = {column: at for at, column in enumerate(self._flows)}
        found = [
            (row, place[column], factor * programme.base[column])
            for row, column, factor in _entries(programme)
            if column in place
        ]
        self._rows = sorted({row for row, _, tonnes in found if tonnes > 0})
        self._use = _Entries(found, self._rows, 1.0)
        self._supply = _Entries(found, self._rows, -1.0)
        every = np.arange(len(self._flows))

        def those(columns: Iterable[int]) -> NDArray[np.bool_]:
            return np.isin(every, [place[x] for x in columns if x in place])

        self._whole = self._use.summed(np.ones(len(every)))
        self._taken, self._fed = (np.isin(every, x.flow) for x in (self._use, self._supply))
        self._abroad = those(programme.sales.values())
        self._sold, self._made = those(programme.sold.values()), those(programme.made.values())
        outputs = those(programme.outputs.values())
        making = self._supply.row[outputs[self._supply.flow]]
        self._by_maker = np.isin(self._use.row, making)
        self._users = {
            key: [place[x] for (what, _, who), x in programme.sold.items() if (what, who) == key]
            for key in programme.served
        }

    def serve(
        self,
        event: Event,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
    ) -> Served:
        """Return what users get after an event while nobody bids."""
        programme = self._programme
        bounds = programme.bounds(BASE_YEAR, event, unlimited=unlimited)
        upper = np.array([bounds.upper.get(x, np.inf) for x in self._flows])
        row_upper = programme.columns.row_upper
        given = np.array([bounds.row_upper.get(row, row_upper[row]) for row in self._rows])
        need = self._needs(np.minimum(1.0, upper / self._tonnes))
        level = _settled(need, lambda x: need * self._part(given, need, x, home_first))
        level = self._passed_on(given, need, level)
        sold = need * self._part(given, need, level, home_first)
        tonnes = np.where(self._sold, sold, level) * self._tonnes
        return Served(
            {
                key: min(programme.demand[key], fsum(tonnes[sold]))
                for key, sold in self._users.items()
            }
        )

    def _needs(self, left: Numbers) -> Numbers:
        """The part of each flow that its plants, and those that they feed, still take.

        What users take is always wanted, the rest as far as what it feeds is; mines go on.
        """

        def after(need: Numbers) -> Numbers:
            part = self._use.summed(need) / self._whole
            most = np.where(self._fed, 0.0, 1.0)
            np.maximum.at(most, self._supply.flow, part[self._supply.row])
            return np.where(self._taken, left * most, left)

        return _settled(left, after)

    def _part(self, given: Numbers, need: Numbers, level: Numbers, home_first: bool) -> Numbers:
        """The least part of what is needed that the rows of a flow serve to it."""
        available = given + self._supply.summed(level)
        wanted = self._use.summed(need)
        alpha = _served(available, wanted)[self._use.row]
        if home_first:
            at_home = self._use.summed(np.where(self._abroad, 0.0, need))
            home = _served(available, at_home)[self._use.row]
            left = np.maximum(0.0, available - at_home)
            abroad = _served(left, wanted - at_home)[self._use.row]
            chosen = np.where(self._abroad[self._use.flow], abroad, home)
            alpha = np.where(self._by_maker, chosen, alpha)
        least = np.ones(len(level))
        np.minimum.at(least, self._use.flow, alpha)
        return least

    def _passed_on(self, given: Numbers, need: Numbers, level: Numbers) -> Numbers:
        """Fill products, all of a pool alike, from what others leave for want of an element."""
        level = level.copy()
        left = given + self._supply.summed(level) - self._use.summed(level)
        rows: dict[int, list[tuple[int, float]]] = defaultdict(list)
        short = {int(x) for x in np.flatnonzero(self._made & (level < need - CLOSED))}
        for row, flow, tonnes in self._use:
            if flow in short:
                rows[flow].append((row, tonnes))
        while short:
            taken: dict[int, float] = defaultdict(float)
            for row, tonnes in (each for flow in sorted(short) for each in rows[flow]):
                taken[row] += tonnes
            rises = {
                flow: min(
                    float(need[flow] - level[flow]),
                    *(max(0.0, float(left[row])) / taken[row] for row, _ in rows[flow]),
                )
                for flow in sorted(short)
            }
            for flow, rise in rises.items():
                level[flow] += rise
                for row, tonnes in rows[flow]:
                    left[row] -= rise * tonnes
            short = {x for x in short if rises[x] > CLOSED and need[x] - level[x] > CLOSED}
        return level


class _Entries:
    """What flows take of rows, or give to them: a row, a flow and its tonnes in the base year."""

    def __init__(
        self, found: Iterable[tuple[int, int, float]], rows: list[int], sign: float
    ) -> None:
        place = {row: at for at, row in enumerate(rows)}
        own = [x for x in found if sign * x[2] > 0 and x[0] in place]
        self.row = np.array([place[row] for row, _, _ in own], dtype=np.intp)
        self.flow = np.array([flow for _, flow, _ in own], dtype=np.intp)
        self.tonnes = np.array([sign * tonnes for _, _, tonnes in own], dtype=np.float64)
        self._count = len(rows)

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(self.row.tolist(), self.flow.tolist(), self.tonnes.tolist(), strict=True)

    def summed(self, level: Numbers) -> Numbers:
        """Tonnes of each row, with each flow at a level."""
        weights = self.tonnes * level[self.flow]
        return np.bincount(self.row, weights, self._count).astype(np.float64, copy=False)


def _settled(level: Numbers, after: Callable[[Numbers], Numbers]) -> Numbers:
    """Repeat a step from which no level rises until none falls any more."""
    for _ in range(ROUNDS):
        before, level = level, after(level)
        if np.max(before - level, initial=0.0) <= SETTLED:
            break
    return level


def _served(available: Numbers, wanted: Numbers) -> Numbers:
    """What is available of what is wanted, at most 1."""
    short = available < wanted * (1 - CLOSED)
    return np.divide(available, wanted, out=np.ones_like(wanted), where=short)


def _entries(programme: Programme) -> Iterable[tuple[int, int, float]]:
    """Row, column and factor of every term of a programme."""
    columns = programme.columns
    ends = [*columns.starts[1:], len(columns.index)]
    for row, (start, end) in enumerate(zip(columns.starts, ends, strict=True)):
        for at in range(start, end):
            yield row, columns.index[at], columns.value[at]
