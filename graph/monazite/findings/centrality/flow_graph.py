"""The flows of a reconciled year as a graph: who makes what the next stage takes, in tonnes.

Nodes are countries at a stage, and those that use the product. An edge is what one of them makes
and another takes, what stays in the country included. Ore goes to who separates it. Of oxide and
metal a country may buy and sell on: what it holds is a mix, and each maker has the part of what is
taken there that it has of what is held, as in :mod:`monazite.findings.routes.year_routes`.

What no figure accounts for comes from nobody, and has no node; what is used beside magnets, and
what is left over, leaves the graph.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum

import networkx as nx

from monazite.findings.centrality.cells import nodes_in
from monazite.findings.chain.element_chain import LEAST
from monazite.findings.events.failure_points import ModelYear
from monazite.findings.routes.year_routes import UNEXPLAINED, YearRoutes, YearStage
from monazite.findings.wording import place_at
from monazite.network.shares import REST, WORLD
from monazite.parameters import MAGNET, MINE, USE

Edge = tuple[str, str]
SELLS_ORE = "sells ore"
"""The role of who sells ore of which no row says that it mines any; no path starts there."""


@dataclass(frozen=True)
class FlowGraph:
    """The graph of a year, and what it leaves out.

    Attributes:
        graph: a ``networkx.DiGraph``; an edge has ``tonnes``, and ``distance`` is 1 / tonnes; a
            node has ``label``, ``stage``, ``country``, ``role``, and ``rows`` of its output; the
            role is its stage, or that it sells ore of which no row says that it mines any.
        unexplained: tonnes that are taken and that no figure accounts for, by stage.
        scrap: tonnes of oxide from scrap, which no mine sends.
        skipped: stages of the chain at which the year knows no maker.
        sellers: names of who sells ore of which no row says that it mines any.
    """

    graph: nx.DiGraph[str]
    unexplained: Mapping[str, float]
    scrap: float
    markets: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()


def flow_graph(model: ModelYear, market: str = WORLD) -> FlowGraph:
    """Return the flows of a reconciled year as a graph.

    >>> from monazite.findings.standing.makers import read_known_year
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> model, _ = read_known_year(read_facts(open_store(), "Dy", "2026-11-24"), year=2024)
    >>> flow_graph(model).graph.edges["mine/MMR", "separation/CHN"]["tonnes"] > 1000
    True
    """
    tonnes, lost, scrap = defaultdict[Edge, float](float), defaultdict[str, float](float), 0.0
    for name in model.names:  # each its own: who takes the ore may separate one element of it
        routes = YearRoutes(replace(model, names=(name,)), WORLD)
        for tail, head, amount in _flows(routes):
            stage, maker = tail.split("/", 1)
            if maker == UNEXPLAINED:
                lost[stage] += amount
            else:
                tonnes[tail, head] += amount
        scrap += fsum(x for stage in routes.stages for x in stage.scrap.values())
    graph = graph_of(tonnes, model.named)
    for each in list(nodes_in(graph)):
        graph.nodes[each.id]["rows"] = model.rows(each.stage, each.country)
        if model.resells(each.stage, each.country):
            label = f"{model.named(each.country)}, {SELLS_ORE}"
            graph.nodes[each.id].update(role=SELLS_ORE, label=label)
    there = {node.stage for node in nodes_in(graph)}
    users = sorted(node for node in graph if node.startswith(f"{USE}/"))
    return FlowGraph(
        graph=graph,
        unexplained={stage: amount for stage, amount in lost.items() if amount > LEAST},
        scrap=scrap,
        markets=tuple(user for user in users if market == WORLD or user == f"{USE}/{market}"),
        sellers=tuple(
            sorted(model.named(x.country) for x in nodes_in(graph) if x.role == SELLS_ORE)
        ),
        skipped=tuple(x.code for x in YearRoutes(model, WORLD).stages if x.code not in there),
    )


def graph_of(tonnes: Mapping[Edge, float], named: Callable[[str], str] = str) -> nx.DiGraph[str]:
    """Return flows between countries at a stage as a graph, whose order is that of the names.

    >>> graph_of({("mine/CHN", "separation/CHN"): 4.0}).edges["mine/CHN", "separation/CHN"]
    {'tonnes': 4.0, 'distance': 0.25}
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    kept = {edge: amount for edge, amount in tonnes.items() if amount > LEAST}
    for node in sorted({end for edge in kept for end in edge}):
        stage, country = node.split("/", 1)
        label = place_at(named(country), stage)
        graph.add_node(node, label=label, stage=stage, country=country, role=stage)
    for (tail, head), amount in sorted(kept.items()):
        graph.add_edge(tail, head, tonnes=amount, distance=1 / amount)
    return graph


def _flows(routes: YearRoutes) -> Iterator[tuple[str, str, float]]:
    """What each maker, or nobody, gives to each taker of the next stage, and to users."""
    stages = routes.stages
    for stage, after in itertools.pairwise(stages):
        given = _ore(stage) if stage.code == MINE else _mixed(stage, stage.taken)
        for maker, pool, amount in given:
            taker = routes.next_pool(stage.code, pool)
            yield f"{stage.code}/{maker}", f"{after.code}/{taker}", amount
    last, main = stages[-1], routes.model.chain.main
    for (product, seller, user), sold in routes.model.chain.sold.items():
        if product not in main:
            continue
        amount = sold * routes.held_in(product)
        makers = {seller: amount} if last.code == MAGNET else last.origins({seller: amount})
        for maker, part in makers.items():
            yield f"{last.code}/{maker}", f"{USE}/{user}", part


def _ore(stage: YearStage) -> Iterator[tuple[str, str, float]]:
    """Ore that is taken where it is separated, by who mines it: nobody sells on what it buys."""
    taking = {pool for pool, tonnes in stage.taken.items() if tonnes > LEAST}
    sold = defaultdict[str, float](float)
    for (seller, buyer), tonnes in stage.sold.items():
        sold[seller] += tonnes
        if buyer in taking:
            yield seller, buyer, tonnes
    for maker, tonnes in stage.made.items():
        if maker in taking:
            yield maker, maker, tonnes - sold[maker]
    for pool, tonnes in stage.missing.items():
        yield UNEXPLAINED, pool if pool in taking else REST, tonnes


def _mixed(stage: YearStage, taken: Mapping[str, float]) -> Iterable[tuple[str, str, float]]:
    """What is taken of what pools hold, by who made it."""
    for pool, tonnes in taken.items():
        for maker, part in stage.origins({pool: tonnes}).items():
            yield maker, pool, part
