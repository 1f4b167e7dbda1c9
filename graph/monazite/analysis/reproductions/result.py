"""Printed numbers beside ours, and elements in a published order and in ours, with their tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.concentration.shares import EditionIndex, first_row
from monazite.analysis.rank_correlation import kendall, pair_signs, places, spearman
from monazite.core import formats
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import Contingency
from monazite.model.network.build import build_network
from monazite.model.network.facts import read_facts
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

NEAR = 2  # an element is out of place from more places than this on


class OrderPlace(Struct):
    """An element in a published order and in ours; None is not known."""

    element: str  #: its symbol
    printed: float  #: the published number
    unit: str  #: of the published number
    ours: float | None  #: the number that orders the elements here
    our_unit: str  #: of ours
    printed_row: str  #: key of the row that prints the number
    reason: str = ""  #: what sets the two apart, or why ours is not known
    first: int | None = None  #: its first place in the published order, 1 for the largest number
    last: int | None = None  #: its last place there; equal numbers share theirs
    our_first: int | None = None  #: its first place in ours
    our_last: int | None = None  #: its last place in ours
    #: how many places it stands lower here (above 0) or higher; 0 where places overlap
    out: int | None = None

    @property
    def is_out(self) -> bool:
        """Whether it is out of place by more than a few places."""
        return self.out is not None and abs(self.out) > NEAR


class Order(Struct):
    """Whether numbers stand in the printed order."""

    measure: str  #: what ours is: a measure, or part-lost, the part that the market loses
    what: str  #: the same in words
    numbers: int  #: how many printed numbers are compared
    pairs: int  #: how many pairs of them have printed numbers that differ
    kept: int  #: how many of these pairs stand in the same order in ours (the concordant pairs)
    market: str = ""  #: the market whose loss ours is; empty where it is none
    tied: int = 0  #: how many of these pairs are equal in ours
    #: rank correlation of Spearman, -1 to 1; None where a side has no order
    spearman: float | None = None
    #: rank correlation tau-b of Kendall, -1 to 1; None where a side has no order
    kendall: float | None = None
    #: the elements, largest printed number first; those without a number of ours too
    places: tuple[OrderPlace, ...] = ()


def order_of(
    given: Sequence[OrderPlace], *, measure: str, what: str, market: str = ""
) -> Order | None:
    """Put elements into their places and correlate the two orders."""
    known = [place for place in given if place.ours is not None]
    printed = [place.printed for place in known]
    ours = [place.ours or 0.0 for place in known]
    same, turned, tied, _ = pair_signs(printed, ours)
    placed = [place for place in given if place.ours is None]
    if not placed and not same + turned + tied:
        return None
    for place, theirs, mine in zip(known, places(printed), places(ours), strict=True):
        lower, higher = mine[0] - theirs[1], mine[1] - theirs[0]
        out = lower if lower > 0 else min(higher, 0)
        found = replace(place, first=theirs[0], last=theirs[1], out=out)
        placed.append(replace(found, our_first=mine[0], our_last=mine[1]))
    return Order(
        measure=measure,
        what=what,
        numbers=len(known),
        pairs=same + turned + tied,
        kept=same,
        market=market,
        tied=tied,
        spearman=spearman(printed, ours),
        kendall=kendall(printed, ours),
        places=tuple(sorted(placed, key=lambda each: (-each.printed, each.element))),
    )


SUPPLIER = "CHN"  # what stops: every plant of the country that makes most of each rare earth
ASSESSED_MARKETS = {"eu-crm": "EUE"}
"""Whose supply an assessment is of, by its code."""
MOST = 0.5  # a loss below this leaves most of the element
COUNTS = {
    "loss": "what the economy loses",
    "assessment": "how concentrated and how badly governed the supply was",
}
"""What a published number counts, by the kind of the publication."""


def published_orders(store: Store, date: str) -> tuple[Order, ...]:
    """Put what markets lose beside each published order of elements."""
    groups: dict[tuple[str, ...], list[QueryRecord]] = defaultdict(list)
    for answer in ask(store, "network-published-orders"):
        market = answer["market"] or ASSESSED_MARKETS.get(answer["author"], "")
        key = ("kind", "author", "edition", "scenario", "counted", "unit")
        if market:
            groups[market, *(answer[name] for name in key)].append(answer)
    orders = []
    for (market, *_), answers in sorted(groups.items()):
        first: dict[str, QueryRecord] = {}
        for answer in answers:
            first.setdefault(answer["element"], answer)
        orders.append(_order(store, date, market, list(first.values())))
    return tuple(order for order in orders if order is not None)


def _order(store: Store, date: str, market: str, answers: list[QueryRecord]) -> Order | None:
    if len(answers) < 3:  # no order to speak of
        return None
    kind, author, edition = (answers[0][name] for name in ("kind", "author", "edition"))
    counted = answers[0]["counted"].lower()
    what = f"loss of {counted}, {author}" if kind == "loss" else f"EU {counted} {edition}"
    given = []
    for answer in answers:
        lost, why = part_lost(store, answer["element"], market, date)
        ours = None if lost is None else float(round(100 * lost))
        printed, unit = answer.number("value"), answer["unit"]
        given.append(OrderPlace(answer["element"], printed, unit, ours, "%", answer.row(), why))
    order = order_of(given, measure="part-lost", what=what, market=market)
    if order is None:
        return None
    counts = COUNTS[kind]
    return replace(order, places=tuple(_with_reason(place, counts) for place in order.places))


def part_lost(store: Store, element: str, market: str, date: str) -> tuple[float | None, str]:
    """Return the part of an element that a market loses when the supplier stops, or why none."""
    facts = read_facts(store, element, date)
    try:
        model = LossModel(build_network(facts, market), facts, Contingency())
    except (NotKnownError, ProgrammeError) as unknown:
        return None, str(unknown)
    candidates = [each for each in model.candidates if each.id == f"country/{SUPPLIER}"]
    if not candidates:
        supplier = facts.country_labels.get(SUPPLIER, SUPPLIER)
        return None, f"No record says that {supplier} makes any of it."
    return model.study.loss(model.study.event_of(candidates[0])), ""


def _with_reason(place: OrderPlace, counts: str) -> OrderPlace:
    """Say what sets an element apart; equal whole percents share places, as chokepoints do."""
    if place.ours is None:
        return place
    part, beside = place.ours / 100, (place.our_last or 0) - (place.our_first or 0)
    lost = f"{formats.percent(part)} is lost"
    shared = f", as with {beside} other{'s' if beside > 1 else ''}" if beside else ""
    said = f"{lost}{shared}: only the published number tells them apart." if beside else ""
    if place.is_out:
        where = "lower" if (place.out or 0) > 0 else "higher"
        elsewhere = ", for most of it comes from elsewhere" if part < MOST else ""
        said = f"Stands {where} here: {lost}{shared}{elsewhere}"
        said += f"; the published number counts {counts}."
    return replace(place, reason=said)


_PLACES = {"t": 0, "%": 1, "rank": 0}


def _remarks(found: Reproductions) -> Iterable[str]:
    for line in found.lines:
        if line.note and line.outcome != REPRODUCES:
            yield f"{_what(line)} ({line.printed_row}): {line.note}"
    if found.left_out:
        count = len(found.left_out)
        told = "number out, which is" if count == 1 else "numbers out, which are"
        yield f"The data used leaves {count} printed {told} not compared."


def _what(line: Reproduction) -> str:
    return f"{line.what} {line.place}".strip()


def _number(value: float | None, unit: str, *, sign: bool = False) -> str:
    if value is None:
        return formats.NOT_KNOWN
    return formats.with_decimals(value, _PLACES.get(unit, 2), sign=sign)


def _ends(low: float | None, high: float | None, unit: str = "rank") -> str:
    ends = _number(low, unit), _number(high, unit)
    return ends[0] if low == high else " to ".join(ends)


def _rounding(line: Reproduction) -> str:
    low, high = _number(line.low, line.unit), _number(line.high, line.unit)
    return "" if low == high else f"{low} to {high}"


_NUMBERS = (
    Column("what", _what),
    Column("of", "element"),
    Column("stage", "stage", spare=3),
    Column("year", lambda x: x.year or formats.NOT_KNOWN, right=True),
    Column(
        "printed",
        lambda x: formats.marked(_ends(x.printed_low, x.printed_high, x.unit), x.figure),
        right=True,
    ),
    Column("ours", lambda x: formats.marked(_number(x.ours, x.unit), x.our_figure), right=True),
    Column("rounding", _rounding, full=True),
    Column("difference", lambda x: _number(x.difference, x.unit, sign=True), right=True),
    Column("unit", "unit", spare=2),
    Column(
        "outcome",
        lambda x: f"{x.outcome}, against what is expected" if x.broken else x.outcome,
        spare=1,
    ),
    Column("why", "reason"),
    Column("series", "series", full=True),
    Column("printed by", "printed_row", full=True),
    Column("our figures", "rows", first_row, full=True),
)


def _numbers(found: Reproductions, heading: str, lines: Iterable[Reproduction]) -> Table:
    return table(heading, lines, _NUMBERS, (found.summary(),), details=tuple(_remarks(found)))


class _PlaceOfOrder(NamedTuple):
    """An element in one of several orders."""

    order: Order
    place: OrderPlace


def _placed(found: Reproductions) -> list[_PlaceOfOrder]:
    return [_PlaceOfOrder(x, place) for x in found.orders if x.market for place in x.places]


def _orders(found: Reproductions) -> Table:
    return table(
        "Published orders of elements, and the part that the market loses without China",
        _placed(found),
        (
            Column("order", "order.what", spare=3),
            Column("market", "order.market", spare=2),
            Column("element", "place.element"),
            Column("published", lambda x: formats.grouped_figures(x.place.printed, 6), right=True),
            Column("unit", "place.unit"),
            Column("place", lambda x: _ends(x.place.first, x.place.last), right=True),
            Column("lost", "place.ours", _lost, right=True),
            Column("place here", lambda x: _ends(x.place.our_first, x.place.our_last), right=True),
            Column("places lower", "place.out", formats.signed, right=True),
            Column("why", "place.reason"),
            Column("published by", "place.printed_row", spare=1),
        ),
        [*map(_order_remark, found.orders)],
        long=True,
    )


def _lost(ours: float | None) -> str:
    return formats.NOT_KNOWN if ours is None else percent_cell(ours / 100)


def _order_remark(order: Order) -> str:
    where = f", {order.market}" if order.market else ""
    if not order.numbers:
        return f"Order of {order.what}{where}: no number of ours is known."
    tied = f", {order.tied} are equal in ours" if order.tied else ""
    return (
        f"Order of {order.what}{where}: {order.kept} of {order.pairs} pairs whose printed numbers "
        f"differ stand in the same order in ours{tied}; rank correlation of Spearman "
        f"{formats.two_decimals(order.spearman)}, of Kendall "
        f"{formats.two_decimals(order.kendall)}, over {order.numbers} elements."
    )


_EDITIONS = (
    Column("year", "year", right=True),
    Column("series", "series"),
    Column("HHI", "index", formats.whole, right=True),
    Column("over the total", "of_total", formats.whole, right=True),
    Column("of", "denominator"),
    Column("over the printed total", "of_printed", formats.whole, right=True),
    Column("over that of the year before", "of_year_before", formats.whole, right=True),
    Column("leader", "leader"),
    Column(
        "share",
        lambda x: formats.marked(formats.bounded_percent(x.share, x.figure), x.figure),
        right=True,
    ),
    Column("countries", "countries", right=True),
    Column("row", lambda x: f"{x.rows[0]} +{len(x.rows) - 1}"),
)
_BARE = (
    "row measure what element stage place year printed printed_low printed_high figure ours low "
    "high our_figure difference unit tolerance expected outcome reason series printed_row rows note"
)


_BARE_PLACES = (
    "row=place.printed_row measure=order.measure what=order.what element=place.element "
    "place=order.market printed_low=place.first printed_high=place.last low=place.our_first "
    "high=place.our_last difference=place.out printed_row=place.printed_row note=place.reason"
)


REPRODUCES, DIFFERS, NO_NUMBER = "reproduces", "differs", "not-known"
EXACT_DIFFERENCE = 1e-9  # numbers that differ by less are one


class Reproduction(Struct):
    """One printed number beside ours; None is not known."""

    _json = "* broken"

    row: str  #: the row of the table of reproductions that asks for the comparison
    measure: str  #: what is measured
    what: str  #: the same in words
    element: str  #: the element or group that the number speaks of; empty for none
    stage: str  #: the stage of the chain; empty for all
    place: str  #: the country or area that the number speaks of; empty for the world
    year: int | None  #: of the numbers
    printed: float | None  #: the printed number; None where only a range is printed
    printed_low: float  #: the lower end of what is printed, in ``unit``
    printed_high: float  #: the upper end of it, in ``unit``
    #: what the printed number is where it is not measured: ``lower bound``. What lies beyond a
    #: bound agrees with it
    figure: str
    ours: float | None  #: the number worked out from our rows, in ``unit``
    low: float | None  #: the least that ours may be, as far as printed inputs are rounded
    high: float | None  #: the most that ours may be, as far as printed inputs are rounded
    our_figure: str  #: what the rows of ours are where they are not measured; empty where they are
    #: ours less the printed number, or less the nearer end of a printed range
    difference: float | None
    unit: str  #: per cent, t, rank, or index
    tolerance: float  #: the difference that still counts as the same, in ``unit``
    expected: str  #: what is to come of it: reproduces, differs or not-known
    outcome: str  #: what comes of it, of the same words
    reason: str  #: why it differs, in a word
    note: str  #: why it differs, in sentences
    series: str  #: the series that ours is worked out from; empty for none
    printed_row: str  #: the row that prints the number
    rows: tuple[str, ...]  #: keys of the rows that ours rests on

    @property
    def broken(self) -> bool:
        """Whether it was to come out again and does not."""
        return self.expected == REPRODUCES != self.outcome


class Reproductions(Listing[Reproduction]):
    """Printed numbers beside ours, elements in their order, and mine output by edition."""

    lines: tuple[Reproduction, ...]  #: one for each printed number
    #: one for the measure that is worked out again of many elements, and one for each published
    #: order of elements, beside what its market loses of them
    orders: tuple[Order, ...]
    #: the concentration of mine output in one year, by edition of a series
    editions: tuple[EditionIndex, ...]
    #: rows of the table of reproductions whose printed number is not in the view
    left_out: tuple[str, ...]

    _items = "lines"
    records_key = "reproductions"
    _json = "reproductions=lines orders editions left_out"

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

    def tables(self) -> list[Table]:
        """Return the printed numbers, the published orders, and mine output by edition."""
        editions = "Mine output of one year by edition: HHI (no record prints one)"
        return [
            _numbers(self, "Published figures, our figures beside them", self.lines),
            _orders(self),
            table(editions, self.editions, _EDITIONS, long=True),
        ]

    def short_tables(self) -> list[Table]:
        """Return the printed numbers that do not come out again."""
        other = [line for line in self.lines if line.broken or line.outcome != REPRODUCES]
        return [_numbers(self, "Published figures that differ from ours", other)]

    def csv_tables(self) -> list[Table]:
        """Return the printed numbers, and places in orders, as one table of plain values."""
        told = bare_table(self.lines, _BARE)
        placed = bare_table(_placed(self), _BARE_PLACES, unit="place")
        cells = [dict(zip(placed.columns, row, strict=True)) for row in placed.rows]
        places = [[each.get(name, "") for name in told.columns] for each in cells]
        return [replace(told, rows=[*told.rows, *places])]

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
