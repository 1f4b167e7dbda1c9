"""Losses and ranks when all assumptions and contradicted numbers are drawn together.

Drawn are the assumptions, the assays, the output of countries where rows contradict each other, and
the split of the market's trade in magnets; a number has one value in a draw wherever it is used:
what a seller is paid, in all that it sells. The loss of the report, at the value of every number,
stays the number; the middle nine tenths of the draws are its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from monazite.errors import UnknownNameError
from monazite.findings.chain.base_year import chain_elements, read_base_year
from monazite.findings.events.failure_points import candidates_of, model_year
from monazite.findings.events.horizons import additions_in
from monazite.findings.losses.result import Chokepoints, DrawsMade, LineRange
from monazite.findings.ownership.site_owners import owners_of
from monazite.findings.uncertainty.drawn_years import DrawnLosses, DrawnYear, Question
from monazite.findings.uncertainty.sampling import (
    Drawn,
    DrawOutcome,
    Losses,
    Percentiles,
    Range,
    Sensitivity,
    Step,
    draw,
    keep,
    movers,
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
from monazite.quantities.amount import Amount
from monazite.result import Result
from monazite.safe_text import counted
from monazite.tables import Table

WORK_OF_DRAWS = 0.6
"""The part of the work that the draws are; the rest are the sensitivities."""


@dataclass(frozen=True)
class Draws(Result):
    """How far losses and ranks of a report reach when all that they rest on is drawn together.

    Attributes:
        report: the chokepoints, at the value of every number, each loss with its range.
        count: draws made.
        seed: of the draws; the same seed gives the same numbers.
        limit: largest residual of a draw that is kept, as a part of what the stages take; above
            ``RESIDUAL_LIMIT`` where too few draws close within that.
        rejected: draws whose residual exceeds the limit.
        inputs: how many numbers were drawn.
        ranges: by id of the line.
        moved: by id of the line, what moves its loss most by itself.
        texts: what the inputs of the sensitivities speak of, by name.
        taken: what the market takes in the draws, in the unit of the report.
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
        drawn = f"{counted(self.count, 'draw')}, {self.rejected} rejected"
        return f"{asked}: {drawn}, {counted(len(self.ranges), 'line')}"


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

    References:
        As of :mod:`monazite.findings.uncertainty.sampling`: McKay, Beckman and Conover (1979) for
        the Latin hypercube, Beaumont, Zhang and Balding (2002) for the tolerance.
    """
    question = question_of(network, facts, contingency, report, drawn_lines(report))
    inputs = question.base.inputs(contingency.horizon)
    drawn = draw(inputs, count, seed)
    places, kept, limit = keep(
        lambda each: DrawnYear(each, ranked=True).ask(question),
        drawn,
        lambda share: step(WORK_OF_DRAWS * share if chosen else share),
    )
    moved = _moved(question, chosen, inputs, step) if chosen else {}
    ranges = summed_up(facts, [drawn[place] for place in places], kept)
    made = DrawsMade(count, seed, count - len(kept), limit)
    return Draws(
        report=replace(report.with_ranges(ranges.lines, made), view=None, sources={}),
        assumptions=report.assumptions,
        count=count,
        seed=seed,
        limit=limit,
        rejected=made.rejected,
        inputs=len(drawn[0]),
        ranges={each.line: each for each in ranges.ranges},
        moved={line: moved.get(line, ()) for line in chosen},
        texts={
            each.name: words_of(each.name, facts) or each.name
            for line in moved.values()
            for each in line
        },
        taken=ranges.taken,
    )


def question_of(
    network: Network,
    facts: Facts,
    contingency: Contingency,
    report: Chokepoints,
    lines: Iterable[str],
) -> Question:
    """Return what some lines of a report ask of every draw."""
    year, names = report.known_base().year, chain_elements(facts).names
    base = read_base_year(facts, year, about(network).market, about(network).market_label)
    point = model_year(base.accounts().chain(), names, facts)
    owners = owners_of(network, facts)
    by_id = {each.id: each for each in candidates_of(network, contingency.event, owners, point)}
    built = additions_in(base, facts, contingency.horizon).found
    return Question(base, contingency, names, [by_id[line] for line in lines], built)


@dataclass(frozen=True)
class SummedUp:
    """What draws say of the lines of a question, and of what the market takes."""

    ranges: tuple[Range, ...]
    lines: Mapping[str, LineRange]
    taken: Percentiles


def summed_up(facts: Facts, drawn: Sequence[Drawn], found: Sequence[DrawnLosses]) -> SummedUp:
    """Sum up the draws of a question that are kept."""
    losses = [each.in_proportion for each in found]
    ranked = [each.ranked or each.in_proportion for each in found]
    ranges, moved = ranges_of(losses, ranked), movers(drawn, losses)
    home = {each.line: each.loss for each in ranges_of([each.home_first for each in found])}
    return SummedUp(
        ranges,
        {
            each.line: LineRange(
                each.loss.low,
                each.loss.median,
                each.loss.high,
                home[each.line].low,
                home[each.line].high,
                words_of(moved[each.line], facts),
            )
            for each in ranges
        },
        percentiles_of([each.taken for each in found]),
    )


def _moved(
    question: Question, chosen: Sequence[str], inputs: Mapping[str, Amount], step: Step
) -> dict[str, tuple[Sensitivity, ...]]:
    """What moves some lines, one input at a time; many change nothing: then nothing is solved."""
    asked = replace(question, candidates=[x for x in question.candidates if x.id in {*chosen}])
    point = DrawnYear({}, home_first=False)
    here, losses = point.flow_model(asked), point.ask(asked).losses().in_proportion

    def model(drawn: Drawn) -> DrawOutcome[Losses]:
        year = DrawnYear(drawn, home_first=False)
        same = year.flow_model(asked) == here
        return DrawOutcome(0.0, lambda: losses if same else year.ask(asked).losses().in_proportion)

    return sensitivities(
        model, inputs, lambda share: step(WORK_OF_DRAWS + (1 - WORK_OF_DRAWS) * share)
    )


def drawn_lines(report: Chokepoints) -> tuple[str, ...]:
    """Return the ids of the lines that can be drawn: those with a loss, but for policies."""
    return tuple(x.id for x in report.chokepoints if x.loss is not None and x.kind != "policy")


def chosen_lines(report: Chokepoints, words: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the lines that are named, each once."""
    report.known_base()
    words = (words,) if isinstance(words, str) else words
    known = drawn_lines(report)
    chosen = [report.line(word).id for word in words]
    if not {*chosen} <= {*known}:
        raise UnknownNameError("--line takes what is drawn: a line with a loss, and no policy.")
    return tuple(dict.fromkeys(chosen))


def words_of(name: str, facts: Facts) -> str:
    """What an input speaks of, in a few words: ``Ore share: Bayan Obo``."""
    known = {answer.row(): answer for answer in facts.ask("input-words")}
    rows = [row for row in name.split("; ") if row in known]
    if not rows:
        return ""
    found = known[max(rows, key=lambda row: (row.startswith("assumptions/"), row))]
    return ": ".join(filter(None, (found["what"], found["of"])))
