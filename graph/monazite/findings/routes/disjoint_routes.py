"""Node-disjoint routes: how many share no pool, and what each pool is to them.

A pool is split into an arc from its in to its out (:mod:`monazite.findings.routes.capacities`).
Two maximum flows answer for all pools at once: no pool is removed and the flow solved again. With
unit capacities on the pools, the maximum flow is the largest number of routes that share no pool,
and the size of a smallest set of pools that meets every route (Menger 1927). Without a pool there
is one route fewer iff the pool lies in some such minimum cut.
A single point of failure, a dominator of the market, is such a pool where there is one route.

References:
    K. Menger, Zur allgemeinen Kurventheorie, Fundamenta Mathematicae 10 (1927), 96-115.
    T. Lengauer and R. E. Tarjan, A fast algorithm for finding dominators in a flowgraph, ACM
    TOPLAS 1 (1979), 121-141: what dominators are; here they follow from the minimum cuts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import networkx as nx

from monazite.findings.routes.capacities import OTHERS, SINK, SOURCE
from monazite.findings.routes.maxflow import UNCAPPED, Arc, FlowSolver
from monazite.result import Value


@dataclass(frozen=True)
class Routes(Value):
    """What the pools of a graph are to the routes from the source to the market.

    Attributes:
        disjoint: the largest number of routes of which no two share a pool.
        critical: the pools without any one of which there is one such route fewer.
        cut_size: the size of a smallest set of pools that cuts the market off, None if no set of
            those that may be cut does.
    """

    disjoint: int
    critical: frozenset[str]
    cut_size: int | None
    in_minimum_cut: frozenset[str]

    def without(self, pool: str) -> int:
        """Count the routes that share no pool and do not pass this one."""
        return self.disjoint - (pool in self.critical)

    def dominates(self, pool: str) -> bool:
        """Whether every route passes a pool: a single point of failure."""
        return self.disjoint > 0 == self.without(pool)


def find_routes(graph: nx.DiGraph[str], uncuttable: Collection[str] = ()) -> Routes:
    """Return what each pool of a graph is to the routes to the market.

    Two maximum flows on unit capacities, and the strongly connected components of their residual
    graphs.

    References:
        Menger 1927, Picard and Queyranne 1980: see the module.

    >>> graph = nx.DiGraph([("source", "pit in"), ("pit out", "market"), ("market", "sink")])
    >>> graph.add_edge("pit in", "pit out", capacity=1_000_000)
    >>> routes = find_routes(graph)
    >>> routes.disjoint, routes.without("pit"), routes.dominates("pit")
    (1, 0, True)
    """
    solver = route_solver(graph)
    disjoint, critical = solver.arcs_in_minimum_cuts()
    arcs = set(solver.arcs)
    uncapped = {arc: UNCAPPED for arc in map(pool_arc, uncuttable) if arc in arcs}
    size, in_cut = solver.arcs_in_minimum_cuts(uncapped) if uncapped else (disjoint, critical)
    return Routes(
        disjoint=disjoint,
        critical=_pools(critical),
        cut_size=None if size >= UNCAPPED else size,
        in_minimum_cut=frozenset() if size >= UNCAPPED else _pools(in_cut),
    )


def route_solver(graph: nx.DiGraph[str]) -> FlowSolver:
    """Return a solver that counts routes to the market: a pool has capacity one, no arc is capped."""
    routes: nx.DiGraph[str] = nx.DiGraph()
    routes.add_nodes_from(node for node in graph if node != OTHERS)
    for tail, head, arc in graph.edges(data=True):
        if arc.get("capacity") != 0 and OTHERS not in (tail, head):
            pool = (tail, head) == pool_arc(tail.removesuffix(" in"))
            routes.add_edge(tail, head, capacity=1 if pool else UNCAPPED)
    return FlowSolver(routes, SOURCE, SINK)


def pool_arc(pool: str) -> Arc:
    """Return the arc that stands for a pool once it is split into in and out."""
    return (f"{pool} in", f"{pool} out")


def pool_capacities(graph: nx.DiGraph[str]) -> dict[str, int]:
    """Return what the pools of a graph can pass, by name, in order of names.

    >>> graph = nx.DiGraph()
    >>> graph.add_edge("pit in", "pit out", capacity=3)
    >>> pool_capacities(graph)
    {'pit': 3}
    """
    found = {
        tail.removesuffix(" in"): arc["capacity"]
        for tail, head, arc in graph.edges(data=True)
        if (tail, head) == pool_arc(tail.removesuffix(" in"))
    }
    return dict(sorted(found.items()))


def _pools(arcs: Collection[Arc]) -> frozenset[str]:
    return frozenset(tail.removesuffix(" in") for tail, _ in arcs)
