"""Rows as named graphs, in lines of N-Quads.

A claim's row is graph and record in one IRI; an entity's row is the graph that describes the
entity. Which sources a row rests on stands in the one evidence graph, sources included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from monazite.rows.cells import Cell
from monazite.rows.columns import Column, Schema, TableShape
from monazite.rows.dates import DATATYPES, date_bounds
from monazite.rows.iris import ALIGNMENTS, EVIDENCE, NS, PREFIXES, VOCABULARY, entity_iri, row_iri
from monazite.rows.reader import Row
from monazite.rows.spans import end_in, start_in, time_columns
from monazite.rows.vocabulary import scope_notes

_XSD = PREFIXES["xsd"]
_TYPE = f"<{PREFIXES['rdf']}type>"
_SCOPE_NOTE = f"<{PREFIXES['skos']}scopeNote>"
_EVIDENCE = f"<{EVIDENCE}>"
_STARTS, _ENDS = f"<{NS}starts>", f"<{NS}ends>"
_DESCRIBES = f"<{NS}describes>"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def to_nquads(rows: Iterable[Row], schema: Schema) -> Iterator[str]:
    """Yield the N-Quads of rows, one line a quad, in the order of the rows.

    >>> from monazite.rows.columns import Schema, TableShape, Column
    >>> table = TableShape("prices", NS + "Price", "record", "", "none", (), (
    ...     Column("value", NS + "value", "decimal"),))
    >>> row = Row("prices", "dy", "prices.csv", 2, {"value": (Cell("1.50"),)})
    >>> for line in to_nquads([row], Schema({"prices": table})):
    ...     print(line.replace("https://w3id.org/monazite/", ""), end="")
    <row/prices/dy> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <ns#Price> <row/prices/dy> .
    <row/prices/dy> <ns#value> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <row/prices/dy> .
    <row/prices/dy> <ns#valueAsWritten> "1.50" <row/prices/dy> .
    """
    writers = row_writers(schema)
    for row in rows:
        yield from writers[row.table].lines(row)


def row_writers(schema: Schema) -> dict[str, RowWriter]:
    """Return the writer of each table's rows."""
    return {table.name: RowWriter(table, schema) for table in schema.tables.values()}


def vocabulary_nquads(schema: Schema) -> Iterator[str]:
    """Yield vocabulary, schemes and alignments in their graphs, less the axioms on blank nodes.

    What each table means by a property that several share follows from the shapes. What must not
    be taken for each other is an axiom on a blank node, and stands in the alignments alone.
    """
    for graph, triples in ((VOCABULARY, schema.vocabulary), (ALIGNMENTS, schema.alignments)):
        for triple in sorted(triples, key=str):
            if "_:" not in (str(triple.subject)[:2], str(triple.object)[:2]):
                yield f"{triple} <{graph}> .\n"
    for path, notes in scope_notes(schema).items():
        for note in notes:
            yield f"<{path}> {_SCOPE_NOTE} {_quote(note)}@en <{VOCABULARY}> .\n"


class RowWriter:
    """Writes the rows of one table."""

    def __init__(self, table: TableShape, schema: Schema) -> None:
        self._table = table
        # a record may name a form without being a thing of that form
        self._entails = schema.entails if table.kind == "entity" else {}
        self._columns = {
            column.name: (
                column,
                f"<{column.path}>",
                _WRITERS.get(column.kind, _string),
                column.about_row and table.kind != "source",
                _is_evidence(column) or table.kind == "source",
            )
            for column in table.columns
            if not (column.key and table.kind == "record")
        }
        self._class = f"<{table.class_iri}>"
        begins, ends = time_columns(table)
        self._time = ((_STARTS, start_in, begins), (_ENDS, end_in, ends)) if begins else ()

    def lines(self, row: Row) -> Iterator[str]:
        """Yield the N-Quads of a row, one line a quad."""
        table = self._table
        own = f"<{row_iri(table.name, row.key)}>"
        subject = f"<{entity_iri(table.id_path, row.key)}>" if table.id_path else own
        graph = _EVIDENCE if table.kind == "source" else own
        yield f"{subject} {_TYPE} {self._class} {graph} .\n"
        if table.kind == "entity":
            yield f"{own} {_DESCRIBES} {subject} {_EVIDENCE} .\n"
        entails, columns = self._entails, self._columns
        for name, cells in row.cells.items():
            if name not in columns:
                continue
            column, path, write, about_row, is_evidence = columns[name]
            about = own if about_row else subject
            home = _EVIDENCE if is_evidence else graph
            for cell in cells:
                for predicate, value in write(column, path, cell):
                    yield f"{about} {predicate} {value} {home} .\n"
                if entails and cell.iri in entails:
                    for implied in entails[cell.iri]:
                        yield f"{subject} {_TYPE} <{implied}> {graph} .\n"
        yield from self._days(row, own)

    def _days(self, row: Row, own: str) -> Iterator[str]:
        """Yield the first and the last day of a row, in one pair whatever its table."""
        for predicate, day_in, names in self._time:
            if day := day_in(row, names):
                yield f'{own} {predicate} "{day}"^^<{_XSD}date> {own} .\n'


def _is_evidence(column: Column) -> bool:
    """Evidence goes to the evidence graph; a remark stays with the row."""
    return column.about_row and not (column.kind == "string" and column.path == NS + "note")


_Pairs = Iterable[tuple[str, str]]


def _quote(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _string(_: Column, path: str, cell: Cell) -> _Pairs:
    return ((path, _quote(cell.text)),)


def _text(_: Column, path: str, cell: Cell) -> _Pairs:
    language = f"@{cell.language}" if cell.language else ""
    return ((path, _quote(cell.text) + language),)


def _reference(_: Column, path: str, cell: Cell) -> _Pairs:
    return ((path, f"<{cell.iri}>"),)


def _number(column: Column, path: str, cell: Cell) -> _Pairs:
    canonical = _canonical(cell.text)
    yield path, f'"{canonical}"^^<{_XSD}{column.kind}>'
    if canonical != cell.text:
        yield path[:-1] + "AsWritten>", _quote(cell.text)


@lru_cache(maxsize=1 << 15)
def _canonical(text: str) -> str:
    number = Decimal(text)
    if number == 0:
        return "0"
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(_: Column, path: str, cell: Cell) -> _Pairs:
    earliest, latest = date_bounds(cell.text)
    stem = path[:-1]
    return (
        (path, f'"{cell.text}"^^<{_XSD}{DATATYPES[len(cell.text)]}>'),
        (stem + "Earliest>", f'"{earliest}"^^<{_XSD}date>'),
        (stem + "Latest>", f'"{latest}"^^<{_XSD}date>'),
    )


def _typed(column: Column, path: str, cell: Cell) -> _Pairs:
    return ((path, f"{_quote(cell.text)}^^<{_XSD}{column.kind}>"),)


_WRITERS: dict[str, Callable[[Column, str, Cell], _Pairs]] = {
    "text": _text,
    "reference": _reference,
    "in-table": _reference,
    "decimal": _number,
    "integer": _number,
    "date": _date,
    "anyURI": _typed,
    "boolean": _typed,
}
