"""Where the bars and bands of a Sankey picture stand: heights are quantities, on one scale.

Columns are stages from left to right. In a column the largest bars stand first, by size, and what
does not close stands last; a few sweeps move the small bars between towards the middle of what
they are joined to, as in a layered drawing (Sugiyama, Tagawa and Toda 1981), and the order with
the lightest crossings is kept. Bars keep the height of their label between their middles, so that
no label covers another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from monazite.pages.sankey.folding import (
    GAP,
    REST,
    Sankey,
    SankeyLink,
    SankeyNode,
    check_figures,
    folded,
    weights_of,
)

TOP, DRAWN, LINE, PAD, APART = 52.0, 470.0, 16.0, 7.0, 16.0
LEFT, RIGHT, BAR, PITCH, LEAST = 14.0, 186.0, 13.0, 190.0, 1120.0
LARGE = 0.1
"""Bars that hold this share of their column stand by size."""
SWEEPS = 6
CLEARLY = 1 - 1e-9
"""An order is better if it crosses less than so much of another: the last digits decide nothing."""


@dataclass(frozen=True)
class Bar:
    """A node and its place; ``high`` is its quantity, also where it is drawn higher to be seen."""

    node: SankeyNode
    x: float
    y: float
    high: float

    @property
    def middle(self) -> float:
        """Height of the bar's middle."""
        return self.y + self.high / 2


@dataclass(frozen=True)
class Band:
    """A link and its places: where it leaves its source and where it meets its target."""

    link: SankeyLink
    source: Bar
    target: Bar
    leaves: float
    meets: float
    high: float


@dataclass(frozen=True)
class SankeyLayout:
    """A picture with everything in its place."""

    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    heads: tuple[float, ...]  # left end of each column
    pitch: float
    width: float
    height: float
    scale: float  # heights per unit


Order = list[list[int]]


def place_bands(picture: Sankey) -> SankeyLayout:
    """Place the bars and bands of a picture; the same picture gives the same places.

    >>> ore = SankeyNode("ore", "Ore", 0, "country", 4.0, "")
    >>> oxide = SankeyNode("oxide", "Oxide", 1, "country", 3.0, "")
    >>> sold = SankeyLink("ore", "oxide", 3.0, "trade", "")
    >>> placed = place_bands(Sankey("", "t", ("mine", "use"), (ore, oxide), (sold,), ()))
    >>> [round(bar.high / placed.scale, 6) for bar in placed.bars]
    [4.0, 3.0]
    """
    check_figures(picture)
    flow = _NumberedPicture.of(folded(picture))
    order = flow.ordered()
    most = max((sum(flow.weights[i] for i in column) for column in order), default=0.0)
    scale = DRAWN / most if most else 0.0
    count = len(picture.columns)
    width = max(LEAST, LEFT + RIGHT + BAR + PITCH * (count - 1))
    pitch = (width - LEFT - RIGHT - BAR) / max(1, count - 1)
    tops = flow.stacked(order, scale)
    bars = [
        Bar(node, LEFT + pitch * node.column, tops[i], flow.weights[i] * scale)
        for i, node in enumerate(flow.nodes)
    ]
    bottom = max((max(bar.y + bar.high, bar.middle + LINE) for bar in bars), default=TOP)
    heads = tuple(LEFT + pitch * column for column in range(count))
    bands = _bands(flow, bars, scale)
    shown = tuple(bars[i] for column in order for i in column)
    return SankeyLayout(shown, bands, heads, pitch, width, bottom + APART, scale)


@dataclass(frozen=True)
class _NumberedPicture:
    """A picture by numbers: nodes and links as places in lists."""

    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    ends: tuple[tuple[int, int], ...]
    weights: tuple[float, ...]
    columns: int

    @classmethod
    def of(cls, picture: Sankey) -> _NumberedPicture:
        at = {node.id: place for place, node in enumerate(picture.nodes)}
        ends = tuple((at[link.source], at[link.target]) for link in picture.links)
        weights = weights_of(picture.nodes, picture.links)
        found = tuple(weights[node.id] for node in picture.nodes)
        return cls(picture.nodes, picture.links, ends, found, len(picture.columns))

    def by_size(self) -> Order:
        """Order each column by size, what does not close last."""
        return self._sorted(lambda i: -self.weights[i])

    def _sorted(self, key: Callable[[int], float]) -> Order:
        order: Order = [[] for _ in range(self.columns)]
        for i, node in enumerate(self.nodes):
            order[node.column].append(i)
        for column in order:
            large = LARGE * sum(self.weights[i] for i in column)
            column.sort(key=lambda i: self._place(i, large, key))
        return order

    def _place(self, i: int, large: float, key: Callable[[int], float]) -> tuple[object, ...]:
        node, weight = self.nodes[i], self.weights[i]
        group = {GAP: 3, REST: 2}.get(node.kind, 0 if weight >= large else 1)
        return (group, key(i) if group else -weight, node.label, i)

    def ordered(self) -> Order:
        """Choose the order with the lightest crossings among those that the sweeps find."""
        best = order = self.by_size()
        least = self.crossings(order)
        for sweep in range(SWEEPS):
            order = self._swept(order, backwards=bool(sweep % 2))
            found = self.crossings(order)
            if found < least * CLEARLY:
                best, least = order, found
        return best

    def _swept(self, order: Order, *, backwards: bool) -> Order:
        """Move the bars of each column, one column after the other, to the middle of their own."""
        most = max(sum(self.weights) or 1.0, 1e-300)
        for column in reversed(range(self.columns)) if backwards else range(self.columns):
            tops = self.stacked(order, DRAWN / most)
            pull = [0.0] * len(self.nodes)
            load = [0.0] * len(self.nodes)
            for link, (source, target) in zip(self.links, self.ends, strict=True):
                here, there = (source, target) if backwards else (target, source)
                pull[here] += link.value * (tops[there] + self.weights[there] * DRAWN / most / 2)
                load[here] += link.value
            wanted = [
                round(pull[i] / load[i] if load[i] else tops[i], 6) for i in range(len(self.nodes))
            ]
            order = [
                self._sorted(wanted.__getitem__)[place] if place == column else bars
                for place, bars in enumerate(order)
            ]
        return order

    def crossings(self, order: Order) -> float:
        """Weigh the crossings between each two columns: the product of what crosses."""
        rank = {i: place for column in order for place, i in enumerate(column)}
        between: dict[tuple[int, int], list[tuple[int, int, float]]] = defaultdict(list)
        for link, (source, target) in zip(self.links, self.ends, strict=True):
            columns = self.nodes[source].column, self.nodes[target].column
            between[columns].append((rank[source], rank[target], link.value))
        return sum(map(_weighed, between.values()))

    def label_lines(self, i: int) -> int:
        """Lines that a label takes: what does not close has room to say what it is."""
        return 2 if self.nodes[i].kind == GAP else 1

    def stacked(self, order: Order, scale: float) -> list[float]:
        """Return the top of each bar: a line apart, and a little more above what does not close."""
        tops = [TOP] * len(self.nodes)
        for column in order:
            for above, i in pairwise(column):
                bottom = tops[above] + self.weights[above] * scale
                middle = tops[above] + self.weights[above] * scale / 2
                first_gap = self.nodes[i].kind == GAP != self.nodes[above].kind
                lines = max(self.label_lines(above), self.label_lines(i))
                apart = max(bottom + PAD, middle + LINE * lines - self.weights[i] * scale / 2)
                tops[i] = apart + (APART if first_gap else 0.0)
        return tops


def _weighed(links: list[tuple[int, int, float]]) -> float:
    """Sum over pairs of links that cross, each pair once, by running sums over the targets."""
    beyond = [0.0] * (1 + max(target for _, target, _ in links))
    total = 0.0
    for source in sorted({source for source, _, _ in links}):
        own = sorted((target, value) for begins, target, value in links if begins == source)
        total += sum(value * sum(beyond[target + 1 :]) for target, value in own)
        for target, value in own:
            beyond[target] += value
    return total


def _bands(flow: _NumberedPicture, bars: list[Bar], scale: float) -> tuple[Band, ...]:
    """Stack the bands at each bar in the order of their other ends, so that they fan out."""
    leaves, meets = [0.0] * len(flow.links), [0.0] * len(flow.links)
    for places, own, other in ((leaves, 0, 1), (meets, 1, 0)):
        reached = [bar.y for bar in bars]
        for i in sorted(range(len(flow.links)), key=lambda i: _far(flow, bars, i, own, other)):
            here = flow.ends[i][own]
            places[i] = reached[here]
            reached[here] += flow.links[i].value * scale
    return tuple(
        Band(link, bars[source], bars[target], leaves[i], meets[i], link.value * scale)
        for i, (link, (source, target)) in enumerate(zip(flow.links, flow.ends, strict=True))
    )


def _far(
    flow: _NumberedPicture, bars: list[Bar], i: int, own: int, other: int
) -> tuple[float, ...]:
    """Where the other end of a link stands: what does not close last, then from top to bottom."""
    far = bars[flow.ends[i][other]]
    return (flow.links[i].kind == GAP, far.y, abs(far.x - bars[flow.ends[i][own]].x), i)
