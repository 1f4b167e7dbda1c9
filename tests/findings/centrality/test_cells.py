"""What nodes and edges carry is read as it was written; what is not there is empty."""

from __future__ import annotations

import networkx as nx

from monazite.findings.centrality.cells import edges_in, nodes_in, rows_around
from monazite.findings.centrality.flow_graph import graph_of


def test_a_node_has_its_name_stage_and_country() -> None:
    graph = graph_of({("mine/A", "use/B"): 4.0}, {"A": "Aland", "B": "Bland"}.__getitem__)
    first, last = nodes_in(graph)
    assert (first.id, first.label, first.role, first.country) == (
        "mine/A",
        "Aland mining",
        "mine",
        "A",
    )
    assert (last.stage, last.kind, last.rows) == ("use", "", ())
    assert list(edges_in(graph, "tonnes")) == [("mine/A", "use/B", 4.0)]


def test_the_rows_at_a_node_are_those_of_its_edges_each_once() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", rows=("links/2", "links/1"))
    graph.add_edge("b", "c", rows=("links/2",))
    assert rows_around(graph, "b", "rows") == ("links/1", "links/2")
    assert rows_around(graph, "c", "rows") == ("links/2",)
