"""The figures of a chokepoint report, and what the market is known to hold.

Of stocks, targets and plans are none. Tonnes become days only where a row gives the use of that
year. Rows of one holder, material and date are one holding: the least counts, the others are its
range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Self, TypeVar

from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.cuts.disjoint_routes import NodeRole
from monazite.core.errors import LossNotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import counted, percent, supported, whole, with_ends
from monazite.core.results import Percentiles, Result, Struct, Value
from monazite.data.parameters import COUNTS, check_text
from monazite.model.contingencies.failure_points import named_together
from monazite.model.contingencies.under_construction import Addition
from monazite.model.network.facts import Facts
from monazite.model.wording import place_noun
from monazite.store.queries import QueryRecord

DAYS_OF_YEAR = 365
WHOLE_CLASSES = {"group", "other"}
"""Forms of materials that are a class, not goods."""


class Stock(Struct):
    """A holding."""

    holder: str  #: code of the country, or id of the firm or agency that holds
    country: str  #: code of the market it is in
    material_label: str  #: what is held; says so where it is a group of which the element is a part
    #: days of use that it covers, the least that rows say; None where only tonnes are known
    days: float | None
    low: float | None  #: least days that rows say
    high: float | None  #: most days that rows say
    as_of: str  #: the date as printed, empty if none is
    row: str  #: the row that says the days, or the tonnes
    note: str  #: what was printed beside it, and what the days were worked out from
    tonnes: float | None = None  #: what is held, where that is printed; None else
    rows: tuple[str, ...] = ()  #: all rows used


def stocks_of(facts: Facts, market: str) -> tuple[Stock, ...]:
    """Return what a market is known to hold of the element of some facts, newest first."""
    given = {"element": facts.element.id, "market": market, "date": facts.date}
    return to_stocks(facts.ask("stocks", **given), facts.members)


def to_stocks(answers: Iterable[QueryRecord], members: frozenset[str]) -> tuple[Stock, ...]:
    """Take the answers of the query ``stocks``, newest first."""
    found: dict[tuple[str, ...], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        measure = "days" if answer["days"] else "tonnes"
        key = (answer["latest"], answer["as_of"], answer["holder"], answer["material"], measure)
        found[key].append(answer)
    keys = sorted(found, key=lambda key: key[1:])
    keys.sort(key=lambda key: key[0], reverse=True)
    return tuple(_stock(found[key], members) for key in keys)


def _stock(answers: list[QueryRecord], members: frozenset[str]) -> Stock:
    spans = sorted(span for answer in answers for span in _spans(answer))
    weights = sorted((a.number("tonnes"), a.row()) for a in answers if a["tonnes"])
    row = spans[0][1] if spans else weights[0][1]
    first = min((a for a in answers if a.row() == row), key=lambda a: a["use_row"])
    used = {a.row(name) for a in answers for name in ("row", "use_row")} - {""}
    symbols = {answer["symbol"] for answer in answers} - {""}
    of_class = answers[0]["form"] in WHOLE_CLASSES and not (symbols and symbols <= members)
    of_group = "; a group, the part of the element is not known" if of_class else ""
    return Stock(
        holder=first["holder"],
        country=first["country"],
        material_label=f"{answers[0]['label']}{of_group}",
        days=spans[0][0] if spans else None,
        low=spans[0][0] if spans else None,
        high=spans[-1][0] if spans else None,
        as_of=first["as_of"],
        row=row,
        note="; ".join(_notes(answers)),
        tonnes=weights[0][0] if weights else None,
        rows=tuple(sorted(used)),
    )


def _spans(answer: QueryRecord) -> Iterable[tuple[float, str]]:
    """Days of an answer with the row that holds."""
    if answer["days"]:
        yield answer.number("days"), answer.row()
    elif answer.maybe_number("used"):
        days = answer.number("tonnes") / answer.number("used") * DAYS_OF_YEAR
        yield days, answer.row()


def _notes(answers: list[QueryRecord]) -> Iterable[str]:
    """What was printed beside a holding, each once, and what days were worked out from."""
    said = [
        answer[name].rstrip(".")
        for answer in sorted(answers, key=lambda each: each["row"])
        for name in ("goods", "printed", "note")
        if answer[name]
    ]
    yield from dict.fromkeys(said)
    uses = {
        f"days over the use of {whole(answer.number('used'))} t in the year "
        f"({answer['use_basis']}); "
        "what is weighed in the stock is not said"
        for answer in answers
        if answer["used"] and not answer["days"]
    }
    yield from sorted(uses)


class Evidence(Struct):
    """How many figures with a source the losses of a report rest on, and how many are weak."""

    figures: int
    weak: int
    word: str

    def __str__(self) -> str:
        """Return the word, and what it stands for."""
        part = percent(self.weak / max(self.figures, 1))
        return f"{self.word} ({part} of {counted(self.figures, 'figure')} have only news or weaker)"


Line = TypeVar("Line", bound="Chokepoint")
LOSS, HOME_FIRST, FIRST_YEAR = MEASURES = ("loss", "home_first", "first_year")
"""What is drawn of a line: fields of a chokepoint, each with a low and a high end."""
_LEAST = 0.001  # in parts of 1: of a smaller loss no first year is worked out


class LineRange(Value):
    """What draws say of a line, by measure, and what moves its loss most, in words."""

    drawn: Mapping[str, Percentiles]
    moved_by: str = ""
    cap_lifted: float | None = None

    def without(self, measure: str) -> LineRange:
        """Return it without what was drawn of a measure."""
        return replace(self, drawn={x: each for x, each in self.drawn.items() if x != measure})


class DrawsMade(Value):
    """How the ranges of a report were drawn."""

    count: int  #: draws made
    seed: int  #: of the draws
    rejected: int  #: draws of which more is unexplained than ``limit``
    limit: float  #: as a part of what a stage takes
    shipped: bool = False  #: whether they were worked out with the release


class Chokepoint(NodeRole, kw_only=True):
    """What is lost when a country, a deposit, a site or a firm fails, or by a policy.

    Attributes:
        dominator: whether every route from the mines to the market passes it, remainders left
            out, and its loss is not none: nobody stands in.
        remark: where share, routes and loss tell different stories, or why nothing is lost.
    """

    _json = (
        "rank id label kind stage country event first_year first_year_low first_year_high loss "
        "loss_low loss_high least_move limited_by limited_at dominator "
        "in_minimum_cut routes_without share coverage basis year rows assumptions remark note "
        "range_rows figure home_first market_first home_first_low home_first_high moved_by "
        "share_at cap_lifted without_stocks"
    )

    rank: int | None = None  #: 1 is the largest loss for good; equal whole percents share a rank
    event: str  #: outage, embargo or licence
    share: float | None = None  # type: ignore[assignment]  # a policy has none
    #: for good, once stocks are gone: the part of what the market takes in a year that the event
    #: takes away, where contracts are served in proportion. The median of the draws, or where none
    #: were made the one solution; None is not known
    loss: float | None = None
    #: a twentieth of the losses lies below when all that they rest on is drawn together; None where
    #: that was not drawn
    loss_low: float | None = None
    loss_high: float | None = None  #: a twentieth of them lies above; None where that was not drawn
    #: the part of a year's use that is lost in the first twelve months, with stocks, transit and
    #: lead times; as ``loss`` a median. None where it is not known, or the loss is none
    first_year: float | None = None
    first_year_low: float | None = None  #: as ``loss_low`` of it; None where that was not drawn
    first_year_high: float | None = None  #: as ``loss_high`` of it; None where that was not drawn
    limited_by: tuple[str, ...] = ()  #: the elements that limit
    limited_at: str = ""  #: the stage that limits
    assumptions: tuple[str, ...] = ()  #: keys of what is assumed for the loss
    #: keys of the rows that print the lowest and the highest share
    range_rows: tuple[str, ...] = ()
    #: the loss where producing pools serve their own users before buyers abroad
    home_first: float | None = None
    #: the loss if the market were served before all others, a physical bound; None where it was not
    #: asked for
    market_first: float | None = None
    #: the first year of that one solution if no plant and no firm held stocks, a case that no draw
    #: covers; None where it was not asked for, or the loss is none
    without_stocks: float | None = None
    #: the loss of the one solution that moves the numbers of the year least; None where ``loss`` is
    #: that itself, as nothing was drawn
    least_move: float | None = None
    #: as ``loss_low``, where producing pools serve their own users first; None where that was not
    #: drawn
    home_first_low: float | None = None
    home_first_high: float | None = None  #: as ``loss_high`` there; None where that was not drawn
    #: what moves the drawn losses most, in words; empty where nothing stands out
    moved_by: str = ""
    #: a case that no draw covers: ``least_move`` if China's share of magnets had no upper end; None
    #: where it was not worked out
    cap_lifted: float | None = None

    @property
    def told(self) -> float | None:
        """The loss as it is printed: above 90 % no finer than its range supports."""
        return supported(self.loss, self.loss_low, self.loss_high)

    @property
    def costs(self) -> bool:
        """Whether the market loses or gains anything by it."""
        return abs(self.single or 0.0) > _LEAST

    @property
    def told_at_first(self) -> float | None:
        """What is lost in the first year, as it is printed; nothing of what costs nothing."""
        if self.first_year is None and not self.costs and self.loss is not None:
            return 0.0
        return supported(self.first_year, self.first_year_low, self.first_year_high)

    @property
    def first_year_cell(self) -> str:
        """What is lost in the first year, with its range: ``27 % (19-36)``."""
        return with_ends(self.told_at_first, self.first_year_low, self.first_year_high)

    @property
    def loss_cell(self) -> str:
        """What is lost for good, with its range."""
        return with_ends(self.told, self.loss_low, self.loss_high)

    @property
    def single(self) -> float | None:
        """The loss of the least-move solution: to compare with losses that were not drawn."""
        return self.loss if self.least_move is None else self.least_move

    def with_range(self, found: LineRange | None) -> Self:
        """Return the line with the medians and ranges of draws; with its one solution if None."""
        told: dict[str, Any] = {"loss": self.single, "least_move": None}
        told |= {f"{measure}_{end}": None for measure in MEASURES for end in ("low", "high")}
        for measure, drawn in found.drawn.items() if found is not None else ():
            told |= {measure: drawn.median, "least_move": self.single}
            told |= {f"{measure}_low": drawn.low, f"{measure}_high": drawn.high}
        told |= {"moved_by": found.moved_by if found is not None else ""}
        told |= {"cap_lifted": found.cap_lifted if found is not None else None}
        return replace(self, **told)


def percent_lost(line: Chokepoint) -> int:
    """Return what a line is ranked by, the loss for good in whole percents."""
    return round(100 * (line.loss or 0.0))


_RELEASES = "its other plants, stopped too, no longer buy what others can use"
"""Why a whole country may cost less than one of its stages."""


def ranked(found: Iterable[Line]) -> tuple[Line, ...]:
    """Largest loss for good first; equal whole percents share a rank."""

    def order(line: Line) -> tuple[bool, int, bool, float, str]:
        """What is not known comes last; of equals, the stage before its country."""
        share = line.share or 0.0
        return line.loss is None, -percent_lost(line), not line.stage, -share, line.id

    known = [*_with_releases([*found])]
    lines = named_together(known, lambda x: (x.thing, x.loss is None, percent_lost(x)))
    told: list[Line] = []
    rank, before = 0, None
    for place, each in enumerate(sorted(lines, key=order), start=1):
        if each.loss is None or before != percent_lost(each):
            rank, before = place, percent_lost(each)
        told.append(replace(each, rank=rank))
    return tuple(told)


def _with_releases(found: list[Line]) -> Iterable[Line]:
    """Say why a whole costs less than a part: its stopped plants leave others what they took."""
    for each in found:
        parts = [
            part
            for part in found
            if part.hits and part is not each and part.within(each, 1 - 1e-9)
            if percent_lost(part) > percent_lost(each)
        ]
        if each.hits and parts:
            most = max(parts, key=lambda x: (percent_lost(x), x.id))
            yield replace(each, remark=f"less than {most.label} alone: {_RELEASES}")
        elif each.remark.endswith(_RELEASES):
            yield replace(each, remark="")
        else:
            yield each


class BaseYearFigures(Value):
    """What losses are measured against: what the market took in a base year, within a horizon."""

    year: int  #: the base year
    product: str  #: what the market loses: the magnets that hold the element
    unit: str  #: of what is served
    served: float  #: how much of it the market takes in the base year
    horizon: str  #: how long the world has: immediate, short-run, medium-run or free
    #: times the base year's flow between two countries; None is without a limit
    trade: float | None
    throughput: float  #: times the base year's output of what a country has at a stage
    new_pairs: float | None  #: what pairs that did not trade may, as a part of the buyer's intake
    event: str  #: what happens: outage, embargo or licence
    approval: float | None  #: the part of sales that a licence leaves; None of other events
    #: the part of what a stage takes that no row explains, by stage
    unexplained: Mapping[str, float]
    #: tonnes of each element used outside magnets, which share what is short
    outside: Mapping[str, float]
    rows: tuple[str, ...]  #: rows that every loss rests on: output, trade, assays
    market_rows: tuple[str, ...]  #: those of them that say from where the market buys
    #: the least that the market may take, by the range of its purchases; None where they have none
    served_low: float | None = None
    #: the most that it may take; None where its purchases have no range
    served_high: float | None = None
    weak: str = ""  #: why all losses of it are weak; empty where they are not


class ChokepointFigures(Result):
    """The figures of a chokepoint report, of which its sentences and tables are made."""

    element: str  #: symbol of what was asked about
    title: str
    market: str
    market_label: str
    stages: tuple[StageShares, ...]  #: who leads each stage, and how concentrated it is
    chokepoints: tuple[Chokepoint, ...]  #: what may fail, largest loss first
    #: what losses are measured against; None where no loss is known, and then the first note says
    #: why
    base: BaseYearFigures | None = None
    stocks: tuple[Stock, ...] = ()  #: what the market is known to hold
    built: tuple[Addition, ...] = ()  #: plants under construction that the horizon counts
    built_remarks: tuple[str, ...] = ()  #: what of them does not count, and why
    #: how the ranges of the losses were drawn; None where they were not
    draws: DrawsMade | None = None
    #: how good the figures are that it rests on; None where nobody asked
    evidence: Evidence | None = None

    def with_ranges(self, ranges: Mapping[str, LineRange], draws: DrawsMade) -> Self:
        """Return the report with the medians and ranges of draws, ranked by these medians."""
        lines = (each.with_range(ranges.get(each.id)) for each in self.chokepoints)
        return replace(self, chokepoints=ranked(lines), draws=draws)

    def first(self, count: int) -> Self:
        """Return the report with its first lines only."""
        COUNTS.check(count)
        return replace(self, chokepoints=self.chokepoints[:count])

    def line(self, word: str) -> Chokepoint:
        """Return the line that has an id, or one of its names."""
        check_text(word, "line")
        known = {name: each for each in self.chokepoints for name in each.label.split(" = ")}
        known |= {each.id: each for each in self.chokepoints}
        name = place_noun(word)
        if name not in known:
            fix = did_you_mean(name, known) or "take one as the report prints it."
            raise UnknownNameError(f'There is no line "{word}"; {fix}')
        return known[name]

    def known_base(self) -> BaseYearFigures:
        """Return what losses are measured against."""
        if self.base is None:
            raise LossNotKnownError(self.notes[0])
        return self.base
