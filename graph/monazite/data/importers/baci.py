"""CEPII BACI: ``t,i,j,k,v,q`` by year, with the file of country codes beside it.

Traps: the edition of the HS stands in the name of the file alone; codes of countries are not
those of ISO; 490 is "Other Asia, nes"; leading zeros of codes get lost; a weight of NA is missing.
A flow of a year has one line: a second one with other numbers is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from monazite.core.errors import BadFileError, UnreadableError
from monazite.core.formats import escaped
from monazite.data.bounds import Budget, csv_records, utf8_text
from monazite.data.importers import collected
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.own_files import read_file

_NAME = re.compile(r"BACI_HS(?P<edition>[0-9]{2})_Y(?P<year>[0-9]{4})(?:_V(?P<release>[0-9]{6}))?")
_COUNTRIES = "country_codes*.csv"


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder that hold trade."""
    files = sorted(file for file in folder.glob("BACI_*.csv") if file.is_file())
    years: dict[tuple[str, str], Path] = {}
    for file in files:
        found = _NAME.search(file.name)
        there = years.setdefault((found["edition"], found["year"]), file) if found else file
        if found and there != file:
            raise UnreadableError(
                f"{escaped(str(folder))} holds {found['year']} twice, in {escaped(there.name)} and "
                f"{escaped(file.name)}: it would count twice; name one file, or leave the files of "
                "one release there."
            )
    return files


def read(sources: Sequence[SourceFile], taken: collected.Collected) -> None:
    """Read files of BACI."""
    editions = {source.path: _edition(source, taken) for source in sources}
    if len({*filter(None, editions.values())}) > 1:
        for source in (each for each in sources if editions[each.path]):
            what = f"it is of {editions[source.path]}, and others are of another edition of the HS"
            fix = "import the files of one edition at a time"
            taken.wrong(SourceRecord(str(source.path), 0, {}), what, fix)
        return
    taken.units = "Values were printed in thousands of dollars, and stand in dollars."
    for source in sources:
        records = taken.records([source], "t", "i", "j", "k", "v", "q")
        first = next(records, None)
        if first is None:  # by its header it is no such file: nothing else is asked of it
            continue
        if not editions[source.path]:
            what = "its name does not say of which edition of the HS it is, as BACI_HS22_Y2024 does"
            fix = "name it so, or say --edition hs2022"
            taken.wrong(SourceRecord(str(source.path), 0, {}), what, fix)
        _read_flows(chain([first], records), source, editions[source.path] or "hs2022", taken)


def _edition(source: SourceFile, taken: collected.Collected) -> str:
    """The edition of the HS that the name of a file tells, or the command line; else none."""
    found = _NAME.search(source.path.name)
    if found and found["release"]:
        taken.release = f"V{found['release']}"
        taken.published = f"{found['release'][:4]}-{found['release'][4:]}"
    if found:
        short = int(found["edition"])
        return f"hs{(1900 if short > 50 else 2000) + short}"
    return taken.edition


def _read_flows(
    records: Iterable[SourceRecord], source: SourceFile, edition: str, taken: collected.Collected
) -> None:
    """Take the flows of a file that are of goods that are taken."""
    folder = source.path.parent
    countries = _countries(folder, taken)
    descriptions = {
        row.get("code", "").zfill(6): row.get("description", "")
        for row in _rows_beside(folder, "product_codes*.csv")
    }
    for record in records:
        digits = record.text("k").zfill(6)
        if not digits.isdigit() or not taken.goods.takes(digits):
            taken.leave(collected.OTHER_GOODS)
            continue
        year = taken.year(record, "t")
        exporter, importer = (_place(record, column, countries, taken) for column in ("i", "j"))
        thousand_usd, tonnes = taken.number(record, "v"), taken.number(record, "q")
        if year is None or exporter is None or importer is None:
            continue
        if exporter.is_area or importer.is_area or exporter.id == importer.id:
            taken.leave(collected.NO_PLACE)
            continue
        if thousand_usd is None:
            if collected.number_is_missing(record.text("v")):
                taken.wrong(record, 'in column "v", there is no value', "get the file again")
            continue
        flow = (year, record.text("i"), record.text("j"), digits)
        if taken.tells_again(record, flow, (thousand_usd, tonnes or None)):
            continue
        goods = taken.goods.stand(edition, digits, descriptions.get(digits, ""))
        weightless = "" if tonnes else "no weight in the source"
        cells = {
            "exporter": exporter.id,
            "importer": importer.id,
            "code": goods.codes[0],
            "year": str(year),
            "tonnes": "" if not tonnes else collected.plain(tonnes),
            "usd": collected.plain(thousand_usd * 1000),
            "note": collected.as_note(exporter.note, importer.note, goods.note, weightless),
        }
        taken.add("baci", f"{exporter.id}-{importer.id}-{digits}-{year}".lower(), cells)


def _countries(folder: Path, taken: collected.Collected) -> dict[str, collected.NamedPlace | None]:
    """Places by the codes of BACI; None for what is none here."""
    rows = _rows_beside(folder, _COUNTRIES)
    if not rows:
        raise UnreadableError(
            f"No file {_COUNTRIES} is in {escaped(str(folder))}, and codes of BACI are not "
            "those of ISO; unpack it from the same archive."
        )
    found = {}
    for row in rows:
        code = row.get("country_code", "").strip()
        iso = (row.get("country_iso3") or row.get("iso_3digit_alpha") or "").strip()
        known = taken.places.coded("comtrade", iso)
        found[code] = taken.places.only("comtrade", code) or known
    return found


def _place(
    record: SourceRecord,
    column: str,
    countries: Mapping[str, collected.NamedPlace | None],
    taken: collected.Collected,
) -> collected.NamedPlace | None:
    code = record.text(column)
    place = countries.get(code)
    if code not in countries:
        what = f'in column "{column}", the country code "{code}" is not in {_COUNTRIES}'
        taken.wrong(record, what, "put the file of the same release beside it")
    elif place is None:
        taken.leave(collected.NO_PLACE)
    return place


def _rows_beside(folder: Path, pattern: str) -> list[dict[str, str]]:
    """The rows of the last file of a name; none where there is no such file."""
    files = sorted(file for file in folder.glob(pattern) if file.is_file())
    if not files:
        return []
    try:
        (_, header), *lines = csv_records(utf8_text(read_file(files[-1])), Budget())
    except (OSError, BadFileError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no table"
        raise UnreadableError(
            f"{escaped(str(files[-1]))} cannot be read: {reason}; unpack it again."
        ) from None
    return [dict(zip(header, fields, strict=False)) for _, fields in lines]
