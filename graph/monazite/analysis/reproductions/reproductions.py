"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

A number comes out again if ours lies within the tolerance of its row, or of its rounded inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from math import fsum, inf

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
from monazite.model.network.facts import read_facts
from monazite.model.network.shares import OutputFigure, Split, split_stage
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

AFTER_ALL_PROJECTIONS = "2100-12-31"  # these are printed like others: no year is too late
SCENARIO = "iea-steps"  # its demand stands beside the base case of supply


@dataclass(frozen=True)
class RecomputedValue:
    """Our number, parts from 0 to 1; low and high are what rounded inputs leave open."""

    value: float
    low: float
    high: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Recomputation:
    """What a row of the table asks to work out again, and the rows about an element for that."""

    inputs_of: Callable[[str], IndexInputs]
    element: str
    stage: str
    series: str
    place: str
    year: int | None
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
    def split(self) -> Split | None:
        """The asked stage and year split into countries, by the asked series alone."""
        if self.year is None:
            return None
        here = [replace(figure, own_rule=False) for figure in self.own_figures]
        return split_stage(here, self.stage, self.year)

    def printed(self, metric: str) -> PrintedIndex | None:
        """Return what the European assessment prints of the asked edition and stage."""
        if self.year is None:
            return None
        return self.inputs.printed(metric, self.year, self.assessed)


def share(asked: Recomputation) -> RecomputedValue | None:
    """Return the part of the printed row's country in the series."""
    split = asked.split
    if split is None or asked.place not in split.shares:
        return None
    return _exact(split.shares[asked.place].share, split.rows)


def three_largest(asked: Recomputation) -> RecomputedValue | None:
    """Return the three largest countries of the series together."""
    split = asked.split
    if split is None:
        return None
    return _exact(top_shares(part.share for part in split.shares.values()), split.rows)


def sum_of_lines(asked: Recomputation) -> RecomputedValue | None:
    """Return countries and others of the series added up, in tonnes."""
    here = [
        figure
        for figure in asked.own_figures
        if not figure.is_share and figure.place != "WLD" and figure.rank == 1
    ]
    if not here:
        return None
    total = fsum(figure.tonnes[0] or 0.0 for figure in here)
    return _exact(total, tuple(sorted(figure.row for figure in here)))


def left_without_largest(asked: Recomputation, *, outside: bool = False) -> RecomputedValue | None:
    """Return what all but the largest supplier give, over the demand of the world or of the rest.

    Demand is of the scenario.
    """
    split = asked.split
    if split is None or split.world_tonnes is None or asked.year is None:
        return None
    world = split.world_tonnes
    supply = {place: part.share * world for place, part in split.shares.items()}
    largest = max(supply, key=lambda place: (supply[place], place))
    found = [
        asked.inputs.demand(asked.stage, place, asked.year, SCENARIO)
        for place in ("WLD", *([largest] if outside else []))
    ]
    needs = [need for need in found if need is not None]
    if len(needs) < len(found):
        return None
    demand = needs[0][0] - fsum(tonnes for tonnes, _ in needs[1:])
    left = without_largest(supply, demand, rest=split.rest * world)
    return _exact(left, (*split.rows, *(row for _, row in needs)))


def net_import_reliance(asked: Recomputation) -> RecomputedValue | None:
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
    bought, made = fsum(imports.values()), fsum(output.values())
    if not imports or not output or not bought + made:
        return None
    return _exact(bought / (bought + made), (*sorted(imports), *sorted(output)))


def eu_risk(
    asked: Recomputation,
    *,
    world: str = "hhi-wgi-t-global-supply",
    union: str = "hhi-wgi-t-eu-supply",
) -> RecomputedValue | None:
    """Return the European supply risk by printed inputs; an empty metric leaves that out."""
    metrics = (world, union, "ir-import-reliance", "eol-rir", "si-sr-substitution-index")
    found = [asked.printed(metric) if metric else None for metric in metrics]
    known = [number for number in found if number is not None]
    if len(known) < sum(map(bool, metrics)):
        return None
    value, low, high = risk_of(found[0], found[1], *known[-3:])
    return RecomputedValue(value, low, high, tuple(sorted(number.row for number in known)))


def group_mean(asked: Recomputation) -> RecomputedValue | None:
    """Return the mean of the printed supply risks of the members of our group."""
    members = sorted(asked.inputs.facts.members)
    each = [
        replace(asked, element=member, assessed=stage).printed("sr-supply-risk")
        for member, stage in product(members, ("extraction", "processing"))
    ]
    found = [number for number in each if number is not None]
    if not found:
        return None
    mean = fsum(number.value for number in found) / len(found)
    return _exact(mean, tuple(sorted(number.row for number in found)))


def weighted_by_stability(asked: Recomputation) -> RecomputedValue | None:
    """Return the concentration of the series weighted by political stability alone."""
    split = asked.split
    if split is None:
        return None
    shares = {place: part.share for place, part in split.shares.items()}
    found = asked.inputs.weigh(shares, split.rest, split.year)
    if found.value is None:
        return None
    return RecomputedValue(found.value, found.low, found.high, (*split.rows, *found.rows))


def nothing(_: Recomputation) -> None:
    """There are no rows that this could be worked out from."""


def _exact(value: float, rows: tuple[str, ...]) -> RecomputedValue:
    return RecomputedValue(value, value, value, rows)


MEASURES: dict[str, Callable[[Recomputation], RecomputedValue | None]] = {
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
    "loss-rank": nothing,
}
"""By the codes of the scheme of measures."""


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
    asked = Recomputation(
        inputs_of=inputs_of,
        year=int(year) if year else None,
        assessed=answer["assessed"] or ASSESSED.get(answer["stage"], ""),
        printed_row=answer.row("printed"),
        **{name: answer[name] for name in ("element", "stage", "series", "place")},
    )
    ours = MEASURES[answer["measure"]](asked)
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
    return Reproduction(
        row=answer.row(),
        measure=answer["measure"],
        what=answer["what"],
        element=asked.inputs.facts.symbol,
        stage=asked.stage,
        place=asked.place,
        year=asked.year,
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
        tolerance=tolerance,
        expected=answer["expected"],
        outcome=outcome,
        reason=answer["reason"],
        note=answer["note"],
        series=asked.series,
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
