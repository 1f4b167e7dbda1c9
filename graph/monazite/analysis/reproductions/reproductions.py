"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

A number comes out again if ours lies within the tolerance of its row, or of its rounded inputs.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from monazite.analysis.concentration.shares import edition_indices
from monazite.analysis.concentration.supply_risks import ASSESSED
from monazite.analysis.reproductions.orders import Order, OrderPlace, order_of, published_orders
from monazite.analysis.reproductions.recomputed import MEASURES, Recomputation, RecomputationInputs
from monazite.analysis.reproductions.result import (
    DIFFERS,
    EXACT_DIFFERENCE,
    NO_NUMBER,
    REPRODUCES,
    Reproduction,
    Reproductions,
)
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store


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
