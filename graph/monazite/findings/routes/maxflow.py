"""Maximum flow and minimum cut on small graphs with integer capacities, fast.

One seam for every loop that asks the same graph thousands of times with other capacities. The
graph stays a networkx graph; here it is kept as lists, and networkx is the referee in the tests.
Method: shortest augmenting paths, all of a length at a time (Dinitz 1970), O(V^2 E).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
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
        left = list(caps)
        value = self._fill(left, enough)
        if enough is not None and value > enough:
            return Cut(value, frozenset(), self._flow(left))
        reaches = self._reaches_sink(left)
        assert self._cost(caps, reaches) == value, "a cut costs what flows through it"
        side = frozenset(node for node, there in zip(self.nodes, reaches, strict=True) if not there)
        return Cut(value, side, self._flow(left))

    def necks(self, changed: Mapping[Arc, int] | None = None) -> tuple[int, frozenset[Arc]]:
        """Return what flows at most, and the arcs that stand in a minimum cut, in any of them.

        With one unit less of capacity on such an arc, and on no other, a unit less flows. They
        are the full arcs whose room leads nowhere back from tail to head: the ends lie in
        different strong components of the room that is left (Picard and Queyranne 1980). One
        flow answers for all arcs.

        Args:
            changed: capacities that stand in for those of some arcs.

        >>> graph = nx.DiGraph()
        >>> graph.add_edge("mine", "plant", capacity=3)
        >>> graph.add_edge("plant", "market", capacity=2)
        >>> Channels(graph, "mine", "market").necks()
        (2, frozenset({('plant', 'market')}))
        """
        left = self._with(changed or {})
        value = self._fill(left)
        heads = self._heads
        room = nx.DiGraph((heads[at ^ 1], heads[at]) for at, free in enumerate(left) if free)
        parts = enumerate(nx.strongly_connected_components(room))
        part = {node: place for place, nodes in parts for node in nodes}
        full = (arc for arc, at in self._of.items() if left[at ^ 1] and not left[at])
        return value, frozenset(
            (tail, head) for tail, head in full if part[self._at[tail]] != part[self._at[head]]
        )

    def _with(self, changed: Mapping[Arc, int]) -> list[int]:
        caps = list(self._caps)
        for arc, cap in changed.items():
            caps[self._of[arc]] = cap
        return caps

    def _fill(self, left: list[int], enough: int | None = None) -> int:
        """Send as much as there is room for, or just more than enough; return how much."""
        value = 0
        while (steps := self._steps(left))[self._sink]:
            for amount in self._sent(left, steps):
                value += amount
                if enough is not None and value > enough:
                    return value
        return value

    def _steps(self, left: list[int]) -> list[int]:
        """The place of each node on shortest paths with room, the source's is 1; 0 if on none."""
        steps = [0] * len(self.nodes)
        steps[self._source] = 1
        queue = deque([self._source])
        while queue and not steps[self._sink]:
            node = queue.popleft()
            for place in self._from[node]:
                head = self._heads[place]
                if left[place] and not steps[head]:
                    steps[head] = steps[node] + 1
                    queue.append(head)
        return steps

    def _sent(self, left: list[int], steps: list[int]) -> Iterator[int]:
        """Send along shortest paths until none has room; an arc that led nowhere is not retried."""
        turns = [0] * len(self.nodes)
        path: list[int] = []
        node = self._source
        while True:
            if node == self._sink:
                yield self._push(left, path)
                path, node = [], self._source
            elif turns[node] < len(self._from[node]):
                place = self._from[node][turns[node]]
                head = self._heads[place]
                if left[place] and steps[head] == steps[node] + 1:
                    path.append(place)
                    node = head
                else:
                    turns[node] += 1
            elif path:
                node = self._heads[path.pop() ^ 1]
                turns[node] += 1
            else:
                return

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
