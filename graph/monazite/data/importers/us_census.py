"""U.S. Census Bureau: answers of its interface on imports and exports, as JSON or CSV.

Traps: lines of all countries, of groups, and of all ports, districts, states or origins repeat the
others; the year to date grows from month to month; the port tables weigh what comes by air and by
vessel alone, and what comes in containers is a part of the latter; quantities are in units of their
own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from monazite.data.importers.collected import NO_PLACE, Collected, NamedPlace
from monazite.data.importers.goods import OTHER_GOODS, edition_of
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import EXPORT, IMPORT, YEAR, TradeReport, TradeReports

_MONEY = ("gen_val", "con_val", "all_val")
"""Columns of values, general imports before imports for consumption."""
_BY_LAND = {"CAN", "MEX"}
_CUTS = (("district", "dist_name"), ("port", "port_name"), ("state",), ("df",), ("rp",))
"""Columns by which the interface cuts a flow into parts: code, then name."""
_OF_ALL = re.compile(r"-|TOTAL(?: FOR ALL .*)?", re.IGNORECASE)
"""What stands in such a column where a line is of all parts."""
_Cut = tuple[str, ...]
"""The part in each of these columns; ``_TOTAL`` for all of them, ``_UNCUT`` without the column."""
_TOTAL, _UNCUT = "-", ""
_Flow = tuple[str, str, str, int, int]
"""Side, digits, country, year and month."""
_PARTS = "lines of a part, such as one port or district, whose total is taken"
_SIX, _TEN = 6, 10
_YEAR_TO_DATE = 12


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of the Census Bureau."""
    reports, reading = TradeReports(taken), _CensusReading(taken)
    for source in sources:
        needed = ("I_COMMODITY|E_COMMODITY", "CTY_NAME", "YEAR|time")
        for record in taken.records(source, *needed, "GEN_VAL_*|CON_VAL_*|ALL_VAL_*"):
            reading.take(record)
    for report in reading.reports():
        reports.take(report)
    if reading.by_ship:
        taken.notes.append(
            "Weights are of what came by air and by vessel: what came by land has none, and the "
            "tonnes of Canada and Mexico are least ones."
        )
    reports.write()


class _CensusReading:
    """Lines as they are read; which are parts of others is known when all are."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._lines: dict[_Flow, dict[_Cut, list[TradeReport]]] = {}
        self.by_ship = False

    def reports(self) -> Iterator[TradeReport]:
        """Yield the totals of each flow, and the parts of which there is no total."""
        for lines in self._lines.values():
            chosen = _apart(lines)
            for cut, reports in lines.items():
                if cut in chosen:
                    yield from reports
                else:
                    self._taken.leave(_PARTS, len(reports))

    def take(self, record: SourceRecord) -> None:
        report = self._report(record)
        if report is not None and not self._taken.repeats():
            place = report.exporter if report.side == IMPORT else report.importer
            flow = (report.side, report.digits, place.id, report.year, report.month)
            self._lines.setdefault(flow, {}).setdefault(_cut_of(record), []).append(report)

    def _report(self, record: SourceRecord) -> TradeReport | None:
        side = IMPORT if "i_commodity" in record.cells else EXPORT
        letter = "i" if side == IMPORT else "e"
        digits = record.text(f"{letter}_commodity")
        if len(digits) not in {_SIX, _TEN} or not self._taken.goods.takes(digits):
            self._taken.leave(OTHER_GOODS)
            return None
        place, period = self._place(record), self._period(record)
        if place is None or period is None:
            return None
        money = self._money(record, period[1])
        if money is None:
            return None
        here = self._taken.places.coded("iso", "USA")
        assert here is not None
        kg, weighed, at_least = self._weight(record, money[1], place)
        return TradeReport(
            exporter=place if side == IMPORT else here,
            importer=here if side == IMPORT else place,
            side=side,
            system="htsus" if len(digits) == _TEN else edition_of(period[0]),
            digits=digits,
            year=period[0],
            month=YEAR if money[1] == "yr" else period[1],
            kg=kg,
            money=money[0],
            text=record.text(f"{letter}_commodity_ldesc"),
            weighed=weighed,
            at_least=at_least,
            notes=("shipping weight by air and vessel",) if weighed.startswith("kg by") else (),
        )

    def _place(self, record: SourceRecord) -> NamedPlace | None:
        """The country; sums over all countries alone are kept of what is none."""
        if record.text("summary_lvl").upper() == "CGP":
            self._taken.leave("lines of groups of countries")
            return None
        place = self._taken.places.named(record.text("cty_name"))
        if place is None or (place.is_area and place.id != "WLD"):
            self._taken.leave(NO_PLACE)
            return None
        return place

    def _period(self, record: SourceRecord) -> tuple[int, int] | None:
        text = record.text("time") or f"{record.text('year')}-{record.text('month') or '12'}"
        found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:-?(0?[1-9]|1[0-2]))?", text)
        if found is None:
            self._taken.wrong(record, f'"{text}" is no period', "ask for time=2024-01")
            return None
        return int(found[1]), int(found[2] or _YEAR_TO_DATE)

    def _money(self, record: SourceRecord, month: int) -> tuple[Decimal | None, str] | None:
        """The value, and whether it is of the month or of the year to date."""
        for span in ("mo", "yr"):
            column = next((f"{e}_{span}" for e in _MONEY if f"{e}_{span}" in record.cells), "")
            if not column:
                continue
            if span == "yr" and month != _YEAR_TO_DATE:
                self._taken.leave("lines of a year that is not over")
                return None
            return self._taken.number(record, column), span
        self._taken.wrong(record, "no column of values is there", "ask for GEN_VAL_MO")
        return None

    def _weight(
        self, record: SourceRecord, span: str, place: NamedPlace
    ) -> tuple[Decimal | None, str, bool]:
        """Kilograms, how they are printed, and whether they are of a part."""
        unit = record.text("unit_qy1").upper()
        for column in (f"gen_qy1_{span}", f"con_qy1_{span}", f"qty_1_{span}"):
            if column in record.cells and unit in {"KG", "KGS"}:
                return self._taken.number(record, column) or None, "kg", False
        ways = [f"{way}_wgt_{span}" for way in ("air", "ves")]
        if not any(each in record.cells for each in ways):
            return None, "kg", False
        self.by_ship = True
        found = [self._taken.number(record, each) for each in ways]
        kg = sum((each for each in found if each is not None), Decimal())
        return kg or None, "kg by air and vessel", place.id in _BY_LAND


def _cut_of(record: SourceRecord) -> _Cut:
    return tuple(_part_of([*filter(None, map(record.text, columns))]) for columns in _CUTS)


def _part_of(names: Sequence[str]) -> str:
    if any(_OF_ALL.fullmatch(each) for each in names):
        return _TOTAL
    return names[0] if names else _UNCUT


def _apart(cuts: Iterable[_Cut]) -> set[_Cut]:
    """Cuts of which none holds what another holds, the widest first.

    Two hold the same goods where they name the same part in each column by which both are cut.
    """
    chosen: set[_Cut] = set()
    held: set[tuple[_Cut, _Cut]] = set()
    forms: dict[_Cut, None] = {}
    for cut in sorted(cuts, key=lambda each: len(_parts(each))):
        form = tuple("part" if part not in {_TOTAL, _UNCUT} else part for part in cut)
        others = (other for other in forms if other != form)
        if any((other, _shared(cut, other)) in held for other in others):
            continue
        chosen.add(cut)
        forms[form] = None
        parts = _parts(cut)
        for count in range(len(parts) + 1):
            for some in combinations(parts, count):
                seen = tuple(part if at in some else "" for at, part in enumerate(cut))
                held.add((form, seen))
    return chosen


def _parts(cut: _Cut) -> list[int]:
    """The columns in which a cut names one part."""
    return [at for at, part in enumerate(cut) if part not in {_TOTAL, _UNCUT}]


def _shared(cut: _Cut, other: _Cut) -> _Cut:
    """The parts of a cut in the columns in which another form names parts too."""
    common = {*_parts(cut)} & {*_parts(other)}
    return tuple(part if at in common else "" for at, part in enumerate(cut))
