"""Capacity expansion: the least new plants after an event that leave a part of use lost at most.

The flow model of the horizon, in which each plant that did not fail may grow at one a tonne, and
sales of plants that run grow with them; sales through the country that failed do not. The asked
part of use is served by one of three rules: to the market first, so that no other loses, or to all
outside alike. Mines grow only where plants alone do not reach it, each with all that its ore holds.
Not modelled: money, years to build, alloys, growth of use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from math import fsum, inf

from monazite.analysis.mitigation.rerouting import flows_of
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import Event
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.programme import HELD, EventBounds, Programme
from monazite.model.flow.study import Study
from monazite.model.linear_programme import Session

BUILT = (SEPARATION, METAL, MAGNET)  # stages at which plants may be built
FIRST, HARMLESS, ALIKE = "market first", "no other loses", "all alike"
RULES = (FIRST, HARMLESS, ALIKE)
BY_STAGE = (MINE, *BUILT)
PLANT = tuple[str, str, str]  # stage, country or rest of the world, element or product
Span = tuple[float, float]
LEAST = 1e-3  # tonnes below which nothing is built
SLACK = 1e-7  # by which an optimum may be passed while something else is minimised


def may_open(chain: Chain) -> frozenset[tuple[str, str]]:
    """Return the elements and pools that take ore and could begin to separate it."""
    return frozenset(
        (element, pool)
        for element, own in chain.element_chains.items()
        for stage, pool in own.taken
        if stage == SEPARATION and own.made.get((SEPARATION, pool), 0.0) <= 0
    )


class Expansion:
    """The linear programme of what is built after an event; sales grow with plants."""

    def __init__(self, study: Study, event: Event, without: str, *, mines: bool = False) -> None:
        self.study, self.event, self.without = study, event, without
        self.before = study.served(event).amounts
        opened = study.chain.opened | may_open(study.chain)
        self._chain = replace(study.chain, opened=opened)
        self.flows = self._programme(study.demand, 1)
        flows, columns = self.flows, self.flows.columns.copy()
        horizon = flows.bounds(study.horizon, event)
        freed = self._freed(flows, horizon)
        for column in range(len(columns.cost)):
            columns.cost[column] = 0.0
        for column, bound in freed.upper.items():
            columns.upper[column] = bound
        for row, bound in freed.row_upper.items():
            columns.row_upper[row] = bound
        self.added: dict[PLANT, int] = {}
        tonnes_of = {column: size for column, size, _ in flows_of(flows).values()}
        self._size: dict[PLANT, float] = {}  # tonnes that a column of 1 stands for
        for key, column in sorted(flows.outputs.items()):
            size, grows = tonnes_of[column], key[0] in BUILT or (mines and key[0] == MINE)
            if grows and size > 0 and event.left_of(*key) > 1 - 1e-9:
                added = self.added[key] = columns.column(name=("added", *key))
                bound, columns.upper[column] = size * horizon.upper[column], inf
                terms = {column: size, added: -1.0}
                columns.row(terms, upper=bound, name=("capacity", *key))
                self._size[key] = size
        self._sum = columns.row(dict.fromkeys(self.added.values(), 1.0), name=("held",))
        self._excess: dict[int, float] = {}  # columns of sales beyond the horizon, and their tonnes
        for sale, column in sorted(flows.sales.items()):
            if self._grows(flows, sale):
                excess = columns.column(name=("excess", *sale))
                self._excess[excess] = tonnes_of[column]
                terms = {column: 1.0, excess: -1.0}
                columns.row(terms, upper=horizon.upper[column], name=("beyond", *sale))
        self._part = columns.column(upper=1.0, name=("part_served",))
        self._least = columns.row({self._part: -1.0}, upper=0.0, name=("asked",))
        mine = {x for key in self._asked for x in flows.served[key]}
        terms = {**dict.fromkeys(sorted(mine), -1.0), self._part: study.base}
        self._market = columns.row(terms, upper=0.0, name=("served_to_market",))
        self._alike = {
            key: columns.row(
                {**dict.fromkeys(flows.served[key], -1.0), self._part: used}, name=("alike", *key)
            )
            for key, used in sorted(study.demand.items())
            if key[0] in study.products and key[1] != without
        }
        self._columns = columns

    @cached_property
    def with_mines(self) -> Expansion:
        """The same with mines that may grow too."""
        return Expansion(self.study, self.event, self.without, mines=True)

    @cached_property
    def _session(self) -> Session:
        return self._columns.open()

    @property
    def _asked(self) -> list[tuple[str, str]]:
        """What the market takes: products and users."""
        user, products = self.study.user, self.study.products
        return [key for key in self.study.demand if key[0] in products and user in (None, key[1])]

    def _programme(self, demand: Mapping[tuple[str, str], float], steps: int) -> Programme:
        thrift = self.study.horizon.thrift
        return Programme(self._chain, demand, steps=steps, new_pairs=True, thrift=thrift)

    def _grows(self, flows: Programme, sale: tuple[str, str, str, str]) -> bool:
        """Whether a sale may grow: of its maker, open, not through the country that failed."""
        stage, seller, buyer, what = sale
        through = seller == self.without or (buyer == self.without and stage != MAGNET)
        makes = any(
            (at, pool) == (stage, seller) and (made == what or stage == MINE)
            for at, pool, made in flows.outputs
        )
        return makes and not through and self.event.left_of_sale(*sale) == 1

    def _freed(self, flows: Programme, bounds: EventBounds) -> EventBounds:
        """The bounds of a horizon without those of the sales that grow with plants."""
        free = (column for key, column in flows.sales.items() if self._grows(flows, key))
        upper = {**bounds.upper, **dict.fromkeys(free, inf)}
        return EventBounds(upper, {**bounds.row_upper, **dict.fromkeys(flows.intake, inf)})

    def _rows(self, rule: str, part: float) -> dict[int, float]:
        rows = {self._least: -part}
        if rule != FIRST:
            rows |= {row: -HELD * self.before[key] for key, row in self.flows.floors.items()}
        of_all = rule == ALIKE and self.study.user is None
        rows |= dict.fromkeys(self._alike.values(), 0.0 if rule == ALIKE else inf)
        return rows | {self._market: inf if of_all else 0.0}

    def lost_anyway(self, rule: str) -> float:
        """Return the part that stays lost whatever is built."""
        values = self._session.solve(row_upper=self._rows(rule, 0.0), cost={self._part: -1.0})
        return 1.0 if values is None else max(0.0, 1 - values[self._part])

    def least(self, rule: str, below: float) -> tuple[float, float]:
        """Return the least tonnes that leave a part lost, and what one point less would take."""
        rows, cost = self._rows(rule, 1 - below), dict.fromkeys(self.added.values(), 1.0)
        values = self._solved(self._session.solve(row_upper=rows, cost=cost))
        whole = fsum(values[x] for x in self.added.values())
        return (whole if whole > LEAST else 0.0), -0.01 * self._session.row_duals()[self._least]

    @staticmethod
    def _solved(values: list[float] | None) -> list[float]:
        assert values is not None, "less than what stays lost whatever is built was asked"
        return values

    def held(self, rule: str, below: float, whole: float) -> Session:
        """Return the programme with no more built than the least, and sales grown least."""
        columns = self._columns.copy()
        rows = self._rows(rule, 1 - below) | {self._sum: whole * (1 + SLACK) + SLACK}
        for row, bound in rows.items():
            columns.row_upper[row] = bound
        for column, size in self._excess.items():
            columns.cost[column] = size
        return columns.open()

    def plants(self, held: Session) -> tuple[dict[PLANT, float], float]:
        """Return what is built with the least new sales across borders, and these."""
        values = self._solved(held.solve())
        built = {key: values[x] for key, x in self.added.items() if values[x] > 0}
        return built, fsum(size * values[x] for x, size in self._excess.items())

    def span(self, held: Session, plant: PLANT) -> tuple[float, float]:
        """Return the least and the most of a plant at the least tonnes of all."""
        column, still = self.added[plant], dict.fromkeys(self._excess, 0.0)
        least, most = (
            self._solved(held.solve(cost={**still, column: sign}))[column] for sign in (1.0, -1.0)
        )
        small = 10 * LEAST
        return (least if least > small else 0.0), (most if most > small else 0.0)

    def lost(self, rule: str, built: Mapping[PLANT, float]) -> float:
        """Return what the loss programme itself says is lost with what is built.

        The market is served first; where all fare alike users bid, and those of the failure keep
        what they had.
        """
        study, alike = self.study, rule == ALIKE
        kept = {x for x in study.demand if alike and x[1] == self.without != study.user}
        demand = {
            key: used if key not in kept else max(LEAST, self.before[key])
            for key, used in study.demand.items()
        }
        flows = self._programme(demand, STEPS if alike else 1)
        levels = {key: tonnes / self._size[key] for key, tonnes in built.items()}
        event = self.event.together_with(Event(added=levels))
        floors = {} if rule == FIRST else self.before
        bounds = self._freed(flows, flows.bounds(study.horizon, event, floors=floors))
        asked = [key for key in self._asked if key not in kept]
        others = (x for key in flows.served.keys() - asked for x in flows.served[key])
        values = flows.values(bounds if alike else replace(bounds, cost=dict.fromkeys(others, 0.0)))
        got = fsum(values[x] for key in asked for x in flows.served[key])
        return max(0.0, 1 - got / fsum(study.demand[key] for key in asked))

    @property
    def market_part(self) -> float | None:
        """What the market uses, of all that users outside the failure use."""
        demand = self.study.demand
        outside = fsum(demand[key] for key in self._alike)
        if self.study.user in (None, self.without) or outside <= 0:
            return None
        return self.study.base / outside
