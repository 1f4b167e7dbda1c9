"""What each pool is to the routes, the plain way: by networkx, again and again with a pool gone.

The referee of ``routes``, and what the bench measures it against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import networkx as nx

from monazite.analysis.cuts.disjoint_routes import Routes
from monazite.analysis.cuts.routes import MARKET, OTHERS, SINK, SOURCE

FREE = 10**9  # More than there are pools


@dataclass(frozen=True)
class Place:
    """What one pool is to the routes."""

    dominator: bool
    in_cut: bool
    without: int


def pools_of(graph: nx.DiGraph[str]) -> list[str]:
    return [node.removesuffix(" in") for node in graph if node.endswith(" in")]


def places(routes: Routes, pools: Iterable[str]) -> dict[str, Place]:
    """What was found of some pools, in the words of the loops."""
    return {
        pool: Place(
            dominator=routes.dominates(pool),
            in_cut=pool in routes.in_minimum_cut,
            without=routes.without(pool),
        )
        for pool in pools
    }


class Loops:
    """Removes one pool after the other."""

    def __init__(self, graph: nx.DiGraph[str], spared: Collection[str] = ()) -> None:
        self._spared = spared
        self._routes = _routes(graph, ())
        self._cuts = _routes(graph, spared)
        self.disjoint = _most(self._routes)
        self.fewest = _most(self._cuts)

    def place(self, pool: str) -> Place:
        routes, cuts = self._routes.copy(), self._cuts.copy()
        for left in (routes, cuts):
            left.remove_node(f"{pool} in")
        fewer = _most(cuts) < self.fewest < FREE
        return Place(
            dominator=self.disjoint > 0 and not nx.has_path(routes, SOURCE, MARKET),
            in_cut=fewer and pool not in self._spared,
            without=_most(routes),
        )

    def places(self, pools: Iterable[str]) -> dict[str, Place]:
        return {pool: self.place(pool) for pool in pools}


def _most(graph: nx.DiGraph[str]) -> int:
    return int(nx.maximum_flow_value(graph, SOURCE, SINK))


def _routes(graph: nx.DiGraph[str], spared: Collection[str]) -> nx.DiGraph[str]:
    """The arcs that carry something to the market: a pool costs one, a spared one cannot be cut."""
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(graph)
    for tail, head, arc in graph.edges(data=True):
        pool = tail.removesuffix(" in")
        cut = head == f"{pool} out" and pool not in spared
        if arc.get("capacity") != 0:
            found.add_edge(tail, head, capacity=1 if cut else FREE)
    found.remove_nodes_from([OTHERS])
    return found
