"""U.S. International Trade Commission: tables of DataWeb, a column a year, or one a month.

A workbook has the parameters of the question on its first sheet, and a sheet for each thing asked
for; two lines stand above each header. A text has the same lines.

Traps: a line "Total" and lines of country groups; values and quantities are tables of their own,
told apart by their data type; quantities have units of their own, and only weights are taken. A
value stands on several lines where its goods have several units. A question may ask for several
values and quantities of one flow, such as with and without freight: one of each is taken. The
year that is not over has a column of noughts, and another one to date. A column "2024_Suppressed"
says that parts are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from monazite.data.importers.collected import NO_PLACE, Collected, NamedPlace
from monazite.data.importers.goods import OTHER_GOODS, digits_in, edition_of
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import EXPORT, IMPORT, YEAR, TradeReport, TradeReports

_SIX, _TEN = 6, 10
_BESIDE = "lines of another value or quantity of a flow than the one that is taken"
_Flow = tuple[bool, bool, str, str]
"""Whether it is an export and a weight, digits and country."""
_YEAR_COLUMN = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?")
_TO_DATE = re.compile(r"(?:.*[ _])?(?:19|20)[0-9]{2}(?:[ _](?:year[ _]to[ _]date|ytd))?")
"""A column of a year to date; one of a whole year is none, though it fits."""
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_KG = {
    "kilograms": ("kg", Decimal(1)),
    "kilogram": ("kg", Decimal(1)),
    "kg": ("kg", Decimal(1)),
    "metric tons": ("metric tons", Decimal(1000)),
    "grams": ("grams", Decimal("0.001")),
}
_VALUES = tuple(
    map(re.compile, (r"customs value|\bfas\b|exports? value", r"\bcif\b", r"\blanded\b"))
)
_UNITS = tuple(map(re.compile, (r"\b(?:first|1st)\b", r"\b(?:second|2nd)\b", r"\b(?:third|3rd)\b")))
"""Values and quantities, those first that are taken before others."""
_IN_PART = re.compile(
    r"dutiable|\bdut(?:y|ies)\b(?![- ]paid)|charges|\bforeign|re-?export|per unit|unit value"
)
"""What is of a part of the goods, or no value of goods."""
_QUANTITY = re.compile(r"quantity|unit of qty|\b(?:first|second|third) unit\b")
_OF_ALL, _OF_SOME = re.compile(r"\b(?:general|total)\b"), re.compile(r"\b(?:cons|domestic)")


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read tables of DataWeb."""
    reports, reading = TradeReports(taken), _DatawebReading(taken)
    for source in sources:
        columns = ("HTS Number", "Country", "Data Type")
        for record in taken.records(source, *columns):
            reading.take(record)
    for report in reading.reports():
        reports.take(report)
    reports.write()


@dataclass(frozen=True, order=True)
class _DatawebMeasure:
    """A value or a quantity that is asked for; of one flow the least is taken.

    Attributes:
        rank: whether it is of all goods that came, and what it is of; of values the other way.
    """

    rank: tuple[int, int]
    name: str
    is_weight: bool
    is_usual: bool

    @property
    def is_export(self) -> bool:
        return "export" in self.name or "fas" in self.name

    @property
    def note(self) -> str:
        """What has to be said where a better one is not there."""
        told = "weight" if self.is_weight else "value"
        return "" if self.is_usual else f'the {told} is the "{self.name}"'


def _measure_of(name: str) -> _DatawebMeasure | None:
    """What a data type is; none where it is neither a value nor a quantity of a whole flow."""
    told = name.casefold()
    is_weight = _QUANTITY.search(told) is not None
    forms, unnamed = (_UNITS, 0) if is_weight else (_VALUES, -1)
    found = next((at for at, form in enumerate(forms) if form.search(told)), unnamed)
    if found < 0 or _IN_PART.search(told):
        return None
    whole = 0 if _OF_ALL.search(told) else 2 if _OF_SOME.search(told) else 1
    rank = (whole, found) if is_weight else (found, whole)
    return _DatawebMeasure(rank, told, is_weight, is_usual=not found and whole < 2)


class _DatawebReading:
    """Lines as they are read; which are taken is known when all are."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._lines: dict[_Flow, dict[_DatawebMeasure, list[list[TradeReport]]]] = {}

    def reports(self) -> Iterator[TradeReport]:
        """Yield those of one value and one quantity of each flow."""
        for measures in self._lines.values():
            chosen = min(measures)
            for measure, lines in measures.items():
                if measure == chosen:
                    yield from chain.from_iterable(lines)
                else:
                    self._taken.leave(_BESIDE, len(lines))

    def take(self, record: SourceRecord) -> None:
        digits = digits_in(record.text("hts number"))
        if len(digits) not in {_SIX, _TEN} or not self._taken.goods.takes(digits):
            self._taken.leave(OTHER_GOODS)
            return
        place = self._taken.places.named(record.text("country"))
        if place is None or (place.is_area and place.id != "WLD"):
            self._taken.leave(NO_PLACE)
            return
        measure = _measure_of(record.text("data type"))
        if measure is None:
            self._taken.leave(
                "lines of what is no value or quantity of a whole flow, such as duties"
            )
            return
        weighed, factor = self._unit(record) if measure.is_weight else ("kg", Decimal(1))
        if not weighed:
            self._taken.leave("lines of quantities that are no weights")
            return
        if not self._taken.repeats():
            flow = (measure.is_export, measure.is_weight, digits, place.id)
            kind = (measure, weighed, factor)
            lines = self._lines.setdefault(flow, {}).setdefault(measure, [])
            lines.append([*self._numbers(record, digits, place, kind)])

    def _numbers(
        self,
        record: SourceRecord,
        digits: str,
        place: NamedPlace,
        kind: tuple[_DatawebMeasure, str, Decimal],
    ) -> Iterator[TradeReport]:
        for year, month, number in self._periods(record):
            if not number:
                self._taken.leave("cells that hold nought: no trade, or a year that is not over")
                continue
            hidden = bool(record.text(f"{year}_suppressed")) and record.text(
                f"{year}_suppressed"
            ).casefold() not in {"0", "false", "no", "n"}
            yield self._report(record, digits, place, (year, month), number, kind, hidden=hidden)

    def _unit(self, record: SourceRecord) -> tuple[str, Decimal]:
        unit = record.text("quantity description").casefold()
        return _KG.get(unit, ("", Decimal(1)))

    def _periods(self, record: SourceRecord) -> Iterator[tuple[int, int, Decimal | None]]:
        """The years, or months, of a line, with their numbers."""
        if "year" in record.cells:
            year = self._taken.year(record, "year")
            months = [(at, name) for at, name in enumerate(_MONTHS, 1) if name in record.cells]
            column = "value" if "value" in record.cells else record.text("data type").casefold()
            for month, name in months or [(YEAR, column)]:
                if year is not None:
                    yield year, month, self._taken.number(record, name)
            return
        for name in record.cells:
            found = _YEAR_COLUMN.fullmatch(name)
            if found:
                yield int(found[1]), YEAR, self._taken.number(record, name)
            elif _TO_DATE.fullmatch(name) and record.text(name):
                self._taken.leave("cells of a year to date, which is not over")

    @staticmethod
    def _report(
        record: SourceRecord,
        digits: str,
        place: NamedPlace,
        period: tuple[int, int],
        number: Decimal,
        kind: tuple[_DatawebMeasure, str, Decimal],
        *,
        hidden: bool,
    ) -> TradeReport:
        measure, weighed, factor = kind
        here = NamedPlace("USA", is_area=False)
        side = EXPORT if measure.is_export else IMPORT
        is_weight = measure.is_weight
        year, month = period
        return TradeReport(
            exporter=place if side == IMPORT else here,
            importer=here if side == IMPORT else place,
            side=side,
            system="htsus" if len(digits) == _TEN else edition_of(year),
            digits=digits,
            year=year,
            month=month,
            kg=number * factor if is_weight else None,
            money=None if is_weight else number,
            text=record.text("description"),
            weighed=weighed,
            tells_weight=is_weight,
            at_least=hidden and is_weight,
            notes=("the source hides parts of it" if hidden else "", measure.note),
        )
