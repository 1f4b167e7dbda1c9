"""Whether what is central is what costs most: rank correlations, and where they disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from monazite.findings.centrality.measures import DIGITS, CentralityMeasure
from monazite.findings.losses.tables import signed
from monazite.findings.rank_correlation import places, spearman
from monazite.findings.wording import DOING, listed
from monazite.parameters import MINE, USE

if TYPE_CHECKING:
    from monazite.findings.centrality.result import CentralNode

APART = 3
"""How many places of difference are told."""


def comparable(nodes: Iterable[CentralNode]) -> list[CentralNode]:
    """Return the nodes whose loss is known."""
    return [node for node in nodes if node.ranking is not None]


def correlation(measured: Mapping[str, float], losses: Mapping[str, float]) -> float | None:
    """Return the rank correlation of a measure with losses, over what has both.

    >>> correlation({"a": 0.3, "b": 0.1, "c": 0.0}, {"a": 90, "b": 40, "d": 7})
    1.0
    """
    both = sorted(measured.keys() & losses.keys())
    ours = [round(float(measured[node]), DIGITS) for node in both]
    return spearman(ours, [losses[node] for node in both])


def disagreements(nodes: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """Say where centrality and losses disagree."""
    known = comparable(nodes)
    if not known:
        return
    if not _rounded(most_central(known, measure.code), measure.code):
        yield f"No place with a known loss has any {measure.none}."
        return
    yield from _stages_without(known, measure)
    yield _of_the_first(nodes, known, measure)
    yield from _furthest(known, measure)
    if any(signed(_ranked(node)) != signed(node.loss) for node in known):
        yield "These losses are those if only this element were scarce."


def _of_the_first(
    nodes: Sequence[CentralNode], known: Sequence[CentralNode], measure: CentralityMeasure
) -> str:
    """What is lost without the most central place whose loss is known, and what most costs."""
    first, most = most_central(known, measure.code), max(known, key=_by_loss)
    top = _rounded(first, measure.code)
    tied = [node.label for node in known if _rounded(node, measure.code) == top]
    unknown = [node for node in nodes if node.ranking is None and node.stage != USE]
    said = [*_without_a_loss(unknown, top, measure)]
    of_known = f"Of the {len(known)} places with a known loss, " if said else ""
    who = f"Without {first.label}"
    if len(tied) > 1:
        said.append(f"{of_known}{listed(tied)} tie as most central by {measure.words}.")
        who += ", of which least hangs"
    elif said:
        said.append(f"{of_known}{first.label} is most central.")
    else:
        who = f"Without the most central by {measure.words}, {first.label}"
    cost = " ".join([*said, f"{who}, {signed(_ranked(first))} would be lost"])
    if first.ranking == most.ranking:
        return f"{cost}; no other place costs more."
    return f"{cost}; the largest loss is {signed(_ranked(most))}, without {most.label}."


def _without_a_loss(
    unknown: Sequence[CentralNode], top: float, measure: CentralityMeasure
) -> Iterator[str]:
    """Those that are at least as central, but whose loss is not known."""
    most = max((_rounded(node, measure.code) for node in unknown), default=0.0)
    if most >= top:
        who = [node.label for node in unknown if _rounded(node, measure.code) == most]
        verb = "is" if len(who) == 1 else "are"
        even = "also " if most == top else ""
        yield f"{listed(who)} {verb} {even}most central by {measure.words}; the loss is not known."


def _ranked(node: CentralNode) -> float | None:
    """The loss that a line is ranked by: of the element alone where that is known."""
    return node.loss if node.alone is None else node.alone


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
            who = "No mine" if stage == MINE else f"No country {DOING.get(stage, stage)}"
            yield (
                f"{who} has any {measure.none}, whatever is lost: {signed(_ranked(most))} without "
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
            f"{measure.words} and {_place(losses[at])} by loss ({signed(_ranked(known[at]))})."
        )


def _place(ends: tuple[int, int]) -> str:
    """A place, or the places that several share."""
    first, last = ends
    return f"place {first}" if first == last else f"places {first} to {last}"
