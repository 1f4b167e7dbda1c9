"""SQLite: one file with a table for each table, its keys and its types.

SQLite has no exact decimal number: such a column is declared DECIMAL_TEXT and holds the digits
as they are written, so that nothing is rounded; cast it to REAL to calculate. A CHECK lets no
column of numbers take anything else: strict tables would need SQLite 3.37, which some systems with
Python 3.11 do not have, and know no such type.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from monazite.exchange.databases.typed_tables import EXACT, WHOLE, TypedTable, typed_tables
from monazite.exchange.selection import Progress, Selection
from monazite.progress import do_nothing

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
            base.execute(_declared(table))
            marks = ", ".join("?" * len(table.columns))
            rows = (
                [each if isinstance(each, int | str | None) else f"{each:f}" for each in row]
                for row in table.rows
            )
            base.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", rows)  # noqa: S608
        base.execute("COMMIT")
        base.execute("VACUUM")
        content = bytearray(base.serialize())
    for field in _VERSIONS:
        content[field] = bytes(field.stop - field.start)
    return bytes(content)


def _declared(table: TypedTable) -> str:
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(_columns(table)) + "\n)"


def _columns(table: TypedTable) -> Iterator[str]:
    for name, kind in table.columns.items():
        key = " PRIMARY KEY NOT NULL" if name == table.key else ""
        named = table.references.get(name)
        refers = f" REFERENCES {_quoted(named)}" if named else ""
        holds = f" CHECK ({_CHECKS[kind].format(_quoted(name))})" if kind in _CHECKS else ""
        yield f"{_quoted(name)} {_TYPES.get(kind, 'TEXT')}{key}{holds}{refers}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
