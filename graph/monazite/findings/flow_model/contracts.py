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
from collections.abc import Iterable, Mapping
from math import fsum

import numpy as np

from monazite.findings.events.event import BASE_YEAR, Event
from monazite.findings.flow_model.programme import Programme, Served, UnlimitedSupply

ROUNDS, SETTLED = 10_000, 1e-12
"""Pools that sell to each other in circles come to rest round by round."""
CLOSED = 1e-9
"""A row that lacks a smaller part of what it takes lacks nothing."""


class Contracts:
    """The contracts of a base year: who takes what of whom, and what is left after an event."""

    def __init__(self, programme: Programme) -> None:
        """Read the flows of the base year from its linear programme.

        Args:
            programme: of the base year.
        """
        self._programme = programme
        self._columns = [x for x, tonnes in sorted(programme.base.items()) if tonnes > 0]
        place = {column: at for at, column in enumerate(self._columns)}
        self._tonnes = np.array([programme.base[x] for x in self._columns])
        uses, supplies = [], []
        for row, column, factor in _entries(programme):
            if column in place:
                entry = (row, place[column], abs(factor) * programme.base[column])
                (uses if factor > 0 else supplies).append(entry)
        self._use, self._supply = _Entries(uses), _Entries(supplies)
        self._taken = np.isin(np.arange(len(self._columns)), self._use.column)
        abroad = {place[x] for x in programme.sales.values() if x in place}
        self._abroad = np.isin(self._use.column, [*abroad])
        outputs = {place[x] for x in programme.outputs.values() if x in place}
        makes = {row for row, at, _ in supplies if at in outputs}
        self._makes = np.isin(self._use.row, [*makes])
        self._made = [place[x] for x in programme.made.values() if x in place]
        self._sold = [place[x] for x in programme.sold.values() if x in place]
        self._users = {
            key: [x for (what, _, who), x in programme.sold.items() if (what, who) == key]
            for key in programme.served
        }

    def serve(
        self,
        event: Event,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
    ) -> Served:
        """Return what users get after an event while nobody bids.

        Args:
            event: what is left of output and sales.
            unlimited: elements and stages whose product is unlimited.
            home_first: whether a pool serves its own plants and users before buyers abroad.

        Returns:
            Tonnes by product and user.
        """
        programme = self._programme
        bounds = programme.bounds(BASE_YEAR, event, unlimited=unlimited)
        upper = np.array([bounds.upper.get(x, np.inf) for x in self._columns])
        given = np.array(programme.columns.row_upper)
        given[[*bounds.row_upper]] = [*bounds.row_upper.values()]
        need = self._needs(np.minimum(1.0, upper / self._tonnes))
        level = need
        for _ in range(ROUNDS):
            after = need * self._part(self._alpha(given, need, level, home_first))
            fallen = np.max(level - after, initial=0.0)
            level = after
            if fallen <= SETTLED:
                break
        level = self._passed_on(given, need, level)
        alpha = self._alpha(given, need, level, home_first)
        level[self._sold] = (need * self._part(alpha))[self._sold]
        tonnes = dict(zip(self._columns, (level * self._tonnes).tolist(), strict=True))
        return Served(
            {
                key: min(programme.demand[key], fsum(tonnes.get(x, 0.0) for x in sold))
                for key, sold in self._users.items()
            }
        )

    def _needs(self, left: np.ndarray) -> np.ndarray:
        """The part of each flow that its plants, and those that they feed, still take."""
        whole = self._use.summed(np.ones(len(left)), len(self._programme.columns.row_upper))
        need = left
        for _ in range(ROUNDS):
            wanted = self._use.summed(need, len(whole))
            part = np.divide(wanted, whole, out=np.zeros_like(whole), where=whole > 0)
            most = np.where(self._feeds(whole), 0.0, 1.0)
            np.maximum.at(most, self._supply.column, part[self._supply.row])
            after = np.where(self._taken, left * most, left)
            fallen = np.max(need - after, initial=0.0)
            need = after
            if fallen <= SETTLED:
                break
        return need

    def _feeds(self, whole: np.ndarray) -> np.ndarray:
        """Whether a flow feeds plants or is sold on; what users take is always wanted."""
        fed = self._supply.column[whole[self._supply.row] > 0]
        return np.isin(np.arange(len(self._columns)), fed)

    def _alpha(
        self, given: np.ndarray, need: np.ndarray, level: np.ndarray, home_first: bool
    ) -> np.ndarray:
        """The part of what is wanted that each row serves to each of its uses."""
        available = given + self._supply.summed(level, len(given))
        wanted = self._use.summed(need, len(given))
        alpha = _part(available, wanted)[self._use.row]
        if not home_first:
            return alpha
        at_home = self._use.summed(need, len(given), ~self._abroad)
        home = _part(available, at_home)[self._use.row]
        left = np.maximum(0.0, available - at_home)
        abroad = _part(left, wanted - at_home)[self._use.row]
        return np.where(self._makes, np.where(self._abroad, abroad, home), alpha)

    def _part(self, alpha: np.ndarray) -> np.ndarray:
        """The least alpha of the rows that a flow is in."""
        least = np.ones(len(self._columns))
        np.minimum.at(least, self._use.column, alpha)
        return least

    def _passed_on(self, given: np.ndarray, need: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Fill products, all alike, from what others leave for want of another element."""
        level = level.copy()
        left = given + self._supply.summed(level, len(given)) - self._use.summed(level, len(given))
        rows: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for row, column, tonnes in self._use:
            if column in self._made:
                rows[column].append((row, tonnes))
        short = {column for column in self._made if level[column] < need[column]}
        while short:
            taken: dict[int, float] = defaultdict(float)
            for column in sorted(short):
                for row, tonnes in rows[column]:
                    taken[row] += tonnes
            rises = {
                column: min(
                    need[column] - level[column],
                    *(max(0.0, left[row]) / taken[row] for row, _ in rows[column]),
                )
                for column in short
            }
            for column, rise in rises.items():
                level[column] += rise
                for row, tonnes in rows[column]:
                    left[row] -= rise * tonnes
            short = {
                column
                for column in short
                if rises[column] > CLOSED and need[column] - level[column] > CLOSED
            }
        return level


class _Entries:
    """Entries of a matrix: a row, a flow and its tonnes in the base year."""

    def __init__(self, found: list[tuple[int, int, float]]) -> None:
        self.row = np.array([row for row, _, _ in found], dtype=np.intp)
        self.column = np.array([column for _, column, _ in found], dtype=np.intp)
        self.tonnes = np.array([tonnes for _, _, tonnes in found])

    def __iter__(self) -> Iterable[tuple[int, int, float]]:
        return zip(self.row.tolist(), self.column.tolist(), self.tonnes.tolist(), strict=True)

    def summed(
        self, level: np.ndarray, rows: int, chosen: np.ndarray | None = None
    ) -> np.ndarray:
        """Tonnes of each row, with each flow at a level."""
        weights = self.tonnes * level[self.column]
        return np.bincount(self.row, weights if chosen is None else weights * chosen, rows)


def _part(available: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """What is available of what is wanted, at most 1."""
    served = np.divide(available, wanted, out=np.ones_like(wanted), where=wanted > 0)
    return np.where(served >= 1 - CLOSED, 1.0, np.maximum(0.0, served))


def _entries(programme: Programme) -> Iterable[tuple[int, int, float]]:
    """Row, column and factor of every term of a programme."""
    columns = programme.columns
    ends = [*columns.starts[1:], len(columns.index)]
    for row, (start, end) in enumerate(zip(columns.starts, ends, strict=True)):
        for at in range(start, end):
            yield row, columns.index[at], columns.value[at]
