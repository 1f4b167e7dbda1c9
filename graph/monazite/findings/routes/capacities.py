"""The routes of an element to a market as capacities, for cuts and structure.

Every stage passes the world's supply of the element once, so a pool's capacity is its share of the
world; what crosses a border between stages is capped at the trade of the base year; inside a
country, and inside the rest of the world, nothing is capped. Capacities are integers, in millionths
of the world's supply, because floats lose units. The maximum flow is solved in
:mod:`monazite.findings.routes.maxflow`; the tonnes that a market loses come from the linear
programme of :mod:`monazite.findings.flow_model.programme`.
"""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from monazite.findings.routes.maxflow import UNCAPPED, Arc, FlowSolver
from monazite.network.attributes import about, arcs_of, node_of
from monazite.network.graph import Network
from monazite.network.shares import WORLD

UNIT = 1_000_000
"""Capacity of the world's whole supply."""
SOURCE, SINK, MARKET, OTHERS = "source", "sink", "market", "other markets"


def flow_graph(network: Network, *, shares: Mapping[str, float] | None = None) -> nx.DiGraph[str]:
    """Return the pools of a network as a graph for max-flow, each split into in and out."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(SOURCE)
    graph.add_edge(MARKET, SINK, capacity=UNCAPPED)
    stages = list(about(network).splits)
    one_country = about(network).market != WORLD
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
            end = MARKET if arc.target == market_node(network) else f"{arc.target} in"
            share = arc.share or 0.0
            cap = {} if arc.kind == "domestic" else {"capacity": round(share * UNIT)}
            graph.add_edge(f"{arc.source} out", end, **cap)
    return graph


def market_node(network: Network) -> str:
    """Return the node of the market."""
    return f"market/{about(network).market}"


def demand_of(solver: FlowSolver, wanted: int, others: int = 0) -> dict[Arc, int]:
    """Return what the market and the others ask for, as capacities of their arcs to the sink."""
    return {
        (end, SINK): capacity
        for end, capacity in ((MARKET, wanted), (OTHERS, others))
        if end in solver.nodes
    }
