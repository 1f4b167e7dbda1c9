"""What each card says in the picture: a mark, a name, a share, one more line, a ring."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from math import cos, pi, sin, sqrt
from typing import Any

import networkx as nx

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.core.formats import amount, number_of, short_mark, shorten, two_lines, visible
from monazite.core.results import Struct
from monazite.model.network.attributes import NetworkNode, node_of, nodes_of
from monazite.model.wording import RECONCILED
from monazite.report.chain_diagram.cards import status_mark
from monazite.report.drawing.lettering import percent
from monazite.report.drawing.palette import Kind, kind_of, mark_path
from monazite.report.graph.layout import CARD_WIDTH, INDENT, SHORT, TALL, TALL_KINDS, CardPlace

_EDGE = 0.26  # How thick a hollow mark is, of its radius
Point = tuple[float, float]


def state_path(mark: str, radius: float) -> str:
    """Return the mark of a state round the origin as path data."""
    half = radius * 0.9
    if mark == "operating":
        return mark_path("square", radius)
    if mark == "unknown":
        size = half * 0.16
        turns = (2 * pi * number / 8 for number in range(8))
        dots = ((half * cos(turn), half * sin(turn)) for turn in turns)
        return "".join(
            _closed([(x + size, y), (x, y + size), (x - size, y), (x, y - size)]) for x, y in dots
        )
    inner = half - radius * _EDGE
    bar = radius * 0.13
    box = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    parts = [_closed([(x * half, y * half) for x, y in box])]
    parts.append(_closed([(x * inner, y * inner) for x, y in box[::-1]]))
    if mark == "partly":
        parts.append(_closed([(-inner, -inner), (0, -inner), (0, inner), (-inner, inner)]))
    for offset in (-inner * 0.9, 0.0, inner * 0.9) if mark == "suspended" else ():
        low, high = max(-inner, -inner + offset), min(inner, inner + offset)
        corners = ((low, -bar), (high, -bar), (high, bar), (low, bar))
        parts.append(_closed([(x, offset - x + side) for x, side in corners]))
    if mark == "closed":
        wide = 2 * bar
        stripe = [(-inner, inner), (wide - inner, inner), (inner, -inner), (inner - wide, -inner)]
        parts += [_closed(stripe), _closed([(-x, y) for x, y in stripe][::-1])]
    return "".join(parts)


def _closed(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


NAME_SIZE, SITE_SIZE, LINE_SIZE = 13.0, 12.0, 11.5
MARK_SLOT = 32
_RIGHT_PAD = 9
_LARGEST_MARK, _PLAIN_MARK = 12.0, 6.5
_ASIDE_EMS = 2.9
_WRAPPED = frozenset({"site", "firm", "rest", "gap", "other"})
_ROOM = (CARD_WIDTH - INDENT - MARK_SLOT - _RIGHT_PAD) / SITE_SIZE  # ems of a line of a site's name


class Card(Struct):
    """One node as drawn; ``size`` is that of its letters, ``behind`` how many stand behind it."""

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
    place: CardPlace
    zh: str = ""
    behind: int = 0
    size: float = NAME_SIZE
    wraps: bool = False
    figure: str = ""
    state: str = ""

    @property
    def is_struck(self) -> bool:
        """Whether its name is struck: the site is closed."""
        return self.state == "closed"


def chokepoints_by_node(
    network: nx.MultiDiGraph[Any], findings: Chokepoints | None
) -> dict[Hashable, Chokepoint]:
    """The chokepoint of each node that has one."""
    if findings is None:
        return {}
    by_id = {point.id: point for point in findings.chokepoints}
    return {node: by_id[str(node)] for node in network if str(node) in by_id}


def two_line_nodes(
    network: nx.MultiDiGraph[Any], points: Mapping[Hashable, Chokepoint]
) -> frozenset[Hashable]:
    """The nodes whose cards say a loss or have a long name, and so need a second line."""
    loss = {node for node, point in points.items() if point.loss is not None}
    long = {node.id for node in nodes_of(network) if two_lines(name_of(node), _ROOM)[1]}
    return frozenset(loss | long)


def name_of(node: NetworkNode) -> str:
    """A node's whole name, safe to show; its id where it has none."""
    return visible(node.label) or visible(node.id) or "(no name)"


def member_cards(
    network: nx.MultiDiGraph[Any],
    members: Mapping[Hashable, Sequence[Hashable]],
    places: Mapping[Hashable, CardPlace],
    points: Mapping[Hashable, Chokepoint],
) -> dict[Hashable, list[Card]]:
    """The cards that stand behind others, each as it is drawn where its head is opened."""
    found: dict[Hashable, list[Card]] = {}
    two_lined = two_line_nodes(network, points)
    names = (f"m{number}" for number in count())

    def rank(node: Hashable) -> tuple[float, str, str]:
        cells = node_of(network, node)
        return -(number_of(cells.quantity) or 0), str(cells.label), str(node)

    for head in sorted(members, key=str):
        top = places[head]
        inset = replace(top, x=top.x + INDENT / 2, width=top.width - INDENT, head=False)
        found[head] = []
        for node in sorted(members[head], key=rank):
            place = replace(inset, height=TALL if node in two_lined else SHORT)
            found[head].append(_card(next(names), node, network, place, points))
    return found


def draw_cards(
    network: nx.MultiDiGraph[Any],
    places: Mapping[Hashable, CardPlace],
    points: Mapping[Hashable, Chokepoint],
) -> list[Card]:
    """The cards from left to right and top to bottom: the order in which a reader reads."""
    reading = sorted(places, key=lambda node: (places[node].column, places[node].y, str(node)))
    return [_card(f"n{n}", node, network, places[node], points) for n, node in enumerate(reading)]


def _card(
    id: str,  # noqa: A002 - the field's name
    node: Hashable,
    network: nx.MultiDiGraph[Any],
    place: CardPlace,
    points: Mapping[Hashable, Chokepoint],
) -> Card:
    cells, point = node_of(network, node), points.get(node)
    kind = kind_of(cells.kind)
    state = status_mark(cells.status) if kind.code == "site" and cells.status else ""
    full = name_of(cells)
    share, figure = _share(cells, points)
    aside = "" if share is None else short_mark(share, figure)
    loss = None if point is None else number_of(point.loss)
    room = place.width - MARK_SLOT - _RIGHT_PAD
    size = NAME_SIZE if kind.code in TALL_KINDS else SITE_SIZE
    name_room = room / size - (_ASIDE_EMS if aside else 0)
    name, line = shorten(full, name_room), _second_line(kind, cells, point)
    first, rest = two_lines(full, min(_ROOM, room / size))
    wraps = bool(rest) and not aside and loss is None and place.height == TALL
    wraps &= kind.code in _WRAPPED
    if wraps:
        name, line = first, rest
    radius = _mark_radius(network, node, kind)
    return Card(
        id=id,
        node=node,
        kind=kind,
        stage=str(cells.stage),
        name=name,
        full_name=full,
        aside=aside,
        line=line if wraps else shorten(line, room / LINE_SIZE),
        wraps=wraps,
        # of a site that of its state, larger where it is hollow
        mark=mark_path(kind.shape, radius)
        if state in ("", "operating")
        else state_path(state, max(radius, _PLAIN_MARK)),
        ring=round(1.5 + 3.5 * min(loss, 1.0), 2) if loss and loss >= NEGLIGIBLE_LOSS else 0.0,
        loss=loss,
        place=place,
        zh=visible(cells.label_zh),
        size=size,
        behind=int(number_of(cells.behind) or 0),
        figure=figure,
        state=state,
    )


def _share(cells: NetworkNode, points: Mapping[Hashable, Chokepoint]) -> tuple[float | None, str]:
    """The share of the reconciled year; what rows print beside it is another figure, and marked."""
    point = points.get(cells.id)
    if point is not None and point.share is not None:
        return point.share, visible(point.figure)
    share, figure = number_of(cells.share), visible(cells.kind_of_figure)
    other = OTHER_FIGURE if share is not None and is_reconciled(points.values()) else ""
    return share, ", ".join(filter(None, (other, figure)))


def is_reconciled(points: Iterable[Chokepoint]) -> bool:
    """Whether the shares of chokepoints are those of a reconciled year."""
    return any(point.basis == RECONCILED for point in points)


def _second_line(kind: Kind, cells: NetworkNode, point: Chokepoint | None) -> str:
    if point is not None and number_of(point.loss) is not None:
        if abs(point.loss or 0.0) <= NEGLIGIBLE_LOSS:
            return "nothing lost if it stops"
        year, lost = (percent(x, narrow=True) for x in (point.told_at_first, point.told))
        known = point.told_at_first is not None
        return f"lost: {year} first year, {lost} for good" if known else f"lost for good: {lost}"
    behind = int(number_of(cells.behind) or 0)
    if kind.code == "group":
        return f"{behind} sites and firms"
    if kind.code not in {"country", "market", "gap"}:
        return ""
    if kind.code == "gap":
        return visible(cells.text) or visible(cells.note)
    quantity = amount(cells.quantity, cells.unit)
    if not quantity:
        return "quantity not known"
    year = visible(cells.year)
    return f"{quantity}, {year}" if year else quantity


def legend_mark(kind: Kind) -> str:
    """A kind's mark at its plain size."""
    return mark_path(kind.shape, _PLAIN_MARK * (1.4 if kind.shape == "triangle" else 1))


def _mark_radius(network: nx.MultiDiGraph[Any], node: Hashable, kind: Kind) -> float:
    """Areas, not radii, follow tonnes; a triangle needs room for its question mark."""
    if kind.code not in {"country", "site"}:
        return _PLAIN_MARK * (1.5 if kind.shape == "triangle" else 1)
    # Those of a country, or of a site whose tonnes are known, of the world's at its stage.
    cells = node_of(network, node)
    part, pool = number_of(cells.of_country), f"{cells.stage}/{cells.country}"
    if part is None or pool not in network:
        part = number_of(cells.share)
    else:
        whole = number_of(node_of(network, pool).share)
        part = None if whole is None else part * whole
    if part is None:
        return 4.0 if kind.code == "country" else _PLAIN_MARK
    return round(3 + (_LARGEST_MARK - 3) * sqrt(min(max(part, 0.0), 1.0)), 2)
