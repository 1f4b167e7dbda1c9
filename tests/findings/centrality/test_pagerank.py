"""PageRank by hand on two nodes, and the same as networkx on whatever flows."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given

from monazite.findings.centrality.pagerank import DAMPING, TOLERANCE, pagerank
from tests.findings.centrality.graphs import drawn_flows, measured


def test_two_nodes_by_hand() -> None:
    """r(a) = (1-d)/2 + d r(b)/2 and r(b) = (1-d)/2 + d (r(a) + r(b)/2), with d = 0.85."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", tonnes=7.0)
    found = pagerank(graph, "tonnes")
    assert found["a"] == pytest.approx(1 / 2.85, abs=1e-12)
    assert found["b"] == pytest.approx(1.85 / 2.85, abs=1e-12)


def test_weights_share_what_follows_an_edge() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", tonnes=3.0)
    graph.add_edge("a", "c", tonnes=1.0)
    found = pagerank(graph, "tonnes")
    rest = found["a"]  # nothing leads to it
    assert found["b"] - rest == pytest.approx(3 * (found["c"] - rest), abs=1e-12)


def test_an_empty_graph_has_no_ranks() -> None:
    assert pagerank(nx.DiGraph(), "tonnes") == {}


@given(drawn_flows())
def test_it_is_what_networkx_finds(flows: dict[tuple[str, str], float]) -> None:
    graph = measured(flows).reverse()
    theirs = nx.pagerank(graph, alpha=DAMPING, weight="tonnes", tol=TOLERANCE, max_iter=10_000)
    ours = pagerank(graph, "tonnes")
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert sum(ours.values()) == pytest.approx(1, abs=1e-12)


def test_edges_that_weigh_nothing_lead_nowhere() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", in_force=0)
    graph.add_edge("b", "c", in_force=2)
    theirs = nx.pagerank(graph, weight="in_force", tol=TOLERANCE, max_iter=10_000)
    assert pagerank(graph, "in_force") == pytest.approx(theirs, abs=1e-9)
