"""The part of a network that a picture can show: countries, markets, and the main sites."""

from __future__ import annotations

from monazite.network.graph import Network

LINKS = {"observed", "captive"}


def select(network: Network, *, top: int = 40) -> Network:
    """Return the network with at most ``top`` sites and firms, those with most to say.

    Countries, markets and gaps stay. A site counts for more with a tonnage of its own, then with
    more observed or captive arcs, then by its size; what is left out is counted in ``left_out``.
    """
    ranked = sorted(
        (node for node in network if network.nodes[node]["kind"] in {"site", "firm", "rest"}),
        key=lambda node: _weight(network, node),
    )
    kept = set(network) - set(ranked[top:])
    chosen: Network = network.subgraph(kept).copy()
    chosen.graph["left_out"] = len(ranked[top:])
    return chosen


def _weight(network: Network, node: str) -> tuple[object, ...]:
    found = network.nodes[node]
    links = sum(
        1
        for arcs in (network.in_edges, network.out_edges)
        for *_, arc in arcs(node, data=True)
        if arc["kind"] in LINKS
    )
    tonnes = found.get("quantity") or 0.0
    return (found["kind"] == "firm", not tonnes, -links, -tonnes, node)
