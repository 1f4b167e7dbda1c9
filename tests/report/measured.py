"""Measured graphs for the tests of pages and figures: a small one by hand, and a hostile one."""

from __future__ import annotations

import networkx as nx

from monazite.analysis.centrality.centrality import disagreements
from monazite.analysis.centrality.graphs import graph_of
from monazite.analysis.centrality.measures import flow_measures, measure_named
from monazite.analysis.centrality.result import Agreement, Centrality, CentralNode

LOSSES = {"mine/CHN": 0.5, "separation/CHN": 0.9, "separation/MYS": 0.1}


def small_centrality(by: str = "betweenness", name: str = "Dysprosium") -> Centrality:
    """A mine that feeds two separators, a user, and what three of them would cost."""
    graph = graph_of(
        {
            ("mine/CHN", "separation/CHN"): 80.0,
            ("mine/CHN", "separation/MYS"): 20.0,
            ("separation/CHN", "use/USA"): 80.0,
            ("separation/MYS", "use/USA"): 20.0,
        },
        {"CHN": "China", "MYS": "Malaysia", "USA": "United States"}.__getitem__,
    )
    return centrality_of(graph, by, name)


def hostile_centrality(text: str) -> Centrality:
    """The same with a text in every place that a reader may see."""
    graph = graph_of({("mine/A", "separation/A"): 2.0, ("separation/A", "use/A"): 1.0})
    for _, cells in graph.nodes(data=True):
        cells["label"] = text
    return centrality_of(graph, "betweenness", text)


def centrality_of(graph: nx.DiGraph[str], by: str, name: str) -> Centrality:
    values = flow_measures(graph, [node for node in graph if node.startswith("use/")])
    nodes = tuple(
        CentralNode(
            id=node,
            label=cells["label"],
            stage=cells["stage"],
            role=cells["stage"],
            country=cells["country"],
            measures={code: float(each[node]) for code, each in values.items()},
            loss=LOSSES.get(node),
            loss_low=LOSSES.get(node),
            loss_high=LOSSES.get(node),
            rows=(f"production/{node}",),
        )
        for node, cells in graph.nodes(data=True)
    )
    ordered = tuple(sorted(nodes, key=lambda node: (-node.measures[by], node.id)))
    return Centrality(
        *("Dy", name, "USA", "United States", "flow", by, 2024, "2026-11-24"),
        graph=nx.freeze(graph),
        nodes=ordered,
        agreements=(Agreement(by, 0.5, 3, ordered[0].id, ordered[0].loss),),
        said=tuple(disagreements(nodes, measure_named("flow", by))),
        notes=(name,),
    )
