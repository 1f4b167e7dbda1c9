"""UN Comtrade as CSV or JSON: lines of the World, parts, both sides and editions stand together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monazite.data.importers.collected import EDITIONS, NO_PLACE, OTHER_GOODS, Collected, NamedPlace
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.importers.trade_reports import EXPORT, IMPORT, TradeReport, add_trade

_EDITIONS = {f"H{number}": name for number, name in enumerate(EDITIONS)}
_SIDES = {"M": IMPORT, "X": EXPORT}
_TOGETHER = (("partner2code", "0"), ("motcode", "0"), ("customscode", "C00"), ("moscode", "0"))
"""Columns, and what stands in them, or nothing, where a line is of all together."""
_COLUMNS = ("reporterISO", "partnerISO", "cmdCode", "flowCode", "primaryValue", "netWgt")


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of Comtrade."""
    add_trade(_reports(sources, taken), taken)


def _reports(sources: Sequence[SourceFile], taken: Collected) -> Iterator[TradeReport]:
    """Yield lines, all of one edition of the HS: that named, or that of the first."""
    first = taken.edition
    for record in taken.records(sources, *_COLUMNS, "period|refYear", "classificationCode"):
        digits = record.text("cmdcode")
        if len(digits) != 6 or not taken.goods.takes(digits):
            taken.leave(OTHER_GOODS)
            continue
        side, edition = _side(record, taken), _edition(record, first, taken)
        first = edition or first
        if side and edition and (report := _report(record, side, edition, digits, taken)):
            yield report


def _report(
    record: SourceRecord, side: str, edition: str, digits: str, taken: Collected
) -> TradeReport | None:
    reporter, partner = (_place(record, who, taken) for who in ("reporter", "partner"))
    if reporter is None or partner is None:
        taken.leave(NO_PLACE)
        return None
    period = taken.period(
        record, r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])?", "export years or months", "refyear"
    )
    if period is None:
        return None
    kg, money = taken.number(record, "netwgt"), taken.number(record, "primaryvalue")
    ends = (
        record.text(f"{who}iso").upper() or record.text(f"{who}code")
        for who in ("reporter", "partner")
    )
    if taken.tells_again(record, (*ends, side, edition, digits, *period), (kg or None, money)):
        return None
    reported = record.text("isreported").casefold()
    return TradeReport(
        reporter=reporter,
        partner=partner,
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


def _side(record: SourceRecord, taken: Collected) -> str | None:
    flow = record.text("flowcode").upper()
    if flow not in _SIDES:
        taken.leave("lines of re-exports, re-imports and other parts of a flow")
        return None
    if any(record.text(column) not in {"", together} for column, together in _TOGETHER):
        taken.leave("lines of a part: one way of transport, procedure or partner")
        return None
    return _SIDES[flow]


def _edition(record: SourceRecord, first: str, taken: Collected) -> str | None:
    """The edition of a line; the first of a file, or that named, is that of all."""
    told = record.text("classificationcode")
    found = _EDITIONS.get(told.upper())
    if found is None:
        taken.wrong(record, f'"{told}" is no edition of the HS', "export it by HS")
    elif found != (first or found) and taken.edition:
        taken.leave(f"lines of another edition of the HS than {first}")
    elif found != (first or found):
        what = f"the line is of {found}, and others are of {first}"
        fix = f"import one edition at a time: --edition {first}, then --edition {found}"
        taken.wrong(record, what, fix)
    else:
        return found
    return None


def _place(record: SourceRecord, who: str, taken: Collected) -> NamedPlace | None:
    number = taken.places.only("comtrade", record.text(f"{who}code"))
    iso = record.text(f"{who}iso")
    return number or (taken.places.coded("comtrade", iso) if len(iso) == 3 else None)
