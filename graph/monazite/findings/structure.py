"""Structure: what stands between all mines and a market, whatever the quantities.

On the pools of the network: a route runs from a mine over one pool of every stage to the market,
along arcs that carry at least a millionth of the world's supply. What a country at a stage is to
the routes is told four ways, from exact to rough:

* *dominator*: every route passes it, a single point of failure;
* *in a minimum cut*: it belongs to a smallest set of countries at stages that cuts the market off;
* *routes without it*: how many routes that share no pool are left when it stops;
* *betweenness*: the share of shortest paths that pass it.

Methods: dominators by Cooper, Harvey and Kennedy (2001) as networkx has it; cuts and disjoint
routes by max-flow on pools split into in and out (Menger 1927); betweenness by Brandes (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from monazite.findings.assumed import assumption_rows, assumptions_in
from monazite.findings.candidates import Candidate, find_things
from monazite.findings.finding import Assumption
from monazite.findings.flow import MARKET, OTHERS, SINK, SOURCE, flow_graph, most
from monazite.findings.maxflow import BIG, Arc, Channels
from monazite.network.graph import Network
from monazite.network.shares import REST


@dataclass(frozen=True)
class Standing:
    """What a country at a stage, or a known site, is to the routes of a market.

    ``None`` is *not known*: nothing that rows print reaches the market. A site that makes only a
    part of its country's output stops no route: the rest of the country goes on.
    """

    id: str
    label: str
    kind: str
    stage: str
    country: str
    dominator: bool | None
    in_minimum_cut: bool | None
    routes_without: int | None
    betweenness: float | None
    share: float
    coverage: float | None
    basis: str
    year: int | None
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """The routes of one element to one market, and what stands on them.

    ``routes`` is the largest number of routes of which no two share a pool; ``fewest`` the size
    of a smallest set of countries at stages that cuts the market off, ``None`` if there is none.
    """

    view: dict[str, object]
    element: str
    market: str
    routes: int | None
    fewest: int | None
    standings: tuple[Standing, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]


def find_structure(network: Network) -> Structure:
    """Return what every country at a stage, and every site that coverage lets us rank, stands for.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.

    Returns:
        Standings in order of stage: single points of failure first, then by routes left.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> structure = find_structure(network)
    >>> {thing.id: thing.routes_without for thing in structure.standings}["separation/CHN"]
    1
    """
    routes = _Routes(network)
    reached = routes.disjoint() > 0
    things = find_things(network)
    fewest = routes.fewest() if reached else None
    standings = [routes.standing(thing, fewest) for thing in things]
    order = list(network.graph["splits"])
    standings.sort(
        key=lambda s: (order.index(s.stage), not s.dominator, s.routes_without or 0, -s.share, s.id)
    )
    rows = assumption_rows(network) if reached else ()
    return Structure(
        view=dict(network.graph.get("view", {})),
        element=network.graph["element"],
        market=network.graph["market"],
        routes=routes.disjoint() if reached else None,
        fewest=fewest,
        standings=tuple(standings),
        assumptions=assumptions_in(network, rows),
        notes=_notes(network, reached=reached),
    )


def route_channels(network: Network) -> Channels:
    """Return the pools of a network for max-flow over routes: only pools are capped, at one."""
    graph = flow_graph(network)
    graph.remove_nodes_from([OTHERS] if OTHERS in graph else [])
    arcs: list[Arc] = list(graph.edges)
    for tail, head in arcs:
        arc = graph.edges[tail, head]
        if arc.get("capacity") == 0:
            graph.remove_edge(tail, head)
        elif (tail, head) == pool_arc(tail.removesuffix(" in")):
            arc["capacity"] = 1
        else:
            arc["capacity"] = BIG
    return Channels(graph, SOURCE, SINK)


def pool_arc(pool: str) -> Arc:
    """Return the arc that stands for a pool once it is split into in and out."""
    return (f"{pool} in", f"{pool} out")


def unnamed_pools(network: Network) -> list[str]:
    """Return the pools of the rest of the world: many countries that no row names."""
    nodes = network.nodes(data=True)
    return sorted(
        node for node, found in nodes if found["kind"] == "country" and found["country"] == REST
    )


def dominators(graph: nx.DiGraph[str], target: str) -> frozenset[str]:
    """Return the pools that every path from the source to a target passes.

    Args:
        graph: as :func:`monazite.findings.flow.flow_graph` makes it.
        target: a node of it.
    """
    # The start node is in the answer of some versions of networkx and not of others.
    above = nx.immediate_dominators(graph, SOURCE)
    found, node = set(), target
    while node in above and above[node] is not None and above[node] != node:
        node = above[node]
        found.add(node.removesuffix(" in").removesuffix(" out"))
    return frozenset(found - {SOURCE})


class _Routes:
    """The routes of a network, asked again and again with something gone."""

    def __init__(self, network: Network) -> None:
        self._channels = route_channels(network)
        self._reached = most(network) > 0
        graph = nx.DiGraph(self._channels.arcs)
        graph.add_nodes_from([SOURCE, MARKET])
        self._dominating = dominators(graph, MARKET)
        self._between = nx.betweenness_centrality(flow_graph(network))
        self._arcs = set(self._channels.arcs)
        self._open = {
            pool_arc(pool): BIG for pool in unnamed_pools(network) if pool_arc(pool) in self._arcs
        }

    def disjoint(self, without: str = "") -> int:
        """Count the routes that share no pool; the rest of the world counts as one pool."""
        return self._channels.cut(self._gone(without)).value if self._reached else 0

    def fewest(self, without: str = "") -> int | None:
        """Count the pools of a smallest cut of named countries, None if there is none."""
        found = self._channels.cut({**self._open, **self._gone(without)}).value
        return None if found >= BIG else found

    def _gone(self, pool: str) -> dict[Arc, int]:
        return {pool_arc(pool): 0} if pool_arc(pool) in self._arcs else {}

    def standing(self, thing: Candidate, fewest: int | None) -> Standing:
        pool, part = next(iter(thing.hits.items()))
        whole = part >= 1
        in_cut = fewest is not None and whole and self.fewest(pool) == fewest - 1
        between = self._between.get(f"{pool} in") if whole else None
        return Standing(
            id=thing.id,
            label=thing.label,
            kind=thing.kind,
            stage=thing.stage,
            country=thing.country,
            dominator=(whole and pool in self._dominating) if self._reached else None,
            in_minimum_cut=in_cut if self._reached else None,
            routes_without=self.disjoint(pool if whole else "") if self._reached else None,
            betweenness=between if self._reached else None,
            share=thing.share,
            coverage=thing.coverage,
            basis=thing.basis,
            year=thing.year,
            rows=tuple(dict.fromkeys(thing.rows)),
        )


def _notes(network: Network, *, reached: bool) -> tuple[str, ...]:
    if not reached:
        label = network.graph["market_label"]
        return (f"What stands between the mines and {label} is not known: no rows reach it.",)
    if not unnamed_pools(network):
        return ()
    return (
        "The rest of the world is not one country: it is in no cut, and it counts as one route, "
        "though it may be many.",
    )
