"""Tables with typed columns, for data bases: what SQLite and Parquet have in common."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from monazite.exchange.selection import Selection
from monazite.exchange.tables import cell_text, header_of
from monazite.rows.columns import Column, TableShape
from monazite.rows.reader import Row

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
    """Yield the tables of a selection by name, those without rows too, and the view.

    A cell with several values stays one text, joined as in the tables; a number keeps its digits.
    """
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
