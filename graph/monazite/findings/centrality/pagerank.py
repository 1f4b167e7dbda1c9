"""PageRank by the power method, without numpy or scipy.

References:
    L. Page, S. Brin, R. Motwani and T. Winograd, The PageRank citation ranking: bringing order to
    the web, Stanford InfoLab technical report 1999-66 (1999). Recalled.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import TYPE_CHECKING

from monazite.findings.centrality.cells import edges_in

if TYPE_CHECKING:
    import networkx as nx

DAMPING = 0.85
"""The part of the weight that follows an edge; the rest is spread over all nodes."""
TOLERANCE = 1e-13
"""It ends where all ranks together move by less in a round; they are then right to 1e-12."""
ROUNDS = 1_000
"""More than it ever takes: a round leaves at most ``DAMPING`` of what is still wrong."""


def pagerank(graph: nx.DiGraph[str], weight: str) -> dict[str, float]:
    """Return the PageRank of every node; all together are 1.

    ``r(v) = (1 - d) / n + d * (sum over u -> v of r(u) * w(u, v) / w(u) + D / n)`` with the
    damping ``d``, the number of nodes ``n``, the weight ``w(u)`` of all edges that leave ``u``,
    and the rank ``D`` of the nodes that none leaves.

    >>> import networkx as nx
    >>> chain = nx.DiGraph()
    >>> chain.add_edge("mine", "plant", tonnes=1.0)
    >>> {node: round(rank, 4) for node, rank in pagerank(chain, "tonnes").items()}
    {'mine': 0.3509, 'plant': 0.6491}
    """
    if not graph:
        return {}
    strengths: Mapping[str, float] = dict(graph.out_degree(weight=weight))
    ranks = dict.fromkeys(graph, 1 / len(graph))
    for _ in range(ROUNDS):
        before, ranks = ranks, _next_ranks(graph, weight, strengths, ranks)
        if fsum(abs(ranks[node] - before[node]) for node in graph) < TOLERANCE:
            break
    return ranks


def _next_ranks(
    graph: nx.DiGraph[str], weight: str, strengths: Mapping[str, float], ranks: dict[str, float]
) -> dict[str, float]:
    ends = fsum(rank for node, rank in ranks.items() if not strengths[node])
    spread = (1 - DAMPING + DAMPING * ends) / len(graph)
    given: dict[str, list[float]] = {node: [] for node in graph}
    for tail, head, part in edges_in(graph, weight):
        if part:
            given[head].append(ranks[tail] * part / strengths[tail])
    return {node: spread + DAMPING * fsum(parts) for node, parts in given.items()}
