"""From each card on to the market: the next arc of the route with the fewest doubtful steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.safe_text import number_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from monazite.pages.graph.links import Arc

_STEP = {"possible": 4.0, "part": 0.5, "domestic": 0.9}
"""What a step costs: a possible one more than three known ones, one within a country less."""


def steps_to(goals: Sequence[Hashable], arcs: Sequence[Arc]) -> Mapping[Hashable, str]:
    """The next arc from each node towards the nearest goal; nodes that reach none are left out.

    Of routes of one cost the one with the larger next quantity is taken, then the upper one.
    """
    far = _distances(goals, arcs)
    chosen: dict[Hashable, tuple[tuple[float, float, int], str]] = {}
    for number, arc in enumerate(arcs):
        if arc.source in goals or arc.source not in far or arc.target not in far:
            continue
        quantity = number_of(arc.cells.quantity) or 0.0
        rank = far[arc.target] + _cost(arc), -quantity, number
        if arc.source not in chosen or rank < chosen[arc.source][0]:
            chosen[arc.source] = rank, arc.id
    return {node: arc for node, (_, arc) in chosen.items()}


def _distances(goals: Sequence[Hashable], arcs: Sequence[Arc]) -> Mapping[Hashable, float]:
    import networkx as nx

    back: nx.DiGraph[Hashable] = nx.DiGraph()
    back.add_nodes_from(goals)
    for arc in sorted(arcs, key=_cost, reverse=True):  # of parallel arcs the cheapest stays
        back.add_edge(arc.target, arc.source, weight=_cost(arc))
    if not goals:
        return {}
    return dict(nx.multi_source_dijkstra_path_length(back, set(goals)))


def _cost(arc: Arc) -> float:
    return _STEP.get(arc.line.code, 1.0)
