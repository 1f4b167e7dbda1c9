"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

Which number is compared with which of our rows is a choice of method and stands in the table of
reproductions, with what is known of a difference. A number comes out again if ours lies within
the tolerance that the row gives, or within what the rounding of its own printed inputs allows.
One that does not come out stays in, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from monazite.findings.indices.supply_risks import ASSESSED
from monazite.findings.reproductions.orders import Order, OrderPlace, order_of
from monazite.findings.reproductions.published_orders import published_orders
from monazite.findings.reproductions.recomputed import (
    MEASURES,
    Recomputation,
    RecomputationInputs,
    RecomputedValue,
)
from monazite.findings.reproductions.tables import (
    differences_table,
    reproduce_csv,
    reproduce_dict,
    reproduce_tables,
)
from monazite.findings.shares.editions import EditionIndex, edition_indices
from monazite.result import Result
from monazite.tables import Table
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

REPRODUCES, DIFFERS, NO_NUMBER = "reproduces", "differs", "not-known"
"""What comes of a number."""
EXACT_DIFFERENCE = 1e-9
"""Numbers that differ by less are one: the precision of the arithmetic, in units of the number."""


@dataclass(frozen=True)
class Reproduction:
    """One printed number beside ours; None is not known.

    Attributes:
        row: the row of the table of reproductions that asks for the comparison.
        measure: what is worked out, as a code.
        what: the same in words.
        element: symbol or group.
        stage: the stage of the chain, empty for all.
        place: the country or area that the number speaks of, empty for the world.
        year: the year of our rows.
        printed: the printed number; None where only a range is printed.
        printed_low: the lower end of what is printed, in ``unit``.
        printed_high: the upper end.
        figure: what the printed number is where it is not measured: ``lower bound``. What lies
            beyond a bound agrees with it.
        ours: the number worked out from our rows, in ``unit``.
        low: the least that ours may be, as far as printed inputs are rounded.
        high: the most that ours may be.
        our_figure: what the rows of ours are where they are not measured: ``forecast``.
        difference: ours less the printed number, or less the nearer end of a printed range.
        unit: per cent, t, rank, or index.
        tolerance: the difference that still counts as the same, in ``unit``.
        expected: what is to come of it: reproduces, differs or not-known.
        outcome: what came of it.
        reason: why it differs, in a word.
        note: why it differs, in sentences.
        series: the series whose rows ours is made of.
        printed_row: the row that prints the number.
        rows: the rows that ours rests on.
    """

    row: str
    measure: str
    what: str
    element: str
    stage: str
    place: str
    year: int | None
    printed: float | None
    printed_low: float
    printed_high: float
    figure: str
    ours: float | None
    low: float | None
    high: float | None
    our_figure: str
    difference: float | None
    unit: str
    tolerance: float
    expected: str
    outcome: str
    reason: str
    note: str
    series: str
    printed_row: str
    rows: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether it was to come out again and does not."""
        return self.expected == REPRODUCES != self.outcome


@dataclass(frozen=True)
class Reproductions(Result):
    """Printed numbers beside ours, elements in their order, and mine output by edition.

    Attributes:
        lines: one for each printed number.
        orders: one for the measure that is worked out again of many elements, and one for each
            published order of elements, beside what its market loses of them.
        editions: the concentration of mine output in one year, by edition of a series.
        left_out: rows of the table of reproductions whose printed number is not in the view.
    """

    lines: tuple[Reproduction, ...]
    orders: tuple[Order, ...]
    editions: tuple[EditionIndex, ...]
    left_out: tuple[str, ...]

    records_key = "reproductions"

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Reproduction]:
        return iter(self.lines)

    @property
    def broken(self) -> tuple[Reproduction, ...]:
        """The printed numbers whose outcome is not what the table of reproductions expects."""
        return tuple(line for line in self.lines if line.broken)

    def count(self, outcome: str) -> int:
        """Return how many printed numbers have an outcome.

        Args:
            outcome: ``reproduces``, ``differs`` or ``not-known``.

        Returns:
            The number of lines.

        >>> import monazite
        >>> found = monazite.load().reproduce()
        >>> sum(map(found.count, ("reproduces", "differs", "not-known"))) == len(found)
        True
        """
        return sum(line.outcome == outcome for line in self.lines)

    def content(self) -> dict[str, object]:
        """Return the report as JSON has it: percentages as printed, null is not known."""
        return reproduce_dict(self)

    def tables(self) -> list[Table]:
        """Return the printed numbers, the published orders, and mine output by edition."""
        return reproduce_tables(self)

    def short_tables(self) -> list[Table]:
        """Return the printed numbers that do not come out again."""
        return [differences_table(self)]

    def csv_tables(self) -> list[Table]:
        """Return the printed numbers, and places in orders, as one table of plain values."""
        return [reproduce_csv(self)]

    def summary(self) -> str:
        """Say in a sentence how many come out again, and which are not as expected."""
        broken = ", ".join(line.row for line in self.broken)
        return (
            f"{self.headline()}, {self.count(DIFFERS)} differ, "
            f"for {self.count(NO_NUMBER)} inputs are missing"
            f"{'; not as expected: ' + broken if broken else ''}."
        )

    def headline(self) -> str:
        """Return how many printed numbers come out again."""
        return f"{self.count(REPRODUCES)} of {len(self.lines)} printed numbers come out again"


def find_reproductions(store: Store, date: str) -> Reproductions:
    """Work the printed numbers of the table of reproductions out again.

    Years after the day of the view count here: a projection is printed, and so is what it is
    made of. What a market loses is asked of the day.

    >>> from monazite.triples.opening import open_store
    >>> found = find_reproductions(open_store(), "2026-11-24")
    >>> found.broken
    ()
    >>> next(line.outcome for line in found.lines if line.measure == "three-largest")
    'reproduces'
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


def _request(answer: QueryRecord) -> Recomputation:
    year = answer["ownYear"] or answer["year"] or answer["edition"]
    return Recomputation(
        element=answer["element"],
        stage=answer["stage"],
        series=answer["series"],
        place=answer["place"],
        year=int(year) if year else None,
        assessed=answer["assessed"] or ASSESSED.get(answer["stage"], ""),
        printed_row=answer.row("printed"),
    )


def _line(inputs: RecomputationInputs, answer: QueryRecord) -> Reproduction:
    request = _request(answer)
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
    value, least, most = _scaled(ours, scale)
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
        difference=_difference(value, least_printed, most_printed),
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


def _scaled(
    ours: RecomputedValue | None, scale: float
) -> tuple[float | None, float | None, float | None]:
    if ours is None:
        return None, None, None
    return ours.value * scale, ours.low * scale, ours.high * scale


def _difference(ours: float | None, low: float, high: float) -> float | None:
    """Our number less the nearer end of what is printed; nothing inside a printed range."""
    if ours is None:
        return None
    return ours - min(max(ours, low), high)


def _outcome(least: float | None, most: float | None, low: float, high: float) -> str:
    if least is None or most is None:
        return NO_NUMBER
    return (
        REPRODUCES
        if least <= high + EXACT_DIFFERENCE and most >= low - EXACT_DIFFERENCE
        else DIFFERS
    )


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
