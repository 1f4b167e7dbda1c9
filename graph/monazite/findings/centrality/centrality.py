"""Centrality: what lies in the middle of flows, firms or acts, beside what a failure costs.

A graph is built, frozen, and measured; its nodes get the losses of the report of chokepoints, whose
lines they are, and each measure is held against these by ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monazite.errors import UnknownNameError
from monazite.findings.centrality.cells import nodes_in
from monazite.findings.centrality.comparison import (
    comparable,
    correlation,
    disagreements,
    most_central,
)
from monazite.findings.centrality.kinds import BuiltGraph, build_graph
from monazite.findings.centrality.measures import MEASURES, CentralityMeasure, measure_named
from monazite.findings.centrality.result import Agreement, Centrality, CentralNode
from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.findings.wording import capital
from monazite.network.facts import Facts
from monazite.network.shares import WORLD
from monazite.parameters import FIRMS, FLOW, USE
from monazite.triples.names import named

FEWEST = 5
"""Of fewer losses a rank correlation says nothing."""


def find_centrality(
    facts: Facts, report: Chokepoints, *, kind: str = FLOW, by: str | None = None
) -> Centrality:
    """Measure what lies in the middle of an element's flows, firms or acts.

    References:
        Freeman 1977 and Brandes 2001 and 2008 for paths (:mod:`.measures`), Page and others 1999
        for PageRank (:mod:`.pagerank`), Spearman 1904 for the correlation.

    >>> from monazite.findings.losses.chokepoints import find_chokepoints
    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> found = find_centrality(facts, find_chokepoints(build_network(facts), facts))
    >>> found.nodes[0].id, found.node("mine/MMR").measures["betweenness"]
    ('separation/CHN', 0.0)
    """
    measure = measure_named(kind, by)
    year = report.base.year if report.base is not None else None
    built = build_graph(facts, kind, report.market, report.market_label, year)
    if measure.code not in built.values:
        raise UnknownNameError(
            f"Records of {kind} are too thin for {measure.words}; take --by "
            f"{measure_named(kind, None).code}."
        )
    nodes = _nodes(built, measure, _losses(report))
    known = comparable(nodes)
    enough = len(known) >= FEWEST
    return Centrality(
        element=report.element,
        title=report.title,
        market=report.market,
        market_label=report.market_label,
        kind=kind,
        by=measure.code,
        year=built.year,
        day=facts.date,
        graph=built.graph,
        nodes=nodes,
        agreements=tuple(_agreements(known, built)) if enough else (),
        said=tuple(disagreements(nodes, measure)) if enough else (),
        notes=(*_of_columns(built), *built.notes, *_of_losses(report, nodes, kind)),
    )


def _of_columns(built: BuiltGraph) -> Iterator[str]:
    """What the number in each column means."""
    for each in MEASURES[built.kind]:
        if each.code in built.values:
            yield f"{capital(each.column)}: {each.says}."


def _losses(report: Chokepoints) -> Mapping[str, Chokepoint]:
    """The lines of a report by their ids and by all their names."""
    named = {name: line for line in report.chokepoints for name in line.label.split(" = ")}
    return named | {line.id: line for line in report.chokepoints}


def _nodes(
    built: BuiltGraph, measure: CentralityMeasure, losses: Mapping[str, Chokepoint]
) -> tuple[CentralNode, ...]:
    found = []
    prefix = "firm/" if built.kind == FIRMS else ""
    for node in nodes_in(built.graph):
        line = losses.get(f"{prefix}{node.id}") or losses.get(node.label)
        found.append(
            CentralNode(
                id=node.id,
                label=node.label,
                stage=node.stage,
                role=node.role,
                country=node.country,
                measures={name: float(each[node.id]) for name, each in built.values.items()},
                loss=None if line is None else line.loss,
                loss_low=None if line is None else line.loss_low,
                loss_high=None if line is None else line.loss_high,
                alone=None if line is None else line.alone,
                rows=node.rows,
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda node: (
                -round(node.measures[measure.code], 12),
                -(node.ranking or 0),
                node.id,
            ),
        )
    )


def _agreements(known: Sequence[CentralNode], built: BuiltGraph) -> Iterator[Agreement]:
    losses = {node.id: float(node.ranking or 0) for node in known}
    for name, values in built.values.items():
        first = most_central(known, name)
        yield Agreement(
            measure=name,
            spearman=correlation(values, losses),
            places=len(known),
            first=first.id,
            first_loss=first.loss,
        )


def _of_losses(report: Chokepoints, nodes: Sequence[CentralNode], kind: str) -> Iterator[str]:
    """What the losses are, and which nodes have none."""
    base = report.base
    if kind != FLOW and report.market != WORLD:
        market = named(report.market_label)
        yield f"The graph is of the whole world; only the losses are of {market}."
    if base is None:
        yield f"No loss is known: {report.notes[0]}"
        return
    yield (
        f"Losses are those of chokepoints, within a year: parts of the {base.product} used in "
        f"{base.year}."
    )
    if any(node.alone not in (None, node.loss) for node in nodes):
        yield "Alone: the loss if only this element were scarce; ranks are by it, in whole %."
    without = [node for node in nodes if node.loss is None and node.role == node.stage]
    small = ", ".join(node.label for node in without if node.stage not in ("", USE))
    if small:
        yield f"No line of losses, too small: {small}."
    known = sum(node.loss is not None for node in nodes)
    if known < FEWEST:
        yield f"A loss is known of {known} of {len(nodes)}: too few to compare."
    elif any(node.loss is None and not node.stage for node in nodes):
        yield f"A loss is known of {known} of {len(nodes)}."
