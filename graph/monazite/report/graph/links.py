"""The lines between cards: their course, which SVG and canvas share, width and arrow heads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from math import sqrt
from typing import TYPE_CHECKING, Any

from monazite.core.formats import number_of
from monazite.model.network.attributes import about, arc_of, arcs_of
from monazite.report.drawing.palette import LineStyle, line_of
from monazite.report.graph.layout import COLUMN_GAP

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import networkx as nx

    from monazite.model.network.attributes import NetworkArc
    from monazite.report.graph.layout import CardPlace, Layout

WIDEST = 7.0
_SLOT = 6.0
_LEFT, _RIGHT = -1, 1


@dataclass(frozen=True)
class Arc:
    """One drawn arc: its ends, look and course; ``cut`` says that a policy in force binds it."""

    id: str
    source: Hashable
    target: Hashable
    cells: NetworkArc
    line: LineStyle
    width: float
    path: str
    tip: tuple[float, float, float] | None
    cut: bool = False


def draw_arcs(network: nx.MultiDiGraph[Any], layout: Layout) -> list[Arc]:
    """Every arc with its course, from left to right and from top to bottom."""
    places = layout.places
    ordered = sorted(arcs_of(network), key=lambda arc: _reading(places, arc))
    listed = [(arc, _sides(places, arc)) for arc in ordered]
    slots = _slots(listed, places)
    most = _largest_by_unit(ordered)
    lanes = (16.0 + lane * 9 % (COLUMN_GAP - 26) for lane in count())
    arcs = []
    for number, (cells, sides) in enumerate(listed):
        line = line_of(cells.kind)
        start, end = places[cells.source], places[cells.target]
        width = _width(line, cells, most)
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


def is_cut(network: nx.MultiDiGraph[Any], cells: NetworkArc) -> bool:
    """Tell whether a policy in force binds an arc."""
    policies = about(network).policies
    return any((policies.get(name) or {}).get("in_force") for name in cells.policies)


def hidden_arcs(
    network: nx.MultiDiGraph[Any], holds: Iterable[Iterable[tuple[Any, Any, Any]]]
) -> list[Arc]:
    """Arcs of what stands behind a card: they have no course until the card is opened."""
    found: list[Arc] = []
    for each in (arc for group in holds for arc in group):
        cells = arc_of(network, *each)
        line, cut = line_of(cells.kind), is_cut(network, cells)
        name = f"h{len(found)}"
        found.append(Arc(name, each[0], each[1], cells, line, line.width, "", None, cut))
    return found


def arrow_size(width: float) -> float:
    """Arrow heads grow with their line, but less."""
    return round(6 + width * 0.9, 2)


def _reading(
    places: Mapping[Hashable, CardPlace], arc: NetworkArc
) -> tuple[int, float, int, float, str, str, str]:
    start, end = places[arc.source], places[arc.target]
    return start.column, start.y, end.column, end.y, str(arc.source), str(arc.target), str(arc.key)


def _sides(places: Mapping[Hashable, CardPlace], cells: NetworkArc) -> tuple[int, int] | None:
    """The sides an arc leaves and enters by; ``None`` for a site under its own country's card."""
    start, end = places[cells.source], places[cells.target]
    if start.column < end.column:
        return _RIGHT, _LEFT
    if start.column > end.column:
        return _LEFT, _RIGHT
    below = start.block == end.block and end.head and not start.head
    return None if below and cells.kind == "part" else (_RIGHT, _RIGHT)


def _slots(
    listed: Sequence[tuple[NetworkArc, tuple[int, int] | None]],
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


def _largest_by_unit(arcs: Sequence[NetworkArc]) -> dict[str, float]:
    """Widths compare only quantities in one unit: tonnes of oxide and of magnets do not."""
    most: dict[str, float] = defaultdict(float)
    for cells in arcs:
        unit = str(cells.unit)
        most[unit] = max(most[unit], number_of(cells.quantity) or 0.0)
    return most


def _width(line: LineStyle, cells: NetworkArc, most: Mapping[str, float]) -> float:
    quantity = number_of(cells.quantity)
    largest = most[str(cells.unit)]
    if not line.scaled or not quantity or quantity < 0 or not largest:
        return line.width
    return round(line.width + (WIDEST - line.width) * sqrt(quantity / largest), 2)


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
