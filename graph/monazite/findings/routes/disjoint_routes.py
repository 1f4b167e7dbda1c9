"""Routes: how many of them share no pool, and what each pool is to them.

On a graph as ``flow`` makes it, where a pool is an arc from its in to its out. Two maximum flows
and one pass for betweenness answer for all pools at once: nothing is asked again with a pool gone.
A route fewer is left without a pool exactly if it stands in a minimum cut of routes, each pool
costing one (Menger 1927), and ``maxflow`` names all arcs that do. A single point of failure is
such a pool where there is one route.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import networkx as nx

from monazite.findings.routes.capacities import OTHERS, SINK, SOURCE
from monazite.findings.routes.maxflow import BIG, Arc, Channels


@dataclass(frozen=True)
class Routes:
    """What the pools of a graph are to the routes from the source to the market.

    ``disjoint`` is the largest number of routes of which no two share a pool, and ``necks`` the
    pools without which there is one fewer. ``fewest`` is the size of a smallest set of pools that
    cuts the market off, None if there is none, and ``in_cut`` the pools of any such set.
    """

    disjoint: int
    necks: frozenset[str]
    fewest: int | None
    in_cut: frozenset[str]
    betweenness: Mapping[str, float]

    def without(self, pool: str) -> int:
        """Count the routes that share no pool and do not pass this one."""
        return self.disjoint - (pool in self.necks)

    def dominates(self, pool: str) -> bool:
        """Whether every route passes a pool: a single point of failure."""
        return self.disjoint > 0 == self.without(pool)


def find_routes(graph: nx.DiGraph[str], spared: Collection[str] = ()) -> Routes:
    """Return what each pool of a graph is to the routes to the market.

    Args:
        graph: as :func:`monazite.findings.routes.capacities.flow_graph` makes it.
        spared: pools that no set may cut, though each is one route: the rest of the world.

    Method: two maximum flows on unit capacities and their strong components; betweenness by
    Brandes (2001), O(V E), which takes longest.

    >>> graph = nx.DiGraph([("source", "pit in"), ("pit out", "market"), ("market", "sink")])
    >>> graph.add_edge("pit in", "pit out", capacity=1_000_000)
    >>> routes = find_routes(graph)
    >>> routes.disjoint, routes.without("pit"), routes.dominates("pit")
    (1, 0, True)
    """
    channels = route_channels(graph)
    disjoint, necks = channels.necks()
    arcs = set(channels.arcs)
    whole = {arc: BIG for arc in map(pool_arc, spared) if arc in arcs}
    fewest, in_cut = channels.necks(whole) if whole else (disjoint, necks)
    return Routes(
        disjoint=disjoint,
        necks=_pools(necks),
        fewest=None if fewest >= BIG else fewest,
        in_cut=frozenset() if fewest >= BIG else _pools(in_cut),
        betweenness=betweenness(graph),
    )


def route_channels(graph: nx.DiGraph[str]) -> Channels:
    """Return a graph for max-flow over routes to the market: only pools are capped, at one.

    Args:
        graph: as :func:`monazite.findings.routes.capacities.flow_graph` makes it; arcs that
            carry nothing and other markets are left out.
    """
    routes: nx.DiGraph[str] = nx.DiGraph()
    routes.add_nodes_from(node for node in graph if node != OTHERS)
    for tail, head, arc in graph.edges(data=True):
        if arc.get("capacity") != 0 and OTHERS not in (tail, head):
            pool = (tail, head) == pool_arc(tail.removesuffix(" in"))
            routes.add_edge(tail, head, capacity=1 if pool else BIG)
    return Channels(routes, SOURCE, SINK)


def pool_arc(pool: str) -> Arc:
    """Return the arc that stands for a pool once it is split into in and out."""
    return (f"{pool} in", f"{pool} out")


def betweenness(graph: nx.DiGraph[str]) -> dict[str, float]:
    """Return the share of shortest paths between any two nodes that pass each node."""
    found: dict[str, float] = nx.betweenness_centrality(graph)
    return found


def _pools(arcs: Collection[Arc]) -> frozenset[str]:
    return frozenset(tail.removesuffix(" in") for tail, _ in arcs)
