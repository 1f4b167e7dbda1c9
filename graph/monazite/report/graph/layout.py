"""Where everything stands: stages are columns, countries keep one order in all; the lines between.

Layers after Sugiyama, Tagawa and Toda (1981); heights by isotonic regression. No random start.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import sqrt
from typing import Any

import networkx as nx

from monazite.core.formats import number_of, visible
from monazite.core.results import Struct
from monazite.model.network import attributes
from monazite.report.drawing.palette import LineStyle, line_of

CARD_WIDTH, TALL, SHORT = 204, 42, 26
COLUMN_GAP, BLOCK_GAP, CARD_GAP = 56, 14, 5
INDENT, EMPTY_WIDTH, MARGIN, HEADER = 16, 104, 12, 48
SWEEPS, MOST_SIFTED = 6, 2_000_000
TALL_KINDS = frozenset({"country", "market", "gap", "group"})
_KIND_ORDER = {"country": 0, "group": 1, "market": 2, "firm": 3, "site": 4, "rest": 5, "gap": 6}


class StageColumn(Struct):
    """A stage: its code and heading, its left edge and width."""

    code: str
    label: str
    x: float
    width: float
    empty: bool


class CardPlace(Struct):
    """A card's centre and size, its column, and the country block it belongs to."""

    x: float
    y: float
    width: float
    height: float
    column: int
    block: str
    head: bool


class Layout(Struct):
    """The whole picture: columns left to right, a place for each node, its size."""

    columns: tuple[StageColumn, ...]
    places: dict[Hashable, CardPlace]
    width: float
    height: float


@dataclass
class _Block:
    row: str
    members: list[Hashable]
    height: float
    top: float = 0.0


def lay_out(network: nx.MultiDiGraph[Any], *, tall: Collection[Hashable] = frozenset()) -> Layout:
    """Give every node a place."""
    stages = _stages(network)
    heights = {
        node.id: TALL if node.kind in TALL_KINDS or node.id in tall else SHORT
        for node in attributes.nodes_of(network)
    }
    columns = [_blocks(network, code, heights) for code, _ in stages]
    links = _links(network, columns)
    rank = {row: place for place, row in enumerate(_row_order(network, columns, links))}
    for blocks in columns:
        blocks.sort(key=lambda block: rank[block.row])
    _set_heights(columns, links)
    return _places(network, stages, columns, heights)


def _stages(network: nx.MultiDiGraph[Any]) -> list[tuple[str, str]]:
    named = [(str(code), visible(label)) for code, label in attributes.about(network).stages]
    known = {code for code, _ in named}
    found = {str(node.stage) for node in attributes.nodes_of(network)} - known
    return named + [(code, visible(code) or "Stage not known") for code in sorted(found)]


def _row(node: attributes.NetworkNode) -> str:
    return str(node.country) if node.country else f"\uffff{node.id}"


def _blocks(
    network: nx.MultiDiGraph[Any], stage: str, heights: Mapping[Hashable, int]
) -> list[_Block]:
    rows: dict[str, list[Hashable]] = defaultdict(list)
    for node in attributes.nodes_of(network):
        if str(node.stage) == stage:
            rows[_row(node)].append(node.id)
    blocks = []

    def member_order(node: Hashable) -> tuple[int, float, str, str]:
        cells = attributes.node_of(network, node)
        kind = _KIND_ORDER.get(str(cells.kind), len(_KIND_ORDER))
        return kind, -(number_of(cells.quantity) or 0), str(cells.label), str(cells.id)

    for row, members in sorted(rows.items()):
        members.sort(key=member_order)
        height = sum(heights[node] for node in members) + CARD_GAP * (len(members) - 1)
        blocks.append(_Block(row, members, height))
    return blocks


Link = tuple[int, str, int, str]


def _links(network: nx.MultiDiGraph[Any], columns: Sequence[Sequence[_Block]]) -> list[Link]:
    """Arcs between columns as (left column, its row, right column, its row), sorted."""
    where = {
        node: (number, block.row)
        for number, blocks in enumerate(columns)
        for block in blocks
        for node in block.members
    }
    pairs = (sorted((where[source], where[target])) for source, target in network.edges())
    return sorted((*left, *right) for left, right in pairs if left[0] != right[0])


def _row_order(
    network: nx.MultiDiGraph[Any], columns: Sequence[Sequence[_Block]], links: Sequence[Link]
) -> list[str]:
    weight: dict[str, float] = defaultdict(float)
    for node in attributes.nodes_of(network):
        weight[_row(node)] = max(weight[_row(node)], number_of(node.share) or 0.0)
    rows = {block.row for blocks in columns for block in blocks}
    order = sorted(rows, key=lambda row: (row.startswith("\uffff"), -weight[row], row))
    for _ in range(SWEEPS):
        swept = _barycentre(order, links)
        if crossings(swept, links) >= crossings(order, links):
            break
        order = swept
    return _sift(order, links)


def _barycentre(order: Sequence[str], links: Iterable[Link]) -> list[str]:
    rank = {row: place for place, row in enumerate(order)}
    met: dict[str, list[int]] = defaultdict(list)
    for _, left, _, right in links:
        met[left].append(rank[right])
        met[right].append(rank[left])
    centre = {row: sum(met[row]) / len(met[row]) if row in met else rank[row] for row in order}
    return sorted(order, key=lambda row: (centre[row], rank[row]))


def _sift(order: list[str], links: Sequence[Link]) -> list[str]:
    """Move each row in turn to where fewest arcs cross; it stays where no place is better."""
    fewest = crossings(order, links)
    for row in [*order] if len(order) ** 2 * len(links) <= MOST_SIFTED else ():
        others = [other for other in order if other != row]
        for place in range(len(order)):
            moved = [*others[:place], row, *others[place:]]
            count = crossings(moved, links)
            if count < fewest:
                order, fewest = moved, count
    return order


def crossings(order: Sequence[str], links: Iterable[Link]) -> int:
    """How many pairs of arcs between the same two columns cross under this order of rows."""
    rank = {row: place for place, row in enumerate(order)}
    between: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for first, left, second, right in links:
        between[first, second].append((rank[left], rank[right]))
    total = 0
    for ends in between.values():
        seen: list[int] = []
        for _, right_end in sorted(ends):
            total += len(seen) - bisect_right(seen, right_end)
            insort(seen, right_end)
    return total


def _set_heights(columns: Sequence[Sequence[_Block]], links: Iterable[Link]) -> None:
    """Move blocks up and down towards what they are linked to, sweeping right, left and right."""
    full = max((_stack_height(blocks) for blocks in columns), default=0.0)
    found = {(i, block.row): block for i, blocks in enumerate(columns) for block in blocks}
    near: dict[tuple[int, str], list[_Block]] = defaultdict(list)
    for first, left, second, right in links:
        near[first, left].append(found[second, right])
        near[second, right].append(found[first, left])
    for blocks in columns:
        _settle(blocks, [block.top for block in blocks], full)
    forward = list(range(len(columns)))
    for number in [*forward, *reversed(forward), *forward]:
        blocks = columns[number]
        wished = []
        for block in blocks:
            centres = [other.top + other.height / 2 for other in near[number, block.row]]
            middle = sum(centres) / len(centres) - block.height / 2 if centres else block.top
            wished.append(middle)
        _settle(blocks, wished, full)


def _stack_height(blocks: Sequence[_Block]) -> float:
    return sum(block.height + BLOCK_GAP for block in blocks) - BLOCK_GAP if blocks else 0.0


def _settle(blocks: Sequence[_Block], wished: Sequence[float], full: float) -> None:
    """Tops nearest to the wished ones (least squares) that keep order, gaps and frame."""
    offsets, offset = [], 0.0
    for block in blocks:
        offsets.append(offset)
        offset += block.height + BLOCK_GAP
    pools: list[tuple[float, int]] = []
    for wish, above in zip(wished, offsets, strict=True):
        total, size = wish - above, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / size:
            last = pools.pop()
            total, size = total + last[0], size + last[1]
        pools.append((total, size))
    levels = [total / size for total, size in pools for _ in range(size)]
    slack = max(0.0, full - _stack_height(blocks))
    for block, level, above in zip(blocks, levels, offsets, strict=True):
        block.top = min(max(level, 0.0), slack) + above


def _places(
    network: nx.MultiDiGraph[Any],
    stages: Sequence[tuple[str, str]],
    columns: Sequence[Sequence[_Block]],
    heights: Mapping[Hashable, int],
) -> Layout:
    set_columns: list[StageColumn] = []
    places: dict[Hashable, CardPlace] = {}
    x, lowest = float(MARGIN), 0.0
    for number, ((code, label), blocks) in enumerate(zip(stages, columns, strict=True)):
        width = CARD_WIDTH if blocks else EMPTY_WIDTH
        set_columns.append(StageColumn(code, label, x, width, not blocks))
        for block in blocks:
            top = HEADER + round(block.top)
            headed = attributes.node_of(network, block.members[0]).kind == "country"
            for node in block.members:
                head = not headed or node == block.members[0]
                inset = 0 if head else INDENT
                places[node] = CardPlace(
                    x=x + (width + inset) / 2,
                    y=top + heights[node] / 2,
                    width=width - inset,
                    height=heights[node],
                    column=number,
                    block=block.row,
                    head=head,
                )
                top += heights[node] + CARD_GAP
            lowest = max(lowest, top - CARD_GAP)
        x += width + COLUMN_GAP
    return Layout(tuple(set_columns), places, x - COLUMN_GAP + MARGIN, lowest + MARGIN)


WIDEST = 7.0
_SLOT = 6.0
_LEFT, _RIGHT = -1, 1


class Arc(Struct):
    """One drawn arc: its ends, look and course; ``cut`` says that a policy in force binds it."""

    id: str
    source: Hashable
    target: Hashable
    cells: attributes.NetworkArc
    line: LineStyle
    width: float
    path: str
    tip: tuple[float, float, float] | None
    cut: bool = False


def draw_arcs(network: nx.MultiDiGraph[Any], layout: Layout) -> list[Arc]:
    """Every arc with its course, from left to right and from top to bottom."""
    places = layout.places

    def reading(arc: attributes.NetworkArc) -> tuple[object, ...]:
        start, end = places[arc.source], places[arc.target]
        ends = str(arc.source), str(arc.target), str(arc.key)
        return start.column, start.y, end.column, end.y, *ends

    ordered = sorted(attributes.arcs_of(network), key=reading)
    listed = [(arc, _sides(places, arc)) for arc in ordered]
    slots = _slots(listed, places)
    most: dict[str, float] = defaultdict(float)  # only quantities in one unit compare
    for cells in ordered:
        most[str(cells.unit)] = max(most[str(cells.unit)], number_of(cells.quantity) or 0.0)
    lanes = (16.0 + lane * 9 % (COLUMN_GAP - 26) for lane in count())
    arcs = []
    for number, (cells, sides) in enumerate(listed):
        line = line_of(cells.kind)
        start, end = places[cells.source], places[cells.target]
        quantity, largest = number_of(cells.quantity) or 0.0, most[str(cells.unit)]
        width = line.width
        if line.scaled and quantity > 0 and largest:
            width = round(width + (WIDEST - width) * sqrt(quantity / largest), 2)
        # A thick line would stick out round the point of its own arrow head.
        back = arrow_size(width) * 0.75 if line.arrow else 0.0
        if sides is None:
            left, foot = end.x - end.width / 2 + 7, end.y + end.height / 2
            path = f"M{start.x - start.width / 2:.1f} {start.y:.1f}H{left:.1f}V{foot:.1f}"
            tip = None
        elif start.column == end.column:
            path, tip = _link_within_column(start, end, slots[number], back, next(lanes))
        else:
            path, tip = _between(start, end, slots[number], back, sides)
        shown, cut = tip if line.arrow else None, is_cut(network, cells)
        name = f"a{number}"
        arcs.append(Arc(name, cells.source, cells.target, cells, line, width, path, shown, cut))
    return arcs


def is_cut(network: nx.MultiDiGraph[Any], cells: attributes.NetworkArc) -> bool:
    """Tell whether a policy in force binds an arc."""
    policies = attributes.about(network).policies
    return any((policies.get(name) or {}).get("in_force") for name in cells.policies)


def hidden_arcs(
    network: nx.MultiDiGraph[Any], holds: Iterable[Iterable[tuple[Any, Any, Any]]]
) -> list[Arc]:
    """Arcs of what stands behind a card: they have no course until the card is opened."""
    found: list[Arc] = []
    for each in (arc for group in holds for arc in group):
        cells = attributes.arc_of(network, *each)
        line, cut = line_of(cells.kind), is_cut(network, cells)
        name = f"h{len(found)}"
        found.append(Arc(name, each[0], each[1], cells, line, line.width, "", None, cut))
    return found


def arrow_size(width: float) -> float:
    """Arrow heads grow with their line, but less."""
    return round(6 + width * 0.9, 2)


def _sides(
    places: Mapping[Hashable, CardPlace], cells: attributes.NetworkArc
) -> tuple[int, int] | None:
    """The sides an arc leaves and enters by; ``None`` for a site under its own country's card."""
    start, end = places[cells.source], places[cells.target]
    if start.column < end.column:
        return _RIGHT, _LEFT
    if start.column > end.column:
        return _LEFT, _RIGHT
    below = start.block == end.block and end.head and not start.head
    return None if below and cells.kind == "part" else (_RIGHT, _RIGHT)


def _slots(
    listed: Sequence[tuple[attributes.NetworkArc, tuple[int, int] | None]],
    places: Mapping[Hashable, CardPlace],
) -> dict[int, tuple[float, float]]:
    """How far from its card's middle each arc starts and ends, in the order of their ends."""
    at: dict[tuple[Hashable, int], list[tuple[float, int, int]]] = defaultdict(list)
    for number, (arc, sides) in enumerate(listed):
        if sides is not None:
            at[arc.source, sides[0]].append((places[arc.target].y, number, 0))
            at[arc.target, sides[1]].append((places[arc.source].y, number, 1))
    offsets: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (node, _), crowd in at.items():
        room = places[node].height - 12
        step = min(_SLOT, room / max(1, len(crowd) - 1))
        for place, (_, number, end) in enumerate(sorted(crowd)):
            offsets[number][end] = (place - (len(crowd) - 1) / 2) * step
    return {number: (pair[0], pair[1]) for number, pair in offsets.items()}


def _between(
    start: CardPlace, end: CardPlace, slot: tuple[float, float], back: float, sides: tuple[int, int]
) -> tuple[str, tuple[float, float, float]]:
    """An S from side to side; one that jumps a column bows, lest it seem to link what it passes."""
    x1, y1 = start.x + sides[0] * start.width / 2, start.y + slot[0]
    x2, y2 = end.x + sides[1] * end.width / 2, end.y + slot[1]
    stop = x2 + sides[1] * back
    reach = sides[0] * max(30.0, abs(stop - x1) * 0.5)
    bow = 0 if abs(end.column - start.column) == 1 else -46
    path = (
        f"M{x1:.1f} {y1:.1f}C{x1 + reach:.1f} {y1 + bow:.1f} "
        f"{stop - reach:.1f} {y2 + bow:.1f} {stop:.1f} {y2:.1f}"
    )
    return path, (round(x2, 1), round(y2, 1), 0.0 if sides[1] == _LEFT else 180.0)


def _link_within_column(
    start: CardPlace, end: CardPlace, slot: tuple[float, float], back: float, lane: float
) -> tuple[str, tuple[float, float, float]]:
    x1, y1 = start.x + start.width / 2, start.y + slot[0]
    x2, y2 = end.x + end.width / 2, end.y + slot[1]
    turn = max(x1, x2) + lane * 1.33
    stop = x2 + back
    path = f"M{x1:.1f} {y1:.1f}C{turn:.1f} {y1:.1f} {turn:.1f} {y2:.1f} {stop:.1f} {y2:.1f}"
    return path, (round(x2, 1), round(y2, 1), 180.0)
