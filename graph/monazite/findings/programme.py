"""The flow model: a linear programme of one year of the chain within a horizon.

Variables: ore mined (one level a country: its elements come in the fixed shares of its ore), ore
sold (one level a pair), oxide, metal and their trade by element, products made, products sold by
pair, products served to users in equal steps. Products are magnets made of metal, or oxide that is
used as it is.

For every pool and element, with the base year's quantities as bounds:

* oxide <= yield x (own ore + ore bought - ore sold + unexplained) + scrap
* metal <= yield x (oxide + bought - sold + unexplained)
* sum over products of recipe x made <= yield x (what they take + bought - sold + unexplained)
* sold <= made, for each product; served <= sold to the user <= demand of the base year
* made <= throughput factor x base; sold across a border <= trade factor x base
* new pairs into a pool <= their part of what it takes in the base year

Objective: scarcity is shared by a strictly concave utility: each user's demand for a product is
cut into ``STEPS`` equal steps whose weight falls from 1.3 to 0.7, so that the amounts served are
unique within a step whatever the solver, its start or the order of names. Flows below that are
not unique and are never reported. Weights are per tonne: without preference all users fare alike.
Solved by HiGHS; horizons and events only move bounds, so that one programme is solved for all of
them, each time from the basis of the base year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import inf

from monazite.errors import MonaziteError
from monazite.findings.chain import Chain
from monazite.findings.events import ANY, NOTHING_HAPPENS, STILL, Event, Horizon
from monazite.findings.ledger import METAL, MINE, SEPARATION
from monazite.findings.linear import LinearProgramme, Session
from monazite.findings.strand import Strand
from monazite.network.shares import REST

STEPS = 200
FIRST_WEIGHT, LAST_WEIGHT = 1.3, 0.7

Plenty = Set[tuple[str, str]]
"""Elements whose product of a stage is there in plenty, by element and stage."""


class ProgrammeError(MonaziteError):
    """The programme has no solution: a sentence for the reader, never the solver's words."""


@dataclass(frozen=True)
class Served:
    """Tonnes served, by product and user."""

    amounts: Mapping[tuple[str, str], float]

    def of(self, user: str | None = None, product: str | None = None) -> float:
        """Tonnes of a product served to a user; all where none is named."""
        return sum(
            amount
            for (what, who), amount in self.amounts.items()
            if user in (None, who) and product in (None, what)
        )


@dataclass(frozen=True)
class Bounds:
    """What a horizon and an event make of a programme's bounds and costs, by column and row."""

    upper: Mapping[int, float]
    row_upper: Mapping[int, float]
    cost: Mapping[int, float]


class Programme:
    """The programme of a chain; horizons and events are given to ``serve``."""

    def __init__(
        self,
        chain: Chain,
        demand: Mapping[tuple[str, str], float] | None = None,
        *,
        steps: int = STEPS,
        new_pairs: bool = False,
        thrift: Mapping[str, float] | None = None,
    ) -> None:
        """Build it for the base year.

        Args:
            chain: the base year.
            demand: tonnes by product and user; what the base year sold if None.
            steps: how finely scarcity is shared; 1 says how much can be served, not to whom.
            new_pairs: whether pairs that did not trade may, in horizons that let them.
            thrift: the part of an element that its products can do without, by element.
        """
        self.chain, self.steps = chain, steps
        self.thrift, self.new_pairs = thrift or {}, new_pairs
        self.demand = demand or chain.demand
        self.columns = LinearProgramme()
        self.made: dict[tuple[str, str], int] = {}
        self.sold: dict[tuple[str, str, str], int] = {}
        self.outputs: dict[tuple[str, str, str], int] = {}
        """Columns of what is made, by stage, pool and element or product."""
        self.sales: dict[tuple[str, str, str, str], int] = {}
        """Columns of what is sold abroad, by stage, seller, buyer and element or product."""
        self.balances: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Rows of what takes the product of a stage, by element and stage."""
        self._base: dict[int, float] = {}
        self._new: set[int] = set()
        self._backed: set[int] = set()
        """Flows whose seller makes what it sells: a flow that no output explains does not grow."""
        self._home: list[int] = []
        self._fed: dict[tuple[str, str], int] = {}
        """Oxide that is made into metal, by element and the country that has it."""
        self._intake: dict[int, float] = {}
        self._room: dict[int, float] = {}
        """What a buyer takes in the base year, by column of a new pair."""
        self._scrap: dict[int, tuple[float, float, str]] = {}
        self._products()
        for strand in chain.strands.values():
            self._strand(strand)
            self._ore_sold(strand)
        self.served = {key: self._user(key, tonnes) for key, tonnes in sorted(self.demand.items())}

    def serve(
        self,
        horizon: Horizon = STILL,
        event: Event = NOTHING_HAPPENS,
        *,
        plenty: Plenty = frozenset(),
        priority: Mapping[str, float] | None = None,
    ) -> Served:
        """Solve it within a horizon after an event.

        Args:
            horizon: factors on trade and throughput.
            event: what is left of output and sales.
            plenty: elements whose product of a stage is there in plenty.
            priority: weight of a user where it is not 1.

        Raises:
            ProgrammeError: there is no solution.
        """
        values = self.values(self.bounds(horizon, event, plenty=plenty, priority=priority))
        return Served(
            {key: sum(values[column] for column in columns) for key, columns in self.served.items()}
        )

    def values(self, bounds: Bounds) -> list[float]:
        """The value of each column at the optimum.

        Raises:
            ProgrammeError: there is no solution.
        """
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
        event: Event = NOTHING_HAPPENS,
        *,
        plenty: Plenty = frozenset(),
        priority: Mapping[str, float] | None = None,
    ) -> Bounds:
        """Bounds and costs that a horizon and an event change."""
        upper = {
            column: (
                self._base[column] * horizon.throughput
                + horizon.added.get(key, 0.0)
                + event.more_of(*key)
            )
            * event.left_of(*key[:2])
            for key, column in self.outputs.items()
        }
        upper |= dict.fromkeys(self._home, inf)
        for key, column in self.sales.items():
            left = event.left_of_sale(*key)
            if column in self._new:
                room = self._room.get(column, 0.0)
                upper[column] = _times(horizon.new_pairs, left * room)
            else:
                base = self._base[column] * left
                upper[column] = (
                    base * (horizon.trade if column in self._backed else 1.0) if base else 0.0
                )
        rows = {
            row: fixed + scrap * event.left_of(SEPARATION, pool)
            for row, (fixed, scrap, pool) in self._scrap.items()
        }
        rows |= {row: _times(horizon.new_pairs, intake) for row, intake in self._intake.items()}
        rows |= {row: inf for key in sorted(plenty) for row in self.balances.get(key, ())}
        cost = {
            column: weight * self.columns.cost[column]
            for user, weight in sorted((priority or {}).items())
            for (_, who), columns in self.served.items()
            if who == user
            for column in columns
        }
        return Bounds(upper, rows, cost)

    @cached_property
    def _session(self) -> Session:
        return self.columns.open(maximise=True)

    def _column(self, base: float) -> int:
        """A column whose bound in the base year is given."""
        column = self.columns.column(upper=max(0.0, base))
        self._base[column] = max(0.0, base)
        return column

    def _at_most(self, terms: Mapping[int, float], bound: float) -> int:
        """A row; return its place."""
        self.columns.row({x: y for x, y in sorted(terms.items()) if y}, upper=bound)
        return len(self.columns.row_upper) - 1

    def _sale(self, stage: str, seller: str, buyer: str, what: str, base: float | None) -> int:
        """The column of a flow across a border; without a base it is a new pair."""
        column = self._column(base or 0.0)
        if base is None:
            self._new.add(column)
        if self._makes(stage, seller, what):
            self._backed.add(column)
        self.sales[stage, seller, buyer, what] = column
        return column

    def _makes(self, stage: str, pool: str, what: str) -> bool:
        if what in self.chain.products:
            return (what, pool) in self.chain.made
        strands = self.chain.strands.values() if what == ANY else [self.chain.strands[what]]
        return any(strand.made.get((stage, pool), 0.0) > 0 for strand in strands)

    def _products(self) -> None:
        chain = self.chain
        for (name, pool), tonnes in sorted(chain.made.items()):
            column = self._column(tonnes)
            self.made[name, pool] = self.outputs[chain.products[name].stage, pool, name] = column
        for (name, pool, user), tonnes in sorted(chain.sold.items()):
            stage = chain.products[name].stage
            if pool == user:
                self.sold[name, pool, user] = self._column(tonnes)
                self._home.append(self.sold[name, pool, user])
            else:
                self.sold[name, pool, user] = self._sale(stage, pool, user, name, tonnes)
        if self.new_pairs:
            self._new_sellers()
        for (name, pool), made in self.made.items():
            sold = [x for (what, who, _), x in self.sold.items() if (what, who) == (name, pool)]
            self._at_most({**dict.fromkeys(sold, 1.0), made: -1.0}, 0.0)

    def _new_sellers(self) -> None:
        """Products to users that did not buy them of a pool before."""
        for name, user in sorted(self.chain.demand):
            stage = self.chain.products[name].stage
            if stage != "magnet":
                continue
            sellers = [pool for what, pool in sorted(self.made) if what == name and pool != user]
            new = [pool for pool in sellers if (name, pool, user) not in self.sold]
            for pool in new:
                self.sold[name, pool, user] = self._sale(stage, pool, user, name, None)
            self._limit({self.sold[name, pool, user]: 1.0 for pool in new}, self.demand[name, user])

    def _limit(self, terms: Mapping[int, float], intake: float) -> None:
        """New pairs into a pool are no more than a part of its intake."""
        for column, factor in terms.items():
            self._room[column] = min(intake / factor, self._room.get(column, inf))
        if terms:
            self._intake[self._at_most(terms, 0.0)] = intake

    def _strand(self, strand: Strand) -> None:
        """Oxide and metal of an element, and what its products may take."""
        self._plants(strand)
        for (stage, seller, buyer), amount in sorted(strand.flows.items()):
            if stage in (SEPARATION, METAL):
                self._sale(stage, seller, buyer, strand.element, amount)
        if self.new_pairs:
            for stage, buyer in sorted(strand.taken):
                if stage in (SEPARATION, METAL):
                    self._new_buyer(strand, stage, buyer)
        new = product((SEPARATION,), self._pools(strand, SEPARATION))
        for stage, pool in sorted({*strand.taken, *strand.made, *new}):
            if stage in (SEPARATION, METAL):
                self._balance(strand, stage, pool)

    def _plants(self, strand: Strand) -> None:
        """What pools make of an element, and of what."""
        for stage in (SEPARATION, METAL):
            for pool in self._pools(strand, stage):
                column = self._column(strand.made.get((stage, pool), 0.0))
                self.outputs[stage, pool, strand.element] = column
        for pool in self._pools(strand, SEPARATION):
            self._oxide(strand, pool)
        for pool in strand.pools(METAL):
            self._metal(strand, pool)

    def _pools(self, strand: Strand, stage: str) -> list[str]:
        """The pools that make an element at a stage, and those that may after an event."""
        new = {pool for what, pool in self.chain.opened if what == strand.element}
        return sorted({*strand.pools(stage), *(new if stage == SEPARATION else ())})

    def _metal(self, strand: Strand, pool: str) -> None:
        """Metal of a pool from the oxide of all countries that it stands for."""
        feeding = {
            at: taken
            for (stage, at), taken in sorted(strand.taken.items())
            if stage == SEPARATION and strand.pool(METAL, at) == pool and taken > 0
        }
        whole, made = sum(feeding.values()), strand.made[METAL, pool]
        if whole > 0 and made > 0:
            fed = {at: self.columns.column() for at in feeding}
            self._fed |= {(strand.element, at): column for at, column in fed.items()}
            gain = dict.fromkeys(fed.values(), -made / whole)
            self._at_most({self.outputs[METAL, pool, strand.element]: 1.0, **gain}, 0.0)

    def _new_buyer(self, strand: Strand, stage: str, buyer: str) -> None:
        new = [
            self._sale(stage, seller, buyer, strand.element, None)
            for seller in self._pools(strand, stage)
            if seller != buyer and (stage, seller, buyer, strand.element) not in self.sales
        ]
        self._limit(dict.fromkeys(new, 1.0), strand.taken[stage, buyer])

    def _balance(self, strand: Strand, stage: str, pool: str) -> None:
        """What a pool takes of a product is no more than it makes, buys less sells, or lacks."""
        terms: dict[int, float] = defaultdict(float)
        if (stage, pool, strand.element) in self.outputs:
            terms[self.outputs[stage, pool, strand.element]] -= 1.0
        for (where, seller, buyer, what), column in self.sales.items():
            if (where, what) == (stage, strand.element):
                terms[column] += (seller == pool) - (buyer == pool)
        for column, factor in self._takers(strand, stage, pool):
            terms[column] += factor
        row = self._at_most(terms, strand.missing.get((stage, pool), 0.0))
        self.balances[strand.element, stage].append(row)

    def _takers(self, strand: Strand, stage: str, pool: str) -> Iterable[tuple[int, float]]:
        """What takes a pool's product of a stage, and how much a tonne of it takes."""
        taken, element = strand.taken.get((stage, pool), 0.0), strand.element
        if stage == SEPARATION and (element, pool) in self._fed:
            yield self._fed[element, pool], 1.0
        recipe = self.chain.recipe
        by_place = {
            (name, at): tonnes
            for (name, at), tonnes in self.chain.made.items()
            if self.chain.products[name].takes == stage and (name, element) in recipe
        }
        target = pool if any(at == pool for _, at in by_place) else REST
        there = {key: tonnes for key, tonnes in by_place.items() if key[1] == target}
        held = sum(tonnes * recipe[name, element] for (name, _), tonnes in there.items())
        if held > 0 and taken > 0:
            spared = 1 - self.thrift.get(element, 0.0)
            for name, at in there:
                yield self.made[name, at], taken / held * recipe[name, element] * spared

    def _oxide(self, strand: Strand, pool: str) -> None:
        """Oxide of a pool from the ore that its countries mine, buy and do not explain."""
        column = self.outputs[SEPARATION, pool, strand.element]
        sources = [at for (where, at) in strand.taken if where == MINE]
        feeding = [at for at in sources if strand.pool(SEPARATION, at) == pool]
        opened = (strand.element, pool) in self.chain.opened
        fed = [at for at in feeding if opened or strand.taken[MINE, at] > 0]
        scrap = strand.scrap.get(pool, 0.0)
        terms: dict[int, float] = defaultdict(float)
        terms[column] = 1.0
        gain = strand.gain(None if opened else pool)
        fixed = sum(self._ore(strand, at, gain, terms) for at in fed)
        row = self._at_most(terms, fixed + scrap if fed else strand.made[SEPARATION, pool])
        if fed:
            self._scrap[row] = (fixed, scrap, pool)
        self.balances[strand.element, MINE].append(row)
        if fed and scrap:
            del terms[column]  # what is sold as ore does not come from scrap
            self.balances[strand.element, MINE].append(self._at_most(terms, fixed))

    def _ore(self, strand: Strand, at: str, gain: float, terms: dict[int, float]) -> float:
        """Add the ore of a country; return the oxide of what no row explains."""
        base = strand.made.get((MINE, at), 0.0)
        if base > 0:
            terms[self._mine(at)] -= gain * base
        for (seller, buyer), amount in self._ore_flows(strand).items():
            if at in (seller, buyer):
                sign = 1.0 if seller == at else -1.0
                terms[self._ship(seller, buyer)] += sign * gain * amount
        return gain * strand.missing.get((MINE, at), 0.0)

    def _ore_flows(self, strand: Strand) -> dict[tuple[str, str], float]:
        """Tonnes of an element in the ore that a level of 1 of a pair carries.

        A new pair carries at a level of 1 all that its seller sold in the base year.
        """
        flows = {
            (seller, buyer): amount
            for (where, seller, buyer), amount in strand.flows.items()
            if where == MINE
        }
        if not self.new_pairs:
            return flows
        sold = _sold_by(flows)
        buyers = [
            at for (where, at), taken in sorted(strand.taken.items()) if where == MINE and taken
        ]
        return flows | {
            (seller, buyer): amount
            for seller, amount in sold.items()
            for buyer in buyers
            if seller != buyer and (seller, buyer) not in self._ore_pairs
            if strand.made.get((MINE, seller), 0.0) > 0
        }

    @cached_property
    def _ore_pairs(self) -> frozenset[tuple[str, str]]:
        """Pairs that traded ore of any element in the base year."""
        return frozenset(
            (seller, buyer)
            for strand in self.chain.strands.values()
            for where, seller, buyer in strand.flows
            if where == MINE
        )

    def _mine(self, pool: str) -> int:
        """The level of a mine, 1 in the base year: one for all elements of its ore."""
        key = (MINE, pool, ANY)
        if key not in self.outputs:
            self.outputs[key] = self._column(1.0)
        return self.outputs[key]

    def _ship(self, seller: str, buyer: str) -> int:
        """The level of a flow of ore: one for all elements that it holds."""
        key = (MINE, seller, buyer, ANY)
        if key not in self.sales:
            base = 1.0 if (seller, buyer) in self._ore_pairs else None
            self._sale(MINE, seller, buyer, ANY, base)
        return self.sales[key]

    def _ore_sold(self, strand: Strand) -> None:
        """A country that separates nothing sells no more ore than its mine gives.

        What it sold beyond its mine in the base year (no row explains it) falls with the mine.
        """
        flows = self._ore_flows(strand)
        base = _sold_by({pair: flows[pair] for pair in flows if pair in self._ore_pairs})
        for seller, whole in base.items():
            if strand.made.get((MINE, seller), 0.0) > 0 and not strand.taken.get((MINE, seller)):
                terms = {
                    self._ship(*pair): amount / whole
                    for pair, amount in flows.items()
                    if pair[0] == seller
                }
                self._at_most({**terms, self._mine(seller): -1.0}, 0.0)
        for (where, buyer), taken in sorted(strand.taken.items()):
            if where == MINE and taken:
                new = {
                    self._ship(*pair): amount
                    for pair, amount in flows.items()
                    if pair[1] == buyer and pair not in self._ore_pairs
                }
                self._limit(new, taken)

    def _user(self, key: tuple[str, str], tonnes: float) -> range:
        """Serve a user of a product in steps of falling weight."""
        fall = (FIRST_WEIGHT - LAST_WEIGHT) / max(1, self.steps - 1)
        first = len(self.columns.cost)
        for step in range(self.steps):
            self.columns.column(upper=tonnes / self.steps, cost=FIRST_WEIGHT - fall * step)
        served = range(first, first + self.steps)
        terms = dict.fromkeys(served, 1.0)
        for (what, _, who), column in self.sold.items():
            if (what, who) == key:
                terms[column] = -1.0
        self._at_most(terms, 0.0)
        return served


def _sold_by(flows: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """What each seller sells."""
    found: dict[str, float] = defaultdict(float)
    for (seller, _), amount in sorted(flows.items()):
        found[seller] += amount
    return {seller: amount for seller, amount in found.items() if amount > 0}


def _times(part: float, whole: float) -> float:
    """Any part of nothing is nothing, a part without limit too."""
    return part * whole if part and whole else 0.0
