"""U.S. Geological Survey, Mineral Commodity Summaries: world tables of its data releases.

Traps: W is withheld, a dash is nothing or not known, NA not available, "e" an estimate; marks of
footnotes hang on the names of countries; totals are rounded, and leave out what is withheld; the
form of the files changes from edition to edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from monazite.data.importers.collected import Collected, NamedPlace, as_note, number_of, plain
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


class _McsFigure(NamedTuple):
    """A number of a country: what it is of, its year, and as it is printed."""

    what: str
    year: int
    printed: str
    unit: str
    estimated: bool


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read world tables of data releases."""
    for source in sources:
        name = source.path.name
        found = re.search(r"mcs[ _-]?((?:19|20)[0-9]{2})", name, re.IGNORECASE)
        edition = found[1] if found else ""
        taken.published = edition or taken.published
        if edition not in _SERIES:
            taken.notes.append("The edition is none of the scheme of series: rows stand in usgs.")
        commodity = _RARE_EARTHS if "rare" in name.casefold() else ""
        for record in taken.records([source], "Country", "Type|Statistics_detail"):
            if place := _place(record, commodity, taken):
                for figure in _figures(record, edition, taken):
                    _write(record, place, figure, edition, taken)


def _place(record: SourceRecord, commodity: str, taken: Collected) -> NamedPlace | None:
    """The place of a line that is of the output or the reserves of rare earths in the world."""
    told = record.text("type", "statistics_detail").casefold()
    if not (record.text("commodity") or commodity).casefold().startswith(_RARE_EARTHS):
        taken.leave("lines of other commodities")
    elif "section" in record.cells and "world" not in record.text("section").casefold():
        taken.leave("lines of the United States alone")
    elif "mine" not in told and "reserve" not in told:
        taken.leave("lines of neither mine output nor reserves")
    elif place := taken.places.named(record.text("country")):
        return place
    else:
        what = f'the country "{record.text("country")}" is not known'
        taken.wrong(record, what, "write its name as in countries.csv, or take it out")
    return None


def _figures(record: SourceRecord, edition: str, taken: Collected) -> Iterator[_McsFigure]:
    """The numbers of a line: one in the long form, several in the wide one."""
    if "value" in record.cells:
        year = taken.year(record, "year")
        unit = record.text("unit").casefold()
        reserves = record.text("statistics").casefold().startswith("reserve")
        estimated = "estimat" in record.text("statistics_detail").casefold()
        if year is not None:
            what = "reserves" if reserves else "prod"
            yield _McsFigure(what, year, record.text("value"), unit, estimated)
        return
    for name, text in record.cells.items():
        found = _COLUMN.fullmatch(name.replace(" ", ""))
        if found is None or not (found["year"] or found["what"] == "reserves"):
            continue
        unit = (found["unit"] or record.text("unit_meas")).casefold()
        year = int(found["year"] or int(edition or "0") - 1)  # reserves: the year before
        yield _McsFigure(found["what"], year, text, unit, bool(found["est"]))


def _write(
    record: SourceRecord, place: NamedPlace, figure: _McsFigure, edition: str, taken: Collected
) -> None:
    printed = figure.printed.replace("\xa0", " ").strip()
    word = _WORDS.get(printed)
    if word is not None or not printed:
        taken.leave(word or "cells that are blank")
        return
    factor = _UNITS.get(_OF_OXIDES.sub("", figure.unit))
    if factor is None:
        what = f'the unit "{figure.unit}" is not known'
        taken.wrong(record, what, f"units are {', '.join(_UNITS)}")
        return
    at_least = printed.startswith((">", "More than"))
    digits = printed.strip("e").removeprefix(">").removeprefix("More than").strip()
    number = taken.tried(record, "value", lambda: number_of(digits))
    if number is None or figure.year < 0:
        return
    value = plain(number * factor)
    whole = "a sum of the source, rounded, which may leave out what is withheld"
    cells = {
        "area" if place.is_area else "country": place.id,
        "year": str(figure.year),
        "series": f"usgs-mcs-{edition}" if edition in _SERIES else "usgs",
        "value_low" if at_least else "value": value,
        "unit": "t",
        "unit_as_printed": "" if factor == 1 else figure.unit,
        "basis": "reo",
        "basis_as_printed": "REO equivalent",
        "value_as_printed": "" if printed == value else printed,
        "note": as_note(
            f"MCS {edition} edition" if edition else "", whole if place.is_area else ""
        ),
    }
    if figure.what == "reserves":
        table = "reserve_totals" if place.is_area else "reserves"
        taken.add(table, f"{place.id}-{figure.year}".lower(), cells)
        return
    estimated = figure.estimated or printed.startswith("e") or printed.endswith("e")
    cells |= {
        "stage": "mine",
        "material": "rare-earths",
        "material_as_printed": "rare earths",
        "kind": "estimate" if estimated else "reported",
        "figure_kind": "lower-bound" if at_least else "measured",
    }
    key = f"{place.id}-mine-rare-earths-{figure.year}".lower()
    taken.add(f"production{'_totals' if place.is_area else ''}", key, cells)
