"""Losses and ranks when all assumptions and contradicted numbers are drawn together.

A number has one value in a draw wherever it is used. The loss of the report stays the number; the
middle nine tenths of the draws are its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from monazite.analysis.chokepoints.figures import DrawsMade, LineRange
from monazite.analysis.chokepoints.result import ENOUGH, Chokepoints, chokepoints_csv, signed
from monazite.analysis.robustness.drawn_years import DrawnLosses, DrawnYear, Question
from monazite.analysis.robustness.sampling import (
    KEPT_PART,
    RESIDUAL_LIMIT,
    TOP_RANKS,
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
from monazite.core.errors import UnknownNameError
from monazite.core.formats import counted, in_tonnes
from monazite.core.results import Result, do_nothing
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import chain_elements, read_base_year
from monazite.model.chemistry import Amount
from monazite.model.contingencies.failure_points import candidates_of, model_year
from monazite.model.contingencies.under_construction import additions_in
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.ownership import owners_of
from monazite.store.names import named

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.figures import Chokepoint

_HELD = (
    "An input is held at its end, the others are balanced around it. What then no record explains "
    "is assumed to continue, which lowers a loss."
)


def _ranges(lines: Sequence[Chokepoint], draws: Draws) -> Table:
    """Medians, and between what nine tenths of the draws lie."""
    columns = ("what", "loss", "median", "5 to 95 %", "rank", "ranks", "top five", "first half")
    rows = [
        [
            each.label,
            signed(each.loss),
            signed(found.loss.median),
            _ends(found.loss),
            f"{found.rank.median:.0f}",
            f"{found.rank.low:.0f} to {found.rank.high:.0f}",
            percent_cell(found.top),
            f"{signed(found.half.median)}, {_ends(found.half)}",
        ]
        for each in [x for x in lines if x.id in draws.ranges]
        for found in [draws.ranges[each.id]]
    ]
    kept, few, nearest = draws.count - draws.rejected, "", ""
    if kept < ENOUGH:
        few = f" Only {kept} trials kept: too few for 5 and 95 %; run more."
    if draws.limit > RESIDUAL_LIMIT:  # draws that do not close: a balance with holes
        nearest = (
            f", as fewer than {percent_cell(KEPT_PART)} of them come within "
            f"{percent_cell(RESIDUAL_LIMIT)}: those that come nearest are kept, and their ranges "
            "lean on a balance that does not close"
        )
    remarks = (
        f"Of {draws.count} random trials (seed {draws.seed}) {draws.rejected} were rejected: what "
        f"they leave over or miss is more than {percent_cell(draws.limit)} of what the stages take"
        f"{nearest}.{few}",
        f"{draws.inputs} inputs were drawn together by a Latin hypercube, each from a triangle "
        "between its ends with its value on top; each trial is then balanced as the report is.",
        *_taken(draws),
        f"Ranks: equal whole percents share one; the top {TOP_RANKS} without what loses nothing.",
        f"The medians of the first half of the trials lie within {100 * draws.apart:.1f} points of "
        "those of all; differences below about two points are noise.",
    )
    right = ("loss", "median", "rank", "top five")
    return Table("By random trials", columns, rows, remarks, right=right, spare=("first half",))


def _taken(draws: Draws) -> Iterable[str]:
    """What the market takes in the draws."""
    taken = draws.taken
    if taken is not None:
        low, median, high = map(in_tonnes, (taken.low, taken.median, taken.high))
        yield (
            f"By the split of trade that was drawn with them {named(draws.report.market_label)} "
            f"takes {median} of magnets in the median trial, and {low} to {high} in nine of ten."
        )


def _ends(spread: Percentiles) -> str:
    return f"{signed(spread.low)} to {signed(spread.high)}"


def _moved_by(draws: Draws) -> Iterable[Table]:
    """What moves a line most, one input at a time."""
    labels = {each.id: each.label for each in draws.report.chokepoints}
    columns = ("input", "low end", "high end", "loss at low", "loss at high", "points", "row")
    for line, found in draws.moved.items():
        rows = [
            [
                draws.texts[each.name],
                *(f"{end:.4g}" for end in (each.amount.low, each.amount.high)),
                *(signed(loss) for loss in (each.at_low, each.at_high)),
                f"{round(100 * each.at_high) - round(100 * each.at_low):+d}",
                each.name,
            ]
            for each in found
        ]
        remark = _HELD if rows else "No input moves it by half a point by itself."
        heading = f"What moves {labels[line]}, one input at a time from its low to its high end"
        right = columns[1:-1]
        yield Table(heading, columns, rows, (remark,), right, ("row",))


def numbers_of(found: Range) -> dict[str, float]:
    """The numbers of a line's draws, as columns and keys."""
    spreads = {"drawn_loss": found.loss, "first_half": found.half, "drawn_rank": found.rank}
    numbers: dict[str, float] = {}
    for name, spread in spreads.items():
        numbers |= {
            f"{name}_median": spread.median,
            f"{name}_p05": spread.low,
            f"{name}_p95": spread.high,
        }
    return numbers | {"top_five": found.top}


WORK_OF_DRAWS = 0.6  # the part of the work; the rest are the sensitivities


@dataclass(frozen=True)
class Draws(Result):
    """How far losses and ranks of a report reach when all that they rest on is drawn together.

    Attributes:
        report: the chokepoints, at the value of every number, each loss with its range.
        seed: of the draws; the same seed gives the same numbers.
        limit: largest residual of a draw that is kept, as a part of what the stages take; above
            ``RESIDUAL_LIMIT`` where too few draws close within that.
        rejected: draws whose residual exceeds the limit.
        inputs: how many numbers were drawn.
        moved: by id of the line, what moves its loss most by itself.
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
        return {
            "count": self.count,
            "seed": self.seed,
            "rejected": self.rejected,
            "limit": self.limit,
            "inputs": self.inputs,
            "first_half_apart": self.apart,
            "taken": None if self.taken is None else asdict(self.taken),
            "lines": [{"id": key, **numbers_of(found)} for key, found in self.ranges.items()],
            "sensitivities": [
                {
                    "id": line,
                    "input": each.name,
                    "text": self.texts[each.name],
                    "low": each.amount.low,
                    "high": each.amount.high,
                    "loss_at_low": each.at_low,
                    "loss_at_high": each.at_high,
                }
                for line, found in self.moved.items()
                for each in found
            ],
        }

    def tables(self, *, top: int | None = None) -> list[Table]:
        """Return the ranges of the first lines, or all, and what moves those asked for."""
        return [_ranges(self.report.chokepoints[:top], self), *_moved_by(self)]

    def csv_tables(self, *, top: int | None = None) -> list[Table]:
        """Return the first lines of the report, or all, with what the draws say of each."""
        report = self.report if top is None else self.report.first(top)
        return [chokepoints_csv(report, {x: numbers_of(y) for x, y in self.ranges.items()})]

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
    """Draw all assumptions and contradicted numbers, and tell how far losses and ranks reach."""
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
