"""Bounds on the losses that hold for every flow of a group alike, so that none has to be tried.

A flow between countries that is left out makes the capacity of arcs smaller and leaves all else as
it is. So the network without one flow of a group lies, arc by arc, between the network without the
whole group and the network with it, and bounds worked out from these two hold for each. If the
conclusion holds anywhere within them, no flow of the group overturns it; else the group is split.

Max-flow grows with capacities and with what is asked for, by no more than they do. With ``w`` what
the market asks for, ``t`` what the others get and ``F`` the max-flow, the market gets
``F(w, t) - t``, which grows with capacities and ``w`` and shrinks with ``t``; and ``t``, the fair
part of what the others ask for, grows with capacities and shrinks with what is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import networkx as nx

from monazite.errors import NotKnownError
from monazite.findings.candidates import find_candidates
from monazite.findings.conclusion import ground_of
from monazite.findings.flow import Supply, flow_graph
from monazite.findings.maxflow import BIG, Arc
from monazite.findings.overturn import Doubts
from monazite.findings.premises import DROPPED, Doubt, revise
from monazite.network.build import build_network
from monazite.network.facts import USE
from monazite.network.graph import Network
from monazite.network.revised import RecordedFacts

SPARABLE = frozenset({"baci"})
"""Tables of flows whose doubts come last, so that whole groups of them are spared."""
LossBounds: TypeAlias = Mapping[str, tuple[float, float]]
"""Lowest and highest loss of everything that may fail, 0 to 1."""


def loss_bounds(low: Network, high: Network) -> LossBounds | None:
    """Return bounds on the losses of every network between two, None if they bound nothing.

    Args:
        low: a network.
        high: the same with larger capacities of arcs, and nothing else different.
    """
    if not _is_below(low, high):
        return None
    least, most = Supply(low), Supply(high)
    base_low, base_high = least.bounds(most)
    if base_low <= 0:
        return None
    found = {}
    for thing in find_candidates(high):
        left = {pool: high.nodes[pool]["share"] * (1 - part) for pool, part in thing.hits.items()}
        after_low, after_high = least.bounds(most, left)
        found[thing.id] = (1 - after_high / base_low, 1 - after_low / base_high)
    return found


def _is_below(low: Network, high: Network) -> bool:
    """Whether no arc of one network has more capacity than in the other, pools being the same."""
    if low.graph.get("trade_year") != high.graph.get("trade_year"):
        return False
    below, above = flow_graph(low), flow_graph(high)
    if set(below) != set(above) or _hits(low) != _hits(high):
        return False
    arcs = {*below.edges, *above.edges}
    return all(
        _cap(below, arc) == _cap(above, arc)
        if _is_pool(*arc)
        else _cap(below, arc) <= _cap(above, arc)
        for arc in arcs
    )


def _is_pool(tail: str, head: str) -> bool:
    return tail.removesuffix(" in") == head.removesuffix(" out")


def _cap(graph: nx.DiGraph[str], arc: Arc) -> int:
    """The capacity of an arc, none where there is no arc."""
    found: int = graph.edges[arc].get("capacity", BIG) if graph.has_edge(*arc) else 0
    return found


def _hits(network: Network) -> list[tuple[str, Mapping[str, float]]]:
    return [(thing.id, thing.hits) for thing in find_candidates(network)]


@dataclass
class Flows:
    """The flows between countries, and which of them surely overturn nothing.

    Args:
        facts: the recorded facts.
        market: code of a country or aggregate.
        holds: tells whether the conclusion holds wherever the losses lie within bounds.
    """

    facts: RecordedFacts
    market: str
    holds: Callable[[LossBounds], bool]
    _known: dict[Hashable, bool] = field(init=False, default_factory=dict)
    _groups: dict[Doubts, list[Doubts]] = field(init=False, default_factory=dict)

    def spared(self, chosen: Doubts, doubts: Sequence[Doubt]) -> frozenset[Doubt]:
        """Return those of some doubts that surely overturn nothing on top of the chosen ones.

        Bounds of a group hold for any part of it: a chosen flow spares its group at once.
        """
        try:
            high = self._network(chosen)
        except NotKnownError:
            return frozenset()
        weights = self._weights(high)
        flows = [doubt for doubt in doubts if _is_flow(doubt, weights)]
        taken = frozenset(doubt for doubt in chosen if _is_flow(doubt, weights))
        spared = self._beside(chosen - taken, taken, flows, weights) if taken else frozenset()
        left = [doubt for doubt in flows if doubt not in spared]
        return spared.union(*self._split(chosen, high, _by_weight(left, weights)))

    def _beside(
        self, chosen: Doubts, taken: Doubts, flows: Sequence[Doubt], weights: Mapping[str, float]
    ) -> frozenset[Doubt]:
        """The flows of groups that hold whole and that all flows already taken belong to."""
        if chosen not in self._groups:
            ordered = _by_weight({*flows, *taken}, weights)
            self._groups[chosen] = self._split(chosen, self._network(chosen), ordered)
        groups = (group for group in self._groups[chosen] if taken <= group)
        return frozenset().union(*groups).intersection(flows)

    def _split(self, chosen: Doubts, high: Network, flows: Sequence[Doubt]) -> list[Doubts]:
        """The groups that hold whole: all, or what holds of either half."""
        if not flows[1:]:  # one alone is as soon tried
            return []
        wider = chosen.union(flows)
        if self._keeps_codes(wider) and self._holds_between(self._network(wider), high):
            return [frozenset(flows)]
        half = len(flows) // 2
        return [
            *self._split(chosen, high, flows[:half]),
            *self._split(chosen, high, flows[half:]),
        ]

    def _holds_between(self, low: Network, high: Network) -> bool:
        key = (low.graph.get("trade_year"), ground_of(low), ground_of(high))
        if key not in self._known:
            bounds = loss_bounds(low, high)
            self._known[key] = bounds is not None and self.holds(bounds)
        return self._known[key]

    def _network(self, doubts: Doubts) -> Network:
        return build_network(revise(self.facts, doubts), self.market, links=False)

    def _weights(self, network: Network) -> dict[str, float]:
        """The reconciled flows of the year of trade that reach no market, with their tonnes."""
        year = network.graph.get("trade_year")
        routes = self.facts.routes.items()
        to_market = {code for code, pairs in routes if any(after == USE for _, after in pairs)}
        flows = self.facts.flows(year) if year is not None else []
        return {f.row: f.tonnes or 0.0 for f in flows if f.reconciled and f.code not in to_market}

    def _keeps_codes(self, doubts: Doubts) -> bool:
        """Whether each code still has a reconciled flow, so that no others take their place."""
        gone = {row for doubt in doubts for row in doubt.premise.rows}
        flows = [(year, flow) for year, flow in self.facts.flows_read() if flow.reconciled]
        touched = {(year, flow.code) for year, flow in flows if flow.row in gone}
        left = {(year, flow.code) for year, flow in flows if flow.row not in gone}
        return touched <= left


def _is_flow(doubt: Doubt, weights: Mapping[str, float]) -> bool:
    """Whether a doubt drops flows between countries and nothing else."""
    return doubt.how == DROPPED and weights.keys() >= set(doubt.premise.rows)


def _by_weight(flows: Iterable[Doubt], weights: Mapping[str, float]) -> list[Doubt]:
    """Small flows first: those that hardly count hold together."""
    return sorted(flows, key=lambda d: (sum(weights[row] for row in d.premise.rows), d))
