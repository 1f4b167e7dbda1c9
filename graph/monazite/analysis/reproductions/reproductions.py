"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

A number comes out again if ours lies within the tolerance of its row, or of its rounded inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from math import fsum, inf

from monazite.analysis.concentration.indices import ASSESSED, RELIANCE, risk_of
from monazite.analysis.concentration.inputs import (
    IndexInputs,
    PrintedIndex,
    top_shares,
    without_largest,
)
from monazite.analysis.concentration.shares import edition_indices
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
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import OutputFigure, Split, split_stage
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

AFTER_ALL_PROJECTIONS = "2100-12-31"  # these are printed like others: no year is too late
SCENARIO = "iea-steps"  # its demand stands beside the base case of supply


@dataclass(frozen=True)
class Recomputation:
    """What a row of the table asks to work out again."""

    element: str
    stage: str
    series: str
    place: str
    year: int | None
    assessed: str
    printed_row: str


@dataclass(frozen=True)
class RecomputedValue:
    """Our number, parts from 0 to 1; low and high are what rounded inputs leave open."""

    value: float
    low: float
    high: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class RecomputationInputs:
    """The rows of a view, asked once for each element."""

    store: Store
    _inputs: dict[str, IndexInputs] = field(default_factory=dict)

    def inputs(self, element: str) -> IndexInputs:
        """Return the rows about an element, of all years."""
        if element not in self._inputs:
            facts = read_facts(self.store, element, AFTER_ALL_PROJECTIONS)
            self._inputs[element] = IndexInputs(facts, "USA")
        return self._inputs[element]

    def facts(self, element: str) -> Facts:
        """Return the facts about an element, of all years."""
        return self.inputs(element).facts

    def figure(self, element: str, rows: Iterable[str]) -> str:
        """Say what the numbers of rows are where they are not measured of one thing alone."""
        facts = self.facts(element)
        own = {figure.row: figure.figure for figure in facts.own_figures}
        told = {own.get(row) or facts.marks.get(row, "") for row in rows}
        return ", ".join(sorted(told - {""}))

    def split(self, request: Recomputation) -> Split | None:
        """Split the asked stage and year into countries, by the asked series alone."""
        if request.year is None:
            return None
        here = [replace(figure, own_rule=False) for figure in self.own_figures(request)]
        return split_stage(here, request.stage, request.year)

    def own_figures(self, request: Recomputation) -> list[OutputFigure]:
        """Return the figures of the asked series, stage and year."""
        asked = (request.series, request.stage, request.year)
        figures = self.facts(request.element).own_figures
        return [x for x in figures if (x.series, x.stage, x.year) == asked]


def share(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the part of the printed row's country in the series."""
    split = inputs.split(request)
    if split is None or request.place not in split.shares:
        return None
    return _exact(split.shares[request.place].share, split.rows)


def three_largest(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the three largest countries of the series together."""
    split = inputs.split(request)
    if split is None:
        return None
    return _exact(top_shares(part.share for part in split.shares.values()), split.rows)


def sum_of_lines(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return countries and others of the series added up, in tonnes."""
    here = [
        figure
        for figure in inputs.own_figures(request)
        if not figure.is_share and figure.place != "WLD" and figure.rank == 1
    ]
    if not here:
        return None
    total = fsum(figure.tonnes[0] or 0.0 for figure in here)
    return _exact(total, tuple(sorted(figure.row for figure in here)))


def left_without_largest(
    inputs: RecomputationInputs, request: Recomputation, *, outside: bool = False
) -> RecomputedValue | None:
    """Return what all but the largest supplier give, over the demand of the world or of the rest.

    Demand is of the scenario.
    """
    split = inputs.split(request)
    if split is None or split.world_tonnes is None or request.year is None:
        return None
    world = split.world_tonnes
    supply = {place: part.share * world for place, part in split.shares.items()}
    largest = max(supply, key=lambda place: (supply[place], place))
    found = [
        inputs.inputs(request.element).demand(request.stage, place, request.year, SCENARIO)
        for place in ("WLD", *([largest] if outside else []))
    ]
    needs = [need for need in found if need is not None]
    if len(needs) < len(found):
        return None
    demand = needs[0][0] - fsum(tonnes for tonnes, _ in needs[1:])
    left = without_largest(supply, demand, rest=split.rest * world)
    return _exact(left, (*split.rows, *(row for _, row in needs)))


def net_import_reliance(
    inputs: RecomputationInputs, request: Recomputation
) -> RecomputedValue | None:
    """Return imports over imports and output, in the edition that prints the reliance.

    Exports are printed for ores and compounds together, and cannot be taken off: an upper end.
    """
    answers = inputs.inputs(request.element).reliance
    editions = {
        x["source"] for x in answers if (x.row(), x["of"]) == (request.printed_row, RELIANCE)
    }
    year = str(request.year)
    here = [x for x in answers if x["source"] in editions and x["year"] == year]
    imports = _tonnes(here, "imports", ("rare-earth compounds", "rare-earth metals"))
    output = _tonnes(here, "output", ("rare-earth compounds",))
    bought, made = fsum(imports.values()), fsum(output.values())
    if not imports or not output or not bought + made:
        return None
    return _exact(bought / (bought + made), (*sorted(imports), *sorted(output)))


def _tonnes(answers: list[QueryRecord], what: str, named: tuple[str, ...]) -> dict[str, float]:
    return {
        answer.row(): answer.number("number")
        for answer in answers
        if answer["what"] == what and answer["of"].startswith(named)
    }


def eu_risk(
    inputs: RecomputationInputs,
    request: Recomputation,
    *,
    world: str = "hhi-wgi-t-global-supply",
    union: str = "hhi-wgi-t-eu-supply",
) -> RecomputedValue | None:
    """Return the European supply risk by printed inputs; an empty metric leaves that out."""
    metrics = (world, union, "ir-import-reliance", "eol-rir", "si-sr-substitution-index")
    found = [_printed(inputs, request, metric) if metric else None for metric in metrics]
    known = [number for number in found if number is not None]
    if len(known) < sum(map(bool, metrics)):
        return None
    value, low, high = risk_of(found[0], found[1], *known[-3:])
    return RecomputedValue(value, low, high, tuple(sorted(number.row for number in known)))


def _printed(
    inputs: RecomputationInputs, request: Recomputation, metric: str
) -> PrintedIndex | None:
    if request.year is None:
        return None
    return inputs.inputs(request.element).printed(metric, request.year, request.assessed)


def group_mean(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the mean of the printed supply risks of the members of our group."""
    found = []
    for member in sorted(inputs.facts(request.element).members):
        for stage in ("extraction", "processing"):
            each = replace(request, element=member, assessed=stage)
            number = _printed(inputs, each, "sr-supply-risk")
            found += [number] if number else []
    if not found:
        return None
    mean = fsum(number.value for number in found) / len(found)
    return _exact(mean, tuple(sorted(number.row for number in found)))


def weighted_by_stability(
    inputs: RecomputationInputs, request: Recomputation
) -> RecomputedValue | None:
    """Return the concentration of the series weighted by political stability alone."""
    split = inputs.split(request)
    if split is None:
        return None
    shares = {place: part.share for place, part in split.shares.items()}
    found = inputs.inputs(request.element).weigh(shares, split.rest, split.year)
    if found.value is None:
        return None
    return RecomputedValue(found.value, found.low, found.high, (*split.rows, *found.rows))


def nothing(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return nothing: there are no rows that this could be worked out from."""
    del inputs, request
    return None


def _exact(value: float, rows: tuple[str, ...]) -> RecomputedValue:
    return RecomputedValue(value, value, value, rows)


MEASURES: dict[str, Callable[[RecomputationInputs, Recomputation], RecomputedValue | None]] = {
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
    inputs = RecomputationInputs(store)
    answers = ask(store, "network-reproductions")
    printed = [answer for answer in answers if answer["number"] or answer["low"] or answer["high"]]
    lines = tuple(_line(inputs, answer) for answer in printed)
    kept = {answer["row"] for answer in printed}
    return Reproductions(
        lines=lines,
        orders=(*_orders(lines), *published_orders(store, date)),
        editions=edition_indices(inputs.facts("treo")),
        left_out=tuple(sorted(a.row() for a in answers if a["row"] not in kept)),
    )


def _line(inputs: RecomputationInputs, answer: QueryRecord) -> Reproduction:
    year = answer["ownYear"] or answer["year"] or answer["edition"]
    request = Recomputation(
        element=answer["element"],
        stage=answer["stage"],
        series=answer["series"],
        place=answer["place"],
        year=int(year) if year else None,
        assessed=answer["assessed"] or ASSESSED.get(answer["stage"], ""),
        printed_row=answer.row("printed"),
    )

    ours = MEASURES[answer["measure"]](inputs, request)
    number = answer.maybe_number("number")
    printed = (number, answer.maybe_number("low"), answer.maybe_number("high"))
    ends = [each for each in printed if each is not None]
    low, high = min(ends), max(ends)
    figure = inputs.figure(request.element, [request.printed_row])
    least_printed = -inf if "upper bound" in figure else low
    most_printed = inf if "lower bound" in figure else high
    tolerance = answer.number("tolerance")
    in_percent = answer.flag("inPercent")
    scale = 100.0 if in_percent and answer["measure"] != "loss-rank" else 1.0
    value, least, most = (
        (ours.value * scale, ours.low * scale, ours.high * scale) if ours else (None, None, None)
    )
    return Reproduction(
        row=answer.row(),
        measure=answer["measure"],
        what=answer["what"],
        element=inputs.facts(request.element).symbol,
        stage=request.stage,
        place=request.place,
        year=request.year,
        printed=number,
        printed_low=low,
        printed_high=high,
        figure=figure,
        ours=value,
        low=least,
        high=most,
        our_figure=inputs.figure(request.element, ours.rows) if ours else "",
        difference=None if value is None else value - min(max(value, least_printed), most_printed),
        unit="%" if in_percent else UNITS.get(answer["measure"], "index"),
        tolerance=tolerance,
        expected=answer["expected"],
        outcome=_outcome(least, most, least_printed - tolerance, most_printed + tolerance),
        reason=answer["reason"],
        note=answer["note"],
        series=request.series,
        printed_row=request.printed_row,
        rows=ours.rows if ours else (),
    )


UNITS = {"sum-of-lines": "t", "loss-rank": "rank"}
"""Units of the measures that are neither in percent nor an index."""


def _outcome(least: float | None, most: float | None, low: float, high: float) -> str:
    if least is None or most is None:
        return NO_NUMBER
    meets = least <= high + EXACT_DIFFERENCE and most >= low - EXACT_DIFFERENCE
    return REPRODUCES if meets else DIFFERS


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
