"""The routes to a market as graphs, of a network and of a reconciled year, and their minimum cuts.

Blocking flows on level graphs, O(V^2 E): Dinitz, Soviet Mathematics Doklady 11 (1970), 1277-1280.

What a pool of a year holds is a mix of its own output and what it buys, in proportion, so that what
a market takes is traced back to makers. Those that bring least at a stage, together less than
``REMAINDER``, are left out. Scrap, and what no row explains, are sources that no country can be
named for.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property, partial
from itertools import zip_longest
from math import fsum

import networkx as nx

from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import Candidate, ModelYear
from monazite.model.network.attributes import Network, about, arcs_of, node_of
from monazite.model.network.shares import REST, WORLD

UNCAPPED = 1 << 40  # capacity of an arc that nothing caps
Arc = tuple[str, str]


class Cut(Struct):
    """A maximum flow, and a minimum cut by its largest source side, empty if a cutoff stopped."""

    value: int
    source_side: frozenset[str]
    flow: Mapping[Arc, int]


class FlowSolver:
    """A directed graph whose arcs have integer capacities, from one source to one sink."""

    def __init__(self, graph: nx.DiGraph[str], source: str, sink: str) -> None:
        """Keep the arcs of a graph."""
        self.nodes = list(graph)
        self.arcs: list[Arc] = list(graph.edges)
        self._index = {node: place for place, node in enumerate(self.nodes)}
        self._source, self._sink = self._index[source], self._index[sink]
        # arc number n is edge 2n; edge 2n + 1 is its reverse in the residual graph
        self._edge_of = {arc: 2 * place for place, arc in enumerate(self.arcs)}
        self._capacities = [0] * (2 * len(self.arcs))
        self._heads: list[int] = []
        self._outgoing: list[list[int]] = [[] for _ in self.nodes]
        for tail, head, found in graph.edges(data=True):
            edge = len(self._heads)
            self._capacities[edge] = found.get("capacity", UNCAPPED)
            self._heads += [self._index[head], self._index[tail]]
            self._outgoing[self._index[tail]].append(edge)
            self._outgoing[self._index[head]].append(edge + 1)

    def minimum_cut(
        self, changed: Mapping[Arc, int] | None = None, *, cutoff: int | None = None
    ) -> Cut:
        """Return a maximum flow and a minimum cut, with the capacity of some arcs changed."""
        capacities = self._with(changed)
        residual = list(capacities)
        value = self._augment(residual, cutoff)
        if cutoff is not None and value > cutoff:
            return Cut(value, frozenset(), self._flow(residual))
        reaches = self._reaches_sink(residual)
        side = frozenset(node for node, there in zip(self.nodes, reaches, strict=True) if not there)
        cut = (
            edge
            for (tail, head), edge in self._edge_of.items()
            if tail in side and head not in side
        )
        assert sum(capacities[edge] for edge in cut) == value, "max-flow equals min-cut"
        return Cut(value, side, self._flow(residual))

    def arcs_in_minimum_cuts(
        self, changed: Mapping[Arc, int] | None = None
    ) -> tuple[int, frozenset[Arc]]:
        """Return the value of a maximum flow, and the arcs that lie in some minimum cut.

        Such an arc is saturated, and its ends lie in different strongly connected components of the
        residual graph: Picard and Queyranne, Mathematical Programming Study 13 (1980), 8-16.
        """
        residual = self._with(changed)
        value = self._augment(residual)
        heads = self._heads
        residual_graph = nx.DiGraph(
            (heads[edge ^ 1], heads[edge]) for edge, free in enumerate(residual) if free
        )
        components = enumerate(nx.strongly_connected_components(residual_graph))
        component = {node: number for number, nodes in components for node in nodes}
        saturated = (
            arc for arc, edge in self._edge_of.items() if residual[edge ^ 1] and not residual[edge]
        )
        return value, frozenset(
            (tail, head)
            for tail, head in saturated
            if component[self._index[tail]] != component[self._index[head]]
        )

    def _with(self, changed: Mapping[Arc, int] | None) -> list[int]:
        capacities = list(self._capacities)
        for arc, capacity in (changed or {}).items():
            capacities[self._edge_of[arc]] = capacity
        return capacities

    def _augment(self, residual: list[int], cutoff: int | None = None) -> int:
        """Augment to a maximum flow, or to just more than a cutoff; return its value."""
        value = 0
        while (levels := self._levels(residual))[self._sink]:
            for amount in self._blocking_flow(residual, levels):
                value += amount
                if cutoff is not None and value > cutoff:
                    return value
        return value

    def _levels(self, residual: list[int]) -> list[int]:
        """The level of each node in the residual graph, the source's is 1; 0 if not reached."""
        levels = [0] * len(self.nodes)
        levels[self._source] = 1
        queue = deque([self._source])
        while queue and not levels[self._sink]:
            node = queue.popleft()
            for edge in self._outgoing[node]:
                head = self._heads[edge]
                if residual[edge] and not levels[head]:
                    levels[head] = levels[node] + 1
                    queue.append(head)
        return levels

    def _blocking_flow(self, residual: list[int], levels: list[int]) -> Iterator[int]:
        """Augment along shortest paths until none is left; an edge that failed is not retried."""
        current = [0] * len(self.nodes)  # the next outgoing edge of each node to be tried
        path: list[int] = []
        node = self._source
        while True:
            if node == self._sink:
                amount = min(residual[edge] for edge in path)
                for edge in path:
                    residual[edge] -= amount
                    residual[edge ^ 1] += amount
                yield amount
                path, node = [], self._source
            elif current[node] < len(self._outgoing[node]):
                edge = self._outgoing[node][current[node]]
                head = self._heads[edge]
                if residual[edge] and levels[head] == levels[node] + 1:
                    path.append(edge)
                    node = head
                else:
                    current[node] += 1
            elif path:
                node = self._heads[path.pop() ^ 1]
                current[node] += 1
            else:
                return

    def _reaches_sink(self, residual: list[int]) -> list[bool]:
        """For each node, whether a path of the residual graph leads from it to the sink."""
        reaches = [False] * len(self.nodes)
        reaches[self._sink] = True
        queue = deque([self._sink])
        while queue:
            for edge in self._outgoing[queue.popleft()]:
                tail = self._heads[edge]
                if residual[edge ^ 1] and not reaches[tail]:
                    reaches[tail] = True
                    queue.append(tail)
        return reaches

    def _flow(self, residual: list[int]) -> dict[Arc, int]:
        return {arc: residual[2 * i + 1] for i, arc in enumerate(self.arcs) if residual[2 * i + 1]}


UNIT = 1_000_000  # capacity of the world's whole supply
SOURCE, SINK, MARKET, OTHERS = "source", "sink", "market", "other markets"


def flow_graph(network: Network, *, shares: Mapping[str, float] | None = None) -> nx.DiGraph[str]:
    """Return the pools of a network as a graph for max-flow, each split into in and out."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(SOURCE)
    graph.add_edge(MARKET, SINK, capacity=UNCAPPED)
    stages = list(about(network).splits)
    market = about(network).market
    one_country = market != WORLD
    if one_country:
        graph.add_edge(OTHERS, SINK, capacity=UNCAPPED)
    for node in sorted(network):
        found = node_of(network, node)
        if found.kind != "country":
            continue
        share = (shares or {}).get(node, found.pool_share)
        graph.add_edge(f"{node} in", f"{node} out", capacity=round(share * UNIT))
        if found.stage == stages[0]:
            graph.add_edge(SOURCE, f"{node} in")
        if found.stage == stages[-1] and one_country:
            graph.add_edge(f"{node} out", OTHERS)
    for arc in sorted(arcs_of(network), key=lambda arc: (arc.source, arc.target)):
        if arc.kind in {"domestic", "trade"}:
            end = MARKET if arc.target == f"market/{market}" else f"{arc.target} in"
            share = arc.share or 0.0
            cap = {} if arc.kind == "domestic" else {"capacity": round(share * UNIT)}
            graph.add_edge(f"{arc.source} out", end, **cap)
    return graph


def demand_of(solver: FlowSolver, wanted: int) -> dict[Arc, int]:
    """Return what the market asks for, and others nothing, as capacities of arcs to the sink."""
    asked = {MARKET: wanted, OTHERS: 0}
    return {(end, SINK): capacity for end, capacity in asked.items() if end in solver.nodes}


REMAINDER = 0.02
"""Who brings less, together with all that bring less still, of what a market takes is left out."""
SCRAP, UNEXPLAINED = "scrap", "unexplained"
ROUNDS, SETTLED = 1_000, 1e-9
"""Pools that sell to each other in circles are traced back round by round."""

Amounts = Mapping[str, float]


class YearStage(Struct):
    """A stage's product in tonnes of the element: made, sold, lacking, and taken by pool."""

    code: str
    made: dict[str, float] = field(default_factory=partial(defaultdict, float))
    sold: dict[tuple[str, str], float] = field(default_factory=partial(defaultdict, float))
    missing: dict[str, float] = field(default_factory=partial(defaultdict, float))
    taken: dict[str, float] = field(default_factory=partial(defaultdict, float))
    scrap: dict[str, float] = field(default_factory=partial(defaultdict, float))

    @property
    def whole(self) -> float:
        """All that there is of the product."""
        return fsum([*self.made.values(), *self.missing.values()])

    @cached_property
    def sellers(self) -> dict[str, dict[str, float]]:
        """Of whom pools buy the product, by buyer."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for (seller, buyer), tonnes in self.sold.items():
            found[buyer][seller] = tonnes
        return found

    def of_scrap(self, pool: str) -> float:
        """The part of what a pool makes that it makes of scrap."""
        scrap, made = self.scrap.get(pool, 0.0), self.made.get(pool, 0.0)
        return min(1.0, scrap / made) if made > 0 else 0.0

    def origins(self, held: Amounts) -> dict[str, float]:
        """Who made what pools hold; what no row explains is ``UNEXPLAINED``."""
        found: dict[str, float] = defaultdict(float)
        for _ in range(ROUNDS):
            bought: dict[str, float] = defaultdict(float)
            for pool, part in held.items():
                made, missing = self.made.get(pool, 0.0), self.missing.get(pool, 0.0)
                sellers = self.sellers.get(pool, {})
                whole = fsum([made, missing, *sellers.values()]) or 1.0
                found[pool] += part * made / whole
                found[UNEXPLAINED] += part * missing / whole
                for seller, tonnes in sellers.items():
                    bought[seller] += part * tonnes / whole
            held = bought
            if fsum(held.values()) < SETTLED:
                break
        return {maker: part for maker, part in found.items() if part > 0}


class YearRoutes(Struct):
    """The routes of a reconciled year to a market."""

    model: ModelYear
    market: str

    @cached_property
    def stages(self) -> tuple[YearStage, ...]:
        """The stages up to what the market takes, in order."""
        magnets = any(each.stage == MAGNET for each in self.model.chain.main.values())
        codes = (MINE, SEPARATION, METAL) if magnets else (MINE, SEPARATION)
        found = [YearStage(code) for code in codes]
        for stage in found:
            for chain in self.model.element_chains:
                _add(stage, chain)
        if magnets:
            found.append(YearStage(MAGNET))
            for (product, maker), tonnes in self.model.chain.made.items():
                if product in self.model.chain.main:
                    found[-1].made[maker] += tonnes * self.held_in(product)
        return tuple(found)

    def held_in(self, product: str) -> float:
        """Return the tonnes of what was asked about in a tonne of a product."""
        recipe = self.model.chain.recipe
        return fsum(recipe.get((product, name), 0.0) for name in self.model.names)

    @cached_property
    def _bought(self) -> dict[str, dict[str, float]]:
        """What the market, and others, take of the last stage, by pool."""
        found: dict[str, dict[str, float]]
        found = {MARKET: defaultdict(float), OTHERS: defaultdict(float)}
        for (product, maker, user), tonnes in self.model.chain.sold.items():
            if product in self.model.chain.main:
                to = MARKET if self.market in (WORLD, user) else OTHERS
                found[to][maker] += tonnes * self.held_in(product)
        return found

    def next_pool(self, stage: str, pool: str) -> str:
        """Return the pool of the next stage that takes what a pool holds."""
        after = {MINE: SEPARATION, SEPARATION: METAL}.get(stage)
        if after is not None:
            return self.model.element_chains[0].pool(after, pool)
        return pool if pool in self.stages[-1].made else REST

    @property
    def known(self) -> bool:
        """Whether the year has rows of every stage, and of what the market takes."""
        return bool(self._bought[MARKET]) and all(stage.whole > 0 for stage in self.stages)

    @cached_property
    def brought(self) -> dict[str, dict[str, float]]:
        """What each maker brings of what the market takes, by stage, in parts of 1."""
        bought = self._bought[MARKET]
        whole = fsum(bought.values())
        found: dict[str, dict[str, float]] = {}
        parts: dict[str, float] = {pool: tonnes / whole for pool, tonnes in bought.items()}
        scrap = 0.0
        for stage in reversed(self.stages):
            if stage.code != MAGNET:
                held = parts if stage is self.stages[-1] else self._taken_from(stage, parts)
                parts = stage.origins(held)
            found[stage.code] = parts
            of_scrap = {pool: part * stage.of_scrap(pool) for pool, part in parts.items()}
            scrap += fsum(of_scrap.values())
            parts = {pool: parts[pool] - of_scrap[pool] for pool in parts if pool != UNEXPLAINED}
        return found | {MINE: found[MINE] | ({SCRAP: scrap} if scrap else {})}

    def _taken_from(self, stage: YearStage, makers: Amounts) -> dict[str, float]:
        """From where the makers of the next stage take what they make it of."""
        feeding: dict[str, dict[str, float]] = defaultdict(dict)
        for pool, tonnes in stage.taken.items():
            if tonnes > 0:
                feeding[self.next_pool(stage.code, pool)][pool] = tonnes
        found: dict[str, float] = defaultdict(float)
        for maker, part in makers.items():
            whole = fsum(feeding[maker].values())
            for pool, tonnes in feeding[maker].items():
                found[pool] += part * tonnes / whole
        return found

    @cached_property
    def kept(self) -> dict[str, frozenset[str]]:
        """Makers by stage that are no remainders."""
        found = {}
        for stage, parts in self.brought.items():
            whole, dropped, left_out = fsum(parts.values()), 0.0, set()
            for maker, part in sorted(parts.items(), key=lambda pair: (pair[1], pair[0])):
                dropped += part
                if dropped >= REMAINDER * whole:
                    break
                left_out.add(maker)
            found[stage] = frozenset(parts) - left_out
        return found

    @property
    def unnamed(self) -> list[str]:
        """The sources that no set can hold: the rest of the world, scrap, what no row explains."""
        nobody = {REST, SCRAP, UNEXPLAINED}
        return sorted(
            f"{stage}/{maker}" for stage, kept in self.kept.items() for maker in kept & nobody
        )

    def graph(self) -> nx.DiGraph[str]:
        """Return the routes as a graph for max-flow, as ``flow_graph`` makes it of a network."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_node(SOURCE)
        graph.add_edge(MARKET, SINK, capacity=UNCAPPED)
        if self.market != WORLD:
            graph.add_edge(OTHERS, SINK, capacity=UNCAPPED)
        for stage, after in zip_longest(self.stages, self.stages[1:]):
            self._add_stage(graph, stage)
            # what the next stage takes of what pools hold
            for pool, tonnes in stage.taken.items() if after is not None else ():
                to = self.next_pool(stage.code, pool)
                if tonnes > 0 and to in self.kept.get(after.code, ()):
                    graph.add_edge(f"{stage.code}/{pool} held", f"{after.code}/{to} in")
        last = self.stages[-1]
        end = "out" if last.code == MAGNET else "held"
        for user, bought in self._bought.items():
            for pool, tonnes in bought.items():
                tail = f"{last.code}/{pool} {end}"
                if {tail, user} <= graph.nodes:
                    graph.add_edge(tail, user, capacity=round(UNIT * tonnes / last.whole))
        return graph

    def _add_stage(self, graph: nx.DiGraph[str], stage: YearStage) -> None:
        kept, code, unit = self.kept.get(stage.code, frozenset()), stage.code, UNIT / stage.whole
        for pool in sorted(kept & stage.made.keys()):
            node = f"{code}/{pool}"
            graph.add_edge(f"{node} in", f"{node} out", capacity=round(stage.made[pool] * unit))
            if code == MINE:
                graph.add_edge(SOURCE, f"{node} in")
            if code != MAGNET:
                graph.add_edge(f"{node} out", f"{node} held")
        for (seller, buyer), tonnes in stage.sold.items():
            ends = f"{code}/{seller} held", f"{code}/{buyer} held"
            graph.add_edge(*ends, capacity=round(tonnes * unit))
        if UNEXPLAINED in kept:
            given = {f"{code}/{pool} held": x * unit for pool, x in stage.missing.items()}
            _add_source(graph, f"{code}/{UNEXPLAINED}", given)
        if stage.scrap and SCRAP in self.kept.get(MINE, ()):
            scrap = ((pool, x) for pool, x in stage.scrap.items() if pool in kept)
            given = {f"{code}/{pool} in": x * unit for pool, x in scrap}
            _add_source(graph, f"{MINE}/{SCRAP}", given)

    def counts(self, thing: Candidate) -> bool:
        """Tell whether this is no remainder; a country in the rest of the world by its part."""
        ((place, part),) = thing.hits.items()
        stage, pool = place.split("/", 1)
        if pool not in self.kept.get(stage, ()):
            return False
        return pool != REST or part * self.brought[stage][pool] >= REMAINDER

    def placed(self, thing: Candidate) -> Candidate:
        """Return what may fail with the pools that it hits: a part of the rest of the world."""
        hits: dict[str, float] = {}
        for place, part in thing.hits.items():
            stage, country = place.split("/", 1)
            pool = self.model.element_chains[0].pool(stage, country)
            if pool == country:
                hits[place] = part
                continue
            whole = fsum(each.made.get(pool, 0.0) for each in self.stages if each.code == stage)
            own = fsum(
                chain.parts.get((stage, country), 0.0) for chain in self.model.element_chains
            )
            hits[f"{stage}/{pool}"] = part * min(1.0, own / whole) if whole else 0.0
        return replace(thing, hits=hits)


def _add(stage: YearStage, chain: ElementChain) -> None:
    """Add the quantities of an element to a stage; oxide used as it is goes to no next stage."""
    used = chain.used if stage.code == SEPARATION else {}
    for name in ("made", "missing", "taken"):
        for (at, pool), tonnes in getattr(chain, name).items():
            if at == stage.code:
                going_on = tonnes - used.get(pool, 0.0) if name == "taken" else tonnes
                getattr(stage, name)[pool] += going_on
    for (at, seller, buyer), tonnes in chain.flows.items():
        if at == stage.code:
            stage.sold[seller, buyer] += tonnes
    for pool, tonnes in chain.scrap.items() if stage.code == SEPARATION else ():
        stage.scrap[pool] += tonnes


def _add_source(graph: nx.DiGraph[str], node: str, capacities: Amounts) -> None:
    """A source of its own, and what it gives to whom."""
    graph.add_edge(SOURCE, f"{node} in")
    graph.add_edge(f"{node} in", f"{node} out", capacity=round(fsum(capacities.values())))
    for end, capacity in sorted(capacities.items()):
        graph.add_edge(f"{node} out", end, capacity=round(capacity))
