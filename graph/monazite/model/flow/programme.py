"""The flow model: a linear programme of one year of the chain within a horizon, solved by HiGHS.

Variables: ore mined (a level for each country or deposit) and sold (a level for each pair), oxide,
metal and their trade by element, products made and sold, products served in equal steps.
For every pool and element, with the base year's quantities as bounds:

* oxide <= yield x (own ore + ore bought - ore sold + unexplained) + swarf + other scrap
* swarf <= its part in the base year of what the magnets made there hold: no magnet, no swarf
* metal <= yield x (oxide + bought - sold + unexplained)
* sum over products of recipe x made <= yield x (what they take + bought - sold + unexplained)
* sold <= made, for each product; served <= sold to the user <= demand of the base year
* made <= throughput factor x base, or what a quota or a nameplate says
* sold across a border <= trade factor x base
* new pairs into a pool <= their part of what it takes in the base year
* served to a user >= the floor, what the horizon before served

Objective: a strictly concave utility. Demand is cut into ``STEPS`` equal steps whose weight falls
from 1.3 to 0.7 and differs across users, so what is served is unique, up to two steps by the order
of names. The flows behind it are not unique and are never reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import field, replace
from functools import cached_property
from math import fsum, inf
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from monazite.core.errors import ProgrammeError
from monazite.core.results import Struct
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event, Horizon, more_of
from monazite.model.flow.constraints import Flows
from monazite.model.linear_programme import LinearProgramme, Session

UnlimitedSupply = Set[tuple[str, str]]  # elements and stages whose balances do not bind
NO_FLOORS: Mapping[tuple[str, str], float] = MappingProxyType({})
HELD = 1 - 1e-6  # The part of a floor that is held, so that rounding does not make it impossible


class Served(Struct):
    """What users are served."""

    amounts: Mapping[tuple[str, str], float]

    def of(self, user: str | None = None, products: Set[str] | None = None) -> float:
        """Add up what is served."""
        return fsum(
            amount
            for (what, who), amount in self.amounts.items()
            if user in (None, who) and (products is None or what in products)
        )


class EventBounds(Struct):
    """The bounds and costs that a horizon and an event change."""

    upper: Mapping[int, float]
    row_upper: Mapping[int, float]
    cost: Mapping[int, float] = field(default_factory=dict)


class Programme(Flows):
    """The flow model of a chain, solved for horizons and events by ``serve``."""

    def serve(
        self,
        horizon: Horizon = BASE_YEAR,
        event: Event = NO_EVENT,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        floors: Mapping[tuple[str, str], float] = NO_FLOORS,
    ) -> Served:
        """Solve the flow model within a horizon, after an event."""
        return self._served(self.bounds(horizon, event, unlimited=unlimited, floors=floors))

    def most(self, horizon: Horizon, event: Event, user: str | None, products: Set[str]) -> Served:
        """Serve a user before all others: what is left decides, and nobody has a contract."""
        others = {
            column: 0.0
            for (what, who), columns in self.served.items()
            for column in columns
            if user not in (None, who) or what not in products
        }
        return self._served(replace(self.bounds(horizon, event), cost=others))

    def _served(self, bounds: EventBounds) -> Served:
        values = self.values(bounds)
        return Served({key: fsum(values[x] for x in served) for key, served in self.served.items()})

    def values(self, bounds: EventBounds) -> list[float]:
        """Solve the flow model under changed bounds and costs."""
        values = self._session.solve(**vars(bounds))
        if values is None:
            raise ProgrammeError(
                "The flows of the base year cannot be worked out: bounds contradict each other; "
                "look at monazite balance for what does not close."
            )
        return values

    def bounds(
        self,
        horizon: Horizon,
        event: Event = NO_EVENT,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        floors: Mapping[tuple[str, str], float] = NO_FLOORS,
    ) -> EventBounds:
        """Return the bounds that a horizon and an event change."""
        upper = {
            column: (
                self.base[column] * horizon.times(self.chain.ceilings.get(key))
                + more_of(horizon.added, *key)
                + event.more_of(*key)
            )
            * event.left_of(*key)
            for key, column in self.outputs.items()
        }
        upper |= dict.fromkeys(self._home, inf)
        upper |= {x: self.base[x] * event.left_of(*plant) for x, plant in self._swarf.items()}
        for key, column in self.sales.items():
            left = event.left_of_sale(*key)
            if column in self._new:
                room = self._room.get(column, 0.0)
                upper[column] = _times(horizon.new_pairs, left * room)
            else:
                base = self.base[column] * left
                upper[column] = (
                    base * (horizon.trade if column in self._backed else 1.0) if base else 0.0
                )
        for (stage, pool, buyer, what), much in event.moved.items():
            flow = (stage, pool, buyer, what)
            column = self.sales[flow] if buyer else self.outputs[stage, pool, what]
            upper[column] = max(0.0, upper[column] + much)
        rows = {
            row: fixed + scrap * event.left_of(*plant)
            for row, (fixed, scrap, plant) in self._scrap.items()
        }
        rows |= {row: _times(horizon.new_pairs, intake) for row, intake in self.intake.items()}
        rows |= {row: inf for key in sorted(unlimited) for row in self.balances.get(key, ())}
        rows |= {self.floors[key]: -HELD * floor for key, floor in sorted(floors.items())}
        return EventBounds(upper, rows)

    @cached_property
    def _session(self) -> Session:
        return self.columns.open(maximise=True)


def _times(part: float, whole: float) -> float:
    """Any part of nothing is nothing, a part without limit too."""
    return part * whole if part and whole else 0.0


ROUNDS, SETTLED = 10_000, 1e-12  # pools sell to each other in circles
CLOSED = 1e-9  # A row that lacks a smaller part of what it takes lacks nothing
Numbers = NDArray[np.float64]


class Contracts:
    """The contracts of a base year: who takes what of whom, and what is left after an event."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._flows = [x for x, tonnes in sorted(programme.base.items()) if tonnes > 0]
        self._tonnes = np.array([programme.base[x] for x in self._flows])
        place = {column: at for at, column in enumerate(self._flows)}
        found = [
            (row, place[column], factor * programme.base[column])
            for row in range(len(programme.columns.row_upper))
            for column, factor in terms_of(programme.columns, row).items()
            if column in place
        ]
        self._rows = sorted({row for row, _, tonnes in found if tonnes > 0})
        self._use = _Entries(found, self._rows, 1.0)
        self._supply = _Entries(found, self._rows, -1.0)
        every = np.arange(len(self._flows))

        def those(columns: Iterable[int]) -> NDArray[np.bool_]:
            return np.isin(every, [place[x] for x in columns if x in place])

        self._whole = self._use.summed(np.ones(len(every)))
        made_for = [row not in programme.by_products for row in self._rows]
        self._made_for = np.array(made_for, dtype=bool)[self._supply.row]  # what takes them
        self._taken = np.isin(every, self._use.flow)
        self._fed = np.isin(every, self._supply.flow[self._made_for])
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
        self, event: Event, *, unlimited: UnlimitedSupply = frozenset(), home_first: bool = False
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
        """The part of each flow that its plants, and those that they feed, still take."""

        def after(need: Numbers) -> Numbers:
            part = self._use.summed(need) / self._whole
            most = np.where(self._fed, 0.0, 1.0)
            own = self._made_for
            np.maximum.at(most, self._supply.flow[own], part[self._supply.row[own]])
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
    short = available < wanted * (1 - CLOSED)
    return np.divide(available, wanted, out=np.ones_like(wanted), where=short)


def terms_of(columns: LinearProgramme, row: int) -> dict[int, float]:
    """Return the columns of a row with their factors."""
    start = columns.starts[row]
    end = columns.starts[row + 1] if row + 1 < len(columns.starts) else len(columns.index)
    return dict(zip(columns.index[start:end], columns.value[start:end], strict=True))
