"""How much of an element reaches a market: max-flow on the pools of the network.

First form of the flow model. Every stage passes the world's supply of the element once, so a
pool's capacity is its share of the world; what crosses a border between stages is capped at the
trade of the base year; inside a country, and inside the rest of the world, nothing is capped.
Capacities are integers, in millionths of the world's supply, because floats lose units. Method:
maximum flow by shortest augmenting paths (see ``maxflow``); the value is checked against the cost
of the cut.

A market does not own the world: if it alone drew on all that is left, hardly anything would
count as lost. So the other markets stand beside it, and scarcity is shared in equal proportions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from monazite.findings.maxflow import BIG, Arc, Channels
from monazite.network.graph import Network
from monazite.network.shares import WORLD

UNIT = 1_000_000
"""Capacity of the world's whole supply."""
STEPS = 1 << 20
"""Steps in which scarcity is shared."""
FLOORS = 2
"""Units that rounding down may cost a fair part."""
MIX = "trade-element-mix"
SOURCE, SINK, MARKET, OTHERS = "source", "sink", "market", "other markets"


def flow_graph(
    network: Network, *, shares: Mapping[str, float] | None = None, mix: float = 1.0
) -> nx.DiGraph[str]:
    """Return the pools of a network as a graph for max-flow, each split into in and out.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
        shares: shares that stand in for those of some pools, 0 to 1; an outage is 0.
        mix: factor on the element that traded goods carry (assumption ``trade-element-mix``).

    Returns:
        A directed graph from ``source`` over ``market`` and ``other markets`` to ``sink``;
        ``capacity`` is an integer in millionths of the world's supply, and missing where
        nothing caps the arc. There are other markets only beside a single country.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(SOURCE)
    graph.add_edge(MARKET, SINK, capacity=BIG)
    stages = list(network.graph["splits"])
    one_country = network.graph["market"] != WORLD
    if one_country:
        graph.add_edge(OTHERS, SINK, capacity=BIG)
    for node in sorted(network):
        found = network.nodes[node]
        if found["kind"] != "country":
            continue
        share = (shares or {}).get(node, found["share"])
        graph.add_edge(f"{node} in", f"{node} out", capacity=round(share * UNIT))
        if found["stage"] == stages[0]:
            graph.add_edge(SOURCE, f"{node} in")
        if found["stage"] == stages[-1] and one_country:
            graph.add_edge(f"{node} out", OTHERS)
    for source, target, arc in sorted(network.edges(data=True), key=lambda edge: edge[:2]):
        if arc["kind"] in {"domestic", "trade"}:
            end = MARKET if target == market_node(network) else f"{target} in"
            factor = mix if MIX in arc.get("assumptions", ()) else 1.0
            share = factor * (arc.get("share") or 0.0)
            cap = {} if arc["kind"] == "domestic" else {"capacity": round(share * UNIT)}
            graph.add_edge(f"{source} out", end, **cap)
    return graph


def market_node(network: Network) -> str:
    """Return the node of the market."""
    return f"market/{network.graph['market']}"


@dataclass(frozen=True)
class Served:
    """What reaches the market, in millionths of the world's supply.

    ``first`` is the market served before all others, ``last`` after them, ``fair`` with scarcity
    shared in equal proportions (max-min fair). For the world the three are one.
    """

    fair: int
    first: int
    last: int


def serve(
    network: Network, *, shares: Mapping[str, float] | None = None, mix: float = 1.0
) -> Served:
    """Return what reaches the market with some pools' shares replaced.

    Every market asks for what the base year served. Max-min fair: the largest part that all can
    have at once, then what the market can have on top without taking from the others.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> base = serve(network)
    >>> serve(network, shares={"separation/CHN": 0}).fair < base.fair / 10
    True
    """
    wanted, others = _demand(network, mix)
    channels = Channels(flow_graph(network, shares=shares, mix=mix), SOURCE, SINK)
    if not others:
        alone = _flow(channels, wanted, 0)
        return Served(alone, alone, alone)
    first = _flow(channels, wanted, 0)
    last = _flow(channels, wanted, others) - _flow(channels, 0, others)
    return Served(_fair(channels, wanted, others), first, last)


class Supply:
    """The pools of a network, made ready once, for loops that ask what many outages leave.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> Supply(network).fair() == serve(network).fair
    True
    """

    def __init__(self, network: Network) -> None:
        """Take the capacities of a network, and what its base serves."""
        self._channels = Channels(flow_graph(network), SOURCE, SINK)
        self._wanted, self._others = _asks(self._channels)

    def fair(self, shares: Mapping[str, float] | None = None) -> int:
        """Return what reaches the market, scarcity shared, with some pools' shares replaced."""
        return _fair(self._channels, self._wanted, self._others, _replaced(shares))

    def bounds(self, larger: Supply, shares: Mapping[str, float] | None = None) -> tuple[int, int]:
        """Return the least and the most that ``fair`` is with capacities from here to ``larger``.

        The larger supply has the same pools, and arcs of at least the capacity; ``envelope`` says
        why these are bounds. The floors of the fair steps cost two units at most.
        """
        gone = _replaced(shares)
        wanted = (self._wanted, larger._wanted)
        if not larger._others:
            return (
                _flow(self._channels, wanted[0], 0, gone),
                _flow(larger._channels, wanted[1], 0, gone),
            )
        whole = (self._wanted + self._others, larger._wanted + larger._others)
        others = (max(0, whole[0] - wanted[1]), whole[1] - wanted[0])
        fewest = _fair_step(self._channels, wanted[1], others[1], gone)
        most = _fair_step(larger._channels, wanted[0], others[0], gone)
        theirs = (others[0] * fewest // STEPS, others[1] * most // STEPS)
        low = _flow(self._channels, wanted[0], theirs[1], gone) - theirs[1] - FLOORS
        high = _flow(larger._channels, wanted[1], theirs[0], gone) - theirs[0] + FLOORS
        return max(0, low), high


def _replaced(shares: Mapping[str, float] | None) -> dict[Arc, int]:
    return {
        (f"{pool} in", f"{pool} out"): round(share * UNIT) for pool, share in (shares or {}).items()
    }


def _fair(
    channels: Channels, wanted: int, others: int, gone: Mapping[Arc, int] | None = None
) -> int:
    if not others:
        return _flow(channels, wanted, 0, gone)
    theirs = others * _fair_step(channels, wanted, others, gone) // STEPS
    return _flow(channels, wanted, theirs, gone) - theirs


def _fair_step(channels: Channels, wanted: int, others: int, gone: Mapping[Arc, int] | None) -> int:
    """The largest step at which all get the same part of what they ask for.

    Newton's method on the cuts (Dinkelbach 1967): each cut bounds the step from above, and the
    next step is the largest that it allows.
    """
    step = STEPS
    while step > 0:
        ask = {MARKET: wanted * step // STEPS, OTHERS: others * step // STEPS}
        value, side = _cut(channels, ask[MARKET], ask[OTHERS], gone)
        if value == sum(ask.values()):
            return step
        within = sum(asked for end, asked in ask.items() if end in side)
        beyond = wanted * (MARKET not in side) + others * (OTHERS not in side)
        step = min(step - 1, (value - within) * STEPS // beyond)
    return 0


def _demand(network: Network, mix: float) -> tuple[int, int]:
    """What the base serves to the market and to the others."""
    return _asks(Channels(flow_graph(network, mix=mix), SOURCE, SINK))


def _asks(channels: Channels) -> tuple[int, int]:
    wanted = _flow(channels, BIG, 0)
    if OTHERS not in channels.nodes:
        return wanted, 0
    return wanted, _flow(channels, BIG, BIG) - wanted


def _flow(
    channels: Channels, wanted: int, others: int, gone: Mapping[Arc, int] | None = None
) -> int:
    """Max-flow to the market and to the others, each up to what it asks for."""
    return _cut(channels, wanted, others, gone)[0]


def _cut(
    channels: Channels, wanted: int, others: int, gone: Mapping[Arc, int] | None = None
) -> tuple[int, frozenset[str]]:
    """The max-flow, and the source's side of a minimum cut, with some pools' capacity replaced."""
    found = channels.cut({**asked(channels, wanted, others), **(gone or {})})
    return found.value, found.side


def asked(channels: Channels, wanted: int, others: int = 0) -> dict[Arc, int]:
    """What the market and the others ask for, as capacities; there are no others in the world."""
    return {
        (end, SINK): cap
        for end, cap in ((MARKET, wanted), (OTHERS, others))
        if end in channels.nodes
    }


def loss(before: int, after: int) -> float | None:
    """Return the share of what reached the market that is lost, or None if nothing did.

    >>> loss(200, 50)
    0.75
    """
    return None if before <= 0 else 1 - after / before
