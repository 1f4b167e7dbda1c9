"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

A number comes out again if ours lies within the tolerance of its row, or of its rounded inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, partial
from math import fsum, inf
from typing import TypeVar

from monazite.analysis.concentration.indices import ASSESSED, RELIANCE, risk_of
from monazite.analysis.concentration.inputs import IndexInputs, PrintedIndex, without_largest
from monazite.analysis.concentration.shares import edition_indices, top_shares
from monazite.analysis.reproductions.result import (
    DIFFERS,
    EXACT_DIFFERENCE,
    NO_NUMBER,
    REPRODUCES,
    Order,
    OrderPlace,
    Reproduction,
    Reproductions,
    order_of,
    published_orders,
)
from monazite.core.errors import MissingInputError
from monazite.core.results import Struct
from monazite.model.chemistry import Amount, exactly
from monazite.model.network.facts import read_facts
from monazite.model.network.shares import OutputFigure, Split, split_stage
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

Known = TypeVar("Known")
AFTER_ALL_PROJECTIONS = "2100-12-31"  # these are printed like others: no year is too late
SCENARIO = "iea-steps"  # its demand stands beside the base case of supply


class Recomputation(Struct):
    """What a row of the table asks to work out again, and the rows about an element for that."""

    inputs_of: Callable[[str], IndexInputs]
    element: str
    stage: str
    series: str
    place: str
    year: int
    assessed: str
    printed_row: str

    @property
    def inputs(self) -> IndexInputs:
        """The rows about the element, of all years."""
        return self.inputs_of(self.element)

    def figure(self, rows: Iterable[str]) -> str:
        """Say what the numbers of rows are where they are not measured of one thing alone."""
        facts = self.inputs.facts
        own = {figure.row: figure.figure for figure in facts.own_figures}
        told = {own.get(row) or facts.marks.get(row, "") for row in rows}
        return ", ".join(sorted(told - {""}))

    @property
    def own_figures(self) -> list[OutputFigure]:
        """The figures of the asked series, stage and year."""
        asked = (self.series, self.stage, self.year)
        figures = self.inputs.facts.own_figures
        return [x for x in figures if (x.series, x.stage, x.year) == asked]

    @property
    def split(self) -> Split:
        """The asked stage and year split into countries, by the asked series alone."""
        here = [replace(figure, own_rule=False) for figure in self.own_figures]
        return _known(split_stage(here, self.stage, self.year))

    def printed(self, metric: str) -> PrintedIndex:
        """Return what the European assessment prints of the asked edition and stage."""
        return _known(self.inputs.printed(metric, self.year, self.assessed))


def _known(found: Known | None) -> Known:
    if found is None:
        raise MissingInputError("The rows do not have what this is worked out from.")
    return found


def share(asked: Recomputation) -> Amount:
    """Return the part of the printed row's country in the series."""
    return exactly(_known(asked.split.shares.get(asked.place)).share, *asked.split.rows)


def three_largest(asked: Recomputation) -> Amount:
    """Return the three largest countries of the series together."""
    split = asked.split
    return exactly(top_shares(part.share for part in split.shares.values()), *split.rows)


def sum_of_lines(asked: Recomputation) -> Amount:
    """Return countries and others of the series added up, in tonnes."""
    here = [
        figure
        for figure in asked.own_figures
        if not figure.is_share and figure.place != "WLD" and figure.rank == 1
    ]
    total = fsum(figure.tonnes[0] or 0.0 for figure in _known(here or None))
    return exactly(total, *sorted(figure.row for figure in here))


def left_without_largest(asked: Recomputation, *, outside: bool = False) -> Amount:
    """Return what all but the largest supplier give, over the scenario's demand.

    Demand is of the world, or of all places outside the largest supplier.
    """
    split = asked.split
    world = _known(split.world_tonnes)
    supply = {place: part.share * world for place, part in split.shares.items()}
    largest = max(supply, key=lambda place: (supply[place], place))
    demand, *own = (
        _known(asked.inputs.demand(asked.stage, place, asked.year, SCENARIO))
        for place in ("WLD", *([largest] if outside else []))
    )
    others = demand[0] - fsum(tonnes for tonnes, _ in own)
    left = without_largest(supply, others, rest=split.rest * world)
    return exactly(left, *split.rows, *(row for _, row in (demand, *own)))


def net_import_reliance(asked: Recomputation) -> Amount:
    """Return imports over imports and output, in the edition that prints the reliance.

    Exports are printed for ores and compounds together, and cannot be taken off: an upper end.
    """
    answers = asked.inputs.reliance
    editions = {x["source"] for x in answers if (x.row(), x["of"]) == (asked.printed_row, RELIANCE)}
    here = [x for x in answers if x["source"] in editions and x["year"] == str(asked.year)]
    imports, output = (
        {x.row(): x.number("number") for x in here if x["what"] == what and x["of"].startswith(of)}
        for what, of in (
            ("imports", ("rare-earth compounds", "rare-earth metals")),
            ("output", "rare-earth compounds"),
        )
    )
    bought, made = (fsum(_known(each or None).values()) for each in (imports, output))
    _known(bought + made or None)
    return exactly(bought / (bought + made), *sorted(imports), *sorted(output))


def eu_risk(
    asked: Recomputation,
    *,
    world: str = "hhi-wgi-t-global-supply",
    union: str = "hhi-wgi-t-eu-supply",
) -> Amount:
    """Return the European supply risk by printed inputs; an empty metric leaves that out."""
    supplies = [asked.printed(metric) if metric else None for metric in (world, union)]
    others = [
        asked.printed(metric)
        for metric in ("ir-import-reliance", "eol-rir", "si-sr-substitution-index")
    ]
    value, low, high = risk_of(supplies[0], supplies[1], *others)
    rows = (number.row for number in (*supplies, *others) if number is not None)
    return Amount(value, low, high, tuple(sorted(rows)))


def group_mean(asked: Recomputation) -> Amount:
    """Return the mean of the printed supply risks of the members of our group."""
    found = [
        number
        for member in sorted(asked.inputs.facts.members)
        for stage in ("extraction", "processing")
        if (number := asked.inputs_of(member).printed("sr-supply-risk", asked.year, stage))
    ]
    mean = fsum(number.value for number in _known(found or None)) / len(found)
    return exactly(mean, *sorted(number.row for number in found))


def weighted_by_stability(asked: Recomputation) -> Amount:
    """Return the concentration of the series weighted by political stability alone."""
    split = asked.split
    shares = {place: part.share for place, part in split.shares.items()}
    found = asked.inputs.weigh(shares, split.rest, split.year)
    rows = (*split.rows, *found.rows)
    return Amount(_known(found.value), found.low, found.high, rows)


MEASURES: dict[str, Callable[[Recomputation], Amount]] = {
    "share": share,
    "three-largest": three_largest,
    "sum-of-lines": sum_of_lines,
    "without-largest": left_without_largest,
    "without-largest-outside": partial(left_without_largest, outside=True),
    "net-import-reliance": net_import_reliance,
    "eu-supply-risk": eu_risk,
    "eu-supply-risk-world": partial(eu_risk, union=""),
    "eu-supply-risk-union": partial(eu_risk, world=""),
    "group-mean": group_mean,
    "hhi-political-stability": weighted_by_stability,
    "loss-rank": lambda _: _known(None),  # there are no rows that it could be worked out from
}
"""By the codes of the scheme of measures; ends are what rounded inputs leave open."""


def find_reproductions(store: Store, date: str) -> Reproductions:
    """Work the printed numbers of the table of reproductions out again.

    Years after the day of the view count here: a projection is printed, and so is what it is
    made of. What a market loses is asked of the day.
    """

    @cache
    def inputs_of(element: str) -> IndexInputs:
        return IndexInputs(read_facts(store, element, AFTER_ALL_PROJECTIONS), "USA")

    answers = ask(store, "network-reproductions")
    printed = [answer for answer in answers if answer["number"] or answer["low"] or answer["high"]]
    lines = tuple(_line(inputs_of, answer) for answer in printed)
    kept = {answer["row"] for answer in printed}
    return Reproductions(
        lines=lines,
        orders=(*_orders(lines), *published_orders(store, date)),
        editions=edition_indices(inputs_of("treo").facts),
        left_out=tuple(sorted(a.row() for a in answers if a["row"] not in kept)),
    )


def _line(inputs_of: Callable[[str], IndexInputs], answer: QueryRecord) -> Reproduction:
    year = answer["ownYear"] or answer["year"] or answer["edition"]
    asked = answer.to(
        Recomputation,
        inputs_of=inputs_of,
        year=int(year or 0),
        assessed=answer["assessed"] or ASSESSED.get(answer["stage"], ""),
        printed_row=answer.row("printed"),
    )
    try:
        ours = MEASURES[answer["measure"]](asked)
    except MissingInputError:
        ours = None
    number = answer.maybe_number("number")
    printed = (number, answer.maybe_number("low"), answer.maybe_number("high"))
    ends = [each for each in printed if each is not None]
    low, high = min(ends), max(ends)
    figure = asked.figure([asked.printed_row])
    least_printed = -inf if "upper bound" in figure else low
    most_printed = inf if "lower bound" in figure else high
    tolerance = answer.number("tolerance")
    in_percent = answer.flag("inPercent")
    scale = 100.0 if in_percent and answer["measure"] != "loss-rank" else 1.0
    value = least = most = difference = None
    outcome = NO_NUMBER
    if ours is not None:
        value, least, most = ours.value * scale, ours.low * scale, ours.high * scale
        difference = value - min(max(value, least_printed), most_printed)
        above = least > most_printed + tolerance + EXACT_DIFFERENCE
        below = most < least_printed - tolerance - EXACT_DIFFERENCE
        outcome = DIFFERS if above or below else REPRODUCES
    return answer.to(
        Reproduction,
        element=asked.inputs.facts.symbol,
        year=asked.year or None,
        printed=number,
        printed_low=low,
        printed_high=high,
        figure=figure,
        ours=value,
        low=least,
        high=most,
        our_figure=asked.figure(ours.rows) if ours else "",
        difference=difference,
        unit="%" if in_percent else UNITS.get(answer["measure"], "index"),
        outcome=outcome,
        printed_row=asked.printed_row,
        rows=ours.rows if ours else (),
    )


UNITS = {"sum-of-lines": "t", "loss-rank": "rank"}
"""Units of the measures that are neither in percent nor an index."""


def _orders(lines: Iterable[Reproduction]) -> tuple[Order, ...]:
    """The order of a measure that stands for many elements: the European supply risk."""
    found = [line for line in lines if line.measure == "eu-supply-risk" and line.ours is not None]
    places = [
        OrderPlace(
            element=line.element,
            printed=line.printed,
            unit=line.unit,
            ours=line.ours,
            our_unit=line.unit,
            printed_row=line.printed_row,
            reason=line.note,
        )
        for line in found
        if line.printed is not None
    ]
    order = order_of(places, measure=found[0].measure, what=found[0].what) if found else None
    return () if order is None else (order,)
