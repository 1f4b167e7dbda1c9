"""A crowded network by country and stage: its sites and firms folded into a card to open.

Up to :data:`MAX_CARDS` cards a picture can show; above that, the sites and firms of a country at a
stage stand behind the country's card, or behind a card made for them where the country has none.
Their arcs join into one for each pair of cards and each kind. Nothing is lost: the page has what
is folded, and draws it where the reader opens a card.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monazite.network.attributes import about, arc_of, node_of, nodes_of
from monazite.safe_text import number_of, visible

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import networkx as nx

    from monazite.network.attributes import NetworkArc, NetworkNode

MAX_CARDS = 150
"""Cards whose labels do not collide at the default zoom."""
_FOLDED = frozenset({"site", "firm", "rest"})


@dataclass(frozen=True)
class FoldedNetwork:
    """A network as the picture shows it, and what stands behind its cards.

    Attributes:
        members: what stands behind a card, in the order of the network; empty if all is drawn.
        holds: by (source, target, key), the arcs that join into one of the drawn ones, or, where
            the two ends are one card, that have no place until it is opened.
    """

    network: nx.MultiDiGraph[Any] = field(compare=False)
    members: Mapping[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    heads: Mapping[Hashable, Hashable] = field(default_factory=dict)
    holds: Mapping[tuple[Hashable, Hashable, object], tuple[tuple[Any, Any, Any], ...]] = field(
        default_factory=dict
    )


def fold(network: nx.MultiDiGraph[Any], *, most: int = MAX_CARDS) -> FoldedNetwork:
    """Fold a network that has more nodes than a picture can show."""
    if len(network) <= most:
        return FoldedNetwork(network)
    groups, own = _by_place(network)
    folded = network.__class__(**about(network).cells)
    members: dict[Hashable, tuple[Hashable, ...]] = {}
    for place, group in sorted(groups.items()):
        head = own.get(place)
        if head is None and len(group) > 1:
            head = f"group/{'/'.join(place)}"
            folded.add_node(head, **_group_cells(network, place, group))
        if head is not None:
            members[head] = tuple(group)
    heads = {node: head for head, behind in members.items() for node in behind}
    folded.add_nodes_from(
        (node.id, dict(node.cells)) for node in nodes_of(network) if node.id not in heads
    )
    for head, behind in members.items():
        folded.nodes[head]["behind"] = len(behind)
    return FoldedNetwork(folded, members, heads, _join_arcs(network, folded, heads))


_Place = tuple[str, str]


def _by_place(
    network: nx.MultiDiGraph[Any],
) -> tuple[dict[_Place, list[Hashable]], dict[_Place, Hashable]]:
    """Sites and firms by stage and country, and the country's own card at the stage."""
    groups: dict[_Place, list[Hashable]] = defaultdict(list)
    own: dict[_Place, Hashable] = {}
    for node in nodes_of(network):
        place = str(node.stage), str(node.country or "")
        if node.kind in _FOLDED:
            groups[place].append(node.id)
        elif node.kind == "country":
            own.setdefault(place, node.id)
    return groups, own


def _group_cells(
    network: nx.MultiDiGraph[Any], place: tuple[str, str], group: Sequence[Hashable]
) -> dict[str, Any]:
    first = node_of(network, group[0])
    label = first.country_label or first.country or "Country not stated"
    return {
        "kind": "group",
        "label": label,
        "label_zh": None,
        "stage": place[0],
        "country": first.country,
        "country_label": first.country_label,
        "rows": _rows([node_of(network, node) for node in group]),
    }


def _join_arcs(
    network: nx.MultiDiGraph[Any],
    folded: nx.MultiDiGraph[Any],
    heads: Mapping[Hashable, Hashable],
) -> dict[tuple[Hashable, Hashable, object], tuple[tuple[Any, Any, Any], ...]]:
    """Draw each arc between what is shown; those of folded ends join by kind."""
    joined: dict[tuple[Any, Any, Any], list[tuple[Any, Any, Any]]] = defaultdict(list)
    for source, target, key in network.edges(keys=True):
        ends = heads.get(source, source), heads.get(target, target)
        kind = arc_of(network, source, target, key).kind
        if ends == (source, target):
            folded.add_edge(source, target, key=key, **arc_of(network, source, target, key).cells)
        else:
            joined[(*ends, kind)].append((source, target, key))
    holds: dict[tuple[Hashable, Hashable, object], tuple[tuple[Any, Any, Any], ...]] = {}
    for (source, target, kind), group in joined.items():
        key = f"joined/{kind}"
        if source != target:
            cells = [arc_of(network, *arc) for arc in group]
            folded.add_edge(source, target, key=key, joined=True, **_joined_cells(cells))
        holds[source, target, key] = tuple(group)
    return holds


def _joined_cells(arcs: Sequence[NetworkArc]) -> dict[str, Any]:
    quantities = [number_of(arc.quantity) for arc in arcs]
    units = {arc.unit for arc in arcs}
    known = [quantity for quantity in quantities if quantity is not None]
    adds = len(known) == len(arcs) and len(units) == 1
    materials = sorted({visible(arc.material) for arc in arcs} - {""})
    return {
        "kind": arcs[0].kind,
        "label": f"{len(arcs)} links" if len(arcs) > 1 else arcs[0].label,
        "material": "; ".join(materials),
        "quantity": sum(known) if adds else None,
        "unit": arcs[0].unit if adds else None,
        "rows": _rows(arcs),
        "policies": tuple(sorted({name for arc in arcs for name in arc.policies})),
    }


def _rows(cells: Sequence[NetworkNode] | Sequence[NetworkArc]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for each in cells for row in each.rows))
