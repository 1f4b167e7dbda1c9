"""Losses and ranks when all assumptions and contradicted numbers are drawn together.

Drawn are the assumptions, the assays, the output of countries where rows contradict each other, and
the split of the market's trade in magnets; a number has one value in a draw wherever it is used:
what a seller is paid, in all that it sells. Balance, reconciliation, flow model and
losses are worked out anew from the drawn numbers. Reconciliation starts at the drawn numbers and
moves them inside their ranges, as in the report: without it, what a draw does not explain would
count as supply after an event too, and losses would be too small.

The residual of a draw is what the stages of the world leave over or lack before reconciliation,
summed over the stages, as a part of what the stages take, in tonnes of the elements asked about.
It is of the world and not of countries: to which of them a tonne is booked does not decide whether
a year closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum
from typing import ClassVar

from monazite.errors import UnknownNameError
from monazite.findings.balance.balance import closings_of
from monazite.findings.chain.base_year import Accounts, BaseYear, chain_elements, read_base_year
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event, Horizon
from monazite.findings.events.failure_points import Candidate, candidates_of, model_year
from monazite.findings.events.horizons import additions_in, horizon_of
from monazite.findings.events.under_construction import Addition, opened_by
from monazite.findings.flow_model.study import Study
from monazite.findings.losses.result import Chokepoints
from monazite.findings.ownership.site_owners import owners_of
from monazite.findings.reconciliation.line import StageLine
from monazite.findings.uncertainty.sampling import (
    Drawn,
    DrawOutcome,
    Percentiles,
    Range,
    Sensitivity,
    Step,
    draw,
    keep,
    percentiles_of,
    ranges_of,
    sensitivities,
)
from monazite.findings.uncertainty.tables import draws_csv, draws_dict, draws_tables
from monazite.network.attributes import about
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.parameters import Contingency
from monazite.progress import do_nothing
from monazite.result import Result
from monazite.tables import Table

WORK_OF_DRAWS = 0.6
"""The part of the work that the draws are; the rest are the sensitivities."""


@dataclass(frozen=True)
class Draws(Result):
    """How far losses and ranks of a report reach when all that they rest on is drawn together.

    Attributes:
        report: the chokepoints, at the value of every number.
        count: draws made.
        seed: of the draws; the same seed gives the same numbers.
        limit: largest residual of a draw that is kept, as a part of what the stages take; above
            ``RESIDUAL_LIMIT`` where too few draws close within that.
        rejected: draws whose residual exceeds the limit.
        inputs: how many numbers were drawn.
        ranges: by id of the line.
        moved: by id of the line, what moves its loss most by itself.
        texts: what the inputs of the sensitivities speak of, by name.
        taken: tonnes of magnets that the market takes by the drawn split of its trade; None where
            nothing of it is drawn.
    """

    records_key: ClassVar[str] = "lines"

    report: Chokepoints
    count: int
    seed: int
    limit: float
    rejected: int
    inputs: int
    ranges: Mapping[str, Range]
    moved: Mapping[str, tuple[Sensitivity, ...]]
    texts: Mapping[str, str]
    taken: Percentiles | None = None

    @property
    def apart(self) -> float:
        """The most by which a median of the first half differs from that of all draws."""
        return max(abs(each.half.median - each.loss.median) for each in self.ranges.values())

    def content(self) -> dict[str, object]:
        """Return the draws as JSON: ranges by line, and what moves those that were asked for."""
        return draws_dict(self)

    def tables(self, *, top: int | None = None) -> list[Table]:
        """Return the ranges by line, and what moves the lines that were asked for.

        Args:
            top: how many lines of the report to print; all if None.
        """
        return draws_tables(self, top)

    def csv_tables(self, *, top: int | None = None) -> list[Table]:
        """Return the lines of the report with what the draws say of each.

        Args:
            top: how many lines of the report to print; all if None.
        """
        return [draws_csv(self, top)]

    def headline(self) -> str:
        """Return what was drawn, how often, and how many draws were rejected."""
        asked = self.report.headline().partition(":")[0]
        return f"{asked}: {self.count} draws, {self.rejected} rejected, {len(self.ranges)} lines"


def find_draws(
    network: Network,
    facts: Facts,
    contingency: Contingency,
    report: Chokepoints,
    *,
    chosen: Sequence[str] = (),
    count: int,
    seed: int = 0,
    step: Step = do_nothing,
) -> Draws:
    """Draw all assumptions and contradicted numbers, and tell how far losses and ranks reach.

    Args:
        network: of the element and the market.
        facts: rows about the element.
        contingency: horizon and event.
        report: the chokepoints of that contingency; its lines with a loss are drawn, but for
            policies.
        chosen: ids of lines whose sensitivities are asked for.
        count: how many draws.
        seed: of the draws; the same seed gives the same numbers.
        step: is told which share of the work is done, 0 to 1.

    Returns:
        Median and middle nine tenths of loss and rank by line, and what moves the chosen lines.

    Raises:
        NotKnownError: no loss is known.

    References:
        As of :mod:`monazite.findings.uncertainty.sampling`: McKay, Beckman and Conover (1979) for
        the Latin hypercube, Beaumont, Zhang and Balding (2002) for the tolerance.
    """
    year, lines = report.known_base().year, drawn_lines(report)
    names = chain_elements(facts).names
    base = read_base_year(facts, year, about(network).market, about(network).market_label)
    inputs = base.inputs(contingency.horizon)
    point = model_year(base.accounts().chain(), names, facts)
    owners = owners_of(network, facts)
    by_id = {each.id: each for each in candidates_of(network, contingency.event, owners, point)}
    built = additions_in(base, facts, contingency.horizon).found
    model = DrawnYear(base, contingency, names, [by_id[line] for line in lines], built)
    drawn = draw(inputs, count, seed)
    places, kept, limit = keep(model, drawn, lambda share: step(WORK_OF_DRAWS * share))
    some = DrawnYear(base, contingency, names, [by_id[line] for line in chosen], built)
    moved = sensitivities(
        some,
        inputs if chosen else {},
        lambda share: step(WORK_OF_DRAWS + (1 - WORK_OF_DRAWS) * share),
    )
    return Draws(
        report=replace(report, view=None, sources={}),
        assumptions=report.assumptions,
        count=count,
        seed=seed,
        limit=limit,
        rejected=count - len(kept),
        inputs=len(drawn[0]),
        ranges={each.line: each for each in ranges_of(kept)},
        moved={line: moved.get(line, ()) for line in chosen},
        texts={
            each.name: _text(base, each.name, report) for line in moved.values() for each in line
        },
        taken=_taken(base, places, drawn),
    )


def drawn_lines(report: Chokepoints) -> tuple[str, ...]:
    """Return the ids of the lines that can be drawn: those with a loss, but for policies."""
    return tuple(x.id for x in report.chokepoints if x.loss is not None and x.kind != "policy")


def chosen_lines(report: Chokepoints, words: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the first line and of those that are named, each once.

    Raises:
        NotKnownError: no loss is known.
        UnknownNameError: a word names no line, or one that is not drawn.
    """
    report.known_base()
    words = (words,) if isinstance(words, str) else words
    known = drawn_lines(report)
    chosen = (known[0], *(report.line(word).id for word in words))
    if not {*chosen} <= {*known}:
        raise UnknownNameError("--line takes what is drawn: a line with a loss, and no policy.")
    return tuple(dict.fromkeys(chosen))


def _text(base: BaseYear, name: str, report: Chokepoints) -> str:
    """What an input speaks of; the output of a country is named by its row."""
    first = name.split("; ")[0]
    known = {each.row: each.text for each in report.assumptions}
    known |= {row: text for row, (text, *_) in base.chemistry.reasons.items()}
    return known.get(first, f"output, tonnes, {first.partition('/')[-1]}")


def _taken(base: BaseYear, kept: Iterable[int], drawn: Sequence[Drawn]) -> Percentiles | None:
    """What the market takes in the draws that are kept."""
    if base.mix is None or not base.mix.ranges():
        return None
    values = ({name: each.value for name, each in drawn[place].items()} for place in kept)
    return percentiles_of([base.mix.at(each).tonnes for each in values])


@dataclass(frozen=True)
class DrawnYear:
    """The model of the draws: from drawn inputs to the losses of some candidates."""

    base: BaseYear
    contingency: Contingency
    names: tuple[str, ...]
    candidates: Sequence[Candidate]
    built: Sequence[Addition] = ()

    def __call__(self, drawn: Drawn) -> DrawOutcome:
        """Work out the balance; the chain and its losses when they are asked for."""
        accounts = self.base.accounts(drawn)
        residual = residual_of([accounts.lines[name] for name in self.names])
        return DrawOutcome(residual, lambda: self._losses_of(accounts))

    def _losses_of(self, accounts: Accounts) -> dict[str, float]:
        """Many inputs change nothing by themselves: then nothing is solved a second time."""
        found = self._at(accounts)
        return self._losses_at_point if found == self._point else self._losses(*found)

    def _at(self, accounts: Accounts) -> tuple[Chain, Horizon]:
        chain, name = opened_by(self.built, accounts.chain()), self.contingency.horizon
        return chain, horizon_of(accounts.chemistry, name, chain, self.built)[0]

    @cached_property
    def _point(self) -> tuple[Chain, Horizon]:
        return self._at(self.base.accounts())

    @cached_property
    def _losses_at_point(self) -> dict[str, float]:
        return self._losses(*self._point)

    def _losses(self, chain: Chain, horizon: Horizon) -> dict[str, float]:
        study = Study(chain, horizon, self.names, self.contingency, self.base.market)
        known: dict[tuple[object, ...], float] = {}
        found = {}
        for candidate in self.candidates:
            event = study.event_of(candidate)
            key = (*sorted(event.output.items()), *sorted(event.sales.items()))
            if key not in known:
                known[key] = self._loss(study, event)
            found[candidate.id] = known[key]
        return found

    def _loss(self, study: Study, event: Event) -> float:
        return 0.0 if study.costs_nothing(event) else study.loss(event)


def residual_of(element_chains: Iterable[list[StageLine]]) -> float:
    """What the stages of the world leave over or miss, as a part of what they take.

    Args:
        element_chains: the lines of each element chain that counts.

    >>> from monazite.quantities.amount import NOTHING, exactly
    >>> line = StageLine("mine", "A", exactly(8.0), "rows", 2024, NOTHING, NOTHING, exactly(10.0))
    >>> residual_of([[line]])
    0.2
    """
    closings = [closing for lines in element_chains for closing in closings_of(lines)]
    apart = fsum(abs(closing.left) for closing in closings if closing.left is not None)
    taken = fsum(closing.taken for closing in closings if closing.taken is not None)
    return apart / taken if taken else 0.0
