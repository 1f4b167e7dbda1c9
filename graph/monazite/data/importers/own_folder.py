"""A folder of tables of one's own that imports fill, and that nobody else wrote to."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from monazite.core.errors import BadFileError, UnreadableError
from monazite.core.files import is_part, replace_folder, restore_folder
from monazite.core.formats import counted, escaped, visible
from monazite.core.package import ontology_folder
from monazite.core.tables import safe_cell
from monazite.data.bounds import Budget, csv_records, utf8_text
from monazite.data.columns import Schema
from monazite.data.own_files import read_file, rows_of

FACTS = {
    "baci": ("exporter", "importer", "code", "year"),
    "governance": ("country", "indicator", "year"),
    "production": ("country", "stage", "material", "year", "series"),
    "production_totals": ("area", "stage", "material", "year", "series"),
    "reserves": ("country", "year", "series"),
    "reserve_totals": ("area", "year", "series"),
    "identifiers": ("entity", "scheme", "value"),
}  # tables of which two rows would be added up or answer twice, and what makes their fact
_FLOW = ("exporter", "importer", "code", "year", "period_from", "period_until")
_FLOWS = ("trade", "trade_totals")
"""Compared with other imports alone: what is shipped of a flow is often of a part of its goods."""
_PART = Decimal("0.005")  # two numbers that differ by less are one, rounded


def shipped_facts(table: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Return the rows of a shipped table by what makes their fact."""
    rows = rows_of(ontology_folder() / "tables" / f"{table}.csv") if table in FACTS else ()
    return {fact: row for row in rows for fact in facts_of(table, row)}


def differs(table: str, cells: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two rows of one fact say different numbers, or one of them says none."""
    columns = ("usd", "tonnes") if table == "baci" else ("value",)
    return any(_apart(cells.get(name, ""), other.get(name, "")) for name in columns)


def facts_of(table: str, cells: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return what a row of an import says: a flow its weight and its value, others one fact."""
    columns = FACTS.get(table) or (_FLOW if table in _FLOWS else ())
    fact = tuple(cells.get(name, "") for name in columns)
    if table not in _FLOWS:
        return [fact] if fact else []
    measures = (cells.get("unit", ""), "usd" if cells.get("value_usd") else "")
    return [(*fact, measure) for measure in measures if measure]


def _apart(one: str, other: str) -> bool:
    if one == other:
        return False
    try:
        first, second = Decimal(one), Decimal(other)
    except InvalidOperation:
        return True
    return abs(first - second) > _PART * max(abs(first), abs(second))


VIA = "monazite import"  # what ``via`` says of the sources of imports, which marks their folders
_SOURCES = "sources"
Rows = dict[str, dict[str, dict[str, str]]]  # cells by table and by key


class OwnFolder:
    """The tables of a folder that imports fill."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder, self._schema = folder, schema
        self.rows: Rows = {}
        restore_folder(folder)
        if not os.path.lexists(folder):
            return
        name = escaped(str(folder))
        if not folder.is_dir():
            raise UnreadableError(f"{name} is no folder; name another place with -o DIR.")
        files = sorted(each for each in folder.iterdir() if not is_part(each))
        if not files:
            return
        self._read(files)
        sources = self.rows.get(_SOURCES, {})
        if not sources or not all(row["via"].startswith(VIA) for row in sources.values()):
            raise self._refusal("sources that no import wrote")

    def _refusal(self, what: str) -> UnreadableError:
        return UnreadableError(
            f"{escaped(str(self.folder))} holds {what}; name a folder of its own with -o DIR."
        )

    def _read(self, files: list[Path]) -> None:
        for file in files:
            refusal = self._refusal(f"{escaped(file.name)}, which no import wrote")
            table = self._schema.tables.get(file.stem)
            if table is None or file.suffix != ".csv" or not file.is_file():
                raise refusal
            try:
                (_, header), *lines = csv_records(utf8_text(read_file(file)), Budget())
                place = header.index(table.key_column)
            except (OSError, BadFileError, ValueError):
                raise refusal from None
            self.rows[file.stem] = {
                fields[place]: dict(zip(header, fields, strict=False)) for _, fields in lines
            }

    def take(self, rows: Rows, source: str) -> None:
        """Put rows of a source in the place of those that it had."""
        for table, held in [*self.rows.items()]:
            kept = {key: _without(row, source) for key, row in held.items()}
            self.rows[table] = {key: row for key, row in kept.items() if row}
        self.rows.get(_SOURCES, {}).pop(source, None)
        for table, new in rows.items():
            held = self.rows.setdefault(table, {})
            known = {x: row["source"] for row in held.values() for x in facts_of(table, row)}
            twice = [] if table == "codes" else [held[key]["source"] for key in new if key in held]
            for row in new.values():
                twice += [known[fact] for fact in facts_of(table, row) if fact in known][:1]
            if twice:
                stand = counted(len(twice), f"row of {table} stands", f"rows of {table} stand")
                raise UnreadableError(
                    f"{stand} in {escaped(str(self.folder))} already, of {twice[0]}: they would "
                    "count twice; import into another folder, or take that one out first."
                )
            for key, row in new.items():
                if there := held.get(key):  # one row of two imports, by both of their sources
                    sources = {*row["source"].split(";"), *there["source"].split(";")}
                    row = min(row, there, key=lambda each: each["source"])
                    row = {**row, "source": ";".join(sorted(sources))}
                held[key] = row

    def write(self) -> None:
        """Write the tables beside the folder, and put them in its place."""
        files = {}
        for name, rows in sorted(self.rows.items()):
            if rows:
                shape, out = self._schema.tables[name], io.StringIO()
                columns = (column.name for column in shape.columns)
                header = sorted(columns, key=lambda column: column != shape.key_column)
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(header)
                for key, row in sorted(rows.items()):
                    cells = {**row, shape.key_column: key}
                    texts = (cells.get(column, "") for column in header)
                    writer.writerow(  # no cell runs in a spreadsheet
                        [x if x.startswith("'") else safe_cell(visible(x)) for x in texts]
                    )
                files[f"{name}.csv"] = out.getvalue().encode()
        replace_folder(self.folder, files)


def _without(row: dict[str, str], source: str) -> dict[str, str]:
    """A row without a source; nothing where it was the only one."""
    if "source" not in row:
        return row
    left = [each for each in row["source"].split(";") if each != source]
    return {**row, "source": ";".join(left)} if left else {}
