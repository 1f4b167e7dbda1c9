"""The flow model: a linear programme of one year of the chain within a horizon.

Variables: ore mined (one level a pool: its elements come in the fixed shares of its ore), ore
sold (one level a pair), oxide, metal and their trade by element, magnets by product, magnets sold
by product and pair, magnets served by product and user in equal steps.

For every pool and element, with the base year's quantities as bounds:

* oxide <= yield x (own ore + ore bought - ore sold + unexplained) + scrap
* metal <= yield x (oxide + bought - sold + unexplained)
* sum over products of recipe x magnets <= yield x (metal + bought - sold + unexplained)
* magnets sold <= magnets made; served <= sold to the user <= demand of the base year
* made <= throughput factor x base; sold across a border <= trade factor x base, no new pairs

Objective: scarcity is shared by a strictly concave utility: each user's demand for a product is
cut into ``STEPS`` equal steps whose weight falls from 1.3 to 0.7, so that the amounts served are
unique within a step whatever the solver, its start or the order of names. Flows below that are
not unique and are never reported. Weights are per tonne: without preference all users fare alike.
Solved by HiGHS; the chain of one element alone is the same programme with that strand only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from monazite.errors import MonaziteError
from monazite.findings.chain import Chain, Strand
from monazite.findings.ledger import METAL, MINE, SEPARATION
from monazite.findings.linear import LinearProgramme
from monazite.network.shares import REST

STEPS = 200
FIRST_WEIGHT, LAST_WEIGHT = 1.3, 0.7


class ProgrammeError(MonaziteError):
    """The programme has no solution: a sentence for the reader, never the solver's words."""


@dataclass(frozen=True)
class Horizon:
    """How far the world can stretch: factors on the base year's trade and throughput."""

    name: str
    trade: float
    throughput: float


@dataclass(frozen=True)
class Event:
    """What happens, as the part of the base year's capacity that is left.

    Attributes:
        output: by stage and pool; 1 where nothing is said.
        sales: by stage, seller and buyer; ``*`` stands for any.
    """

    output: Mapping[tuple[str, str], float] = field(default_factory=dict)
    sales: Mapping[tuple[str, str, str], float] = field(default_factory=dict)

    def left_of(self, stage: str, pool: str) -> float:
        """The part of a pool's output that is left."""
        return self.output.get((stage, pool), 1.0)

    def left_of_sale(self, stage: str, seller: str, buyer: str) -> float:
        """The part of a flow that is left."""
        keys = ((stage, seller, buyer), (stage, seller, "*"), ("*", seller, "*"))
        return next((self.sales[key] for key in keys if key in self.sales), 1.0)


NOTHING_HAPPENS = Event()


@dataclass(frozen=True)
class Served:
    """Tonnes of magnets served, by product and user."""

    amounts: Mapping[tuple[str, str], float]

    def of(self, user: str | None = None, product: str | None = None) -> float:
        """Tonnes of a product served to a user; all where none is named."""
        return sum(
            amount
            for (what, who), amount in self.amounts.items()
            if user in (None, who) and product in (None, what)
        )


def serve(
    chain: Chain,
    horizon: Horizon,
    event: Event = NOTHING_HAPPENS,
    *,
    elements: frozenset[str] | None = None,
    demand: Mapping[tuple[str, str], float] | None = None,
    priority: Mapping[str, float] | None = None,
    steps: int = STEPS,
) -> Served:
    """Solve the chain within a horizon after an event.

    Args:
        chain: the base year.
        horizon: factors on trade and throughput.
        event: what is left of output and sales.
        elements: strands that bind; all if None. Others are taken to be there in plenty.
        demand: tonnes by product and user; what the base year sold if None.
        priority: weight of a user where it is not 1.
        steps: how finely scarcity is shared; 1 says how much can be served, not to whom.

    Raises:
        ProgrammeError: there is no solution.
    """
    model = _Model(chain, horizon, event, elements)
    wanted = demand or {
        (product, user): sum(
            amount
            for (what, _, who), amount in chain.sold.items()
            if (what, who) == (product, user)
        )
        for product, _, user in chain.sold
    }
    return model.solve(wanted, priority or {}, steps)


class _Model:
    """The programme of a chain, a horizon and an event."""

    def __init__(
        self, chain: Chain, horizon: Horizon, event: Event, elements: frozenset[str] | None
    ) -> None:
        self.chain, self.horizon, self.event = chain, horizon, event
        self.columns = LinearProgramme()
        chosen = elements or frozenset(chain.strands)
        self.strands = {name: chain.strands[name] for name in sorted(chosen)}
        self.mined: dict[str, int] = {}
        self.shipped: dict[tuple[str, str], int] = {}
        self.sold: dict[tuple[str, str, str], int] = {}
        self._magnets()
        for strand in self.strands.values():
            self._strand(strand)

    def _column(self, upper: float, cost: float = 0.0) -> int:
        return self.columns.column(upper=max(0.0, upper), cost=cost)

    def _at_most(self, terms: Mapping[int, float], bound: float) -> None:
        self.columns.row(terms, upper=bound)

    def _capped(self, stage: str, pool: str, base: float) -> float:
        return base * self.horizon.throughput * self.event.left_of(stage, pool)

    def _tradable(self, stage: str, seller: str, buyer: str, base: float) -> float:
        return base * self.horizon.trade * self.event.left_of_sale(stage, seller, buyer)

    def _magnets(self) -> None:
        self.made = {
            (product, pool): self._column(self._capped("magnet", pool, tonnes))
            for (product, pool), tonnes in sorted(self.chain.magnets.items())
        }
        for (product, pool, user), tonnes in sorted(self.chain.sold.items()):
            most = (
                tonnes * self.horizon.throughput
                if pool == user
                else self._tradable("magnet", pool, user, tonnes)
            )
            self.sold[product, pool, user] = self._column(most)
        for (product, pool), made in self.made.items():
            terms = {
                column: 1.0
                for (what, who, _), column in self.sold.items()
                if (what, who) == (product, pool)
            }
            self._at_most({**terms, made: -1.0}, 0.0)

    def _strand(self, strand: Strand) -> None:
        """Ore, oxide and metal of an element, and what its magnets may take."""
        made = {
            (stage, pool): self._column(self._capped(stage, pool, strand.made[stage, pool]))
            for stage in (SEPARATION, METAL)
            for pool in strand.pools(stage)
        }
        for stage, pool in made:
            if stage == SEPARATION:
                self._oxide(strand, made[stage, pool], pool)
        sales = {
            (stage, seller, buyer): self._column(self._tradable(stage, seller, buyer, amount))
            for (stage, seller, buyer), amount in sorted(strand.flows.items())
            if stage in (SEPARATION, METAL)
        }
        for stage, pool in sorted(strand.taken):
            if stage in (SEPARATION, METAL):
                self._balance(strand, stage, pool, made, sales)

    def _balance(
        self,
        strand: Strand,
        stage: str,
        pool: str,
        made: Mapping[tuple[str, str], int],
        sales: Mapping[tuple[str, str, str], int],
    ) -> None:
        """What a pool takes of a product is no more than it makes, buys less sells, or lacks."""
        takers = self._metal_takers if stage == SEPARATION else self._magnet_takers
        terms: dict[int, float] = defaultdict(float)
        if (stage, pool) in made:
            terms[made[stage, pool]] -= 1.0
        for (where, seller, buyer), column in sales.items():
            if where == stage:
                terms[column] += (seller == pool) - (buyer == pool)
        for column, factor in takers(strand, pool, made).items():
            terms[column] += factor
        self._at_most(_nonzero(terms), strand.missing.get((stage, pool), 0.0))

    def _metal_takers(
        self, strand: Strand, pool: str, made: Mapping[tuple[str, str], int]
    ) -> dict[int, float]:
        """Metal made of a pool's oxide, and how much of that oxide a tonne of it takes."""
        target = strand.pool(METAL, pool)
        output = strand.made.get((METAL, target), 0.0)
        if output <= 0:
            return {}
        return {made[METAL, target]: strand.taken[SEPARATION, pool] / output}

    def _magnet_takers(
        self, strand: Strand, pool: str, _: Mapping[tuple[str, str], int]
    ) -> dict[int, float]:
        """Magnets made of a pool's metal: the recipe over what gets into magnets of it."""
        target = pool if any(at == pool for _, at in self.chain.magnets) else REST
        held = sum(
            tonnes * self.chain.recipe.get((product, strand.element), 0.0)
            for (product, at), tonnes in self.chain.magnets.items()
            if at == target
        )
        if held <= 0:
            return {}
        part = strand.taken[METAL, pool] / held
        return {
            column: part * self.chain.recipe[product, strand.element]
            for (product, at), column in self.made.items()
            if at == target and (product, strand.element) in self.chain.recipe
        }

    def _oxide(self, strand: Strand, column: int, pool: str) -> None:
        """Oxide of a pool from the ore that its countries mine, buy and do not explain."""
        sources = [at for (where, at) in strand.taken if where == MINE]
        feeding = [at for at in sources if strand.pool(SEPARATION, at) == pool]
        taken = sum(strand.taken[MINE, at] for at in feeding)
        scrap = strand.scrap.get(pool, 0.0) * self.event.left_of(SEPARATION, pool)
        terms: dict[int, float] = {column: 1.0}
        if taken > 0:
            gain = max(0.0, strand.made[SEPARATION, pool] - strand.scrap.get(pool, 0.0)) / taken
            fixed = 0.0
            for at in feeding:
                if strand.taken[MINE, at] > 0:
                    fixed += self._ore(strand, at, gain, terms)
            self._at_most(_nonzero(terms), scrap + fixed)
        else:
            self._at_most(terms, strand.made[SEPARATION, pool])

    def _ore(self, strand: Strand, at: str, gain: float, terms: dict[int, float]) -> float:
        """Add the ore of a country; return the oxide of what no row explains."""
        base = strand.made.get((MINE, at), 0.0)
        if base > 0:
            terms[self._mine(at)] = terms.get(self._mine(at), 0.0) - gain * base
        for (where, seller, buyer), amount in strand.flows.items():
            if where == MINE and at in (seller, buyer):
                column = self._ship(strand, seller, buyer)
                sign = 1.0 if seller == at else -1.0
                terms[column] = terms.get(column, 0.0) + sign * gain * amount
        return gain * strand.missing.get((MINE, at), 0.0)

    def _mine(self, pool: str) -> int:
        """The level of a mine, 1 in the base year: one for all elements of its ore."""
        if pool not in self.mined:
            self.mined[pool] = self._column(self._capped(MINE, pool, 1.0))
        return self.mined[pool]

    def _ship(self, strand: Strand, seller: str, buyer: str) -> int:
        """The level of a flow of ore, bounded by the horizon and by what its seller mines.

        What a seller sold beyond its mine in the base year (no row explains it) falls with it.
        """
        key = (seller, buyer)
        if key not in self.shipped:
            column = self._column(self._tradable(MINE, seller, buyer, 1.0))
            self.shipped[key] = column
            if strand.made.get((MINE, seller), 0.0) > 0 and strand.taken.get((MINE, seller)) == 0:
                self._at_most({column: 1.0, self._mine(seller): -1.0}, 0.0)
        return self.shipped[key]

    def solve(
        self,
        demand: Mapping[tuple[str, str], float],
        priority: Mapping[str, float],
        steps: int = STEPS,
    ) -> Served:
        served: dict[tuple[str, str], list[int]] = {}
        for (product, user), tonnes in sorted(demand.items()):
            weight = priority.get(user, 1.0)
            fall = (FIRST_WEIGHT - LAST_WEIGHT) / max(1, steps - 1)
            served[product, user] = [
                self._column(tonnes / steps, weight * (FIRST_WEIGHT - fall * step))
                for step in range(steps)
            ]
            terms = dict.fromkeys(served[product, user], 1.0)
            for (what, _, who), column in self.sold.items():
                if (what, who) == (product, user):
                    terms[column] = -1.0
            self._at_most(terms, 0.0)
        values = self.columns.solve(maximise=True)
        if values is None:
            raise ProgrammeError(
                "The flows of the base year cannot be worked out: bounds contradict each other; "
                "look at monazite balance for what does not close."
            )
        return Served(
            {key: sum(values[column] for column in columns) for key, columns in served.items()}
        )


def _nonzero(terms: Mapping[int, float]) -> dict[int, float]:
    return {column: factor for column, factor in sorted(terms.items()) if factor}
