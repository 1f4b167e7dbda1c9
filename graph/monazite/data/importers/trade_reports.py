"""Reports of customs: months added up, both sides of a flow made one, sums kept apart.

What a buyer and a seller report of one flow are two reports of the same goods. The buyer's is
taken, the seller's stands in its note; it is taken itself only where there is no other. Sums over
all countries, or over those of a union, stand in ``trade_totals`` and are added to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from monazite.core.formats import counted
from monazite.data.importers.collected import (
    Cells,
    CodedGoods,
    Collected,
    NamedPlace,
    as_note,
    plain,
)

IMPORT, EXPORT = "import", "export"
YEAR = 0  # the month of what is of a whole year
MONTHS = 12
_THOUSAND = 1000


@dataclass(frozen=True)
class TradeReport:
    """A line of customs statistics.

    Attributes:
        weighed: the unit in which the source prints the weight.
        tells_weight: whether the line is one that may tell a weight.
    """

    exporter: NamedPlace
    importer: NamedPlace
    side: str
    system: str
    digits: str
    year: int
    month: int
    kg: Decimal | None
    money: Decimal | None
    currency: str = "usd"
    text: str = ""
    notes: tuple[str, ...] = ()
    estimated: bool = False
    weighed: str = "kg"
    basis: str = ""
    tells_weight: bool = True


@dataclass
class _Sum:
    """Lines of one flow, year and side."""

    first: TradeReport
    told: set[int]
    """Months of which the files tell anything, of that reporter, nomenclature and year."""
    kg: dict[int, Decimal] = field(default_factory=dict)
    money: dict[int, Decimal] = field(default_factory=dict)
    months: set[int] = field(default_factory=set)
    notes: dict[str, None] = field(default_factory=dict)
    lines: int = 0
    paid: int = 0
    unweighed: int = 0
    estimated: bool = False
    weighed: str = "kg"

    def take(self, report: TradeReport) -> None:
        if report.tells_weight:
            self.lines += 1
            self.weighed = report.weighed
        self.months.add(report.month)
        self.notes |= dict.fromkeys(report.notes)
        self.estimated |= report.estimated
        if report.kg is not None:
            self.kg[report.month] = self.kg.get(report.month, Decimal()) + report.kg
        elif report.tells_weight:
            self.unweighed += 1
        if report.money is not None:
            self.paid += 1
            held = self.money.get(report.month, Decimal())
            self.money[report.month] = held + report.money

    def _of(self, by_month: dict[int, Decimal]) -> Decimal | None:
        """The number of the year where the year has a line of its own, else of its months."""
        if YEAR in self.months:
            return by_month.get(YEAR)
        return sum(by_month.values(), Decimal()) if by_month else None

    @property
    def weight(self) -> Decimal | None:
        """Kilograms."""
        return self._of(self.kg)

    @property
    def value(self) -> Decimal | None:
        """In the currency of the lines."""
        return self._of(self.money)

    @property
    def is_whole(self) -> bool:
        """Whether the year is whole: where a month has no line, the files tell of others."""
        return YEAR in self.months or len(self.told - {YEAR}) == MONTHS


class TradeReports:
    """Reports as they are read, and the rows that they make."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._sums: dict[tuple[str, str, str, str, int], dict[str, _Sum]] = {}
        self._months: dict[tuple[str, str, str, int], set[int]] = {}

    def take(self, report: TradeReport) -> None:
        """Take a line that repeats none."""
        if self._taken.repeats():
            return
        if report.exporter.id == report.importer.id:
            self._taken.leave("lines of goods that came back to where they were made")
            return
        ends = (report.exporter.id, report.importer.id)
        key = (*ends, report.system, report.digits, report.year)
        reporter = report.importer if report.side == IMPORT else report.exporter
        whose = (reporter.id, report.side, report.system, report.year)
        told = self._months.setdefault(whose, set())
        told.add(report.month)
        sides = self._sums.setdefault(key, {})
        sides.setdefault(report.side, _Sum(report, told)).take(report)

    def write(self) -> None:
        """Make rows of trade and of its totals."""
        mirrored = parts = 0
        for key in sorted(self._sums):
            sides = self._sums[key]
            chosen = sides.get(IMPORT) or sides[EXPORT]
            other = sides.get(EXPORT) if IMPORT in sides else None
            mirrored += other is not None
            parts += not chosen.is_whole
            first = chosen.first
            goods = self._taken.goods.stand(first.system, first.digits, first.text)
            total = first.exporter.is_area or first.importer.is_area
            name = f"{first.exporter.id}-{first.importer.id}-{first.digits}-{first.year}".lower()
            name += "" if chosen.is_whole else "-part"
            for suffix, cells in _rows_of(chosen, other, goods, total=total):
                self._taken.add("trade_totals" if total else "trade", name + suffix, cells)
        if mirrored:
            self._taken.notes.append(
                f"{counted(mirrored, 'flow is', 'flows are')} reported by both sides: the buyer's "
                "report is taken, and the seller's stands in the note."
            )
        if parts:
            self._taken.notes.append(
                f"Of {counted(parts, 'flow')} the files have some months of a year alone: their "
                "rows stand for these months, and count in no year."
            )


def _rows_of(
    chosen: _Sum, other: _Sum | None, goods: CodedGoods, *, total: bool
) -> Iterator[tuple[str, Cells]]:
    """The row of the weight, and one of the value where it is not in dollars."""
    first, kg, money = chosen.first, chosen.weight, chosen.value
    notes = as_note(
        first.exporter.note,
        first.importer.note,
        *chosen.notes,
        *_of_weight(chosen),
        *_of_months(chosen),
        _of_side(chosen, other),
        goods.note,
        "a sum of the source, added to nothing" if total else "",
    )
    cells = {
        "exporter": first.exporter.id,
        "importer": first.importer.id,
        "code": ";".join(goods.codes),
        "description": first.text,
        "year": str(first.year),
        **_period(chosen),
        "kind": ("sum-to-importer" if first.exporter.is_area else "sum-from-exporter")
        if total
        else "quantity",
        "figure_kind": _figure_kind(chosen),
        "note": notes,
    }
    in_dollars = first.currency == "usd" and money is not None
    if kg is not None or in_dollars:
        weight = _weight(chosen, kg, goods) if kg is not None else {}
        dollars = {"value_usd": plain(money)} if in_dollars and money is not None else {}
        yield "", {**cells, **weight, **dollars}
    if money is not None and not in_dollars:
        several = "derived" if len(chosen.money) > 1 or chosen.paid > 1 else "measured"
        paid = {"value": plain(money), "unit": first.currency, "figure_kind": several}
        yield "-value", {**cells, **paid}


def _figure_kind(chosen: _Sum) -> str:
    if chosen.weight is not None and chosen.unweighed:
        return "lower-bound"
    return "derived" if chosen.estimated or chosen.lines > 1 else "measured"


def _weight(chosen: _Sum, kg: Decimal, goods: CodedGoods) -> Cells:
    tonnes = plain(kg / _THOUSAND)
    column = "value_low" if _figure_kind(chosen) == "lower-bound" else "value"
    return {
        column: tonnes,
        "unit": "t",
        "unit_as_printed": chosen.weighed,
        "basis": goods.basis,
        "basis_as_printed": chosen.first.basis,
        "value_as_printed": f"{plain(kg)} kg" if chosen.weighed == "kg" else "",
    }


def _of_weight(chosen: _Sum) -> Iterator[str]:
    if chosen.weighed not in ("kg", "t") and chosen.weight is not None:
        yield f"weights printed in {chosen.weighed} were turned into tonnes"
    if chosen.estimated:
        yield "the weight is an estimate of the source, not what customs weighed"
    if chosen.unweighed and chosen.weight is not None:
        lines = counted(chosen.lines, "line")
        yield f"{chosen.unweighed} of {lines} had no weight: the weight is a least"
    elif chosen.unweighed:
        yield "without weight in the source"


def _of_months(chosen: _Sum) -> Iterator[str]:
    months = sorted(chosen.months - {YEAR})
    if not months:
        return
    if YEAR in chosen.months:
        yield "the line of the year is taken, and those of its months are left out"
    elif len(months) == MONTHS:
        yield "twelve months added up"
    elif chosen.is_whole:
        added = counted(len(months), "month")
        yield f"{added} added up; the others of the year have no line of this flow"
    else:
        yield f"months {', '.join(f'{month:02}' for month in months)} alone"


def _period(chosen: _Sum) -> Cells:
    if chosen.is_whole:
        return {}
    year, months = chosen.first.year, chosen.months
    return {"period_from": f"{year}-{min(months):02}", "period_until": f"{year}-{max(months):02}"}


def _of_side(chosen: _Sum, other: _Sum | None) -> str:
    if other is None:
        return f"reported by the {'buyer' if chosen.first.side == IMPORT else 'seller'}"
    told = [
        f"{plain(other.weight / _THOUSAND)} t" if other.weight is not None else "",
        f"{plain(other.value)} {other.first.currency.upper()}" if other.value is not None else "",
    ]
    numbers = " and ".join(filter(None, told)) or "no number"
    return f"reported by the buyer; the seller reports {numbers} of the same flow"
