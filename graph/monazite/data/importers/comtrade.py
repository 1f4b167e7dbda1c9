"""UN Comtrade as CSV or JSON: lines of the World, parts, both sides and editions stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monazite.data.importers.collected import EDITIONS, NO_PLACE, OTHER_GOODS, Collected, NamedPlace
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import EXPORT, IMPORT, YEAR, TradeReport, TradeReports

_EDITIONS = {f"H{number}": name for number, name in enumerate(EDITIONS)}
_SIDES = {"M": IMPORT, "X": EXPORT}
_TOGETHER = (("partner2code", "0"), ("motcode", "0"), ("customscode", "C00"), ("moscode", "0"))
"""Columns, and what stands in them, or nothing, where a line is of all together."""


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of Comtrade."""
    reports, reading = TradeReports(taken), _ComtradeReading(taken)
    for source in sources:
        columns = ("reporterISO", "partnerISO", "cmdCode", "flowCode", "primaryValue", "netWgt")
        for record in taken.records(source, *columns, "period|refYear", "classificationCode"):
            report = reading.report(record)
            if report is not None:
                reports.take(report)
    reports.write()


class _ComtradeReading:
    """Lines as they are read, all of one edition of the HS."""

    def __init__(self, taken: Collected) -> None:
        self._taken, self._edition = taken, taken.edition

    def report(self, record: SourceRecord) -> TradeReport | None:
        digits = record.text("cmdcode")
        if len(digits) != 6 or not self._taken.goods.takes(digits):
            self._taken.leave(OTHER_GOODS)
            return None
        side = self._side(record)
        edition = self._edition_of(record)
        if side is None or edition is None:
            return None
        here, there = (self._place(record, side) for side in ("reporter", "partner"))
        if here is None or there is None:
            self._taken.leave(NO_PLACE)
            return None
        period = self._period(record)
        if period is None:
            return None
        kg, money = self._taken.number(record, "netwgt"), self._taken.number(record, "primaryvalue")
        reporter, partner = (
            record.text(f"{who}iso").upper() or record.text(f"{who}code")
            for who in ("reporter", "partner")
        )
        flow = (reporter, partner, side, edition, digits, *period)
        if self._taken.tells_again(record, flow, (kg or None, money)):
            return None
        reported = record.text("isreported").casefold()
        return TradeReport(
            exporter=there if side == IMPORT else here,
            importer=here if side == IMPORT else there,
            side=side,
            system=edition,
            digits=digits,
            year=period[0],
            month=period[1],
            kg=kg or None,  # nothing with a value is a weight that was not given
            money=money,
            text=record.text("cmddesc"),
            estimated=record.text("isnetwgtestimated").casefold() in {"true", "1"},
            basis="net weight",
            notes=("worked out by the source, not reported",) if reported == "false" else (),
        )

    def _side(self, record: SourceRecord) -> str | None:
        flow = record.text("flowcode").upper()
        if flow not in _SIDES:
            self._taken.leave("lines of re-exports, re-imports and other parts of a flow")
            return None
        for column, together in _TOGETHER:
            if record.text(column) not in {"", together}:
                self._taken.leave("lines of a part: one way of transport, procedure or partner")
                return None
        return _SIDES[flow]

    def _edition_of(self, record: SourceRecord) -> str | None:
        """The edition of a line; the first of a file, or that named, is that of all."""
        found = _EDITIONS.get(record.text("classificationcode").upper())
        if found is None:
            told = record.text("classificationcode")
            self._taken.wrong(record, f'"{told}" is no edition of the HS', "export it by HS")
            return None
        if self._taken.edition:
            if found != self._taken.edition:
                self._taken.leave(f"lines of another edition of the HS than {self._taken.edition}")
                return None
        elif found != (self._edition or found):
            what = f"the line is of {found}, and others are of {self._edition}"
            fix = f"import one edition at a time: --edition {self._edition}, then --edition {found}"
            self._taken.wrong(record, what, fix)
            return None
        self._edition = found
        return found

    def _place(self, record: SourceRecord, side: str) -> NamedPlace | None:
        places = self._taken.places
        number = places.only("comtrade", record.text(f"{side}code"))
        iso = record.text(f"{side}iso").upper()
        return number or (places.coded("comtrade", iso) if len(iso) == 3 else None)

    def _period(self, record: SourceRecord) -> tuple[int, int] | None:
        text = record.text("period") or record.text("refyear")
        found = re.fullmatch(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])?", text)
        if found is None:
            self._taken.wrong(record, f'"{text}" is no period', "export years or months")
            return None
        return int(found[1]), int(found[2] or YEAR)
