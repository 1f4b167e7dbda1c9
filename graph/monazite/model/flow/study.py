"""Losses of a market: the flow model solved after an event, against the base year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from functools import cached_property
from math import fsum

from monazite.core.errors import NotKnownError
from monazite.data.parameters import METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.contingencies.failure_points import BASE_YEAR, Candidate, Event, Horizon
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.programme import Contracts, Programme, Served, UnlimitedSupply
from monazite.model.network.shares import WORLD
from monazite.model.reconciliation.numbers import fingerprint_of

EXPLAINED = 0.5  # a stage is followed where rows explain this part of what is taken


class Study:
    """The flow model of a base year, and what a market loses by events within a horizon.

    What is solved of an event is kept by the name of its horizon, for all markets and elements.
    """

    def __init__(
        self,
        chain: Chain,
        horizon: Horizon,
        names: tuple[str, ...],
        contingency: Contingency,
        market: str = WORLD,
        *,
        demand: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self.chain, self.horizon, self.contingency = chain, horizon, contingency
        self._programmes: dict[tuple[object, ...], Programme] = {}
        self._solved: dict[tuple[object, ...], Served] = {}
        self.demand = demand_of(chain) if demand is None else demand
        self._ask(names, market)

    def _ask(self, names: tuple[str, ...], market: str) -> None:
        self.names, self.market, chain = names, market, self.chain
        self.products = frozenset(
            product for product in chain.main if any((product, x) in chain.recipe for x in names)
        )
        self.title = chain.title if len(self.products) > 1 else next(iter(self.products), "")
        self.user = None if market == WORLD else market
        self.base = Served(self.demand).of(self.user, self.products)
        chain.check_use(names)
        if self.base <= 0:
            who = "the world" if self.user is None else self.user
            raise NotKnownError(
                f"We found no use by {who} ({', '.join(chain.main)}): what is lost is not known. "
                "What records say: monazite balance."
            )

    def asked(self, names: tuple[str, ...], market: str) -> Study:
        """Return the same flow model, asked about other element chains and another market."""
        _ = self._contracts  # made before it is copied, so that all copies have the same
        other = copy(self)
        other.__dict__.pop("stages", None)
        other._ask(names, market)
        return other

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages of the chain in order, back to where rows explain too little."""
        (last,) = {product.stage for product in self.chain.main.values()}
        followed = [last]
        for stage in (METAL, SEPARATION, MINE):
            part = unexplained_at(self.chain, self.names, stage)
            if part is None or part > EXPLAINED:
                break
            followed.insert(0, stage)
        return tuple(followed)

    def programme(self, horizon: Horizon, steps: int = STEPS) -> Programme:
        """Return the linear programme of a horizon; horizons of the same structure share one."""
        key = (steps, horizon.new_pairs > 0, *sorted(horizon.thrift.items()))
        if key not in self._programmes:
            self._programmes[key] = Programme(
                self.chain,
                self.demand,
                steps=steps,
                new_pairs=horizon.new_pairs > 0,
                thrift=horizon.thrift,
            )
        return self._programmes[key]

    def served(
        self,
        event: Event,
        *,
        horizon: Horizon | None = None,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
        steps: int = STEPS,
    ) -> Served:
        """Return what users get after an event: contracts first, then what is bid for."""
        chosen = horizon or self.horizon
        before = self.floors(event, chosen, unlimited=unlimited, home_first=home_first)
        return self._bid_for(event, chosen, before, unlimited, steps)

    def _bid_for(
        self,
        event: Event,
        horizon: Horizon,
        before: Served,
        unlimited: UnlimitedSupply = frozenset(),
        steps: int = STEPS,
    ) -> Served:
        if not horizon.bids or before.of() >= self._whole:
            return before
        floors = tuple(before.amounts.items())
        return self._once(
            lambda: self.programme(horizon, steps).serve(
                horizon, event, unlimited=unlimited, floors=before.amounts
            ),
            *("bids", fingerprint_of(event), horizon.name, unlimited, steps, floors),
        )

    def _once(self, solve: Callable[[], Served], *key: object) -> Served:
        if key not in self._solved:
            self._solved[key] = solve()
        return self._solved[key]

    def floors(
        self,
        event: Event,
        horizon: Horizon,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
    ) -> Served:
        """Return what users are served at least in a horizon: what the one before it served."""
        if horizon.before is None:
            return self._contracted(event, unlimited, home_first)
        return self.served(
            event, horizon=horizon.before, unlimited=unlimited, home_first=home_first
        )

    @cached_property
    def _whole(self) -> float:
        """What all users take in the base year; less by rounding is none."""
        return fsum(self.demand.values()) * (1 - 1e-9)

    @cached_property
    def _contracts(self) -> Contracts:
        return Contracts(self.programme(BASE_YEAR, 1))

    def _contracted(
        self, event: Event, unlimited: UnlimitedSupply = frozenset(), home_first: bool = False
    ) -> Served:
        return self._once(
            lambda: self._contracts.serve(event, unlimited=unlimited, home_first=home_first),
            *("contracts", fingerprint_of(event), unlimited, home_first),
        )

    def loss(
        self,
        event: Event,
        *,
        horizon: Horizon | None = None,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
    ) -> float:
        """Return the part of what the market takes that an event takes away."""
        chosen = horizon or self.horizon
        before = self.floors(event, chosen, unlimited=unlimited, home_first=home_first)
        if not self.lost(before):
            return 0.0  # whoever is served whole by contract is so after the bids
        return self.lost(self._bid_for(event, chosen, before, unlimited))

    def market_first(self, event: Event) -> float:
        """Return the least that the market could lose, were it served before all others."""
        programme = self.programme(self.horizon, 1)
        return self.lost(programme.most(self.horizon, event, self.user, self.products))

    def lost(self, after: Served) -> float:
        """Return the part of what the market takes that is not served, in parts of 1."""
        loss = min(1.0, 1 - after.of(self.user, self.products) / self.base)
        return 0.0 if abs(loss) < 1e-6 else loss

    def alone(self, event: Event, name: str) -> float:
        """Return the loss by one element alone, as if the metal of all others were unlimited."""
        return self.loss(event, unlimited=self.alone_of(name))

    def alone_at_most(self, event: Event, name: str) -> float:
        """Return what the loss by one element alone is at most: that of contracts, without bids."""
        return self.lost(self._contracted(event, self.alone_of(name)))

    def alone_of(self, name: str) -> UnlimitedSupply:
        """Return what is unlimited where an element is asked about alone: all other metal."""
        return frozenset((each, METAL) for each in self.chain.element_chains if each != name)

    def costs_nothing(self, event: Event) -> bool:
        """Return whether every user in the world is served in full, by contracts or one solve."""
        in_full = self._contracted(event).of() >= self._whole
        if in_full or not self.horizon.bids:
            return in_full
        served = self._once(
            lambda: self.programme(self.horizon, 1).serve(self.horizon, event),
            *("in full", fingerprint_of(event)),
        )
        return served.of() >= self._whole

    def event_of(self, candidate: Candidate) -> Event:
        """Return the event that the contingency makes of a candidate."""
        if self.contingency.event != "outage":
            part = self.contingency.approval if self.contingency.event == "licence" else 0.0
            return Event(sales={(ANY, candidate.country, ANY, ANY): part})
        output: dict[tuple[str, ...], float] = {}
        for stage, country, ore, part in candidate.places:
            if stage in self.stages:
                output |= (
                    {(stage, country, ore): 1 - part} if ore else self._left(stage, country, part)
                )
        return Event(output=output)

    def _left(self, stage: str, country: str, part: float) -> dict[tuple[str, ...], float]:
        """The pool that a country's plants are in, and what is left of it."""
        element_chain = self.chain.element_chains[self.names[0]]
        pool = element_chain.pool(stage, country)
        if pool == country:
            return {(stage, pool): 1 - part}
        whole = element_chain.made.get((stage, pool), 0.0)
        own = element_chain.parts.get((stage, country), 0.0)
        if whole > 0 and own > 0:
            return {(stage, pool): max(0.0, 1 - part * min(1.0, own / whole))}
        return {}


def demand_of(chain: Chain) -> Mapping[tuple[str, str], float]:
    """Return what the base year serves: the reference of every loss."""
    return Programme(chain).serve(BASE_YEAR).amounts


def unexplained_at(chain: Chain, names: Iterable[str], stage: str) -> float | None:
    """Return the part of what is taken of a stage's product that no row explains."""
    taken = missing = 0.0
    for element_chain in (chain.element_chains[name] for name in names):
        taken += fsum(amount for (at, _), amount in element_chain.taken.items() if at == stage)
        missing += fsum(amount for (at, _), amount in element_chain.missing.items() if at == stage)
        missing += fsum(
            amount
            for (at, seller, _), amount in element_chain.flows.items()
            if at == stage and (at, seller) not in {*element_chain.made, *element_chain.taken}
        )
    return missing / taken if taken else None


def most_unexplained(chain: Chain, names: Collection[str]) -> float:
    """Return the most of what is taken of a stage's product that no row explains."""
    parts = (unexplained_at(chain, names, stage) for stage in (MINE, SEPARATION, METAL))
    return max((part for part in parts if part is not None), default=0.0)
