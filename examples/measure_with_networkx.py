"""For people who know networkx: the view's network is a MultiDiGraph.

Run: python examples/measure_with_networkx.py
"""

import networkx as nx

import monazite as mz

network = mz.load(valid="2026-11-24").network("Dy", market="USA")
print(type(network).__name__, len(network), "nodes,", network.number_of_edges(), "arcs")

# Any function of networkx works on it; nodes and arcs carry the rows they rest on.
known = nx.DiGraph(
    (tail, head) for tail, head, arc in network.edges(data=True) if arc["kind"] != "possible"
)
between = nx.betweenness_centrality(known)
for node in sorted(between, key=lambda name: (-between[name], name))[:5]:
    rows = network.nodes[node].get("rows", ())
    print(f"{between[node]:.4f} {node} ({len(rows)} rows)")

print(nx.number_weakly_connected_components(known), "parts that no known arc joins")
