"""What is looked up of things by their IRI, id or name, and answered without the engine.

What it finds is written beside the store; for a view, the store is asked of what is wanted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

from monazite.data.columns import Column, TableShape, read_schema, read_shape
from monazite.data.iris import PREFIXES
from monazite.store.answers import full
from monazite.store.store import FACTS, Store

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
Found: TypeAlias = list[dict[str, str]]
"""The solutions for one thing: texts by variable, IRIs whole."""
_BUCKETS = 1 << 8  # texts in which a lookup is packed


@dataclass(frozen=True)
class Lookup:
    """A question of things, answered one by one: ``$THINGS`` names what ``?thing`` can be."""

    name: str
    text: str

    def read(self, store: Store, things: Iterable[str]) -> dict[str, Found]:
        """Return what is found of things; one of which nothing is found is not among the keys."""
        things = tuple(things)
        packed = store.read_packed(FACTS, {self._bucket(thing) for thing in things})
        if packed is None:
            return self._ask(store, things)
        known: dict[str, dict[str, list[str]]] = {}
        for text in packed.values():
            known |= json.loads(text)
        return {thing: _to_rows(known[thing]) for thing in things if thing in known}

    def kept(self, store: Store) -> dict[str, Found]:
        """Return all that is packed beside the store; nothing where nothing is."""
        keys = [f"{self.name} {number}" for number in range(_BUCKETS)]
        known = (json.loads(text) for text in (store.read_packed(FACTS, keys) or {}).values())
        return {thing: _to_rows(found) for each in known for thing, found in each.items()}

    def pack(self, found: Mapping[str, Found]) -> dict[str, bytes]:
        """Return what is packed of things, by its keys."""
        buckets: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
        for thing, answers in found.items():
            columns = answers[0] if answers else ()  # an entity may be named by thousands of rows
            by_column = {name: [each[name] for each in answers] for name in columns}
            buckets[self._bucket(thing)][thing] = by_column
        return {key: json.dumps(bucket).encode() for key, bucket in buckets.items()}

    def _bucket(self, thing: str) -> str:
        """The key under which a thing is packed with others: a text for each costs a build more."""
        return f"{self.name} {crc32(thing.encode()) % _BUCKETS}"

    def _ask(self, store: Store, things: tuple[str, ...]) -> dict[str, Found]:
        found: dict[str, Found] = {}
        if not things:
            return found
        values = f"VALUES ?thing {{ {' '.join(things)} }}"
        solutions = store.select(PREFIX + self.text.replace("$THINGS", values))
        names = [each.value for each in solutions.variables if each.value != "thing"]
        for row in solutions:
            answer = {name: full(row[name]) for name in names}
            found.setdefault(str(row["thing"]), []).append(answer)
        return found


def _to_rows(columns: dict[str, list[str]]) -> Found:
    return [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]


LABELS = Lookup(
    "label",
    """SELECT DISTINCT ?thing ?label WHERE {
  $THINGS
  ?thing rdfs:label|skos:prefLabel ?label . FILTER(LANG(?label) IN ("", "en"))
}""",
)
SOURCES = Lookup(
    "source",
    """SELECT DISTINCT ?thing ?publisher ?title ?published ?tier ?url ?original WHERE {
  $THINGS
  ?thing mz:publisher ?publisher ; mz:title ?title ;
    mz:tier ?tierConcept . ?tierConcept skos:notation ?tier .
  OPTIONAL { ?thing mz:published ?published } OPTIONAL { ?thing mz:url ?url }
  OPTIONAL { ?thing mz:root ?root . ?root mz:url ?original }
}""",
)
ABOUT = Lookup(
    "about",
    """SELECT DISTINCT ?thing ?row WHERE {
  $THINGS
  { ?row mz:describes ?thing } UNION { GRAPH ?row { ?row ?p ?thing } }
}""",
)
BY_IRI = Lookup(
    "iri",
    """SELECT DISTINCT ?thing ?entity ?class ?label WHERE {
  $THINGS
  ?row mz:describes ?thing . GRAPH ?row { ?thing a ?class ; rdfs:label ?label }
  BIND(?thing AS ?entity) }""",
)
_ENTITIES = """SELECT DISTINCT ?thing ?entity ?class ?label WHERE {
  $THINGS
  $NAMED
  ?row mz:describes ?entity . GRAPH ?row { ?entity a ?class ; rdfs:label ?label } }"""
_LABELLED = "{ ?entity rdfs:label ?thing } UNION { ?entity skos:altLabel ?thing }"
BY_ID = Lookup("id", _ENTITIES.replace("$NAMED", "?entity mz:id ?thing ."))
BY_CODE = Lookup("code", _ENTITIES.replace("$NAMED", "?entity mz:iso2 ?thing ."))
BY_NAME = Lookup("name", _ENTITIES.replace("$NAMED", _LABELLED))
BY_FIRST_WORD = Lookup(
    "word",
    """SELECT DISTINCT ?thing ?entity ?name WHERE {
  { ?entity rdfs:label ?written } UNION { ?entity skos:altLabel ?written }
  BIND(LCASE(STR(?written)) AS ?name) BIND(STRBEFORE(?name, " ") AS ?thing)
  { $THINGS } }""",
)


class StoredShapes(Mapping[str, TableShape]):
    """The tables of an ontology folder by name, each read from the store when it is asked for."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._read: dict[str, TableShape] = {}

    def __getitem__(self, name: str) -> TableShape:
        if name not in self._read:
            key = shape_key(name)
            text = (self._store.read_packed(FACTS, [key]) or {}).get(key)
            self._read[name] = _unpack(text) if text else read_shape(self._folder, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(read_schema(self._folder).tables)

    def __len__(self) -> int:
        return len(read_schema(self._folder).tables)


def shape_key(table: str) -> str:
    """Return the key of the packed shape of a table."""
    return f"shape {table}"


def pack_shape(table: TableShape) -> bytes:
    """Return what is packed of a shape."""
    columns = [vars(column) for column in table.columns]
    return json.dumps({**vars(table), "columns": columns}, default=str).encode()


def _unpack(text: bytes) -> TableShape:
    content = json.loads(text)
    for column in content["columns"]:
        column["classes"] = tuple(column["classes"])
        for bound in ("minimum", "maximum"):
            column[bound] = None if column[bound] is None else Decimal(column[bound])
    columns = tuple(Column(**column) for column in content.pop("columns"))
    return TableShape(columns=columns, time_columns=tuple(content.pop("time_columns")), **content)
