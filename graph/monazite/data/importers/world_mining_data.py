"""World Mining Data, table 6.4: a sheet a mineral, a line a country, a column a year.

Traps: a title above the header; a last line of the total; dashes; the unit in a column of its own;
the sheet of rare earths, "Rare Earths (REO)", among sixty-five; a column "data source" that speaks
of the last year alone, where e is an estimate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from monazite.data.importers.collected import Collected, NamedPlace, as_note, plain
from monazite.data.importers.source_file import SourceFile, SourceRecord

_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?")
_UNITS = {"metr. t": Decimal(1), "t": Decimal(1), "1000 metr. t": Decimal(1000)}
_SERIES = "wmd"


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read tables of World Mining Data."""
    for source in sources:
        columns = ("Country", "unit")
        for record in taken.records(source, *columns, sheets=_is_rare_earths):
            _take(record, taken)


def _is_rare_earths(sheet: str) -> bool:
    return "rare earth" in sheet.casefold()


def _take(record: SourceRecord, taken: Collected) -> None:
    name, unit = record.text("country"), record.text("unit").casefold()
    if not unit:
        taken.leave("lines without a unit: remarks")
        return
    place = taken.places.named(name)
    factor = _UNITS.get(unit)
    if place is None:
        taken.wrong(record, f'the country "{name}" is not known', "write it as in countries.csv")
        return
    if factor is None:
        taken.wrong(record, f'the unit "{unit}" is not known', "it is metr. t in the publication")
        return
    years = {column: int(found[1]) for column in record.cells if (found := _YEAR.fullmatch(column))}
    for column, year in years.items():
        text = record.text(column)
        if not text:
            continue
        number = taken.number(record, column)
        if number is None:
            taken.leave("cells that hold a dash: nothing, or not known")
            continue
        told = record.text("data source") if year == max(years.values()) else ""
        _write(taken, place, year, number * factor, (unit, text, told))


def _write(
    taken: Collected,
    place: NamedPlace,
    year: int,
    tonnes: Decimal,
    printed: tuple[str, str, str],
) -> None:
    unit, text, told = printed
    table, column = ("production_totals", "area") if place.is_area else ("production", "country")
    value = plain(tonnes)
    taken.add(
        table,
        f"{place.id}-mine-rare-earths-{year}-{_SERIES}".lower(),
        {
            column: place.id,
            "stage": "mine",
            "material": "rare-earths",
            "year": str(year),
            "series": _SERIES,
            "kind": "estimate" if told == "e" else "reported",
            "figure_kind": "measured",
            "value": value,
            "unit": "t",
            "unit_as_printed": unit,
            "basis": "reo",
            "basis_as_printed": "rare earths (REO)",
            "material_as_printed": "rare earths (REO)",
            "value_as_printed": "" if text == value else text,
            "note": as_note(
                f'its data source is "{told}"' if told else "",
                "" if told or place.is_area else "whether it is an estimate is not told",
                "the sum of the publication" if place.is_area else "",
            ),
        },
    )
