"""What contingencies become when all that they rest on is drawn together (``ranges``).

Drawn are the assumptions, the assays, and the output of countries where rows contradict each
other, each once a draw wherever it counts. The ledger, its least change (``reconcile``), the chain
and the losses are worked out anew from the drawn numbers. The least change starts at the drawn
numbers and moves them inside their ranges, as it does in the report: without it what a draw does
not explain would be taken to be there after an event too, and the losses would be too small.

The residual of a draw is what each stage of the world leaves over or misses before the least
change, added up over the stages, of what the stages take, in tonnes of the elements asked about.
Countries of one stage make up for each other there: to which of them a tonne is booked does not
decide whether a year closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from monazite.findings.balance.balance import closings_of
from monazite.findings.balance.line import StageLine
from monazite.findings.chain.base_year import Accounts, BaseYear, asked_of, read_base_year
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event, Horizon
from monazite.findings.events.failure_points import Candidate, candidates_of
from monazite.findings.events.horizons import additions_in, horizon_of
from monazite.findings.events.under_construction import Addition, opened_by
from monazite.findings.flow_model.study import Question, Study
from monazite.findings.ownership.site_owners import owners_of
from monazite.findings.uncertainty.sampling import (
    Drawn,
    Range,
    Sensitivity,
    Step,
    Trial,
    draw,
    keep,
    ranges_of,
    sensitivities,
)
from monazite.network.attributes import about
from monazite.network.facts import Facts
from monazite.network.graph import Network

WORK_OF_DRAWS = 0.6
"""The part of the work that the draws are; the rest are the sensitivities."""


@dataclass(frozen=True)
class Draws:
    """What the draws of a report say.

    Attributes:
        count: draws made.
        seed: of the draws.
        limit: of what the stages take: above ``LIMIT`` where too few draws close within that.
        rejected: draws whose residual exceeds the limit.
        inputs: how many numbers were drawn.
        ranges: by id of the line.
        moved: by id of the line, what moves its loss most by itself.
        texts: what the inputs of the sensitivities speak of, by name.
    """

    count: int
    seed: int
    limit: float
    rejected: int
    inputs: int
    ranges: Mapping[str, Range]
    moved: Mapping[str, tuple[Sensitivity, ...]]
    texts: Mapping[str, str]

    @property
    def apart(self) -> float:
        """The most by which a median of the first half differs from that of all draws."""
        return max(abs(each.half.median - each.loss.median) for each in self.ranges.values())


def find_draws(
    network: Network,
    facts: Facts,
    question: Question,
    *,
    year: int,
    lines: Sequence[str],
    chosen: Sequence[str],
    count: int,
    seed: int = 0,
    step: Step = lambda _: None,
) -> Draws:
    """Draw what contingencies rest on, and tell what becomes of their losses and ranks.

    Args:
        network: of the element and the market.
        facts: rows about the element.
        question: market, horizon and event.
        year: base year.
        lines: ids of the contingencies, in the order of the report.
        chosen: ids of those whose sensitivities are asked for.
        count: how many draws.
        seed: of the draws; the same seed gives the same numbers.
        step: is told which share of the work is done.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "NdPr", "2026-11-24")
    >>> network, line = build_network(facts), "separation/CHN"
    >>> asked = dict(year=2024, lines=[line], chosen=[], count=3)
    >>> find_draws(network, facts, Question(), **asked).ranges[line].top
    1.0
    """
    names = asked_of(facts).names
    base = read_base_year(facts, year, question.market, about(network).market_label)
    inputs = base.inputs(question.horizon)
    by_id = {
        each.id: each for each in candidates_of(network, question.event, owners_of(network, facts))
    }
    built = additions_in(base, facts, question.horizon).found
    model = DrawnYear(base, question, names, [by_id[line] for line in lines], built)
    drawn = draw(inputs, count, seed)
    kept, limit = keep(model, drawn, lambda share: step(WORK_OF_DRAWS * share))
    some = DrawnYear(base, question, names, [by_id[line] for line in chosen], built)
    moved = sensitivities(
        some,
        inputs if chosen else {},
        lambda share: step(WORK_OF_DRAWS + (1 - WORK_OF_DRAWS) * share),
    )
    return Draws(
        count=count,
        seed=seed,
        limit=limit,
        rejected=count - len(kept),
        inputs=len(drawn[0]),
        ranges={each.line: each for each in ranges_of(kept)},
        moved={line: moved.get(line, ()) for line in chosen},
        texts={each.name: _text(base, each.name) for line in moved.values() for each in line},
    )


def _text(base: BaseYear, name: str) -> str:
    """What an input speaks of; the output of a country is named by its row."""
    first = name.split("; ")[0]
    return (
        base.chemistry.reasons[first][0]
        if first in base.chemistry.reasons
        else f"output, tonnes, {first.partition('/')[-1]}"
    )


@dataclass(frozen=True)
class DrawnYear:
    """The model of the draws: from drawn inputs to the losses of some candidates."""

    base: BaseYear
    question: Question
    names: tuple[str, ...]
    candidates: Sequence[Candidate]
    built: Sequence[Addition] = ()

    def __call__(self, drawn: Drawn) -> Trial:
        """Work out the balance; the chain and its losses when they are asked for."""
        accounts = self.base.accounts(drawn)
        residual = residual_of([accounts.lines[name] for name in self.names])
        return Trial(residual, lambda: self._losses_of(accounts))

    def _losses_of(self, accounts: Accounts) -> dict[str, float]:
        """Many inputs change nothing by themselves: then nothing is solved a second time."""
        found = self._at(accounts)
        return self._losses_at_point if found == self._point else self._losses(*found)

    def _at(self, accounts: Accounts) -> tuple[Chain, Horizon]:
        chain, name = opened_by(self.built, accounts.chain()), self.question.horizon
        return chain, horizon_of(accounts.chemistry, name, chain, self.built)[0]

    @cached_property
    def _point(self) -> tuple[Chain, Horizon]:
        return self._at(self.base.accounts())

    @cached_property
    def _losses_at_point(self) -> dict[str, float]:
        return self._losses(*self._point)

    def _losses(self, chain: Chain, horizon: Horizon) -> dict[str, float]:
        study = Study(chain, horizon, self.names, self.question)
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


def residual_of(strands: Iterable[list[StageLine]]) -> float:
    """What the stages of the world leave over or miss, as a part of what they take.

    Args:
        strands: the lines of each strand that counts.

    >>> from monazite.quantities.amount import NOTHING, exactly
    >>> line = StageLine("mine", "A", exactly(8.0), "rows", 2024, NOTHING, NOTHING, exactly(10.0))
    >>> residual_of([[line]])
    0.2
    """
    closings = [closing for lines in strands for closing in closings_of(lines)]
    apart = fsum(abs(closing.left) for closing in closings if closing.left is not None)
    taken = fsum(closing.taken for closing in closings if closing.taken is not None)
    return apart / taken if taken else 0.0


__all__ = ["DrawnYear", "Draws", "find_draws", "residual_of"]
