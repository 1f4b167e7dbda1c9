"""Centrality: what lies in the middle of flows, firms or acts, beside what a failure costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monazite.analysis.centrality.graphs import BuiltGraph, build_graph, flow_graph
from monazite.analysis.centrality.measures import (
    DIGITS,
    MEASURES,
    CentralityMeasure,
    Numbers,
    measure_named,
)
from monazite.analysis.centrality.result import LOSSES, Agreement, Centrality, CentralNode
from monazite.analysis.chokepoints.figures import LOSS, DrawsMade
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.rank_correlation import places, spearman
from monazite.analysis.robustness import sampling
from monazite.analysis.robustness.draws import DrawnYear, drawn_lines, question_of
from monazite.core.errors import UnknownNameError
from monazite.core.results import do_nothing
from monazite.core.tables import percent_cell
from monazite.data.parameters import FIRMS, FLOW, MINE, USE, Contingency
from monazite.model.contingencies.failure_points import model_year
from monazite.model.network.attributes import Network, plain_copy
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import DOING, capital, listed
from monazite.store.names import named

APART = 3  # how many places of difference are told


def correlation(measured: Mapping[str, float], losses: Mapping[str, float]) -> float | None:
    """Return the rank correlation of a measure with losses, over what has both."""
    both = sorted(measured.keys() & losses.keys())
    ours = [round(float(measured[node]), DIGITS) for node in both]
    return spearman(ours, [losses[node] for node in both])


def disagreements(nodes: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """Say where centrality and losses disagree."""
    known = [node for node in nodes if node.ranking is not None]
    if not known:
        return
    if not _rounded(most_central(known, measure.code), measure.code):
        yield f"No place with a known loss has any {measure.none}."
        return
    yield from _stages_without(known, measure)
    yield _of_the_first(nodes, known, measure)
    yield from _furthest(known, measure)


def _of_the_first(
    nodes: Sequence[CentralNode], known: Sequence[CentralNode], measure: CentralityMeasure
) -> str:
    """What is lost without the most central place whose loss is known, and what most costs."""
    first, most = most_central(known, measure.code), max(known, key=_by_loss)
    top = _rounded(first, measure.code)
    tied = [node.label for node in known if _rounded(node, measure.code) == top]
    unknown = [node for node in nodes if node.ranking is None and node.stage != USE]
    said = []
    above = max((_rounded(node, measure.code) for node in unknown), default=0.0)
    if above >= top:  # at least as central, but the loss is not known
        who = [node.label for node in unknown if _rounded(node, measure.code) == above]
        verb, even = "is" if len(who) == 1 else "are", "also " if above == top else ""
        told = f"{listed(who)} {verb} {even}most central by {measure.words}"
        said.append(f"{told}; the loss is not known.")
    of_known = f"Of the {len(known)} places with a known loss, " if said else ""
    without = f"Without {first.label}"
    if len(tied) > 1:
        said.append(f"{of_known}{listed(tied)} tie as most central by {measure.words}.")
        without += ", of which least hangs"
    elif said:
        said.append(f"{of_known}{first.label} is most central.")
    else:
        without = f"Without the most central by {measure.words}, {first.label}"
    cost = " ".join([*said, f"{without}, {percent_cell(first.loss)} would be lost for good"])
    if first.ranking == most.ranking:
        return f"{cost}; no other place costs more."
    return f"{cost}; the largest loss is {percent_cell(most.loss)}, without {most.label}."


def most_central(nodes: Sequence[CentralNode], measure: str) -> CentralNode:
    """Return the node with the most of a measure; of several the one of least loss."""
    return max(nodes, key=lambda node: (_rounded(node, measure), -(node.ranking or 0), node.id))


def _by_loss(node: CentralNode) -> tuple[float, str]:
    return node.loss or 0.0, node.id


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
                f"{who} has any {measure.none}, whatever is lost: {percent_cell(most.loss)} "
                f"without {most.label}."
            )


def _furthest(known: Sequence[CentralNode], measure: CentralityMeasure) -> Iterator[str]:
    """The place whose two ranks lie furthest apart; nothing where none lie far."""
    ours = places([_rounded(node, measure.code) for node in known])
    losses = places([node.ranking or 0 for node in known])
    # no more than what is sure, whoever shares the place
    gaps = [max(b[0] - a[1], a[0] - b[1], 0) for a, b in zip(ours, losses, strict=True)]
    at = max(range(len(known)), key=lambda place: (gaps[place], known[place].id))
    if gaps[at] >= APART:
        yield (
            f"Furthest apart: {known[at].label}, {_place(ours[at])} of {len(known)} by "
            f"{measure.words} and {_place(losses[at])} by loss "
            f"({percent_cell(known[at].loss)})."
        )


def _place(ends: tuple[int, int]) -> str:
    """A place, or the places that several share."""
    first, last = ends
    return f"place {first}" if first == last else f"places {first} to {last}"


DrawnCentrality = tuple[Mapping[str, Numbers], Mapping[str, float]]
"""What a draw leads to: the measures, and the losses that lines are ranked by."""


def with_draws(
    found: Centrality,
    network: Network,
    facts: Facts,
    report: Chokepoints,
    *,
    count: int,
    seed: int = 0,
    step: sampling.Step = do_nothing,
) -> Centrality:
    """Return the centrality of flows with the ranges of its measures and rank correlations."""
    question = question_of(network, facts, Contingency(), report, drawn_lines(report))

    def outcome_of(drawn: sampling.Drawn) -> sampling.DrawOutcome[DrawnCentrality]:
        year = DrawnYear(drawn, [LOSS])
        outcome = year.ask(question)

        def measured() -> DrawnCentrality:
            model = model_year(year.model(question).chain, question.names, facts)
            return flow_graph(model, report.market).values, outcome.losses().losses[LOSS]

        return sampling.DrawOutcome(outcome.residual, measured)

    _, kept, limit = sampling.keep(outcome_of, sampling.draw(question.inputs, count, seed), step)
    lines = {name: line.id for line in report.chokepoints for name in line.label.split(" = ")}
    ids = {node.id: lines[node.label] for node in found.nodes if node.label in lines}
    made = DrawsMade(count, seed, count - len(kept), limit)
    nodes = []
    for node in found.nodes:
        ranges = {
            name: sampling.percentiles_of([values[name].get(node.id, 0.0) for values, _ in kept])
            for name in node.measures
        }
        nodes.append(replace(node, ranges=ranges))
    agreements = []
    for each in found.agreements:
        correlations = []
        for values, losses in kept:
            measured = {x: values[each.measure].get(x, 0.0) for x in ids}
            lost = {x: float(round(100 * losses[at])) for x, at in ids.items() if at in losses}
            correlations.append(correlation(measured, lost))
        known = [x for x in correlations if x is not None]
        agreements.append(replace(each, spread=sampling.percentiles_of(known) if known else None))
    return replace(found, nodes=tuple(nodes), agreements=tuple(agreements), draws=made)


FEWEST = 5  # of fewer losses a rank correlation says nothing


def find_centrality(
    facts: Facts, report: Chokepoints, *, kind: str = FLOW, by: str | None = None
) -> Centrality:
    """Measure what lies in the middle of an element's flows, firms or acts."""
    measure = measure_named(kind, by)
    year = report.base.year if report.base is not None else None
    built = build_graph(facts, kind, report.market, report.market_label, year)
    if measure.code not in built.values:
        raise UnknownNameError(
            f"Records of {kind} are too thin for {measure.words}; take --by "
            f"{measure_named(kind, None).code}."
        )
    nodes = _nodes(built, measure, report)
    known = [node for node in nodes if node.ranking is not None]
    columns = (x for x in MEASURES[kind] if x.code in built.values)
    meanings = (f"{capital(each.column)}: {each.says}." for each in columns)
    enough = len(known) >= FEWEST
    ranked = {node.id: float(node.ranking or 0) for node in known}
    agreements = []
    for name, values in built.values.items() if enough else ():
        first, rho = most_central(known, name), correlation(values, ranked)
        agreements.append(Agreement(name, rho, len(known), first.id, first.loss))
    return Centrality(
        element=report.element,
        title=report.title,
        market=report.market,
        market_label=report.market_label,
        kind=kind,
        by=measure.code,
        year=built.year,
        day=facts.date,
        graph=plain_copy(built.graph),
        nodes=nodes,
        agreements=tuple(agreements),
        said=tuple(disagreements(nodes, measure)) if enough else (),
        notes=(*meanings, *built.notes, *_of_losses(report, nodes, kind)),
    )


def _nodes(
    built: BuiltGraph, measure: CentralityMeasure, report: Chokepoints
) -> tuple[CentralNode, ...]:
    losses = {name: line for line in report.chokepoints for name in line.label.split(" = ")}
    losses |= {line.id: line for line in report.chokepoints}
    found = []
    prefix = "firm/" if built.kind == FIRMS else ""
    for node, cells in built.graph.nodes(data=True):
        line = losses.get(f"{prefix}{node}") or losses.get(cells["label"])
        found.append(
            CentralNode(
                *(node, cells["label"], cells.get("stage", "")),
                *(cells["role"], cells.get("country", "")),
                measures={name: float(each[node]) for name, each in built.values.items()},
                rows=cells["rows"],
                **{name: getattr(line, name) for name in LOSSES if line is not None},
            )
        )
    found.sort(key=lambda x: (-_rounded(x, measure.code), -(x.ranking or 0), x.id))
    return tuple(found)


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
        "Losses are those of chokepoints, in the first year and for good, once stocks are gone: "
        f"parts of the {base.product} used in {base.year}."
    )
    if base.weak:
        yield f"The losses are weak: {base.weak}."
    without = [node for node in nodes if node.loss is None and node.role == node.stage]
    small = ", ".join(node.label for node in without if node.stage not in ("", USE))
    if small:
        yield f"No line of losses, too small: {small}."
    known = sum(node.loss is not None for node in nodes)
    if known < FEWEST:
        yield f"A loss is known of {known} of {len(nodes)}: too few to compare."
    elif any(node.loss is None and not node.stage for node in nodes):
        yield f"A loss is known of {known} of {len(nodes)}."
