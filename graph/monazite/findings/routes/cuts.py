"""Cuts: the sets of countries at stages, and of known sites, that separate a market.

The smallest ones by max-flow: on pools split into in and out, where only pools of named countries
may be cut, a minimum cut is a smallest set (each pool costs one) or the set with the least supply
(each pool costs its share of the world's). Its cost is checked against the flow.

All sets of up to ``k`` things by search: as long as more than what may be left still flows, one
of the pools that carry it must fail as well; each is tried in turn, those tried before are spared.
Every minimal set is met exactly once. The set of each size that leaves least is found by trying
all. A bound on the trials stops either search, and the finding says so. Flow counts with the
market first in the queue: what is left then is the most that can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb, fsum

from monazite.findings.assumptions import assumption_rows, assumptions_in
from monazite.findings.events.failure_points import Candidate, find_things
from monazite.findings.routes.capacities import SINK, SOURCE, UNIT, asked, flow_graph
from monazite.findings.routes.disjoint_routes import pool_arc, route_channels
from monazite.findings.routes.maxflow import BIG, Arc, Channels
from monazite.findings.routes.node_roles import unnamed_pools
from monazite.findings.wording import named
from monazite.network.attributes import about, node_of, nodes_of
from monazite.network.graph import Network
from monazite.result import Assumption
from monazite.showing import Showing

BOUND = 20_000
"""Trials after which a search for sets stops."""


@dataclass(frozen=True)
class CutSet:
    """Things that fail together.

    ``supply`` is the sum of what they make, each as a share of the world's supply at its stage;
    ``left`` the share of what reached the market that still arrives, with it first in the queue.
    """

    members: tuple[str, ...]
    labels: tuple[str, ...]
    supply: float
    left: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Cuts(Showing):
    """What separates one market from one element.

    ``fewest`` is a set of the fewest countries at stages after which nothing arrives, ``least``
    one that makes the least supply; ``None`` if no set of named countries does it. ``sets`` are
    all minimal sets of up to ``k`` things that leave at most ``left``, ``worst`` for each size up
    to ``k`` a set that leaves least, as long as one more thing takes more; ``complete`` is False
    where ``bound`` trials did not suffice.
    """

    view: dict[str, object]
    element: str
    market: str
    fewest: CutSet | None
    least: CutSet | None
    sets: tuple[CutSet, ...]
    worst: tuple[CutSet, ...]
    k: int
    left: float
    bound: int
    complete: bool
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]


def find_cuts(network: Network, *, k: int = 2, left: float = 0.0, bound: int = BOUND) -> Cuts:
    """Return the sets of countries at stages and known sites that cut a market off.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
        k: how many things a set may have at most.
        left: share of the base, 0 to 1, that may still arrive.
        bound: trials after which the search stops.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> [found.members for found in find_cuts(network, k=1, left=0.05).sets]
    [('separation/CHN',), ('metal/CHN',)]
    """
    trial = _Trials(network, left, bound)
    known = trial.base > 0
    sets = sorted(trial.minimal(k), key=lambda s: (len(s.members), s.left, -s.supply, s.members))
    worst = tuple(trial.worst(k))
    rows = assumption_rows(network) if known else ()
    fewest = _smallest(network, trial, by_supply=False) if known else None
    return Cuts(
        view=dict(about(network).view),
        element=about(network).element,
        market=about(network).market,
        fewest=fewest,
        least=_smallest(network, trial, by_supply=True) if known else None,
        sets=tuple(sets),
        worst=worst,
        k=k,
        left=left,
        bound=bound,
        complete=trial.complete,
        assumptions=assumptions_in(network, rows),
        notes=tuple(_notes(network, trial, fewest)),
    )


def _smallest(network: Network, trial: _Trials, *, by_supply: bool) -> CutSet | None:
    """A minimum cut of named countries; the rest of the world and arcs cannot be cut."""
    channels = route_channels(flow_graph(network))
    unnamed = unnamed_pools(network)
    costs: dict[Arc, int] = {}
    for pool in nodes_of(network):
        if pool.kind == "country" and pool_arc(pool.id) in channels.arcs:
            named = round(pool.pool_share * UNIT) if by_supply else 1
            costs[pool_arc(pool.id)] = BIG if pool.id in unnamed else named
    cut = channels.cut(costs)
    if cut.value >= BIG:
        return None
    pools = [
        tail.removesuffix(" in")
        for tail, head in costs
        if tail in cut.side and head not in cut.side
    ]
    assert sum(costs[pool_arc(pool)] for pool in pools) == cut.value, "a cut costs what flows"
    whole = {thing.id: place for place, thing in enumerate(trial.things)}
    return trial.cut_set(sorted(whole[pool] for pool in pools))


@dataclass
class _Trials:
    """Asks, set by set, what still reaches the market."""

    network: Network
    left: float
    bound: int
    things: list[Candidate] = field(init=False)
    base: int = field(init=False)
    spent: int = field(init=False, default=0)
    complete: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self.things = find_things(self.network)
        self._channels = Channels(flow_graph(self.network), SOURCE, SINK)
        self.base = self._channels.cut(asked(self._channels, BIG)).value
        self._demand = asked(self._channels, self.base)
        self._limit = int(self.left * self.base)
        self._on: dict[Arc, list[int]] = {}
        for place, thing in enumerate(self.things):
            for pool in thing.hits:
                self._on.setdefault(pool_arc(pool), []).append(place)

    def cut_set(self, chosen: list[int]) -> CutSet:
        """Return some things as a set, with what they leave."""
        things = [self.things[place] for place in chosen]
        return CutSet(
            members=tuple(thing.id for thing in things),
            labels=tuple(thing.label for thing in things),
            supply=fsum(thing.share for thing in things),
            left=self._flows(chosen) / self.base,
            rows=tuple(dict.fromkeys(row for thing in things for row in thing.rows)),
        )

    def minimal(self, k: int) -> Iterable[CutSet]:
        """Yield every minimal set of up to ``k`` things that leaves no more than may be left."""
        if self.base <= 0:
            return
        for chosen in self._search([], frozenset(), k):
            if all(self._carries([c for c in chosen if c != spared]) for spared in chosen):
                yield self.cut_set(sorted(chosen))

    def worst(self, k: int) -> Iterable[CutSet]:
        """Yield for each size a set that leaves least, while one more thing takes more."""
        least = self.base
        for size in range(1, k + 1):
            sets = comb(len(self.things), size)
            if self.base <= 0 or not sets:
                return
            if self.spent + sets > self.bound:
                self.complete = False
                return
            self.spent += sets
            chosen = min(combinations(range(len(self.things)), size), key=self._flows)
            if self._flows(chosen) >= least:
                return
            least = self._flows(chosen)
            yield self.cut_set(list(chosen))

    def _flows(self, chosen: Sequence[int]) -> int:
        return self._channels.cut({**self._demand, **self._without(chosen)}).value

    def _search(self, chosen: list[int], spared: frozenset[int], k: int) -> Iterable[list[int]]:
        if self.spent >= self.bound:
            self.complete = False
            return
        self.spent += 1
        carrying = self._carries(chosen)
        if not carrying:
            yield chosen
        elif len(chosen) < k:
            choices = sorted({place for arc in carrying for place in self._on.get(arc, ())})
            for place in choices:
                if place not in spared and place not in chosen:
                    yield from self._search([*chosen, place], spared, k)
                    spared |= {place}

    def _carries(self, gone: Sequence[int]) -> list[Arc]:
        """The arcs of a flow of more than may be left, none if there is no such flow."""
        changed = {**self._demand, **self._without(gone)}
        found = self._channels.cut(changed, enough=self._limit)
        return list(found.flow) if found.value > self._limit else []

    def _without(self, gone: Sequence[int]) -> Mapping[Arc, int]:
        parts: dict[str, float] = {}
        for place in gone:
            for pool, part in self.things[place].hits.items():
                parts[pool] = min(1.0, parts.get(pool, 0.0) + part)
        shares = {pool: node_of(self.network, pool).pool_share for pool in parts}
        return {pool_arc(pool): round(shares[pool] * UNIT * (1 - parts[pool])) for pool in parts}


def _notes(network: Network, trial: _Trials, fewest: CutSet | None) -> Iterable[str]:
    label = about(network).market_label
    if trial.base <= 0:
        yield f"What cuts {named(label)} off is not known: no rows reach it."
        return
    if fewest is None:
        yield (
            "No set of named countries cuts the market off: "
            "a route runs over the rest of the world alone."
        )
    elif unnamed_pools(network):
        yield "The rest of the world is not one country: no set holds it."
    yield "What is left counts with the market first in the queue: it is the most that can be."
    if not trial.complete:
        yield f"The search stopped after {trial.bound:,} trials: there may be more sets."
