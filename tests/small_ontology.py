"""A small cut of the shipped tables, for the logic of views: real rows, in a moment.

It holds everything about one mine, the first rows of each table, and what these rows name.
Vocabulary, shapes, checks, questions and rules are the shipped ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from monazite.core.package import ontology_folder
from monazite.data.columns import Schema, read_schema
from monazite.data.reader import Row, Tables, read_tables
from monazite.export.tables import header_of, to_csv

MINE = "mountain-pass"
FIRST = 2  # Rows that are taken from the head of each table
ALSO = {
    "element_groups/mree",
    "organisations/lynas",
    "production/chn-mine-magnet-rare-earths-2024-iea-2025",
    "statements/c15-samarium",
}
"""Rows that tests ask about by name."""


@cache
def read_shipped() -> Tables:
    """Read the shipped tables, once in a worker."""
    ontology = ontology_folder()
    return read_tables(ontology / "tables", read_schema(ontology))


def cut_of(tables: Tables) -> list[Row]:
    """The rows of the cut, in the order of the tables."""
    rows = {(row.table, row.key): row for row in tables.rows}
    chosen: dict[tuple[str, str], Row] = {}
    waiting = [*_seeds(tables)]
    while waiting:
        row = waiting.pop()
        if (row.table, row.key) not in chosen:
            chosen[row.table, row.key] = row
            waiting += [rows[name] for name in _named(row, tables.schema) if name in rows]
    return [row for row in tables.rows if (row.table, row.key) in chosen]


def _seeds(tables: Tables) -> Iterator[Row]:
    for table in tables.schema.tables:
        yield from list(tables.of(table))[:FIRST]
    for row in tables.rows:
        texts = {cell.text for cells in row.cells.values() for cell in cells}
        if MINE in texts or f"{row.table}/{row.key}" in ALSO:
            yield row


def _named(row: Row, schema: Schema) -> Iterator[tuple[str, str]]:
    """The rows that a row names, as tables and keys; some of them do not exist."""
    for column in schema.tables[row.table].columns:
        for cell in row.cells.get(column.name, ()):
            if column.kind == "reference":
                for other in schema.tables.values():
                    if other.class_iri in column.classes:
                        yield other.name, cell.text
            elif column.kind == "in-table":
                yield row.cells[column.table_in][0].text, cell.text


def write_cut(folder: Path, rows: Iterable[Row] | None = None) -> Path:
    """Write the cut as an ontology folder, with all else that is shipped beside it."""
    tables = read_shipped()
    folder.mkdir(parents=True)
    for part in ontology_folder().iterdir():
        if part.name != "tables":
            (folder / part.name).symlink_to(part)
    (folder / "tables").mkdir()
    kept = cut_of(tables) if rows is None else list(rows)
    for name, table in tables.schema.tables.items():
        content = to_csv(table, [row for row in kept if row.table == name], header_of(table))
        (folder / "tables" / f"{name}.csv").write_bytes(content)
    return folder
