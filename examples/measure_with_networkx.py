"""For people who know networkx: the network is a MultiDiGraph, the measured flows a DiGraph.

Run: python examples/measure_with_networkx.py
"""

import networkx as nx

import monazite as mz

view = mz.load(valid="2026-11-24")
network = view.network("Dy", market="USA")
print(type(network).__name__, len(network), "nodes,", network.number_of_edges(), "arcs")

# Any function of networkx works on it; nodes and arcs carry the rows they rest on.
known = nx.DiGraph(
    (tail, head) for tail, head, arc in network.edges(data=True) if arc["kind"] != "possible"
)
print(nx.number_weakly_connected_components(known), "parts that no known arc joins")

# What `monazite centrality` prints is what networkx finds on the graph that it hands out.
found = view.centrality("Dy", market="USA")
between = nx.betweenness_centrality(found.graph, weight="distance")
for node in found.nodes[:5]:
    assert abs(node.measures["betweenness"] - between[node.id]) < 1e-12
    print(f"{between[node.id]:.4f} {node.label}, loss {node.loss:.0%} ({len(node.rows)} rows)")
