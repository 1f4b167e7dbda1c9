"""Maximum flow and minimum cut on small graphs with integer capacities that change often.

Blocking flows on level graphs, O(V^2 E): Dinitz, Soviet Mathematics Doklady 11 (1970), 1277-1280.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import networkx as nx

from monazite.model.network.attributes import Network, about, arcs_of, node_of
from monazite.model.network.shares import WORLD

UNCAPPED = 1 << 40  # capacity of an arc that nothing caps
Arc = tuple[str, str]


@dataclass(frozen=True)
class Cut:
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
