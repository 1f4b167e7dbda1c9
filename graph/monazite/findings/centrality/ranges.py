"""Ranges of centrality: the graph is built and measured anew in every draw of the losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monazite.errors import UnknownNameError
from monazite.findings.centrality.comparison import correlation
from monazite.findings.centrality.kinds import built_of_flows
from monazite.findings.centrality.measures import Numbers
from monazite.findings.centrality.result import Centrality
from monazite.findings.events.failure_points import model_year
from monazite.findings.losses.result import Chokepoints, DrawsMade
from monazite.findings.uncertainty.drawn_years import DrawnYear, Question
from monazite.findings.uncertainty.draws import drawn_lines, question_of
from monazite.findings.uncertainty.sampling import (
    Drawn,
    DrawOutcome,
    Percentiles,
    Step,
    draw,
    keep,
    percentiles_of,
)
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.parameters import FLOW, Contingency
from monazite.progress import do_nothing


@dataclass(frozen=True)
class DrawnCentrality:
    """What a draw leads to: the measures, and the losses that lines are ranked by."""

    values: Mapping[str, Numbers]
    losses: Mapping[str, float]


def with_draws(
    found: Centrality,
    network: Network,
    facts: Facts,
    report: Chokepoints,
    *,
    count: int,
    seed: int = 0,
    step: Step = do_nothing,
) -> Centrality:
    """Return centrality with the ranges of its measures and rank correlations."""
    if found.kind != FLOW:
        raise UnknownNameError("Only flows are drawn: leave --draws, or take --kind flow.")
    question = question_of(network, facts, Contingency(), report, drawn_lines(report))
    inputs = question.base.inputs(question.contingency.horizon)
    drawn = draw(inputs, count, seed)
    _, kept, limit = keep(lambda each: _outcome(each, question, facts, report.market), drawn, step)
    lines = {name: line.id for line in report.chokepoints for name in line.label.split(" = ")}
    ids = {node.id: lines[node.label] for node in found.nodes if node.label in lines}
    made = DrawsMade(count, seed, count - len(kept), limit)
    return found.with_ranges(_of_nodes(found, kept), _spreads(found, kept, ids), made)


def _outcome(
    drawn: Drawn, question: Question, facts: Facts, market: str
) -> DrawOutcome[DrawnCentrality]:
    year = DrawnYear(drawn, home_first=False, ranked=True)
    outcome = year.ask(question)

    def measured() -> DrawnCentrality:
        model = model_year(year.flow_model(question)[0], question.names, facts)
        lost = outcome.losses()
        return DrawnCentrality(
            built_of_flows(model, market).values, lost.ranked or lost.in_proportion
        )

    return DrawOutcome(outcome.residual, measured)


def _of_nodes(
    found: Centrality, kept: Sequence[DrawnCentrality]
) -> dict[str, dict[str, Percentiles]]:
    return {
        node.id: {
            name: percentiles_of([each.values[name].get(node.id, 0.0) for each in kept])
            for name in node.measures
        }
        for node in found.nodes
    }


def _spreads(
    found: Centrality, kept: Sequence[DrawnCentrality], ids: Mapping[str, str]
) -> dict[str, Percentiles]:
    """Where the rank correlations of the draws lie, over the places of the report."""
    spreads = {}
    for name in (each.measure for each in found.agreements):
        each_draw = [
            correlation(
                {node: each.values[name].get(node, 0.0) for node in ids},
                {
                    node: float(round(100 * each.losses[line]))
                    for node, line in ids.items()
                    if line in each.losses
                },
            )
            for each in kept
        ]
        known = [each for each in each_draw if each is not None]
        if known:
            spreads[name] = percentiles_of(known)
    return spreads
