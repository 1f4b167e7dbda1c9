"""The routes of an element to a market, and what may fail on them.

Where a year is reconciled the routes are its flows, without remainders; else those of the network,
whose capacities are the shares that rows print. Where the year does not reach the market, shares
are those of the year all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import networkx as nx

from monazite.findings.events.failure_points import Candidate, ModelYear, find_things
from monazite.findings.routes.capacities import flow_graph
from monazite.findings.routes.disjoint_routes import pool_capacities
from monazite.findings.routes.year_routes import REMAINDER, YearRoutes
from monazite.findings.shares.tables import OTHER_FIGURE
from monazite.network.attributes import about, nodes_of
from monazite.network.graph import Network
from monazite.network.shares import REST
from monazite.safe_text import percent
from monazite.triples.names import named


@dataclass(frozen=True)
class RouteNet:
    """Routes as a graph for max-flow, and what may fail on them.

    Attributes:
        things: countries at a stage and sites on the routes, each once, by id.
        left_out: those that bring the market too little to count.
        unnamed: pools that no set may hold: the rest of the world, scrap, what no row explains.
        remainders: the sentence that says what is left out; empty where nothing is.
    """

    graph: nx.DiGraph[str]
    things: list[Candidate]
    left_out: list[Candidate]
    unnamed: list[str]
    remainders: str = ""

    @cached_property
    def capacities(self) -> Mapping[str, int]:
        """What each pool can pass, in millionths of its stage, by name."""
        return pool_capacities(self.graph)


def route_net(network: Network, model: ModelYear | None = None) -> RouteNet:
    """Return the routes of an element to a market.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> net = route_net(build_network(read_facts(open_store(), "Dy", "2026-11-24")))
    >>> [*net.capacities][0], net.capacities["metal/CHN"]
    ('magnet/CHN', 990000)
    """
    market, label = about(network).market, about(network).market_label
    routes = YearRoutes(model, market) if model is not None else None
    if model is None or routes is None or not routes.known:
        things = find_things(network)
        things = things if model is None else [*_by_year(things, find_things(network, model))]
        return RouteNet(flow_graph(network), things, [], unnamed_pools(network))
    graph = routes.graph()
    things = []
    left_out: list[Candidate] = []
    for thing in map(routes.placed, find_things(network, model)):
        (things if routes.counts(thing) else left_out).append(thing)
    told = (
        f"Left out at each stage: the smallest suppliers of {named(label)}, together under "
        f"{percent(REMAINDER)}."
    )
    return RouteNet(graph, things, left_out, routes.unnamed, told)


def _by_year(things: Iterable[Candidate], of_year: Iterable[Candidate]) -> Iterable[Candidate]:
    """Things of the network with their shares of a year that does not reach the market.

    What the year does not make keeps what rows print, and is called an other figure.
    """
    made = {each.id: each for each in of_year}
    for each in things:
        year = made.get(each.id)
        if year is None:
            yield replace(each, figure=", ".join(filter(None, (OTHER_FIGURE, each.figure))))
        else:
            yield replace(
                each,
                share=year.share,
                basis=year.basis,
                year=year.year,
                rows=year.rows,
                figure=year.figure,
            )


def unnamed_pools(network: Network) -> list[str]:
    """Return the pools of the rest of the world: countries that no row names."""
    pools = (node for node in nodes_of(network) if node.kind == "country")
    return sorted(pool.id for pool in pools if pool.country == REST)
