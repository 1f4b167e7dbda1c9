"""World Bank, Worldwide Governance Indicators: estimates, scores and ranks, which never mix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from monazite.data.importers.collected import NO_PLACE, Collected, plain
from monazite.data.importers.source_file import SourceFile, SourceRecord

_ESTIMATE = "political-stability-estimate"
_SCORE = "political-stability-score-0-100"
_RANK = "political-stability-percentile-rank"
_COLUMNS = {"estimate": _ESTIMATE, "score": _SCORE, "pctrank": _RANK}
_CODES = {"PV.EST": _ESTIMATE, "PV.SC": _SCORE, "PV.PER.RNK": _RANK}
_WITHIN = {_ESTIMATE: (-5, 5), _SCORE: (0, 100), _RANK: (0, 100)}
_WIDE = re.compile(r"((?:19|20)[0-9]{2})(?: \[yr[0-9]{4}\])?")
_SIX = Decimal("0.000001")
_OTHERS = "lines of other indicators"


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read tables of the indicators."""
    needed = ("code|Country Code|countryiso3code", "indicator|Series Code")
    for record in taken.records(sources, *needed):
        for indicator, year, column in _cells(record, taken):
            _write(record, taken, indicator, year, column)


def _cells(record: SourceRecord, taken: Collected) -> Iterator[tuple[str, int, str]]:
    """Indicator, year and column of each number of a line."""
    if "series code" in record.cells:
        indicator = _indicator_of(record.text("series code"))
        if indicator is None:
            taken.leave(_OTHERS)
            return
        for name in record.cells:
            if found := _WIDE.fullmatch(name):
                yield indicator, int(found[1]), name
        return
    is_json = "countryiso3code" in record.cells
    year = taken.year(record, "date" if is_json else "year")
    code = record.text("indicator")
    indicator = _indicator_of(code) if is_json else None
    if year is None:
        return
    if indicator is not None:
        yield indicator, year, "value"
    elif not is_json and code.casefold() == "pv":
        yield from ((_COLUMNS[name], year, name) for name in _COLUMNS if name in record.cells)
    else:
        taken.leave(_OTHERS)


def _indicator_of(code: str) -> str | None:
    return _CODES.get(code.upper().removeprefix("GOV_WGI_").replace("_", "."))


def _write(record: SourceRecord, taken: Collected, indicator: str, year: int, column: str) -> None:
    place = taken.places.coded("iso", record.text("code", "country code", "countryiso3code"))
    if place is None or place.is_area:
        taken.leave(NO_PLACE)
        return
    printed = record.text(column)
    number = None if printed.startswith("#") else taken.number(record, column, negative=True)
    if number is None:
        taken.leave("cells that are no number")
        return
    low, high = _WITHIN[indicator]
    if not low <= number <= high:
        what = f'in column "{column}", {number} is no {indicator.rpartition("stability-")[2]}'
        fix = "the revision of 2025 has scores from 0 to 100 beside estimates: name the right one"
        taken.wrong(record, what, fix)
        return
    value = plain(number.quantize(_SIX, ROUND_HALF_EVEN))
    cells = {
        "country": place.id,
        "indicator": indicator,
        "year": str(year),
        "value": value,
        "value_as_printed": "" if printed == value else printed,
        "note": "Scores are of the revision of 2025" if indicator == _SCORE else "",
    }
    taken.add("governance", f"{place.id}-{indicator}-{year}".lower(), cells)
