"""Measures of centrality, each a function of a graph that networkx repeats.

Freeman, Sociometry 40 (1977), 35-41; Brandes, Journal of Mathematical Sociology 25 (2001), 163-177,
and Social Networks 30 (2008), 136-145. Recalled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

import networkx as nx

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.results import Struct
from monazite.data.parameters import FIRMS, FLOW, MINE, POLICIES, check_text


class GraphEdge(NamedTuple):
    """An edge of a measured graph."""

    source: str  #: id of who gives, supplies or binds
    target: str  #: id of who takes, buys or is bound
    weight: float  #: tonnes of the element, links, or acts in force


def edges_in(graph: nx.DiGraph[str], weight: str) -> Iterator[GraphEdge]:
    """Iterate over the edges of a measured graph."""
    for tail, head, cells in graph.edges(data=True):
        yield GraphEdge(tail, head, float(cells[weight]))


def rows_around(graph: nx.DiGraph[str], node: str, held: str) -> tuple[str, ...]:
    """Return what the edges at a node name, each once, sorted."""
    around = (*graph.in_edges(node, data=True), *graph.out_edges(node, data=True))
    return tuple(sorted({each for *_, cells in around for each in cells[held]}))


DAMPING = 0.85  # the part of the weight that follows an edge; the rest is spread over all nodes
TOLERANCE = 1e-13
"""It ends where all ranks together move by less in a round; they are then right to 1e-12."""
ROUNDS = 1_000  # more than it ever takes: a round leaves at most ``DAMPING`` of what is still wrong


def pagerank(graph: nx.DiGraph[str], weight: str) -> dict[str, float]:
    """Return the PageRank of every node; all together are 1.

    ``r(v) = (1 - d) / n + d * (sum over u -> v of r(u) * w(u, v) / w(u) + D / n)`` with the damping
    ``d``, the number of nodes ``n``, the weight ``w(u)`` of all edges that leave ``u``, and the
    rank ``D`` of the nodes that none leaves.
    """
    if not graph:
        return {}
    strengths: Mapping[str, float] = dict(graph.out_degree(weight=weight))
    ranks = dict.fromkeys(graph, 1 / len(graph))
    for _ in range(ROUNDS):
        before, given = ranks, {node: list[float]() for node in graph}
        ends = fsum(rank for node, rank in before.items() if not strengths[node])
        spread = (1 - DAMPING + DAMPING * ends) / len(graph)
        for tail, head, part in edges_in(graph, weight):
            if part:
                given[head].append(before[tail] * part / strengths[tail])
        ranks = {node: spread + DAMPING * fsum(parts) for node, parts in given.items()}
        if fsum(abs(ranks[node] - before[node]) for node in graph) < TOLERANCE:
            break
    return ranks


Numbers = Mapping[str, float]
"""A measure, by node."""
DIGITS = 12  # measures that differ by less after the point are one


class CentralityMeasure(Struct):
    """A measure: ``none`` completes "no mine has any ...", ``says`` explains its column."""

    code: str
    column: str
    words: str
    none: str
    says: str
    unit: str = ""


_BETWEEN = (
    *("betweenness", "between", "betweenness", "betweenness"),
    "of all ordered pairs of others, the part whose shortest path leads over it",
)
_SHARE = "all places together have 1"
_MEASURES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    FLOW: (
        _BETWEEN,
        (
            *("on_paths", "on paths", "shortest paths from mines to the market"),
            "shortest path through it",
            "of the shortest paths from mines to users in the market, the part that leads over it",
        ),
        (
            *("pagerank", "PageRank", "PageRank of the reversed flows", "PageRank"),
            f"how far users depend on it, at first hand and beyond; {_SHARE}",
        ),
        (
            *("tonnes_in", "in", "tonnes used", "tonnes used"),
            *("tonnes of the element that it takes", "t"),
        ),
        (
            *("tonnes_out", "out", "tonnes passed on", "tonnes passed on"),
            *("tonnes of the element that the next stage takes from it, at home too", "t"),
        ),
    ),
    FIRMS: (
        ("links", "links", "links", "link", "customers and suppliers on record, added up"),
        ("customers", "customers", "customers", "customer", "firms that it supplies"),
        ("suppliers", "suppliers", "suppliers", "supplier", "firms that supply it"),
        _BETWEEN,
        (
            *("pagerank", "PageRank", "PageRank of the reversed links", "PageRank"),
            f"how far buyers depend on it, at first hand and beyond; {_SHARE}",
        ),
    ),
    POLICIES: (
        (
            *("in_force_against", "aimed at it", "acts in force aimed at it", "act aimed at it"),
            "acts in force that other states aim at it, or at firms there",
        ),
        (
            *("in_force_by", "its own", "acts in force of its own", "act of its own"),
            "its acts in force, each once for every state that it is aimed at",
        ),
        (
            *("pagerank", "PageRank", "PageRank of the acts in force", "PageRank"),
            f"how far acts come together at it, more so from states that are targets; {_SHARE}",
        ),
    ),
}
MEASURES: Mapping[str, tuple[CentralityMeasure, ...]] = {
    kind: tuple(CentralityMeasure(*each) for each in rows) for kind, rows in _MEASURES.items()
}
"""The measures of each kind of graph; the first is taken where none is asked for."""

WEIGHTS = {FLOW: "tonnes", FIRMS: "links", POLICIES: "in_force"}
"""The attribute of an edge that says how much it weighs, by kind of graph."""


def measure_named(kind: str, code: str | None) -> CentralityMeasure:
    """Return a measure of a kind of graph."""
    known = {each.code: each for each in MEASURES[kind]}
    if code is None:
        return MEASURES[kind][0]
    check_text(code, "measure")
    if code not in known:
        fix = did_you_mean(code, known) or f"there are {', '.join(known)}."
        raise UnknownNameError(f'The graph of {kind} has no measure "{code}"; {fix}')
    return known[code]


def flow_measures(graph: nx.DiGraph[str], markets: Sequence[str]) -> dict[str, Numbers]:
    """Return what each node of a flow graph is to the flows; who only sells ore on is no start."""
    starts = [node for node, held in graph.nodes(data=True) if held["role"] == MINE]
    return {
        "betweenness": nx.betweenness_centrality(graph, weight="distance"),
        "on_paths": on_paths(graph, starts, markets),
        "pagerank": pagerank(graph.reverse(copy=True), "tonnes"),
        "tonnes_in": dict(graph.in_degree(weight="tonnes")),
        "tonnes_out": dict(graph.out_degree(weight="tonnes")),
    }


def on_paths(
    graph: nx.DiGraph[str], starts: Iterable[str], ends: Iterable[str]
) -> dict[str, float]:
    """Return the part of the shortest paths from starts to ends that pass each node in between."""
    begin, reach = list(starts), set(ends)
    pairs = 0
    for node in begin:
        after: set[str] = nx.descendants(graph, node)
        pairs += len(reach & after)
    passed: dict[str, float] = nx.betweenness_centrality_subset(
        graph, begin, sorted(reach), normalized=False, weight="distance"
    )
    return {node: part / pairs if pairs else 0.0 for node, part in passed.items()}


def firm_measures(graph: nx.DiGraph[str]) -> dict[str, Numbers]:
    """Return what each firm is to the others; paths only where the graph hangs together."""
    found: dict[str, Numbers] = {
        "links": dict(graph.degree()),
        "customers": dict(graph.out_degree()),
        "suppliers": dict(graph.in_degree()),
    }
    if hangs_together(graph):
        found["betweenness"] = nx.betweenness_centrality(graph)
        found["pagerank"] = pagerank(graph.reverse(copy=True), "links")
    return found


def hangs_together(graph: nx.DiGraph[str]) -> bool:
    """Return whether at least half of the nodes are joined, whichever way the edges point."""
    return len(graph) > 0 and largest_part(graph) >= len(graph) / 2


def largest_part(graph: nx.DiGraph[str]) -> int:
    """Return how many nodes the largest part has that edges join, whichever way they point."""
    return max(map(len, nx.weakly_connected_components(graph)), default=0)


def policy_measures(graph: nx.DiGraph[str]) -> dict[str, Numbers]:
    """Return what each state of a graph of acts is to the others, by what is in force."""
    return {
        "in_force_against": dict(graph.in_degree(weight="in_force")),
        "in_force_by": dict(graph.out_degree(weight="in_force")),
        "pagerank": pagerank(graph, "in_force"),
    }
