"""Quads -> rows: the way back from RDF to the tables, to hold the way there against.

RDF has no order: quads as they were written give every table back as it was, other quads the same
cells with rows ordered by key and lists by their texts. Blank cells are not in the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

from monazite.data.columns import Column, Schema, TableShape
from monazite.data.iris import BASE, EVIDENCE
from monazite.data.reader import Cell, Row

_ROW = BASE + "row/"
_NUMBERS = {"decimal", "integer"}
_Values: TypeAlias = dict[tuple[bool, str], list[ox.Literal | ox.NamedNode]]
"""Values of a row by whether they are about the row itself, and by property."""


def read_rows(quads: Iterable[ox.Quad], schema: Schema) -> list[Row]:
    """Return the rows that quads hold, by table, in the order in which the quads come."""
    found: dict[str, _Values] = defaultdict(lambda: defaultdict(list))
    sources = {BASE + t.id_path: t.name for t in schema.tables.values() if t.kind == "source"}
    for quad in quads:
        graph, subject = quad.graph_name, quad.subject
        if not isinstance(graph, ox.NamedNode) or not isinstance(subject, ox.NamedNode):
            continue
        name = _row_of(graph.value, subject.value, sources)
        if name and isinstance(quad.object, (ox.Literal, ox.NamedNode)):
            about_row = subject.value == _ROW + name
            found[name][about_row, quad.predicate.value].append(quad.object)
    return _rows(found, schema)


def _row_of(graph: str, subject: str, sources: dict[str, str]) -> str:
    """The row a quad belongs to, as the end of its IRI; an empty text if to none."""
    if graph.startswith(_ROW):
        return graph.removeprefix(_ROW)
    if graph != EVIDENCE:
        return ""
    if subject.startswith(_ROW):
        return subject.removeprefix(_ROW)
    for path, table in sources.items():
        if subject.startswith(path):
            return f"{table}/{subject.removeprefix(path)}"
    return ""


def _rows(found: dict[str, _Values], schema: Schema) -> list[Row]:
    codes = {
        class_iri: {concept: code for code, concept in known.items()}
        for class_iri, known in schema.codes.items()
    }
    by_table: dict[str, list[Row]] = {name: [] for name in schema.tables}
    for name, values in found.items():
        table_name, key = name.split("/", 1)
        table = schema.tables.get(table_name)
        if table is None:
            continue
        rows = by_table[table_name]
        cells = {
            c.name: tuple(_cells(c, table, values, unquote(key), codes)) for c in table.columns
        }
        filled = {column: found_cells for column, found_cells in cells.items() if found_cells}
        rows.append(Row(table_name, unquote(key), f"{table_name}.csv", len(rows) + 2, filled))
    return [row for rows in by_table.values() for row in rows]


def _cells(
    column: Column, table: TableShape, values: _Values, key: str, codes: dict[str, dict[str, str]]
) -> list[Cell]:
    if column.key and table.kind == "record":
        return [Cell(key)]
    about_row = table.kind == "record" or (column.about_row and table.kind == "entity")
    found = values.get((about_row, column.path), [])
    if column.kind in _NUMBERS:
        written = values.get((about_row, column.path + "AsWritten"), [])
        return _numbers([term.value for term in found], [term.value for term in written])
    return [_cell(term, column, codes) for term in found]


def _numbers(found: list[str], written: list[str]) -> list[Cell]:
    """Each number in its printed form, where that differs from the canonical one."""
    printed = {Decimal(text): text for text in written}
    return [Cell(printed.get(Decimal(number), number)) for number in found]


def _cell(
    term: ox.Literal | ox.NamedNode, column: Column, codes: dict[str, dict[str, str]]
) -> Cell:
    if isinstance(term, ox.Literal):
        return Cell(term.value, language=term.language or "" if column.kind == "text" else "")
    for class_iri in column.classes:
        if term.value in codes.get(class_iri, {}):
            return Cell(codes[class_iri][term.value], iri=term.value)
    return Cell(unquote(term.value.rsplit("/", 1)[-1]), iri=term.value)
