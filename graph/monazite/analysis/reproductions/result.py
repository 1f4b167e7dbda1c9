"""Printed numbers beside ours, as a value with its tables, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from monazite.analysis.concentration.shares import EditionIndex
from monazite.analysis.reproductions.orders import Order
from monazite.core.formats import NOT_KNOWN, bounded_percent, marked
from monazite.core.results import Result
from monazite.core.tables import Table, percent_cell

if TYPE_CHECKING:
    from monazite.analysis.reproductions.orders import OrderPlace

_PLACES = {"t": 0, "%": 1, "rank": 0}


def _numbers(found: Reproductions) -> Table:
    return Table(
        heading="Published figures, our figures beside them",
        columns=(
            *("what", "of", "stage", "year", "printed", "ours", "rounding", "difference", "unit"),
            *("outcome", "why", "series", "printed by", "our figures"),
        ),
        rows=[_cells(line) for line in found.lines],
        remarks=(found.summary(),),
        details=tuple(_remarks(found)),
        right=("year", "printed", "ours", "difference"),
        spare=("our figures", "printed by", "series", "rounding", "unit"),
    )


def _remarks(found: Reproductions) -> Iterable[str]:
    for line in found.lines:
        if line.note and line.outcome != "reproduces":
            yield f"{_what(line)} ({line.printed_row}): {line.note}"
    if found.left_out:
        count = len(found.left_out)
        told = "number out, which is" if count == 1 else "numbers out, which are"
        yield f"The data used leaves {count} printed {told} not compared."


def _what(line: Reproduction) -> str:
    return f"{line.what} {line.place}".strip()


def _cells(line: Reproduction) -> list[str]:
    low, high = _number(line.low, line.unit), _number(line.high, line.unit)
    first = line.rows[0] if line.rows else ""
    printed = _number(line.printed_low, line.unit)
    if line.printed_low != line.printed_high:
        printed = f"{printed} to {_number(line.printed_high, line.unit)}"
    return [
        _what(line),
        line.element,
        line.stage,
        str(line.year or NOT_KNOWN),
        marked(printed, line.figure),
        marked(_number(line.ours, line.unit), line.our_figure),
        "" if low == high else f"{low} to {high}",
        _number(line.difference, line.unit, sign="+"),
        line.unit,
        f"{line.outcome}, against what is expected" if line.broken else line.outcome,
        line.reason,
        line.series,
        line.printed_row,
        f"{first} +{len(line.rows) - 1}" if len(line.rows) > 1 else first,
    ]


def _number(value: float | None, unit: str, *, sign: str = "") -> str:
    if value is None:
        return NOT_KNOWN
    places = _PLACES.get(unit, 2)
    return f"{round(value, places) + 0.0:{sign},.{places}f}"


def _orders(found: Reproductions) -> Table:
    return Table(
        heading="Published orders of elements, and the part that the market loses without China",
        columns=(
            *("order", "market", "element", "published", "unit", "place", "lost", "place here"),
            *("places lower", "why", "published by"),
        ),
        rows=[
            _place_cells(order, place)
            for order in found.orders
            if order.market
            for place in order.places
        ],
        remarks=tuple(map(_order_remark, found.orders)),
        right=("published", "place", "lost", "place here", "places lower"),
        long=True,
        spare=("published by", "market", "order"),
    )


def _place_cells(order: Order, place: OrderPlace) -> list[str]:
    ours = None if place.ours is None else place.ours / 100
    return [
        order.what,
        order.market,
        place.element,
        f"{place.printed:,g}",
        place.unit,
        _ends(place.first, place.last),
        NOT_KNOWN if ours is None else percent_cell(ours),
        _ends(place.our_first, place.our_last),
        NOT_KNOWN if place.out is None else f"{place.out:+d}" if place.out else "0",
        place.reason,
        place.printed_row,
    ]


def _ends(first: int | None, last: int | None) -> str:
    if first is None:
        return NOT_KNOWN
    return str(first) if first == last else f"{first} to {last}"


def _order_remark(order: Order) -> str:
    where = f", {order.market}" if order.market else ""
    if not order.numbers:
        return f"Order of {order.what}{where}: no number of ours is known."
    tied = f", {order.tied} are equal in ours" if order.tied else ""
    return (
        f"Order of {order.what}{where}: {order.kept} of {order.pairs} pairs whose printed numbers "
        f"differ stand in the same order in ours{tied}; rank correlation of Spearman "
        f"{_correlation(order.spearman)}, of Kendall {_correlation(order.kendall)}, over "
        f"{order.numbers} elements."
    )


def _correlation(number: float | None) -> str:
    return NOT_KNOWN if number is None else f"{number:.2f}"


def _editions(found: Reproductions) -> Table:
    return Table(
        heading="Mine output of one year by edition: HHI (no record prints one)",
        columns=(
            *("year", "series", "HHI", "over the total", "of", "over the printed total"),
            *("over that of the year before", "leader", "share", "countries", "row"),
        ),
        rows=[
            [
                str(line.year),
                line.series,
                f"{line.index:,.0f}",
                f"{line.of_total:,.0f}",
                line.denominator,
                _index(line.of_printed),
                _index(line.of_year_before),
                line.leader,
                marked(bounded_percent(line.share, line.figure), line.figure),
                str(line.countries),
                f"{line.rows[0]} +{len(line.rows) - 1}",
            ]
            for line in found.editions
        ],
        right=(
            *("year", "HHI", "over the total", "over the printed total"),
            *("over that of the year before", "share", "countries"),
        ),
        long=True,
    )


def _index(number: float | None) -> str:
    return NOT_KNOWN if number is None else f"{number:,.0f}"


CSV_COLUMNS = (
    *("row", "measure", "what", "element", "stage", "place", "year", "printed", "printed_low"),
    *("printed_high", "figure", "ours", "low", "high", "our_figure", "difference", "unit"),
    *("tolerance", "expected", "outcome", "reason", "series", "printed_row", "rows", "note"),
)


def _csv_place(order: Order, place: OrderPlace) -> list[str]:
    cells = {
        "row": place.printed_row,
        "measure": order.measure,
        "what": order.what,
        "element": place.element,
        "place": order.market,
        "printed_low": place.first,
        "printed_high": place.last,
        "low": place.our_first,
        "high": place.our_last,
        "difference": place.out,
        "unit": "place",
        "printed_row": place.printed_row,
        "note": place.reason,
    }
    return [_plain(cells.get(name)) for name in CSV_COLUMNS]


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)


REPRODUCES, DIFFERS, NO_NUMBER = "reproduces", "differs", "not-known"
EXACT_DIFFERENCE = 1e-9  # numbers that differ by less are one


@dataclass(frozen=True)
class Reproduction:
    """One printed number beside ours; None is not known.

    Attributes:
        row: the row of the table of reproductions that asks for the comparison.
        stage: the stage of the chain, empty for all.
        place: the country or area that the number speaks of, empty for the world.
        printed: the printed number; None where only a range is printed.
        printed_low: the lower end of what is printed, in ``unit``.
        figure: what the printed number is where it is not measured: ``lower bound``. What lies
            beyond a bound agrees with it.
        ours: the number worked out from our rows, in ``unit``.
        low: the least that ours may be, as far as printed inputs are rounded.
        difference: ours less the printed number, or less the nearer end of a printed range.
        unit: per cent, t, rank, or index.
        tolerance: the difference that still counts as the same, in ``unit``.
        expected: what is to come of it: reproduces, differs or not-known.
        reason: why it differs, in a word.
        note: why it differs, in sentences.
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
        """
        return sum(line.outcome == outcome for line in self.lines)

    def content(self) -> dict[str, object]:
        """Return the report as JSON has it: percentages as printed, null is not known."""
        return {
            "reproductions": [{**asdict(line), "broken": line.broken} for line in self.lines],
            "orders": [asdict(order) for order in self.orders],
            "editions": [asdict(line) for line in self.editions],
            "left_out": list(self.left_out),
        }

    def tables(self) -> list[Table]:
        """Return the printed numbers, the published orders, and mine output by edition."""
        return [_numbers(self), _orders(self), _editions(self)]

    def short_tables(self) -> list[Table]:
        """Return the printed numbers that do not come out again."""
        other = [line for line in self.lines if line.broken or line.outcome != REPRODUCES]
        return [
            replace(
                _numbers(self),
                heading="Published figures that differ from ours",
                rows=[_cells(line) for line in other],
                keys=("series", "printed by", "our figures", "rounding"),
                spare=("outcome", "unit", "stage"),
            )
        ]

    def csv_tables(self) -> list[Table]:
        """Return the printed numbers, and places in orders, as one table of plain values."""
        lines = [[_plain(getattr(line, name)) for name in CSV_COLUMNS] for line in self.lines]
        orders = [order for order in self.orders if order.market]
        placed = [_csv_place(order, place) for order in orders for place in order.places]
        return [Table("", CSV_COLUMNS, lines + placed)]

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
