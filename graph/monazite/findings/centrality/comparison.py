"""Whether what is central is what costs most: rank correlations, and where they disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from monazite.findings.centrality.measures import CentralityMeasure
from monazite.findings.losses.tables import signed
from monazite.findings.rank_correlation import places, spearman
from monazite.parameters import MINE

if TYPE_CHECKING:
    from monazite.findings.centrality.result import CentralNode

DIGITS = 12
"""Measures that differ by less after the point are one."""
APART = 3
"""How many places of difference are told."""


def comparable(nodes: Iterable[CentralNode]) -> list[CentralNode]:
    """Return the nodes whose loss is known."""
    return [node for node in nodes if node.ranking is not None]


def correlation(measured: Mapping[str, float], losses: Mapping[str, float]) -> float | None:
    """Return the rank correlation of a measure with losses, over what has both.

    Args:
        measured: by node.
        losses: by node, in whole percents.

    >>> correlation({"a": 0.3, "b": 0.1, "c": 0.0}, {"a": 90, "b": 40, "d": 7})
    1.0
    """
    both = sorted(measured.keys() & losses.keys())
    ours = [round(float(measured[node]), DIGITS) for node in both]
    return spearman(ours, [losses[node] for node in both])


def disagreements(nodes: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """Say where centrality and losses disagree.

    Args:
        nodes: of a graph.
        measure: that they are compared by.
    """
    known = comparable(nodes)
    if not known:
        return
    yield from _stages_without(known, measure)
    first = most_central(known, measure.code)
    most = max(known, key=_by_loss)
    who = f"Without the most central by {measure.words}, {first.label}"
    cost = f"{who}, {signed(first.loss)} would be lost"
    if first.ranking == most.ranking:
        yield f"{cost}; no other place costs more."
    else:
        yield f"{cost}; the largest loss is {signed(most.loss)}, without {most.label}."
    yield from _furthest(known, measure)


def most_central(nodes: Sequence[CentralNode], measure: str) -> CentralNode:
    """Return the node with the most of a measure; of several the one of least loss."""
    return max(
        nodes,
        key=lambda node: (_rounded(node, measure), -(node.ranking or 0), node.id),
    )


def _by_loss(node: CentralNode) -> tuple[int, float, str]:
    return node.ranking or 0, node.loss or 0.0, node.id


def _rounded(node: CentralNode, measure: str) -> float:
    return round(float(node.measures[measure]), DIGITS)


def _stages_without(known: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """Stages none of whose countries has any of the measure, although one costs something."""
    by_stage: dict[str, list[CentralNode]] = defaultdict(list)
    for node in known:
        if node.stage:
            by_stage[node.stage].append(node)
    for stage, held in by_stage.items():
        most = max(held, key=_by_loss)
        if (most.ranking or 0) > 0 and not any(_rounded(node, measure.code) for node in held):
            who = "No mine" if stage == MINE else f"No country at {stage}"
            yield (
                f"{who} has any {measure.none}, whatever is lost: {signed(most.loss)} without "
                f"{most.label}."
            )


def _furthest(known: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """The place whose two ranks lie furthest apart; nothing where none lie far."""
    ours = places([_rounded(node, measure.code) for node in known])
    losses = places([node.ranking or 0 for node in known])
    gaps = [
        # no more than what is sure, whoever shares the place
        max(b[0] - a[1], a[0] - b[1], 0)
        for a, b in zip(ours, losses, strict=True)
    ]
    at = max(range(len(known)), key=lambda place: (gaps[place], known[place].id))
    if gaps[at] >= APART:
        yield (
            f"Furthest apart: {known[at].label}, {_place(ours[at])} of {len(known)} by "
            f"{measure.words} and {_place(losses[at])} by loss ({signed(known[at].loss)})."
        )


def _place(ends: tuple[int, int]) -> str:
    """A place, or the places that several share."""
    first, last = ends
    return f"place {first}" if first == last else f"places {first} to {last}"
