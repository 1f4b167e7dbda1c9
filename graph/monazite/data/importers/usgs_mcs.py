"""U.S. Geological Survey, Mineral Commodity Summaries: world tables of its data releases.

Traps: W is withheld, a dash is nothing or not known, NA not available, "e" an estimate; marks of
footnotes hang on the names of countries; totals are rounded, and leave out what is withheld; the
form of the files changes from edition to edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monazite.data.importers.collected import (
    Cells,
    Collected,
    NamedPlace,
    as_note,
    number_of,
    plain,
)
from monazite.data.importers.source_file import SourceFile, SourceRecord

_COLUMN = re.compile(
    r"(?P<what>prod|reserves)(?:_(?P<unit>kt|t))?(?P<est>_est)?_?(?P<year>[0-9]{4})?"
)
_RARE_EARTHS = "rare earths"
_UNITS = {
    "kilograms": Decimal("0.001"),
    "metric tons": Decimal(1),
    "thousand metric tons": Decimal(1000),
    "million metric tons": Decimal(1000000),
    "kg": Decimal("0.001"),
    "t": Decimal(1),
    "kt": Decimal(1000),
}
_OF_OXIDES = re.compile(r",? (?:of )?\(?(?:reo|rare[- ]earth[- ]oxides?)\b[^;]*")  # after a unit
_WORDS = {
    "W": "withheld by the source, and not known",
    "NA": "not available in the source",
    "—": "a dash in the source: nothing, or not known",
    "--": "a dash in the source: nothing, or not known",
    "XX": "not applicable in the source",
}
_SERIES = {"2026", "2025", "2024", "2021", "2019", "2016", "2011", "2003", "1996"}


@dataclass(frozen=True)
class _McsFigure:
    """A number of a country: what it is of, its year, and as it is printed."""

    what: str
    year: int
    printed: str
    unit: str
    estimated: bool


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read world tables of data releases."""
    for source in sources:
        found = re.search(r"mcs[ _-]?((?:19|20)[0-9]{2})", source.path.name, re.IGNORECASE)
        edition = found[1] if found else ""
        reading = _McsReading(taken, edition, source.path.name)
        for record in taken.records(source, "Country", "Type|Statistics_detail"):
            reading.take(record)


class _McsReading:
    """One table as it is read."""

    def __init__(self, taken: Collected, edition: str, name: str) -> None:
        self._taken, self._edition = taken, edition
        self._of_rare_earths = "raree" in name.casefold() or "rare" in name.casefold()
        self._series = f"usgs-mcs-{edition}" if edition in _SERIES else "usgs"
        if edition:
            taken.published = edition
        if self._series == "usgs":
            taken.notes.append("The edition is none of the scheme of series: rows stand in usgs.")

    def take(self, record: SourceRecord) -> None:
        commodity = record.text("commodity") or (_RARE_EARTHS if self._of_rare_earths else "")
        if not commodity.casefold().startswith(_RARE_EARTHS):
            self._taken.leave("lines of other commodities")
            return
        told = (record.text("type") or record.text("statistics_detail")).casefold()
        if "section" in record.cells and "world" not in record.text("section").casefold():
            self._taken.leave("lines of the United States alone")
            return
        if not told or ("mine" not in told and "reserve" not in told):
            self._taken.leave("lines of neither mine output nor reserves")
            return
        place = self._taken.places.named(record.text("country"))
        if place is None:
            what = f'the country "{record.text("country")}" is not known'
            self._taken.wrong(record, what, "write its name as in countries.csv, or take it out")
            return
        for figure in self._figures(record):
            self._write(record, place, figure)

    def _figures(self, record: SourceRecord) -> Iterator[_McsFigure]:
        """The numbers of a line: one in the long form, several in the wide one."""
        if "value" in record.cells:
            year = self._taken.year(record, "year")
            unit = record.text("unit").casefold()
            reserves = record.text("statistics").casefold().startswith("reserve")
            what = "reserves" if reserves else "prod"
            detail = record.text("statistics_detail").casefold()
            if year is not None:
                yield _McsFigure(what, year, record.text("value"), unit, "estimat" in detail)
            return
        for name, text in record.cells.items():
            found = _COLUMN.fullmatch(name.replace(" ", ""))
            if found is None or not (found["year"] or found["what"] == "reserves"):
                continue
            unit = (found["unit"] or record.text("unit_meas")).casefold()
            year = int(found["year"] or int(self._edition or "0") - 1)  # reserves: the year before
            yield _McsFigure(found["what"], year, text, unit, bool(found["est"]))

    def _write(self, record: SourceRecord, place: NamedPlace, figure: _McsFigure) -> None:
        printed = figure.printed.replace("\xa0", " ").strip()
        word = _WORDS.get(printed)
        if word is not None or not printed:
            self._taken.leave(word or "cells that are blank")
            return
        factor = _UNITS.get(_OF_OXIDES.sub("", figure.unit))
        if factor is None:
            what = f'the unit "{figure.unit}" is not known'
            self._taken.wrong(record, what, f"units are {', '.join(_UNITS)}")
            return
        at_least = printed.startswith((">", "More than"))
        estimated = figure.estimated or printed.startswith("e") or printed.endswith("e")
        digits = printed.strip("e").removeprefix(">").removeprefix("More than").strip()
        number = self._taken.tried(record, "value", lambda: number_of(digits))
        if number is None or figure.year < 0:
            return
        value = plain(number * factor)
        column = "value_low" if at_least else "value"
        cells = {
            "year": str(figure.year),
            "series": self._series,
            column: value,
            "unit": "t",
            "unit_as_printed": "" if factor == 1 else figure.unit,
            "basis": "reo",
            "basis_as_printed": "REO equivalent",
            "value_as_printed": "" if printed == value else printed,
            "note": as_note(
                f"MCS {self._edition} edition" if self._edition else "",
                "a sum of the source, rounded, which may leave out what is withheld"
                if place.is_area
                else "",
            ),
        }
        self._add(place, figure, cells, estimated=estimated)

    def _add(self, place: NamedPlace, figure: _McsFigure, cells: Cells, *, estimated: bool) -> None:
        totals, key = "_totals" if place.is_area else "", place.id
        cells = {"area" if place.is_area else "country": place.id, **cells}
        if figure.what == "reserves":
            table = "reserve_totals" if place.is_area else "reserves"
            self._taken.add(table, f"{key}-{figure.year}".lower(), cells)
            return
        output = {
            "stage": "mine",
            "material": "rare-earths",
            "material_as_printed": "rare earths",
            "kind": "estimate" if estimated else "reported",
            "figure_kind": "lower-bound" if "value_low" in cells else "measured",
        }
        key = f"{key}-mine-rare-earths-{figure.year}".lower()
        self._taken.add(f"production{totals}", key, {**cells, **output})
