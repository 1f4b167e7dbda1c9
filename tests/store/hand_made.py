"""Small stores of rows that are written by hand, a line each, for what a question must find.

A row is its table and key and then its cells: ``capacity/a facility=pit stage=mine value=5``. What
a row names and no line describes is made, with its key for a name. Where no line is of a source,
all rows rest on one.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cache

from monazite.core.package import ontology_folder
from monazite.data.columns import Column, Schema, read_schema
from monazite.data.iris import BASE, NS, PREFIXES, SCHEME, entity_iri, row_iri
from monazite.data.reader import Cell, Row, read_cell, split_cell
from monazite.store.derived_triples import RuleInput
from monazite.store.quads import row_writers, vocabulary_nquads
from monazite.store.store import Store, store_of

DAY = "2026-11-24"
A, TYPE = "a", f"<{PREFIXES['rdf']}type>"


@cache
def shipped_schema() -> Schema:
    return read_schema(ontology_folder())


@cache
def vocabulary() -> bytes:
    return "".join(vocabulary_nquads(shipped_schema())).encode()


def hand_made(lines: Iterable[str], day: str = DAY) -> Store:
    """Return a store of rows, with vocabulary and direct facts, as a view of them would have."""
    written = [vocabulary(), "".join(_quads(lines)).encode()]
    rules = RuleInput(ontology_folder())
    for text in written:
        rules.add("", text)
    return store_of(b"".join([*written, rules.direct_facts(day)]))


def _quads(lines: Iterable[str]) -> Iterator[str]:
    schema = shipped_schema()
    writers = row_writers(schema)
    known: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines:
        name, *written = shlex.split(line)
        table, _, key = name.partition("/")
        known[table, key] = dict(pair(cell) for cell in written)
    if not any(table == "sources" for table, _ in known):
        for row in known.values():
            row["source"] = "told"
        known["sources", "told"] = {"tier": "1"}
    waiting = list(known)
    for table, key in waiting:  # grows while it is walked
        cells = _named(table, key) | known[table, key]
        read: dict[str, tuple[Cell, ...]] = {}
        for column in schema.tables[table].columns:
            values = split_cell(cells.pop(column.name, ""), column)
            within = known[table, key].get(column.table_in, "")
            for other in (_refers_to(value, column, within, known) for value in values):
                if other and other not in known:
                    known[other] = {}
                    waiting.append(other)
            read[column.name] = tuple(_cell(value, column, within, known) for value in values)
        assert not cells, f"{table}/{key} has no column {', '.join(cells)}"
        yield from writers[table].lines(Row(table, key, "", 0, read))


def pair(text: str) -> tuple[str, str]:
    """Return the name and the value of ``name=value``."""
    name, _, value = text.partition("=")
    return name, value


def _named(table: str, key: str) -> dict[str, str]:
    """What an entity has at the least: its key, and a name where it can have one."""
    shape = shipped_schema().tables[table]
    columns = {column.name for column in shape.columns}
    named = {name: key.replace("-", " ") for name in ("name", "title") if name in columns}
    return {shape.key_column: key} | (named if shape.kind != "record" else {})


_Known = dict[tuple[str, str], dict[str, str]]


def _refers_to(value: str, column: Column, within: str, known: _Known) -> tuple[str, str] | None:
    """The row that a cell names, if it names one: one that is there, or of the first table."""
    schema = shipped_schema()
    if column.kind == "in-table":
        return within, value
    if column.kind != "reference" or any(value in schema.codes.get(c, ()) for c in column.classes):
        return None
    tables = [t.name for c in column.classes for t in schema.tables_of(c)]
    found = [(table, value) for table in tables if (table, value) in known]
    assert tables, f"{value} is no concept for {column.name}"
    return (found or [(tables[0], value)])[0]


def _cell(value: str, column: Column, within: str, known: _Known) -> Cell:
    if column.kind not in ("reference", "in-table"):
        return read_cell(value, column)
    schema = shipped_schema()
    row = _refers_to(value, column, within, known)
    if row is None:
        codes = (schema.codes.get(name, {}).get(value) for name in column.classes)
        return Cell(value, iri=next(filter(None, codes)))
    id_path = schema.tables[row[0]].id_path
    return Cell(value, iri=entity_iri(id_path, row[1]) if id_path else row_iri(*row))


def small_quads(text: str) -> str:
    """The quads of lines ``subject predicate object; predicate object``, a graph a line."""
    quads = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        subject, _, rest = line.partition(" ")
        for part in rest.split(";"):
            predicate, value = part.split()
            quad = (_term(subject), _term(predicate), _term(value), f"<{BASE}row/small/{number}>")
            quads.append(" ".join(quad) + " .\n")
    return "".join(quads)


def _term(text: str) -> str:
    """Write ``x`` as a thing, ``mz:x`` and ``stage/x`` by their names, a date and words as such."""
    if text == A:
        return TYPE
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f'"{text}"^^<{PREFIXES["xsd"]}date>'
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return f'"{text}"^^<{PREFIXES["xsd"]}decimal>'
    if text.startswith("mz:"):
        return f"<{NS}{text[3:]}>"
    return f"<{SCHEME}{text}>" if "/" in text else f"<{BASE}id/{text}>"


def last(iri: str) -> str:
    """The last part of a name."""
    return re.split(r"[/#]", iri)[-1]


def lines_of(table: str) -> list[dict[str, str]]:
    """The rows of a shipped table, as they are written."""
    file = ontology_folder() / "tables" / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
