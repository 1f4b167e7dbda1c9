"""Tables as CSV, SQLite and Parquet, where columns are typed; the supply network as GraphML."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

from monazite.core.formats import without_exponent
from monazite.core.results import Struct, do_nothing
from monazite.core.tables import safe_cell, to_json
from monazite.data.columns import Column, TableShape
from monazite.data.customs.engine import duckdb_engine
from monazite.data.reader import Row
from monazite.export.selection import Progress, Selection
from monazite.model.network.attributes import Network


def header_of(table: TableShape) -> list[str]:
    """Return the columns of a table as its shape gives them, the key first."""
    names = [column.name for column in table.columns]
    return sorted(names, key=lambda name: name != table.key_column)


def to_csv(table: TableShape, rows: Iterable[Row], header: Sequence[str] | None = None) -> bytes:
    """Return rows of one table as CSV: UTF-8, LF, RFC 4180."""
    names = header_of(table) if header is None else list(header)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell_text(row, name) for name in names])
    return out.getvalue().encode()


def cell_text(row: Row, column: str) -> str:
    """Return a cell as it stands in a table: languages marked, lists joined."""
    cells = row.cells.get(column, ())
    return ";".join(
        f"{cell.text}@{cell.language}" if cell.language else cell.text for cell in cells
    )


def write_folder(selection: Selection, progress: Progress = do_nothing) -> dict[str, bytes]:
    """Return the files of the folder by name; each table has one, be it empty."""
    by_table = selection.by_table()
    files = {}
    for done, (name, rows) in enumerate(by_table.items()):
        progress(done / len(by_table))
        files[f"{name}.csv"] = to_csv(selection.view.schema.tables[name], map(_safe, rows))
    about = {
        "view": selection.about(),
        "line": selection.line(),
        "tables": {name: len(rows) for name, rows in by_table.items()},
    }
    files["view.json"] = to_json(about).encode()
    return files


def _safe(row: Row) -> Row:
    """A row no cell of which runs: only its first value can begin a formula."""
    safe = {
        name: (replace(cells[0], text=safe_cell(cells[0].text)), *cells[1:])
        for name, cells in row.cells.items()
        if cells and safe_cell(cells[0].text) != cells[0].text
    }
    return replace(row, cells={**row.cells, **safe}) if safe else row


WHOLE, EXACT, TEXT = "integer", "decimal", "text"
_LARGEST = 2**63
VIEW = "view"
"""The table that says which view was exported, by name and value."""


class TypedTable(Struct):
    """A table: names and kinds of its columns, the key first, and values row by row."""

    name: str
    about: str
    key: str
    #: their kinds by name: a whole number, an exact decimal number, or a text
    columns: dict[str, str]
    #: the table whose key a column names, by column, where it names one alone
    references: dict[str, str]
    #: values by column; None where a cell is blank
    rows: tuple[tuple[int | Decimal | str | None, ...], ...]


def typed_tables(selection: Selection) -> Iterator[TypedTable]:
    """Yield the tables of a selection by name, those without rows too, and the view."""
    tables = selection.view.schema.tables
    for name, rows in selection.by_table().items():
        yield _typed(tables[name], sorted(rows, key=lambda row: row.key), tables)
    about = [("line", selection.line())] + [
        (each, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for each, value in sorted(selection.about().items())
    ]
    columns = {"name": TEXT, "value": TEXT}
    yield TypedTable(VIEW, "The view that was exported.", "name", columns, {}, tuple(about))


def _typed(table: TableShape, rows: list[Row], tables: dict[str, TableShape]) -> TypedTable:
    shapes = {column.name: column for column in table.columns}
    kinds = {"integer": WHOLE, "decimal": EXACT}
    columns = {
        name: TEXT if shapes[name].many else kinds.get(shapes[name].kind, TEXT)
        for name in header_of(table)
    }
    references = {name: found for name in columns if (found := _referred(shapes[name], tables))}
    values = tuple(
        tuple(_value(cell_text(row, name), kind) for name, kind in columns.items()) for row in rows
    )
    named = (table.name, table.description, table.key_column)
    return TypedTable(*named, columns, references, values)


def _value(text: str, kind: str) -> int | Decimal | str | None:
    if not text:
        return None
    if kind == WHOLE:
        return int(text)
    return Decimal(text) if kind == EXACT else text


def _referred(column: Column, tables: dict[str, TableShape]) -> str:
    """The one table whose keys a column names; a scheme is none, nor are several tables."""
    if column.many or column.kind != "reference":
        return ""
    named = [table.name for table in tables.values() if table.class_iri in column.classes]
    return named[0] if len(named) == 1 and len(column.classes) == 1 else ""


_TYPES = {WHOLE: "INTEGER", EXACT: "DECIMAL_TEXT"}
_CHECKS = {
    WHOLE: "typeof({0}) IN ('integer', 'null')",
    EXACT: (
        "{0} IS NULL OR (typeof({0}) = 'text' AND ltrim({0}, '-') GLOB '[0-9]*'"
        " AND {0} GLOB '*[0-9]' AND NOT {0} GLOB '*[^0-9.-]*'"
        " AND NOT {0} GLOB '*.*.*' AND NOT {0} GLOB '?*-*')"
    ),
}
"""What a number is: an integer, or digits with one point within and one sign before them."""
_VERSIONS = slice(24, 28), slice(92, 100)
"""Bytes of the header that count changes and name the library that wrote last."""


def write_sqlite(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return a data base: rows sorted by key, in one order of tables, without a time.

    The two fields of the header that name the version of the library are blank. References are
    declared; a view may leave out what a row names, so SQLite does not enforce them by itself.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute("PRAGMA page_size = 4096")
        base.execute("BEGIN")
        tables = [*typed_tables(selection)]
        for done, table in enumerate(tables):
            progress(done / len(tables))
            columns = ",\n  ".join(_columns(table))
            base.execute(f"CREATE TABLE {_quoted(table.name)} (\n  {columns}\n)")
            marks = ", ".join("?" * len(table.columns))
            rows = (
                [
                    each if isinstance(each, int | str | None) else without_exponent(each)
                    for each in row
                ]
                for row in table.rows
            )
            base.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", rows)  # noqa: S608
        base.execute("COMMIT")
        base.execute("VACUUM")
        content = bytearray(base.serialize())
    for field in _VERSIONS:
        content[field] = bytes(field.stop - field.start)
    return bytes(content)


def _columns(table: TypedTable) -> Iterator[str]:
    for name, kind in table.columns.items():
        key = " PRIMARY KEY NOT NULL" if name == table.key else ""
        named = table.references.get(name)
        refers = f" REFERENCES {_quoted(named)}" if named else ""
        holds = f" CHECK ({_CHECKS[kind].format(_quoted(name))})" if kind in _CHECKS else ""
        yield f"{_quoted(name)} {_TYPES.get(kind, 'TEXT')}{key}{holds}{refers}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_parquet(selection: Selection, progress: Progress = do_nothing) -> dict[str, bytes]:
    """Return the files of the folder by name; each table has one, be it empty."""
    files = {}
    with duckdb_engine() as engine:
        tables = [*typed_tables(selection)]
        for done, table in enumerate(tables):
            progress(done / len(tables))
            files[f"{table.name}.parquet"] = engine.to_parquet(table.columns, table.rows)
    return files


def write_graphml(network: Network) -> bytes:
    """Return a network as GraphML."""
    import networkx as nx

    # write_graphml takes lxml where it is installed, and then writes other bytes
    writer = nx.readwrite.graphml.GraphMLWriter(network.plain(), infer_numeric_types=True)
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue()
