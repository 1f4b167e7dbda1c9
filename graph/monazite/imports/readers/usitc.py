"""U.S. International Trade Commission: tables of DataWeb, a column or a line a year.

Traps: a line "Total" and lines of country groups; values and quantities are tables of their own,
told apart by their data type; quantities have units of their own, and only weights are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from monazite.imports.collected import Collected
from monazite.imports.goods import OTHER_GOODS, digits_in, edition_of
from monazite.imports.places import NO_PLACE, NamedPlace
from monazite.imports.source_file import SourceFile, SourceRecord
from monazite.imports.trade_reports import EXPORT, IMPORT, YEAR, TradeReport, TradeReports

_SIX, _TEN = 6, 10
_YEAR_COLUMN = re.compile(r"(?:year )?((?:19|20)[0-9]{2})(?: year)?")
_KG = {
    "kilograms": ("kg", Decimal(1)),
    "kilogram": ("kg", Decimal(1)),
    "kg": ("kg", Decimal(1)),
    "metric tons": ("metric tons", Decimal(1000)),
    "grams": ("grams", Decimal("0.001")),
}


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read tables of DataWeb.

    Args:
        sources: the files.
        taken: what takes the rows.
    """
    reports, reading = TradeReports(taken), _DatawebReading(taken)
    for source in sources:
        columns = ("HTS Number", "Country", "Data Type")
        for record in taken.records(source, *columns):
            for report in reading.reports(record):
                reports.take(report)
    reports.write()


class _DatawebReading:
    """Lines as they are read."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken

    def reports(self, record: SourceRecord) -> Iterator[TradeReport]:
        digits = digits_in(record.text("hts number"))
        if len(digits) not in {_SIX, _TEN} or not self._taken.goods.takes(digits):
            self._taken.leave(OTHER_GOODS)
            return
        place = self._taken.places.named(record.text("country"))
        if place is None or (place.is_area and place.id != "WLD"):
            self._taken.leave(NO_PLACE)
            return
        told = record.text("data type").casefold()
        weighed, factor = self._unit(record) if "quantity" in told else ("kg", Decimal(1))
        if not weighed:
            self._taken.leave("lines of quantities that are no weights")
            return
        for year, number in self._years(record):
            yield self._report(record, digits, place, year, number, (told, weighed, factor))

    def _unit(self, record: SourceRecord) -> tuple[str, Decimal]:
        unit = record.text("quantity description").casefold()
        return _KG.get(unit, ("", Decimal(1)))

    def _years(self, record: SourceRecord) -> Iterator[tuple[int, Decimal | None]]:
        """The years of a line, with their numbers."""
        if "year" in record.cells:
            year = self._taken.year(record, "year")
            column = "value" if "value" in record.cells else record.text("data type").casefold()
            if year is not None:
                yield year, self._taken.number(record, column)
            return
        for name in record.cells:
            found = _YEAR_COLUMN.fullmatch(name)
            if found:
                yield int(found[1]), self._taken.number(record, name)

    @staticmethod
    def _report(
        record: SourceRecord,
        digits: str,
        place: NamedPlace,
        year: int,
        number: Decimal | None,
        kind_and_unit: tuple[str, str, Decimal],
    ) -> TradeReport:
        data_type, weighed, factor = kind_and_unit
        here = NamedPlace("USA", is_area=False)
        side = EXPORT if "export" in data_type or "fas" in data_type else IMPORT
        is_weight = "quantity" in data_type
        return TradeReport(
            exporter=place if side == IMPORT else here,
            importer=here if side == IMPORT else place,
            side=side,
            system="htsus" if len(digits) == _TEN else edition_of(year),
            digits=digits,
            year=year,
            month=YEAR,
            kg=number * factor if is_weight and number else None,
            money=None if is_weight else number,
            text=record.text("description"),
            weighed=weighed,
            tells_weight=is_weight,
        )
