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
from monazite.data.importers.trade_reports import EXPORT, IMPORT, TradeReport, add_trade

_COLUMNS = ("PRODUCT_NC|product", "FLOW", "PERIOD|TIME_PERIOD", "PARTNER|PARTNER_ISO")
_SIDES = {"1": IMPORT, "2": EXPORT, "IMPORT": IMPORT, "EXPORT": EXPORT}
_VALUES = {"VALUEEUR": "value_eur", "VALUEINEUROS": "value_in_euros"}
_WEIGHTS = {
    "QUANTITYKG": "quantity_kg",
    "QUANTITYINKG": "quantity_in_kg",
    "QUANTITYIN100KG": "quantity_in_100kg",
    "QUANTITYTON": "quantity_ton",
}  # indicators of long lines, and columns of the same; those first that are taken before others
_UNITS = {"quantity_in_100kg": (100, "100 kg"), "quantity_ton": (1000, "t")}  # else kilograms
_RANKS = (*_VALUES.values(), *_WEIGHTS.values())
_HIDDEN = "lines whose code is confidential"
_BESIDE = "lines of a weight or value that another line of the flow tells in kilograms or euros"
_OTHER_VALUES = "lines of values in another currency than the euro"
_NO_WEIGHTS = "lines of quantities that are no weights, or of no quantity"


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of Comext."""
    add_trade(_reports(sources, taken), taken)


def _reports(sources: Sequence[SourceFile], taken: Collected) -> Iterator[TradeReport]:
    """Yield lines; of those that are long, one value and one weight of each flow at the end."""
    flows: dict[tuple[object, ...], dict[str, list[TradeReport]]] = {}
    for record in taken.records(sources, *_COLUMNS, "REPORTER|DECLARANT_ISO|DECLARANT"):
        digits = record.text("product_nc", "product")
        if taken.goods.may_hide(digits):
            taken.leave(_HIDDEN)
        elif len(digits) != 8 or not taken.goods.takes(digits):
            taken.leave(OTHER_GOODS)
        elif found := _report(record, digits, taken):
            column, report = found
            if not column:
                yield report
            elif not taken.repeats():
                ends = (place.id for place in report.ends)
                flow = (report.side, digits, report.year, report.month, _procedure(record))
                indicators = flows.setdefault((report.tells_weight, *ends, *flow), {})
                indicators.setdefault(column, []).append(report)
    for indicators in flows.values():
        chosen = min(indicators, key=lambda each: _rank(each, indicators[each]))
        yield from indicators.pop(chosen)
        taken.leave(_BESIDE, sum(map(len, indicators.values())))
    if hidden := taken.left_out[_HIDDEN]:
        taken.notes.append(
            f"{counted(hidden, 'line hides its code', 'lines hide their code')} as confidential: "
            "weights of the headings that are read may be too small by what these hold."
        )


def _report(record: SourceRecord, digits: str, taken: Collected) -> tuple[str, TradeReport] | None:
    """The report of a line, and which column of the bulk files a long one tells, nothing else."""
    side = _SIDES.get(record.text("flow").upper())
    if side is None or _procedure(record).upper() in {"4", "TOTAL"}:
        taken.leave("lines of all procedures or of another flow, which repeat the others")
        return None
    reporter = _place(record, taken, "reporter", "declarant_iso", "declarant")
    partner = _place(record, taken, "partner_iso", "partner")
    if reporter is None or partner is None:
        taken.leave(NO_PLACE)
    form = r"((?:19|20)[0-9]{2})(?:-?(0[1-9]|1[0-2]|52))?"
    period = taken.period(record, form, "write 202401, or 202452 for a year", "time_period")
    if reporter is None or partner is None or period is None:
        return None
    indicator = re.sub(r"[^0-9A-Z]", "", record.text("indicators").partition(":")[0].upper())
    column = {"": "", **_VALUES, **_WEIGHTS}.get(indicator)
    if column is None:
        is_value = indicator.startswith("VALUE")
        taken.leave(_OTHER_VALUES if is_value else _NO_WEIGHTS)
        return None
    kg, money, weighed = _numbers(record, column, taken)
    return column, TradeReport(
        reporter=reporter,
        partner=partner,
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


def _procedure(record: SourceRecord) -> str:
    return record.text("stat_regime", "stat_procedure")


def _place(record: SourceRecord, taken: Collected, *columns: str) -> NamedPlace | None:
    found = (taken.places.coded("eurostat", record.text(column)) for column in columns)
    return next(filter(None, found), None)


def _numbers(
    record: SourceRecord, indicator: str, taken: Collected
) -> tuple[Decimal | None, Decimal | None, str]:
    """Kilograms, euros, and how the weight is printed."""
    if indicator in _VALUES.values():
        return None, taken.number(record, "obs_value"), "kg"
    there = (each for each in _WEIGHTS.values() if each in record.cells)
    column = indicator or next(there, "quantity_kg")
    weight = taken.number(record, "obs_value" if indicator else column)
    factor, weighed = _UNITS.get(column, (1, "kg"))
    kg = weight if weight is None or factor == 1 else weight * factor
    if indicator:
        return kg, None, weighed
    money = "value_eur" if "value_eur" in record.cells else "value_in_euros"
    return kg, taken.number(record, money), weighed


def _rank(column: str, reports: Sequence[TradeReport]) -> tuple[bool, int]:
    """Less for what is taken first: what has a number, then kilograms and euros."""
    has_number = any(each.kg is not None or each.money is not None for each in reports)
    return not has_number, _RANKS.index(column)
