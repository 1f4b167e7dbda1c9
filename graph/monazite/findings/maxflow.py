"""Maximum flow and minimum cut on small graphs with integer capacities, fast.

One seam for every loop that asks the same graph thousands of times with other capacities. The
graph stays a networkx graph; here it is kept as lists, and networkx is the referee in the tests.
Method: shortest augmenting paths (Edmonds and Karp 1972), O(V E^2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import networkx as nx

BIG = 1 << 40
"""Capacity of an arc that nothing caps."""
Arc: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Cut:
    """A maximum flow and a minimum cut: the value, the source's side, and what flows on arcs.

    ``side`` is everything that cannot reach the sink any more, the same for every maximum flow.
    Where the search was stopped at ``enough``, there is a flow and no cut: ``side`` is empty.
    """

    value: int
    side: frozenset[str]
    flow: Mapping[Arc, int]


class Channels:
    """A directed graph whose arcs have integer capacities, from one source to one sink.

    >>> graph = nx.DiGraph()
    >>> graph.add_edge("mine", "plant", capacity=3)
    >>> graph.add_edge("plant", "market", capacity=2)
    >>> Channels(graph, "mine", "market").cut().value
    2
    """

    def __init__(self, graph: nx.DiGraph[str], source: str, sink: str) -> None:
        """Keep the arcs of a graph; an arc without ``capacity`` is not capped."""
        self.nodes = list(graph)
        self.arcs: list[Arc] = list(graph.edges)
        self._at = {node: place for place, node in enumerate(self.nodes)}
        self._source, self._sink = self._at[source], self._at[sink]
        self._of = {arc: 2 * place for place, arc in enumerate(self.arcs)}
        self._caps = [0] * (2 * len(self.arcs))
        self._heads: list[int] = []
        self._from: list[list[int]] = [[] for _ in self.nodes]
        for tail, head, found in graph.edges(data=True):
            place = len(self._heads)
            self._caps[place] = found.get("capacity", BIG)
            self._heads += [self._at[head], self._at[tail]]
            self._from[self._at[tail]].append(place)
            self._from[self._at[head]].append(place + 1)

    def cut(self, changed: Mapping[Arc, int] | None = None, *, enough: int | None = None) -> Cut:
        """Return a maximum flow and a minimum cut, with the capacity of some arcs changed.

        Args:
            changed: capacities that stand in for those of some arcs.
            enough: stop as soon as more than this flows; then there is no cut.
        """
        caps = self._with(changed or {})
        left, value = list(caps), 0
        while enough is None or value <= enough:
            path = self._shortest(left)
            if path is None:
                reaches = self._reaches_sink(left)
                cost = self._cost(caps, reaches)
                assert cost == value, "a cut costs what flows through it"
                side = frozenset(
                    node for node, there in zip(self.nodes, reaches, strict=True) if not there
                )
                return Cut(value, side, self._flow(left))
            value += self._push(left, path)
        return Cut(value, frozenset(), self._flow(left))

    def _with(self, changed: Mapping[Arc, int]) -> list[int]:
        caps = list(self._caps)
        for arc, cap in changed.items():
            caps[self._of[arc]] = cap
        return caps

    def _shortest(self, left: list[int]) -> list[int] | None:
        """The arcs of a shortest path with room, or None."""
        came: list[int] = [-1] * len(self.nodes)
        seen = [False] * len(self.nodes)
        seen[self._source] = True
        queue = deque([self._source])
        while queue and not seen[self._sink]:
            for place in self._from[queue.popleft()]:
                head = self._heads[place]
                if left[place] and not seen[head]:
                    seen[head], came[head] = True, place
                    queue.append(head)
        return self._path(came) if seen[self._sink] else None

    def _path(self, came: list[int]) -> list[int]:
        path, node = [], self._sink
        while node != self._source:
            path.append(came[node])
            node = self._heads[came[node] ^ 1]
        return path

    def _push(self, left: list[int], path: list[int]) -> int:
        amount = min(left[place] for place in path)
        for place in path:
            left[place] -= amount
            left[place ^ 1] += amount
        return amount

    def _reaches_sink(self, left: list[int]) -> list[bool]:
        """For each node, whether room leads from it to the sink."""
        reaches = [False] * len(self.nodes)
        reaches[self._sink] = True
        queue = deque([self._sink])
        while queue:
            for place in self._from[queue.popleft()]:
                tail = self._heads[place]
                if left[place ^ 1] and not reaches[tail]:
                    reaches[tail] = True
                    queue.append(tail)
        return reaches

    def _cost(self, caps: list[int], reaches: list[bool]) -> int:
        heads = self._heads
        return sum(
            caps[place]
            for place in range(0, len(heads), 2)
            if reaches[heads[place]] and not reaches[heads[place + 1]]
        )

    def _flow(self, left: list[int]) -> dict[Arc, int]:
        return {arc: left[2 * i + 1] for i, arc in enumerate(self.arcs) if left[2 * i + 1]}
