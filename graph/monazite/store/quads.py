"""Rows as named graphs, in lines of N-Quads.

A claim's row is graph and record in one IRI; an entity's row is the graph that describes the
entity. Which sources a row rests on stands in the one evidence graph, sources included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox

from monazite.core.errors import UnreadableError
from monazite.core.formats import without_exponent
from monazite.data.columns import Column, Schema, TableShape, Triple
from monazite.data.dates import DATATYPES, date_bounds
from monazite.data.iris import (
    ALIGNMENTS,
    DIRECT,
    EVIDENCE,
    NS,
    PREFIXES,
    VOCABULARY,
    entity_iri,
    row_iri,
)
from monazite.data.reader import Cell, Row
from monazite.data.vocabulary import scope_notes


def time_columns(table: TableShape) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns in which the rows of a table begin, and those in which they end."""
    columns = table.time_columns
    if table.time in {"interval", "part"}:
        return columns[:1], columns[1:]
    if table.time != "period":  # a figure has its printed period, else its year
        return columns, columns
    begins, ends = (
        [column.name for column in table.columns if column.path == NS + path]
        for path in ("periodFrom", "periodUntil")
    )
    return tuple(dict.fromkeys((*begins, *columns))), tuple(dict.fromkeys((*ends, *columns)))


def days_in(row: Row, columns: Sequence[str]) -> tuple[str, str]:
    """Return the first and last day that the first column with a date can mean; empty if none."""
    text = next((row.cells[name][0].text for name in columns if row.cells.get(name)), "")
    return date_bounds(text) if text else ("", "")


_XSD = PREFIXES["xsd"]
_TYPE = f"<{PREFIXES['rdf']}type>"
_EVIDENCE, _DIRECT = f"<{EVIDENCE}>", f"<{DIRECT}>"
_STARTS, _ENDS = f"<{NS}starts>", f"<{NS}ends>"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def to_nquads(rows: Iterable[Row], schema: Schema) -> Iterator[str]:
    """Yield the N-Quads of rows, one line a quad, in the order of the rows."""
    writers = row_writers(schema)
    for row in rows:
        yield from writers[row.table].lines(row)


def row_writers(schema: Schema) -> dict[str, RowWriter]:
    """Return the writer of each table's rows."""
    above = superclasses(schema.vocabulary)
    return {table.name: RowWriter(table, schema, above) for table in schema.tables.values()}


def superclasses(vocabulary: Iterable[Triple]) -> dict[str, tuple[str, ...]]:
    """Return all superclasses of each class that are in the vocabulary's own namespace."""
    above: dict[str, set[str]] = defaultdict(set)
    for triple in vocabulary:
        if triple.predicate.value == PREFIXES["rdfs"] + "subClassOf":
            # a class expression has no name
            below, higher = (getattr(x, "value", "") for x in (triple.subject, triple.object))
            above[str(below)].add(str(higher))
    found: dict[str, tuple[str, ...]] = {}
    for name in above:
        own: set[str] = set()
        waiting = [name]
        for one in waiting:  # grows while it is walked
            fresh = {higher for higher in above.get(one, ()) if higher.startswith(NS)} - own
            own |= fresh
            waiting += sorted(fresh)
        found[name] = tuple(sorted(own - {name}))
    return found


def vocabulary_nquads(schema: Schema) -> Iterator[str]:
    """Yield vocabulary, alignments and scope notes in their graphs, without blank nodes."""
    for graph, triples in ((VOCABULARY, schema.vocabulary), (ALIGNMENTS, schema.alignments)):
        for triple in sorted(triples, key=str):
            if "_:" not in (str(triple.subject)[:2], str(triple.object)[:2]):
                yield f"{triple} <{graph}> .\n"
    for path, notes in scope_notes(schema).items():
        for note in notes:
            yield f"<{path}> <{PREFIXES['skos']}scopeNote> {_quote(note)}@en <{VOCABULARY}> .\n"


class RowWriter:
    """Writes the rows of one table; superclasses of what they describe are direct facts."""

    def __init__(
        self, table: TableShape, schema: Schema, above: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._table = table
        self._above = above
        # a record may name a form without being a thing of that form
        self._entails = schema.entails if table.kind == "entity" else {}
        self._columns = {
            column.name: (
                column,
                f"<{column.path}>",
                _WRITERS.get(column.kind, _text),
                column.about_row and table.kind != "source",
                table.kind == "source"
                or (column.about_row and (column.path, column.kind) != (NS + "note", "string")),
            )
            for column in table.columns
            if not (column.key and table.kind == "record")
        }
        begins, ends = time_columns(table)
        self._time = ((_STARTS, 0, begins), (_ENDS, 1, ends)) if begins else ()

    def lines(self, row: Row) -> Iterator[str]:
        """Yield the N-Quads of a row, one line a quad."""
        table = self._table
        own = f"<{row_iri(table.name, row.key)}>"
        subject = f"<{entity_iri(table.id_path, row.key)}>" if table.id_path else own
        graph = _EVIDENCE if table.kind == "source" else own
        yield f"{subject} {_TYPE} <{table.class_iri}> {graph} .\n"
        if table.kind == "entity":
            yield f"{own} <{NS}describes> {subject} {_EVIDENCE} .\n"
            yield f"{own} {_TYPE} <{NS}Row> {_DIRECT} .\n"
        entails, columns = self._entails, self._columns
        classes = [table.class_iri]
        for name, cells in row.cells.items():
            if name not in columns:
                continue
            column, path, write, about_row, is_evidence = columns[name]
            about = own if about_row else subject
            home = _EVIDENCE if is_evidence else graph
            for cell in cells:
                for predicate, value in write(column, path, cell):
                    yield f"{about} {predicate} {value} {home} .\n"
                for implied in entails.get(cell.iri, ()) if entails else ():
                    classes.append(implied)
                    yield f"{subject} {_TYPE} <{implied}> {graph} .\n"
        above = {higher for each in classes for higher in self._above.get(each, ())}
        for higher in sorted(above.difference(classes)):
            yield f"{subject} {_TYPE} <{higher}> {_DIRECT} .\n"
        for predicate, end, names in self._time:  # in one pair whatever the table
            if day := days_in(row, names)[end]:
                yield f'{own} {predicate} "{day}"^^<{_XSD}date> {own} .\n'


_Pairs = Iterable[tuple[str, str]]


def _quote(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _text(_: Column, path: str, cell: Cell) -> _Pairs:
    language = f"@{cell.language}" if cell.language else ""
    return ((path, _quote(cell.text) + language),)


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
    plain = without_exponent(number)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(_: Column, path: str, cell: Cell) -> _Pairs:
    earliest, latest = date_bounds(cell.text)
    stem = path[:-1]
    return (
        (path, f'"{cell.text}"^^<{_XSD}{DATATYPES[len(cell.text)]}>'),
        (stem + "Earliest>", f'"{earliest}"^^<{_XSD}date>'),
        (stem + "Latest>", f'"{latest}"^^<{_XSD}date>'),
    )


_WRITERS: dict[str, Callable[[Column, str, Cell], _Pairs]] = {
    "text": _text,
    "reference": lambda _, path, cell: ((path, f"<{cell.iri}>"),),
    "in-table": lambda _, path, cell: ((path, f"<{cell.iri}>"),),
    "decimal": _number,
    "integer": _number,
    "date": _date,
    "anyURI": lambda _, path, cell: ((path, f"{_quote(cell.text)}^^<{_XSD}anyURI>"),),
    "boolean": lambda _, path, cell: ((path, f"{_quote(cell.text)}^^<{_XSD}boolean>"),),
}


# The same text however the file of the rows is written


def canonical_nquads(trig: str, *, file: str = "The page") -> bytes:
    """Return the quads of rows, given as TriG, in canonical form: N-Quads, sorted.

    Blank nodes, which rows do not have and which may take forever to tell apart, are refused. See
    RDF Dataset Canonicalization (RDFC-1.0), W3C Recommendation of 21 May 2024.
    """

    def has_blank(term: object) -> bool:
        if isinstance(term, ox.Quad | ox.Triple):
            return any(map(has_blank, term))
        return isinstance(term, ox.BlankNode)

    try:
        quads = ox.Dataset(ox.parse(trig.encode("utf-8", "replace"), format=ox.RdfFormat.TRIG))
    except (SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(f"{file} carries rows that are no TriG: {error}.") from None
    if any(map(has_blank, quads)):
        raise UnreadableError(f"{file} carries rows with blank nodes, which no row has.")
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return canonical_lines("".join(f"{quad} .\n" for quad in quads).encode())


def canonical_lines(nquads: bytes) -> bytes:
    """Return N-Quads without blank nodes in canonical form: each statement once, sorted."""
    lines = {*nquads.split(b"\n")} - {b""}
    return b"".join(line + b"\n" for line in sorted(lines))
