"""Tables with typed columns as SQLite and Parquet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal

from monazite.core.formats import without_exponent
from monazite.core.results import do_nothing
from monazite.data.columns import Column, TableShape
from monazite.data.customs.engines import duckdb_engine
from monazite.data.reader import Row
from monazite.export.selection import Progress, Selection
from monazite.export.tables import cell_text, header_of

WHOLE, EXACT, TEXT = "integer", "decimal", "text"
_LARGEST = 2**63
VIEW = "view"
"""The table that says which view was exported, by name and value."""


@dataclass(frozen=True)
class TypedTable:
    """A table: names and kinds of its columns, the key first, and values row by row.

    Attributes:
        columns: their kinds by name: a whole number, an exact decimal number, or a text.
        references: the table whose key a column names, by column, where it names one alone.
        rows: values by column; None where a cell is blank.
    """

    name: str
    about: str
    key: str
    columns: dict[str, str]
    references: dict[str, str]
    rows: tuple[tuple[int | Decimal | str | None, ...], ...]


def typed_tables(selection: Selection) -> Iterator[TypedTable]:
    """Yield the tables of a selection by name, those without rows too, and the view."""
    by_table: dict[str, list[Row]] = {name: [] for name in selection.view.schema.tables}
    for row in selection.rows():
        by_table[row.table].append(row)
    tables = selection.view.schema.tables
    for name, table in sorted(tables.items()):
        yield _typed(table, sorted(by_table[name], key=lambda row: row.key), tables)
    about = [("line", selection.line())] + [
        (each, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for each, value in sorted(selection.about().items())
    ]
    columns = {"name": TEXT, "value": TEXT}
    yield TypedTable(VIEW, "The view that was exported.", "name", columns, {}, tuple(about))


def _typed(table: TableShape, rows: list[Row], tables: dict[str, TableShape]) -> TypedTable:
    shapes = {column.name: column for column in table.columns}
    columns = {name: _kind(shapes.get(name)) for name in header_of(table)}
    values = tuple(
        tuple(_value(cell_text(row, name), kind) for name, kind in columns.items()) for row in rows
    )
    return TypedTable(
        table.name,
        table.description,
        table.key_column,
        columns,
        {name: found for name in columns if (found := _referred(shapes.get(name), tables))},
        values,
    )


def _kind(column: Column | None) -> str:
    if column is None or column.many:
        return TEXT
    return {"integer": WHOLE, "decimal": EXACT}.get(column.kind, TEXT)


def _value(text: str, kind: str) -> int | Decimal | str | None:
    if not text:
        return None
    if kind == WHOLE:
        return int(text)
    return Decimal(text) if kind == EXACT else text


def _referred(column: Column | None, tables: dict[str, TableShape]) -> str:
    """The one table whose keys a column names; a scheme is none, nor are several tables."""
    if column is None or column.many or column.kind != "reference":
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
