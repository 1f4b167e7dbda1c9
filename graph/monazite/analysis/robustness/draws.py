"""Losses and ranks when all assumptions and contradicted numbers are drawn together.

A number has one value in a draw wherever it is used. The median of the draws is the number, and
their middle nine tenths are its range; each measure of a line is drawn so (``MEASURES``).

Reconciliation starts at the drawn numbers, moves them inside what is left of their ranges, and
takes one of the years near the best; all who ask of one draw share what it leads to. The residual
is the most of what a stage takes that no row explains; a draw in which the market takes nothing has
no loss, and is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import fsum, inf
from typing import NamedTuple

from monazite.analysis.chokepoints import figures
from monazite.analysis.chokepoints.loss_model import LossModel, first_year_of, of_first_year
from monazite.analysis.chokepoints.result import ENOUGH, Chokepoints, chokepoints_csv
from monazite.analysis.concentration.standing import (
    numbers_now,
    numbers_of,
    stage_makers,
    stage_standings,
)
from monazite.analysis.robustness.sampling import (
    KEPT_PART,
    RESIDUAL_LIMIT,
    TOP_RANKS,
    Drawn,
    DrawOutcome,
    Losses,
    Range,
    Sensitivity,
    Step,
    draw,
    drawn_inputs,
    keep,
    movers,
    percentiles_of,
    ranges_of,
    sensitivities,
)
from monazite.core.columns import Column, table
from monazite.core.contract import to_json_value
from monazite.core.errors import UnknownNameError
from monazite.core.formats import counted, fixed, four_figures, in_tonnes, signed, whole
from monazite.core.results import Percentiles, Result, Struct, do_nothing
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import LISTED, Contingency
from monazite.model.assumptions import MethodAssumptions, read_method_assumptions
from monazite.model.chain.base_year import Accounts, BaseYear
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount
from monazite.model.contingencies import failure_points
from monazite.model.contingencies.under_construction import Addition, opened_year
from monazite.model.flow.programme import Served
from monazite.model.flow.study import Study, most_unexplained
from monazite.model.months.first_year import FirstYear
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.ownership import owners_of
from monazite.model.reconciliation.ledger import CHINA
from monazite.model.reconciliation.numbers import fingerprint_of
from monazite.model.reconciliation.year import ReconciledYear
from monazite.model.trade_content import NDFEB
from monazite.store.names import named

Key = tuple[object, ...]


class Question(Struct):
    """What a report asks of every draw."""

    base: BaseYear
    contingency: Contingency
    candidates: Sequence[failure_points.Candidate]
    built: Sequence[Addition] = ()
    method: MethodAssumptions = field(default_factory=lambda: MethodAssumptions({}))
    costly: frozenset[str] = frozenset()
    """Ids of lines of which a first year is drawn: those that cost anything."""

    @property
    def names(self) -> tuple[str, ...]:
        """The element chains that are asked about."""
        return self.base.elements.names

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Shares and indices of the year as it is, of which each draw has its own."""
        year = failure_points.ModelYear(self.base.accounts().chain(), self.names, {}, {})
        return numbers_of(stage_makers(year))

    @property
    def inputs(self) -> dict[str, Amount]:
        """What is drawn: the numbers of the chain and horizon, and those of time and stocks."""
        return drawn_inputs(self.base, self.contingency.horizon, self.method)


class DrawnLosses(Struct):
    """What a draw makes of a question: losses of lines by measure, shares, and what is taken."""

    losses: Mapping[str, Losses]
    shares: Mapping[str, float]
    taken: float


@dataclass
class FlowModel:
    """The flow model of a draw, with plants that are being built; its study is made when asked."""

    chain: Chain
    horizon: failure_points.Horizon
    accounts: Accounts = field(compare=False)
    study: Study | None = field(default=None, compare=False)
    first: FirstYear | None = field(default=None, compare=False)
    years: dict[str, Served] = field(default_factory=dict, compare=False)

    def in_first_year(
        self, event: failure_points.Event, method: MethodAssumptions, drawn: Drawn
    ) -> Served:
        """Return what users use in the year after an event, of one run for all markets."""
        key = fingerprint_of(event)
        if key not in self.years:
            self.first = self.first or first_year_of(self.accounts, method, drawn)
            self.years[key] = self.first.served(event)
        return self.years[key]


class DrawnYear:
    """One draw, for all questions that are asked of it."""

    def __init__(self, drawn: Drawn, measures: Collection[str] = figures.MEASURES) -> None:
        """Draw a year, to measure losses in."""
        self._drawn, self._measures = drawn, measures
        self._years: dict[Key, ReconciledYear] = {}
        self._models: dict[Key, FlowModel] = {}

    def ask(self, question: Question) -> DrawOutcome[DrawnLosses]:
        """Return what is not explained, and the losses of the lines, worked out if asked for."""
        model, names, market = self.model(question), question.names, question.base.market
        taken = (x for (_, user), x in model.chain.demand.items() if market in (WORLD, user))
        return DrawOutcome(
            most_unexplained(model.chain, names) if fsum(taken) > 0 else inf,
            lambda: self._losses(question, model),
        )

    def model(self, question: Question) -> FlowModel:
        """Return the one that serves all markets, or one of a market that it does not name."""
        base = question.base
        plain = self._opened(replace(question, base=replace(base, market=WORLD, mix=None)))
        users = {WORLD, *(user for _, user in plain.chain.demand)}
        return plain if base.market in users else self._opened(question)

    def _opened(self, question: Question) -> FlowModel:
        base, name = question.base, question.contingency.horizon
        year = (base.year_rows.year, *sorted(base.year_rows.members), base.year_rows.area)
        key = (*year, base.market, name, len(question.built))
        if key not in self._models:
            accounts = base.accounts(self._drawn, self._years.get(year))
            self._years[year] = accounts.reconciled
            self._models[key] = FlowModel(*opened_year(accounts, name, question.built), accounts)
        return self._models[key]

    def _losses(self, question: Question, model: FlowModel) -> DrawnLosses:
        """Measure each line in each way, by a measure that is a field of its chokepoint."""
        names, market = question.names, question.base.market
        if model.study is None:
            model.study = Study(model.chain, model.horizon, names, question.contingency, market)
        study = model.study.asked(names, market)
        events = {each.id: study.event_of(each) for each in question.candidates}
        ways: dict[str, Callable[[failure_points.Event], float]] = {
            figures.LOSS: study.loss,
            figures.HOME_FIRST: partial(study.loss, home_first=True),
            figures.FIRST_YEAR: lambda event: study.lost(
                model.in_first_year(event, question.method, self._drawn)
            ),
        }
        lines = {measure: events.keys() for measure in self._measures} | {
            figures.FIRST_YEAR: [line for line in events if line in question.costly]
        }
        found = {
            measure: {line: way(events[line]) for line in lines[measure]}
            for measure, way in ways.items()
            if measure in self._measures and lines[measure]
        }
        first, for_good = (found.get(x, {}) for x in (figures.FIRST_YEAR, figures.LOSS))
        for line in first.keys() & for_good.keys():
            horizon = question.contingency.horizon
            first[line] = of_first_year(first[line], for_good[line], horizon)
        return DrawnLosses(
            found,
            numbers_now(failure_points.ModelYear(model.chain, names, {}, {}), question.shares),
            study.base,
        )


_HELD = (
    "An input is held at its end, the others are balanced around it. What then no record explains "
    "is assumed to continue, which lowers a loss."
)


class _DrawnLine(NamedTuple):
    """A line of the report, with what draws say of it."""

    point: figures.Chokepoint
    range: Range


_DRAWN = (
    Column("what", "point.label"),
    Column("loss", "range.loss.median", percent_cell, right=True),
    Column("least move", "point.least_move", percent_cell, right=True),
    Column("5 to 95 %", lambda x: _ends(x.range.loss)),
    Column("rank", "range.rank.median", whole, right=True),
    Column("ranks", lambda x: f"{whole(x.range.rank.low)} to {whole(x.range.rank.high)}"),
    Column("top five", "range.top", percent_cell, right=True),
    Column(
        "first half",
        lambda x: f"{percent_cell(x.range.half.median)}, {_ends(x.range.half)}",
        spare=1,
    ),
)


def _ranges(lines: Sequence[figures.Chokepoint], draws: Draws) -> Table:
    """Medians, and between what nine tenths of the draws lie."""
    drawn = [_DrawnLine(each, draws.ranges[each.id]) for each in lines if each.id in draws.ranges]
    kept, few, nearest = draws.count - draws.rejected, "", ""
    if kept < ENOUGH:
        few = f" Only {kept} trials kept: too few for 5 and 95 %; run more."
    if draws.limit > RESIDUAL_LIMIT:  # draws that do not close: a balance with holes
        nearest = (
            f", as fewer than {percent_cell(KEPT_PART)} of them come within "
            f"{percent_cell(RESIDUAL_LIMIT)}: those that come nearest are kept, and their ranges "
            "lean on a balance that does not close"
        )
    told = []
    if draws.taken is not None:
        low, median, high = map(in_tonnes, (draws.taken.low, draws.taken.median, draws.taken.high))
        told.append(
            f"By the split of trade that was drawn with them {named(draws.report.market_label)} "
            f"takes {median} of magnets in the median trial, and {low} to {high} in nine of ten."
        )
    remarks = (
        f"Of {draws.count} random trials (seed {draws.seed}) {draws.rejected} were rejected: what "
        f"they leave over or miss is more than {percent_cell(draws.limit)} of what the stages take"
        f"{nearest}.{few}",
        f"{draws.inputs} inputs were drawn together by a Latin hypercube, each from a triangle "
        "between its ends with its value on top; each trial is then balanced as the report is.",
        *told,
        f"Ranks: among these lines, equal whole percents share one; the top {TOP_RANKS} without "
        "what loses nothing.",
        f"The medians of the first half of the trials lie within {fixed(100 * draws.apart, 1)} "
        "points of those of all; differences below about two points are noise.",
    )
    return table("By random trials", drawn, _DRAWN, remarks)


def _ends(spread: Percentiles) -> str:
    return f"{percent_cell(spread.low)} to {percent_cell(spread.high)}"


_MOVED = (
    Column("input", "text"),
    Column("low end", "amount.low", four_figures, right=True),
    Column("high end", "amount.high", four_figures, right=True),
    Column("loss at low", "at_low", percent_cell, right=True),
    Column("loss at high", "at_high", percent_cell, right=True),
    Column("points", lambda x: signed(round(100 * x.at_high) - round(100 * x.at_low)), right=True),
    Column("row", "name", full=True),
)


def _moved_by(draws: Draws) -> Iterable[Table]:
    """What moves a line most, one input at a time."""
    labels = {each.id: each.label for each in draws.report.chokepoints}
    for line, found in draws.moved.items():
        remark = _HELD if found else "No input moves it by half a point by itself."
        heading = f"What moves {labels[line]}, one input at a time from its low to its high end"
        yield table(heading, found, _MOVED, [remark])


WORK_OF_DRAWS = 0.6  # the part of the work; the rest are the sensitivities


class Draws(Result):
    """How far losses and ranks of a report reach when all that they rest on is drawn together."""

    records_key = "lines"
    _json = "count seed rejected limit inputs first_half_apart=apart taken lines sensitivities"

    report: Chokepoints  #: the chokepoints, at the value of every number, each loss with its range
    count: int  #: draws made
    seed: int  #: of the draws; the same seed gives the same numbers
    #: largest residual of a draw that is kept, as a part of what the stages take; above 0.2 where
    #: too few draws close within that
    limit: float
    rejected: int  #: draws whose residual exceeds the limit
    inputs: int  #: how many numbers were drawn
    ranges: Mapping[str, Range]
    #: by id of the line, what moves its loss most by itself
    moved: Mapping[str, tuple[Sensitivity, ...]]
    #: what the market takes in the draws, in the unit of the report; None where nothing of it is
    #: drawn
    taken: Percentiles | None = None

    @property
    def apart(self) -> float:
        """The most by which a median of the first half differs from that of all draws."""
        return max(abs(each.half.median - each.loss.median) for each in self.ranges.values())

    @property
    def lines(self) -> tuple[Range, ...]:
        """Each line that is drawn."""
        return tuple(self.ranges.values())

    @property
    def sensitivities(self) -> tuple[Sensitivity, ...]:
        """What moves the chosen lines most, one input at a time."""
        return tuple(each for found in self.moved.values() for each in found)

    def tables(self, *, top: int | None = None) -> list[Table]:
        """Return the ranges of the first lines, or all, and what moves those asked for."""
        return [_ranges(self.report.chokepoints[:top], self), *_moved_by(self)]

    def csv_tables(self, *, top: int | None = None) -> list[Table]:
        """Return the first lines of the report, or all, with what the draws say of each."""
        report = self.report if top is None else self.report.first(top)
        drawn = {each.pop("id"): each for each in map(to_json_value, self.lines)}
        return [chokepoints_csv(report, drawn)]

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
    """Draw all assumptions and contradicted numbers for the lines printed, and those chosen."""
    lines = dict.fromkeys((*drawn_lines(report.first(LISTED)), *chosen))
    question = question_of(network, facts, contingency, report, lines)
    inputs = question.inputs
    drawn = draw(inputs, count, seed)
    places, kept, limit = keep(
        lambda each: DrawnYear(each).ask(question),
        drawn,
        lambda share: step(WORK_OF_DRAWS * share if chosen else share),
    )
    moved = _moved(facts, question, chosen, inputs, step) if chosen else {}
    ranges = summed_up(question, facts, [drawn[place] for place in places], kept)
    made = figures.DrawsMade(count, seed, count - len(kept), limit)
    model = failure_points.model_year(question.base.accounts().chain(), question.names, facts)
    model, owners = replace(model, drawn=ranges.shares), owners_of(network, facts)
    named = failure_points.candidates_of(network, contingency.event, owners, model)
    shares = {each.id: each.share for each in named}
    found = report.with_ranges(ranges.lines, made)
    found = replace(
        found,
        chokepoints=tuple(replace(x, share=shares.get(x.id, x.share)) for x in found.chokepoints),
        stages=stage_standings(network, facts, model),
        view=None,
        sources={},
    )
    return Draws(
        report=found,
        assumptions=report.assumptions,
        count=count,
        seed=seed,
        limit=limit,
        rejected=made.rejected,
        inputs=len(drawn[0]),
        ranges={each.line: each for each in ranges.ranges},
        moved={line: moved.get(line, ()) for line in chosen},
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
    model = LossModel(network, facts, contingency, report.known_base().year)
    by_id = {each.id: each for each in model.candidates}
    asked = [by_id[line] for line in lines]
    method = read_method_assumptions(facts.store)
    costly = frozenset(x.id for x in report.chokepoints if x.first_year is not None)
    return Question(model.base, contingency, asked, model.built.found, method, costly)


class SummedUp(Struct):
    """What draws say of the lines of a question, and of what the market takes."""

    ranges: tuple[Range, ...]
    lines: Mapping[str, figures.LineRange]
    shares: Mapping[str, Percentiles]
    taken: Percentiles


def cap_lifted(question: Question) -> Losses:
    """Return the least-move losses where China's part of the world's magnets has no upper end."""
    cap = question.base.chemistry.of("magnet-share", CHINA)
    if cap is None or question.base.elements.magnet != NDFEB:
        return {}
    year = DrawnYear({cap.name: replace(cap, high=1.0)}, [figures.LOSS])
    return year.ask(question).losses().losses[figures.LOSS]


def summed_up(
    question: Question, facts: Facts, drawn: Sequence[Drawn], found: Sequence[DrawnLosses]
) -> SummedUp:
    """Sum up the draws of a question that are kept."""
    losses = [each.losses[figures.LOSS] for each in found]
    moved, lifted = movers(drawn, losses), cap_lifted(question)
    lines = {
        line: figures.LineRange(
            {
                measure: percentiles_of([each.losses[measure][line] for each in found])
                for measure in found[0].losses
                if line in found[0].losses[measure]
            },
            words_of(moved[line], facts),
            lifted.get(line),
        )
        for line in losses[0]
    }
    ranked = ranges_of(losses)
    shares = {
        name: percentiles_of([each.shares[name] for each in found]) for name in found[0].shares
    }
    return SummedUp(ranked, lines, shares, percentiles_of([each.taken for each in found]))


def _moved(
    facts: Facts,
    question: Question,
    chosen: Sequence[str],
    inputs: Mapping[str, Amount],
    step: Step,
) -> dict[str, tuple[Sensitivity, ...]]:
    """What moves some lines, one input at a time; many change nothing: then nothing is solved."""
    asked = replace(question, candidates=[x for x in question.candidates if x.id in {*chosen}])
    point = DrawnYear({}, [figures.LOSS])
    here, losses = point.model(asked), point.ask(asked).losses().losses[figures.LOSS]

    def lost(drawn: Drawn) -> Losses:
        year = DrawnYear(drawn, [figures.LOSS])
        same = year.model(asked) == here
        return losses if same else year.ask(asked).losses().losses[figures.LOSS]

    moving = sensitivities(
        lost, inputs, lambda share: step(WORK_OF_DRAWS + (1 - WORK_OF_DRAWS) * share)
    )
    return {
        line: tuple(replace(each, text=words_of(each.name, facts) or each.name) for each in found)
        for line, found in moving.items()
    }


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
