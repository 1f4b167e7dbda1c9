"""What the nodes and edges of a measured graph carry: typed, read here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class NodeCells:
    """What a node carries.

    Attributes:
        role: its stage, or what it does on the edges: sells ore, supplies, buys, acts on others, is
            bound.
        kind: of a graph of firms, firm or plant; else empty.
        rows: keys of the rows of its output, its links or its acts.
    """

    id: str
    label: str
    role: str
    stage: str
    country: str
    kind: str
    rows: tuple[str, ...]


def nodes_in(graph: nx.DiGraph[str]) -> Iterator[NodeCells]:
    """Iterate over the nodes of a measured graph."""
    for node, cells in graph.nodes(data=True):
        yield NodeCells(
            id=node,
            label=cells["label"],
            role=cells.get("role", ""),
            stage=cells.get("stage", ""),
            country=cells.get("country", ""),
            kind=cells.get("kind", ""),
            rows=tuple(cells.get("rows", ())),
        )


def edges_in(graph: nx.DiGraph[str], weight: str) -> Iterator[tuple[str, str, float]]:
    """Iterate over the edges of a measured graph: from, to, and what they weigh."""
    for tail, head, cells in graph.edges(data=True):
        yield tail, head, float(cells[weight])


def rows_around(graph: nx.DiGraph[str], node: str, held: str) -> tuple[str, ...]:
    """Return what the edges at a node name, each once, sorted."""
    around = (*graph.in_edges(node, data=True), *graph.out_edges(node, data=True))
    return tuple(sorted({each for *_, cells in around for each in cells[held]}))
