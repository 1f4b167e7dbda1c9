"""Reports of customs: months added up, both sides of a flow made one, sums kept apart.

What a buyer and a seller report of one flow are two reports of the same goods. The buyer's is
taken, the seller's stands in its note; it is taken itself only where there is no other. Sums over
all countries, or over those of a union, stand in ``trade_totals`` and are added to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class TradeReport:
    """A line of customs statistics."""

    reporter: NamedPlace
    partner: NamedPlace
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
    weighed: str = "kg"  # the unit in which the source prints the weight
    basis: str = ""
    tells_weight: bool = True  # whether the line is one that may tell a weight

    @property
    def ends(self) -> tuple[NamedPlace, NamedPlace]:
        """Exporter and importer."""
        pair = (self.partner, self.reporter)
        return pair if self.side == IMPORT else pair[::-1]


class _Sum:
    """The lines of one flow, year and side: kilograms, and money in their currency."""

    def __init__(self, reports: list[TradeReport], told: set[int]) -> None:
        self.first = reports[0]
        self.months = {each.month for each in reports}
        # where a month has no line, the year is whole if the files tell of others
        self.is_whole = YEAR in self.months or len(told - {YEAR}) == MONTHS
        self.weight = self._year([(each.month, each.kg) for each in reports])
        self.value = self._year([(each.month, each.money) for each in reports])
        weighing = [each for each in reports if each.tells_weight]
        self.lines = len(weighing)
        self.weighed = weighing[-1].weighed if weighing else "kg"
        self.unweighed = sum(each.kg is None for each in weighing)
        self.paid = sum(each.money is not None for each in reports)
        self.estimated = any(each.estimated for each in reports)
        self.notes = [note for each in reports for note in each.notes]
        self.figure_kind = "derived" if self.estimated or self.lines > 1 else "measured"
        if self.weight is not None and self.unweighed:
            self.figure_kind = "lower-bound"

    def _year(self, numbers: list[tuple[int, Decimal | None]]) -> Decimal | None:
        """The number of the year where the year has a line of its own, else of its months."""
        whole = YEAR in self.months
        told = [x for month, x in numbers if x is not None and (month == YEAR or not whole)]
        return sum(told, Decimal()) if told else None


def add_trade(reports: Iterable[TradeReport], taken: Collected) -> None:
    """Make rows of trade and of its totals of the lines that repeat none."""
    flows: dict[tuple[str, str, str, str, int], dict[str, list[TradeReport]]] = {}
    told: dict[tuple[str, str, str, int], set[int]] = {}  # months of which files tell anything
    for report in reports:
        if taken.repeats():
            continue
        exporter, importer = report.ends
        if exporter.id == importer.id:
            taken.leave("lines of goods that came back to where they were made")
            continue
        told.setdefault(_whose(report), set()).add(report.month)
        goods = (report.system, report.digits, report.year)
        sides = flows.setdefault((exporter.id, importer.id, *goods), {})
        sides.setdefault(report.side, []).append(report)
    mirrored = parts = 0
    for _, sides in sorted(flows.items()):
        sums = {side: _Sum(lines, told[_whose(lines[0])]) for side, lines in sides.items()}
        chosen = sums.get(IMPORT) or sums[EXPORT]
        mirrored += len(sums) > 1
        parts += not chosen.is_whole
        first, (exporter, importer) = chosen.first, chosen.first.ends
        coded = taken.goods.stand(first.system, first.digits, first.text)
        total = exporter.is_area or importer.is_area
        name = f"{exporter.id}-{importer.id}-{first.digits}-{first.year}".lower()
        name += "" if chosen.is_whole else "-part"
        other = sums.get(EXPORT) if len(sums) > 1 else None
        for suffix, cells in _rows_of(chosen, other, coded, total=total):
            taken.add("trade_totals" if total else "trade", name + suffix, cells)
    if mirrored:
        taken.notes.append(
            f"{counted(mirrored, 'flow is', 'flows are')} reported by both sides: the buyer's "
            "report is taken, and the seller's stands in the note."
        )
    if parts:
        taken.notes.append(
            f"Of {counted(parts, 'flow')} the files have some months of a year alone: their "
            "rows stand for these months, and count in no year."
        )


def _whose(report: TradeReport) -> tuple[str, str, str, int]:
    return (report.reporter.id, report.side, report.system, report.year)


def _rows_of(
    chosen: _Sum, other: _Sum | None, goods: CodedGoods, *, total: bool
) -> Iterator[tuple[str, Cells]]:
    """The row of the weight, and one of the value where it is not in dollars."""
    first, kg, money = chosen.first, chosen.weight, chosen.value
    exporter, importer = first.ends
    notes = as_note(
        exporter.note,
        importer.note,
        *chosen.notes,
        *_of_weight(chosen),
        *_of_months(chosen),
        _of_side(chosen, other),
        goods.note,
        "a sum of the source, added to nothing" if total else "",
    )
    whole = "sum-to-importer" if exporter.is_area else "sum-from-exporter"
    cells = {
        "exporter": exporter.id,
        "importer": importer.id,
        "code": ";".join(goods.codes),
        "description": first.text,
        "year": str(first.year),
        "kind": whole if total else "quantity",
        "figure_kind": chosen.figure_kind,
        "note": notes,
    }
    if not chosen.is_whole:
        cells["period_from"] = f"{first.year}-{min(chosen.months):02}"
        cells["period_until"] = f"{first.year}-{max(chosen.months):02}"
    dollars = {} if money is None or first.currency != "usd" else {"value_usd": plain(money)}
    if kg is not None:
        column = "value_low" if chosen.figure_kind == "lower-bound" else "value"
        dollars |= {
            column: plain(kg / _THOUSAND),
            "unit": "t",
            "unit_as_printed": chosen.weighed,
            "basis": goods.basis,
            "basis_as_printed": first.basis,
            "value_as_printed": f"{plain(kg)} kg" if chosen.weighed == "kg" else "",
        }
    if dollars:
        yield "", {**cells, **dollars}
    if money is not None and first.currency != "usd":
        several = "derived" if chosen.paid > 1 else "measured"
        paid = {"value": plain(money), "unit": first.currency, "figure_kind": several}
        yield "-value", {**cells, **paid}


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


def _of_side(chosen: _Sum, other: _Sum | None) -> str:
    if other is None:
        return f"reported by the {'buyer' if chosen.first.side == IMPORT else 'seller'}"
    told = [
        f"{plain(other.weight / _THOUSAND)} t" if other.weight is not None else "",
        f"{plain(other.value)} {other.first.currency.upper()}" if other.value is not None else "",
    ]
    numbers = " and ".join(filter(None, told)) or "no number"
    return f"reported by the buyer; the seller reports {numbers} of the same flow"
