"""What each card says in the picture: a mark, a name, a share, one more line, a ring."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from monazite.pages.palette import Kind, kind_of, mark_path
from monazite.pages.words import amount, number_of, percent, shorten, visible

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import networkx as nx

    from monazite.findings.finding import Chokepoint, Chokepoints
    from monazite.pages.layout import Place

NAME_SIZE, LINE_SIZE = 13.0, 11.5
MARK_SLOT = 32
_RIGHT_PAD = 9
_LARGEST_MARK, _PLAIN_MARK = 12.0, 6.5
_ASIDE_EMS = 2.9


@dataclass(frozen=True)
class Card:
    """One node as drawn; ``ring`` is the border's width in pixels, 0 without a known loss."""

    id: str
    node: Hashable
    kind: Kind
    stage: str
    name: str
    full_name: str
    aside: str
    line: str
    mark: str
    ring: float
    loss: float | None
    place: Place


def chokepoints_by_node(
    network: nx.MultiDiGraph[Any], findings: Chokepoints | None
) -> dict[Hashable, Chokepoint]:
    """The chokepoint of each node that has one."""
    if findings is None:
        return {}
    by_id = {point.id: point for point in findings.chokepoints}
    return {node: by_id[str(node)] for node in network if str(node) in by_id}


def nodes_with_loss(points: Mapping[Hashable, Chokepoint]) -> frozenset[Hashable]:
    """The nodes whose cards say a loss, and so need a second line."""
    return frozenset(node for node, point in points.items() if point.loss is not None)


def name_of(node: Hashable, cells: Mapping[str, Any]) -> str:
    """A node's whole name, safe to show; its id where it has none."""
    return visible(cells.get("label")) or visible(node) or "(no name)"


def draw_cards(
    network: nx.MultiDiGraph[Any],
    places: Mapping[Hashable, Place],
    points: Mapping[Hashable, Chokepoint],
) -> list[Card]:
    """The cards from left to right and top to bottom: the order in which a reader reads."""
    reading = sorted(places, key=lambda node: (places[node].column, places[node].y, str(node)))
    return [
        _card(f"n{number}", node, network.nodes[node], places[node], points.get(node))
        for number, node in enumerate(reading)
    ]


def _card(
    id: str,  # noqa: A002 - the field's name
    node: Hashable,
    cells: Mapping[str, Any],
    place: Place,
    point: Chokepoint | None,
) -> Card:
    kind = kind_of(cells.get("kind"))
    full = name_of(node, cells)
    share = number_of(cells.get("share"))
    aside = "" if share is None else percent(share).replace("under ", "<").replace("over ", ">")
    loss = None if point is None else number_of(point.loss)
    room = place.width - MARK_SLOT - _RIGHT_PAD
    name_room = room / NAME_SIZE - (_ASIDE_EMS if aside else 0)
    return Card(
        id=id,
        node=node,
        kind=kind,
        stage=str(cells.get("stage") or ""),
        name=shorten(full, name_room),
        full_name=full,
        aside=aside,
        line=shorten(_second_line(kind, cells, loss), room / LINE_SIZE),
        mark=mark_path(kind.shape, _mark_radius(kind, share)),
        ring=0.0 if loss is None else round(1.5 + 3.5 * min(max(loss, 0.0), 1.0), 2),
        loss=loss,
        place=place,
    )


def _second_line(kind: Kind, cells: Mapping[str, Any], loss: float | None) -> str:
    if loss is not None:
        return f"loss if it stops: {percent(loss)}".replace("under ", "<").replace("over ", ">")
    if kind.code not in {"country", "market", "gap"}:
        return ""
    if kind.code == "gap":
        return visible(cells.get("text")) or visible(cells.get("note"))
    quantity = amount(cells.get("quantity"), cells.get("unit"))
    if not quantity:
        return "quantity not known"
    year = visible(cells.get("year"))
    return f"{quantity}, {year}" if year else quantity


def legend_mark(kind: Kind) -> str:
    """A kind's mark at its plain size."""
    return mark_path(kind.shape, _PLAIN_MARK * (1.4 if kind.shape == "triangle" else 1))


def _mark_radius(kind: Kind, share: float | None) -> float:
    """Areas, not radii, follow shares; a triangle needs room for its question mark."""
    if kind.code != "country":
        return _PLAIN_MARK * (1.5 if kind.shape == "triangle" else 1)
    if share is None:
        return 4.0
    return round(3 + (_LARGEST_MARK - 3) * sqrt(min(max(share, 0.0), 1.0)), 2)
