"""Node-disjoint routes: how many share no pool, and what each pool is to them.

Pools have capacity one: the maximum flow counts routes that share none (Menger 1927), and a pool
lies on every maximal set of them iff it is in some minimum cut. Dominators: Lengauer and Tarjan
1979.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import networkx as nx

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.cuts.routes import (
    OTHERS,
    REMAINDER,
    SINK,
    SOURCE,
    UNCAPPED,
    Arc,
    FlowSolver,
    YearRoutes,
    flow_graph,
)
from monazite.core.formats import percent
from monazite.core.results import Assumption, Struct, Value
from monazite.model.assumptions import assumption_rows, assumptions_in
from monazite.model.contingencies.failure_points import Candidate, ModelYear, find_things
from monazite.model.network.attributes import Network, about, nodes_of
from monazite.model.network.shares import REST
from monazite.store.names import named


class Routes(Value):
    """What the pools of a graph are to the routes from the source to the market.

    ``disjoint`` counts routes that share no pool; without one of ``critical`` there is one fewer.
    ``cut_size`` is that of the smallest sets that cut the market off, None if none of the cuttable
    does.
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
    """Return what each pool of a graph is to the routes to the market, by two maximum flows."""
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
    """Return a solver that counts routes to the market: pools have capacity one, arcs none."""
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


def _pools(arcs: Collection[Arc]) -> frozenset[str]:
    return frozenset(tail.removesuffix(" in") for tail, _ in arcs)


class RouteNet(Struct):
    """Routes as a graph for max-flow, and what may fail on them.

    ``left_out`` bring too little to count, as the sentence ``remainders`` says; no set may hold the
    ``unnamed``: the rest of the world, scrap, what no row explains.
    """

    graph: nx.DiGraph[str]
    things: list[Candidate]
    left_out: list[Candidate]
    unnamed: list[str]
    remainders: str = ""

    @cached_property
    def capacities(self) -> Mapping[str, int]:
        """What each pool can pass, in millionths of its stage, by name."""
        found = {
            tail.removesuffix(" in"): arc["capacity"]
            for tail, head, arc in self.graph.edges(data=True)
            if (tail, head) == pool_arc(tail.removesuffix(" in"))
        }
        return dict(sorted(found.items()))


def route_net(network: Network, model: ModelYear | None = None) -> RouteNet:
    """Return the routes of an element to a market."""
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
    """Things with their shares of a year; what it does not make is called an other figure."""
    made = {each.id: each for each in of_year}
    for each in things:
        year = made.get(each.id)
        if year is None:
            yield replace(each, figure=", ".join(filter(None, (OTHER_FIGURE, each.figure))))
        else:
            names = ("share", "basis", "year", "rows", "figure")
            yield replace(each, **{name: getattr(year, name) for name in names})


def unnamed_pools(network: Network) -> list[str]:
    """Return the pools of the rest of the world: countries that no row names."""
    pools = (node for node in nodes_of(network) if node.kind == "country")
    return sorted(pool.id for pool in pools if pool.country == REST)


class NodeRole(Candidate, kw_only=True):
    """What a country at a stage, or a known site, is to the routes of a market.

    None is *not known*: nothing that rows print reaches the market. A site that makes only a
    part of its country's output stops no route: the rest of the country goes on.
    """

    _json = (
        "id label kind stage country dominator in_minimum_cut routes_without share figure coverage "
        "basis year rows left_out"
    )

    dominator: bool | None = None  #: whether every route passes it
    #: whether it is in a smallest set of places that cuts all routes
    in_minimum_cut: bool | None = None
    routes_without: int | None = None  #: how many disjoint routes remain without it
    left_out: bool = False  #: whether it brings the market too little to count: a remainder


class Structure(Struct):
    """The routes of one element to one market, and what stands on them."""

    routes: int | None  #: the largest number of routes of which no two share a pool
    #: the size of a smallest set of countries at stages that cuts the market off, None if there is
    #: none
    fewest: int | None
    #: of every country at a stage, and of every site whose output is known
    standings: tuple[NodeRole, ...]
    assumptions: tuple[Assumption, ...]  #: what the capacities of the arcs rest on
    notes: tuple[str, ...]  #: what is missing, and what was taken for what


def find_structure(network: Network, model: ModelYear | None = None) -> Structure:
    """Return what countries at stages, and sites of known output, are to the routes."""
    net = route_net(network, model)
    routes = find_routes(net.graph, net.unnamed)
    reached = routes.disjoint > 0
    standings = [_standing(thing, routes) for thing in net.things]
    standings += [_standing(thing, routes, left_out=True) for thing in net.left_out]
    order = [stage for stage, _ in about(network).stages]
    standings.sort(
        key=lambda s: (order.index(s.stage), not s.dominator, s.routes_without or 0, -s.share, s.id)
    )
    rows = assumption_rows(network) if reached and model is None else ()
    return Structure(
        routes=routes.disjoint if reached else None,
        fewest=routes.cut_size if reached else None,
        standings=tuple(standings),
        assumptions=assumptions_in(network, rows),
        notes=_notes(network, net, reached=reached),
    )


def _standing(thing: Candidate, routes: Routes, *, left_out: bool = False) -> NodeRole:
    """What a thing is to the routes; a part of a pool is nothing to them."""
    pool, part = next(iter(thing.hits.items()))
    whole = part >= 1
    reached = routes.disjoint > 0
    return NodeRole(
        **{**vars(thing), "rows": tuple(dict.fromkeys(thing.rows))},
        dominator=(whole and routes.dominates(pool)) if reached else None,
        in_minimum_cut=(whole and pool in routes.in_minimum_cut) if reached else None,
        routes_without=routes.without(pool if whole else "") if reached else None,
        left_out=left_out,
    )


def _notes(network: Network, net: RouteNet, *, reached: bool) -> tuple[str, ...]:
    if not reached:
        label = about(network).market_label
        return (
            f"What stands between the mines and {named(label)} is not known: no records reach it.",
        )
    told = [net.remainders] if net.remainders else []
    if any(pool.endswith(f"/{REST}") for pool in net.unnamed):
        told.append(
            "The rest of the world is not one country. It is in no cut, and counts as one route, "
            "though it may be many."
        )
    return tuple(told)
