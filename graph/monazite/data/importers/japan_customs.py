"""Trade statistics of Japan (e-Stat): nine-digit codes, countries by number, thousands of yen.

Traps: two columns of quantities, each with a unit of its own (KG, MT, NO); codes in quotes; values
in thousands of yen; months that are not yet there stand as nothing, as months without trade do;
headers are English or Japanese, and files are UTF-8 or Shift JIS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from monazite.data.importers.collected import NO_PLACE, OTHER_GOODS, Collected, NamedPlace
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import (
    EXPORT,
    IMPORT,
    MONTHS,
    YEAR,
    TradeReport,
    add_trade,
)

_COLUMNS = ("Exp or Imp|輸出入", "Year|年", "HS", "Country|国")
_SIDES = {"1": EXPORT, "2": IMPORT, "輸出": EXPORT, "輸入": IMPORT}
_KG = {"KG": ("kg", Decimal(1)), "MT": ("t", Decimal(1000)), "GR": ("g", Decimal("0.001"))}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_JAPANESE = {
    "輸出入": "exp or imp",
    "年": "year",
    "国": "country",
    "単位1": "unit1",
    "単位2": "unit2",
}


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of e-Stat."""
    taken.units = "Values were printed in thousands of yen, and stand in yen."
    add_trade((report for source in sources for report in _reports(source, taken)), taken)


def _reports(source: SourceFile, taken: Collected) -> Iterator[TradeReport]:
    """Yield the reports of a file; which months it tells of is known when all lines are read."""
    last: dict[str, int] = {}  # months of which a year tells
    lines: list[tuple[SourceRecord, TradeReport]] = []
    for line in taken.records([source], *_COLUMNS, "Value-Year|金額-累計|Value-Jan|金額-1月"):
        record = _in_english(line)
        year_text, months = _year_text(record), _months(record)
        last[year_text] = max(last.get(year_text, 0), *months, 0)
        digits = record.text("hs").strip("'\"").replace(".", "")
        if len(digits) != 9 or not taken.goods.takes(digits):
            taken.leave(OTHER_GOODS)
            continue
        side, code = _SIDES.get(record.text("exp or imp")), record.text("country")
        year, place = taken.year(record, "year"), taken.places.only("japan", code)
        if side is None:
            taken.wrong(record, "it is neither export (1) nor import (2)", "export it again")
        elif place is None:
            taken.leave(f"{NO_PLACE}: code {code} of Japan is not known")
        elif not months and not _tells(record, "year"):
            taken.leave("lines that hold nought alone: no trade")
        elif year is not None and not taken.repeats():
            here, goods = NamedPlace("JPN", is_area=False), ("jp-customs", digits, year)
            lines.append((record, TradeReport(here, place, side, *goods, YEAR, None, None, "jpy")))
    for record, report in lines:
        yield from _spans(record, report, last[_year_text(record)], taken)


def _spans(
    record: SourceRecord, report: TradeReport, last: int, taken: Collected
) -> Iterator[TradeReport]:
    """The months of a line; the year where the file tells of no month, or of December."""
    whole = last in {0, MONTHS}
    told = range(1, MONTHS + 1) if whole else _months(record)
    spans = [(month, _MONTHS[month - 1]) for month in told]
    if whole and _tells(record, "year"):
        spans = [(YEAR, "year")]
    if not spans:
        taken.leave("lines of a year that is not over, without its months")
    for month, name in spans:
        thousand_yen = taken.number(record, f"value-{name}")
        kg, weighed = _weight(record, name, taken) if _tells(record, name) else (None, "")
        money = None if thousand_yen is None else thousand_yen * 1000
        found = replace(report, month=month, kg=kg or None, money=money)
        yield replace(found, weighed=weighed, tells_weight=bool(weighed))


def _weight(record: SourceRecord, name: str, taken: Collected) -> tuple[Decimal | None, str]:
    for number in ("1", "2"):
        if unit := _KG.get(record.text(f"unit{number}").upper()):
            found = taken.number(record, f"quantity{number}-{name}")
            return None if found is None else found * unit[1], unit[0]
    return None, ""


def _year_text(record: SourceRecord) -> str:
    return record.text("year").partition(".")[0]


def _months(record: SourceRecord) -> list[int]:
    """The months of which a line tells more than nought."""
    return [month for month, name in enumerate(_MONTHS, 1) if _tells(record, name)]


def _tells(record: SourceRecord, span: str) -> bool:
    """Whether more than nought stands in a month or a year of a line."""
    columns = (f"{what}-{span}" for what in ("value", "quantity1", "quantity2"))
    return any(record.text(column) not in {"", "0", "-", "0.0"} for column in columns)


def _in_english(record: SourceRecord) -> SourceRecord:
    """A record with the English names of its columns."""
    if "exp or imp" in record.cells:
        return record
    cells = {_english(name): text for name, text in record.cells.items()}
    return SourceRecord(record.place, record.line, cells)


def _english(name: str) -> str:
    if name in _JAPANESE:
        return _JAPANESE[name]
    told = name.replace("第1数量", "quantity1").replace("第2数量", "quantity2")
    told = told.replace("金額", "value").replace("累計", "year")
    head, _, month = told.partition("-")
    number = month.removesuffix("月")
    is_month = month.endswith("月") and number.isdigit() and 1 <= int(number) <= MONTHS
    return f"{head}-{_MONTHS[int(number) - 1]}" if is_month else told
