"""Eurostat Comext: bulk files, and tables of its database as long lines of indicators.

Traps: old releases and the database print quantities in 100 kg; codes with letters hide what is
confidential; lines of the Union, of the world and of all procedures repeat the others; a month 52
is the whole year; both members report their trade; values are in euros and stay so. Long lines tell
one flow in several currencies and units: one of each is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from monazite.core.formats import counted
from monazite.data.importers.collected import NO_PLACE, OTHER_GOODS, Collected, NamedPlace
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import (
    EXPORT,
    IMPORT,
    MONTHS,
    YEAR,
    TradeReport,
    TradeReports,
)

_SIDES = {"1": IMPORT, "2": EXPORT, "IMPORT": IMPORT, "EXPORT": EXPORT}
_WHOLE_YEAR = 52
_VALUES = {"VALUEEUR": "value_eur", "VALUEINEUROS": "value_in_euros"}
_WEIGHTS = {
    "QUANTITYKG": "quantity_kg",
    "QUANTITYINKG": "quantity_in_kg",
    "QUANTITYIN100KG": "quantity_in_100kg",
    "QUANTITYTON": "quantity_ton",
}  # indicators of long lines, and columns of the same; those first that are taken before others
_UNITS = {"quantity_in_100kg": (100, "100 kg"), "quantity_ton": (1000, "t")}  # else kilograms
_RANKS = (*_VALUES.values(), *_WEIGHTS.values())
_BESIDE = "lines of a weight or value that another line of the flow tells in kilograms or euros"
_OTHER_VALUES = "lines of values in another currency than the euro"
_NO_WEIGHTS = "lines of quantities that are no weights, or of no quantity"
_LongFlow = tuple[bool, str, str, str, str, int, int, str]  # as _ComextReading.report tells it


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of Comext."""
    reports, reading = TradeReports(taken), _ComextReading(taken)
    for source in sources:
        needed = ("PRODUCT_NC|product", "FLOW", "PERIOD|TIME_PERIOD", "PARTNER|PARTNER_ISO")
        for record in taken.records(source, *needed, "REPORTER|DECLARANT_ISO|DECLARANT"):
            report = reading.report(record)
            if report is not None:
                reports.take(report)
    for report in reading.long_lines():
        reports.take(report)
    if reading.hidden:
        taken.notes.append(
            f"{counted(reading.hidden, 'line hides its code', 'lines hide their code')} as "
            "confidential: weights of the headings that are read may be too small by what these "
            "hold."
        )
    reports.write()


class _ComextReading:
    """Lines as they are read."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._long: dict[_LongFlow, dict[str, list[TradeReport]]] = {}
        self.hidden = 0

    def long_lines(self) -> Iterator[TradeReport]:
        """Yield the lines of one value and one weight of each flow that long lines tell."""
        for indicators in self._long.values():
            chosen = min(indicators, key=lambda each: _rank(each, indicators[each]))
            for indicator, reports in indicators.items():
                if indicator == chosen:
                    yield from reports
                else:
                    self._taken.leave(_BESIDE, len(reports))

    def report(self, record: SourceRecord) -> TradeReport | None:
        """The report of a line; none of a long one, which is kept until all are read."""
        taken, digits = self._taken, record.text("product_nc") or record.text("product")
        if taken.goods.may_hide(digits):
            self.hidden += 1
            taken.leave("lines whose code is confidential")
            return None
        if len(digits) != 8 or not taken.goods.takes(digits):
            taken.leave(OTHER_GOODS)
            return None
        side = _SIDES.get(record.text("flow").upper())
        procedure = record.text("stat_regime") or record.text("stat_procedure")
        if side is None or procedure.upper() in {"4", "TOTAL"}:
            taken.leave("lines of all procedures or of another flow, which repeat the others")
            return None
        here = self._place(record, "reporter", "declarant_iso", "declarant")
        there = self._place(record, "partner_iso", "partner")
        if here is None or there is None:
            taken.leave(NO_PLACE)
        period = self._period(record)
        if here is None or there is None or period is None:
            return None
        column = self._column_of(record)
        if column is None:
            return None
        kg, money, weighed = self._numbers(record, column)
        report = TradeReport(
            exporter=there if side == IMPORT else here,
            importer=here if side == IMPORT else there,
            side=side,
            system="eu-cn",
            digits=digits,
            year=period[0],
            month=period[1],
            kg=kg or None,
            money=money,
            currency="eur",
            weighed=weighed,
            tells_weight=not column or column in _WEIGHTS.values(),
        )
        if not column:
            return report
        if not taken.repeats():
            exporter, importer = report.exporter.id, report.importer.id
            told = (report.tells_weight, exporter, importer, side, digits, *period, procedure)
            self._long.setdefault(told, {}).setdefault(column, []).append(report)
        return None

    def _column_of(self, record: SourceRecord) -> str | None:
        """What a long line tells, as a column of the bulk files; nothing where it is not long."""
        told = record.text("indicators").partition(":")[0].upper()
        indicator = re.sub(r"[^0-9A-Z]", "", told)
        found = {"": "", **_VALUES, **_WEIGHTS}.get(indicator)
        if found is None:
            is_value = indicator.startswith("VALUE")
            self._taken.leave(_OTHER_VALUES if is_value else _NO_WEIGHTS)
        return found

    def _place(self, record: SourceRecord, *columns: str) -> NamedPlace | None:
        for column in columns:
            code = record.text(column)
            found = self._taken.places.coded("eurostat", code) if code else None
            if found is not None:
                return found
        return None

    def _period(self, record: SourceRecord) -> tuple[int, int] | None:
        text = record.text("period") or record.text("time_period")
        found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:-?([0-9]{2}))?", text)
        month = int(found[2] or _WHOLE_YEAR) if found else 0
        if found is None or not (1 <= month <= MONTHS or month == _WHOLE_YEAR):
            self._taken.wrong(
                record, f'"{text}" is no period', "write 202401, or 202452 for a year"
            )
            return None
        return int(found[1]), YEAR if month == _WHOLE_YEAR else month

    def _numbers(
        self, record: SourceRecord, indicator: str
    ) -> tuple[Decimal | None, Decimal | None, str]:
        """Kilograms, euros, and how the weight is printed."""
        if indicator in _VALUES.values():
            return None, self._taken.number(record, "obs_value"), "kg"
        columns = _WEIGHTS.values()
        column = indicator or next(
            (each for each in columns if each in record.cells), "quantity_kg"
        )
        weight = self._taken.number(record, "obs_value" if indicator else column)
        factor, weighed = _UNITS.get(column, (1, "kg"))
        kg = weight if weight is None or factor == 1 else weight * factor
        if indicator:
            return kg, None, weighed
        money = "value_eur" if "value_eur" in record.cells else "value_in_euros"
        return kg, self._taken.number(record, money), weighed


def _rank(column: str, reports: Sequence[TradeReport]) -> tuple[bool, int]:
    """Less for what is taken first: what has a number, then kilograms and euros."""
    has_number = any(each.kg is not None or each.money is not None for each in reports)
    return not has_number, _RANKS.index(column)
