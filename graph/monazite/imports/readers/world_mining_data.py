"""World Mining Data, table 6.4: a sheet a mineral, a line a country, a column a year.

Traps: a title above the header; a last line of the total; dashes; the unit in a column of its own;
the sheet of rare earths among sixty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from monazite.imports.collected import Collected, as_note
from monazite.imports.numbers import plain
from monazite.imports.places import NamedPlace
from monazite.imports.source_file import SourceFile, SourceRecord, read_records

_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?")
_UNITS = {"metr. t": Decimal(1), "t": Decimal(1), "1000 metr. t": Decimal(1000)}
_SERIES = "wmd"


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read tables of World Mining Data.

    Args:
        sources: the files: a workbook, or the sheet of rare earths as a text.
        taken: what takes the rows.
    """
    for source in sources:
        columns = ("Country", "unit")
        for record in read_records(source, columns, taken.faults, _is_rare_earths):
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
    for column, text in record.cells.items():
        found = _YEAR.fullmatch(column)
        if found is None or not text:
            continue
        number = taken.number(record, column)
        if number is None:
            taken.leave("cells that hold a dash: nothing, or not known")
            continue
        _write(taken, place, int(found[1]), number * factor, unit, text)


def _write(
    taken: Collected, place: NamedPlace, year: int, tonnes: Decimal, unit: str, text: str
) -> None:
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
            "kind": "reported",
            "figure_kind": "measured",
            "value": value,
            "unit": "t",
            "unit_as_printed": unit,
            "basis": "reo",
            "basis_as_printed": "rare earths (REO)",
            "material_as_printed": "rare earths (REO)",
            "value_as_printed": "" if text == value else text,
            "note": as_note(
                "whether it is an estimate stands in the column of its source alone",
                "the sum of the publication" if place.is_area else "",
            ),
        },
    )
