"""Chains and graphs by hand, of which each measure can be worked out on paper."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import networkx as nx
from hypothesis import strategies as st

from monazite.findings.centrality.flow_graph import FlowGraph, flow_graph, graph_of
from monazite.findings.chain.chain import Chain
from monazite.findings.events.failure_points import ModelYear

PRIMES = (*(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79),)
"""Tonnes whose sums of reciprocals are never alike: no two paths are as short."""
STAGES = ("mine", "separation", "magnet", "use")


def flows_of(chain: Chain, market: str = "WLD", names: tuple[str, ...] = ("Dy",)) -> FlowGraph:
    return flow_graph(ModelYear(chain, names, {}, {}), market)


def tonnes_in(graph: nx.DiGraph[str]) -> dict[tuple[str, str], float]:
    return {(tail, head): edge["tonnes"] for tail, head, edge in graph.edges(data=True)}


@st.composite
def drawn_flows(draw: st.DrawFn) -> dict[tuple[str, str], float]:
    """Flows between three countries at four stages, no two as large."""
    pairs = [
        (f"{stage}/{one}", f"{after}/{other}")
        for stage, after in itertools.pairwise(STAGES)
        for one in "AB"
        for other in "ABC"
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=3, unique=True))
    sizes = draw(st.permutations(PRIMES))
    return {pair: float(size) for pair, size in zip(chosen, sizes, strict=False)}


def users_of(flows: Mapping[tuple[str, str], float]) -> list[str]:
    return sorted({head for _, head in flows if head.startswith("use/")})


def measured(flows: Mapping[tuple[str, str], float]) -> nx.DiGraph[str]:
    return graph_of(flows)
