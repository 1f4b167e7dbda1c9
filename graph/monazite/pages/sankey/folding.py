"""What a Sankey picture shows, and the folding of a crowded column: one bar for the smallest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from monazite.errors import UndrawableError

GAP, REST = "gap", "rest"
MAX_BARS = 14
"""Bars of a column; what is smaller is folded into one bar."""


@dataclass(frozen=True)
class SankeyNode:
    """A bar: who holds something at a stage.

    ``kind`` is ``country``, ``rest``, ``use`` or ``gap`` (what does not close). ``value`` None is
    not known: the bar is then as high as the bands that meet it.
    """

    id: str
    label: str
    column: int
    kind: str
    value: float | None
    title: str


@dataclass(frozen=True)
class SankeyLink:
    """A band from one bar to another; ``kind`` is ``domestic``, ``trade`` or ``gap``."""

    source: str
    target: str
    value: float
    kind: str
    title: str


@dataclass(frozen=True)
class Sankey:
    """What flows where, in one unit, in columns from left to right."""

    title: str
    unit: str
    columns: tuple[str, ...]
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    notes: tuple[str, ...]


def check_figures(picture: Sankey) -> None:
    """Refuse what cannot be drawn: a guard for whoever composes a picture.

    No row of a reader leads here: nodes and links are made together, and the tables refuse what is
    no quantity before anything is added up.
    """
    names = {node.id for node in picture.nodes}
    if len(names) < len(picture.nodes):
        raise UndrawableError("Two nodes have one id.")
    for node in picture.nodes:
        if not 0 <= node.column < len(picture.columns):
            raise UndrawableError(
                f"Node {node.id!r} stands in column {node.column}, which is not there."
            )
        _check_value(node.id, 0.0 if node.value is None else node.value)
    for link in picture.links:
        for end in (link.source, link.target):
            if end not in names:
                raise UndrawableError(f"A link names {end!r}, which is no node.")
        _check_value(f"{link.source} to {link.target}", link.value)


def _check_value(what: str, value: float) -> None:
    if not isfinite(value) or value < 0:
        raise UndrawableError(f"{what!r} has the value {value}, which is no quantity.")


def weights_of(nodes: Sequence[SankeyNode], links: Sequence[SankeyLink]) -> dict[str, float]:
    """How high each bar is: its value, or more where the bands that meet it are more."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for link in links:
        into[link.target] += link.value
        out[link.source] += link.value
    return {n.id: max(n.value or 0.0, into[n.id], out[n.id]) for n in nodes}


def folded(picture: Sankey) -> Sankey:
    """Fold the smallest bars of a crowded column into one, what does not close apart from facts."""
    weights = weights_of(picture.nodes, picture.links)
    stands_for: dict[str, str] = {}
    nodes: list[SankeyNode] = []
    for column in range(len(picture.columns)):
        here = [node for node in picture.nodes if node.column == column]
        here.sort(key=lambda node: (-weights[node.id], node.label, node.id))
        kept = MAX_BARS if len(here) <= MAX_BARS else MAX_BARS - 2
        nodes += here[:kept]
        for is_gap in (False, True):
            small = [node for node in here[kept:] if (node.kind == GAP) == is_gap]
            nodes += _fold(small, is_gap, column, weights, stands_for)
    links: dict[tuple[str, str, str], list[SankeyLink]] = defaultdict(list)
    for link in picture.links:
        ends = (stands_for.get(end, end) for end in (link.source, link.target))
        links[(*ends, link.kind)].append(link)  # type: ignore[index] # two ends and a kind
    joined = [_join(ends, group) for ends, group in links.items()]
    return replace(picture, nodes=tuple(nodes), links=tuple(joined))


def _fold(
    small: list[SankeyNode],
    is_gap: bool,
    column: int,
    weights: dict[str, float],
    stands_for: dict[str, str],
) -> list[SankeyNode]:
    if len(small) < 2:
        return small
    names = [node.label for node in small]
    fold = SankeyNode(
        id="\0".join(["others", str(column), *(node.id for node in small)]),
        label=f"{len(small)} other gaps" if is_gap else f"{len(small)} others",
        column=column,
        kind=GAP if is_gap else REST,
        value=sum(weights[node.id] for node in small),
        title=f"{len(small)} together: {', '.join(names)}",
    )
    stands_for.update({node.id: fold.id for node in small})
    return [fold]


def _join(ends: tuple[str, str, str], group: list[SankeyLink]) -> SankeyLink:
    source, target, kind = ends
    if len(group) == 1:
        return replace(group[0], source=source, target=target)
    titles = "; ".join(link.title for link in group)
    return SankeyLink(source, target, sum(link.value for link in group), kind, titles)
