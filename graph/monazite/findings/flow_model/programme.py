"""The flow model: a linear programme of one year of the chain within a horizon.

Variables: ore mined (one level a country, or one a deposit of a country that mines several: its
elements come in the fixed shares of its ore), ore sold (one level a pair and ore), oxide, metal and
their trade by element, products made, products sold by pair, products served to users in equal
steps. Products are magnets made of metal, or oxide that is used as it is.

For every pool and element, with the base year's quantities as bounds:

* oxide <= yield x (own ore + ore bought - ore sold + unexplained) + scrap
* metal <= yield x (oxide + bought - sold + unexplained)
* sum over products of recipe x made <= yield x (what they take + bought - sold + unexplained)
* sold <= made, for each product; served <= sold to the user <= demand of the base year
* made <= throughput factor x base, or what a quota or a nameplate says
* sold across a border <= trade factor x base
* new pairs into a pool <= their part of what it takes in the base year

* served to a user >= the floor, what the horizon before served

Objective: what is left above the floors is shared by a strictly concave utility: each user's demand
for a product is cut into ``STEPS`` equal steps whose weight falls from 1.3 to 0.7 (into a fifth as
many where oxide is used outside magnets). Weights are interleaved across users, so that all differ
and the optimum of what is served is unique: it does not depend on the solver or its start, and on
the order of names by two steps at most, seldom by more than one. The flows behind it are not unique
and are never reported.
Weights are per tonne of magnets, and per tonne of oxide as many as it would make: without floors
all users fare alike.
Solved by HiGHS; horizons and events only move bounds, so that one programme is solved for all of
them, each time from the basis of the base year.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import fsum, inf
from types import MappingProxyType

from monazite.errors import ProgrammeError
from monazite.findings.events.event import BASE_YEAR, NO_EVENT, Event, Horizon, more_of
from monazite.findings.flow_model.constraints import STEPS, Flows
from monazite.findings.linear_programme import Session

UnlimitedSupply = Set[tuple[str, str]]
"""Elements and stages whose product is unlimited: their balances do not bind."""
NO_FLOORS: Mapping[tuple[str, str], float] = MappingProxyType({})
HELD = 1 - 1e-6
"""The part of a floor that is held, so that rounding does not make it impossible."""


@dataclass(frozen=True)
class Served:
    """What users are served."""

    amounts: Mapping[tuple[str, str], float]

    def of(self, user: str | None = None, products: Set[str] | None = None) -> float:
        """Add up what is served."""
        return fsum(
            amount
            for (what, who), amount in self.amounts.items()
            if user in (None, who) and (products is None or what in products)
        )


@dataclass(frozen=True)
class EventBounds:
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
        bounds = self.bounds(horizon, event, unlimited=unlimited, floors=floors)
        values = self.values(bounds)
        return Served(
            {
                key: fsum(values[column] for column in columns)
                for key, columns in self.served.items()
            }
        )

    def most(self, horizon: Horizon, event: Event, user: str | None, products: Set[str]) -> Served:
        """Serve a user before all others: what is left decides, and nobody has a contract."""
        asked = {
            key: columns
            for key, columns in self.served.items()
            if user in (None, key[1]) and key[0] in products
        }
        wanted = {column for columns in asked.values() for column in columns}
        others = {x: 0.0 for columns in self.served.values() for x in columns if x not in wanted}
        values = self.values(replace(self.bounds(horizon, event), cost=others))
        return Served({key: fsum(values[x] for x in columns) for key, columns in asked.items()})

    def values(self, bounds: EventBounds) -> list[float]:
        """Solve the flow model under changed bounds and costs."""
        values = self._session.solve(
            upper=bounds.upper, row_upper=bounds.row_upper, cost=bounds.cost
        )
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
        rows |= {row: _times(horizon.new_pairs, intake) for row, intake in self._intake.items()}
        rows |= {row: inf for key in sorted(unlimited) for row in self.balances.get(key, ())}
        rows |= {self.floors[key]: -HELD * floor for key, floor in sorted(floors.items())}
        return EventBounds(upper, rows)

    @cached_property
    def _session(self) -> Session:
        return self.columns.open(maximise=True)


def _times(part: float, whole: float) -> float:
    """Any part of nothing is nothing, a part without limit too."""
    return part * whole if part and whole else 0.0


__all__ = ["STEPS", "EventBounds", "Programme", "ProgrammeError", "Served", "UnlimitedSupply"]
