"""What lookups find, worked out of the rows while a store is built: no query is asked.

It is what the SPARQL of each lookup finds in the quads of the same rows; asking the engine of all
things would be a fifth of a build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monazite.rows.cells import Cell
from monazite.rows.columns import Schema
from monazite.rows.iris import NS, PREFIXES, entity_iri, row_iri
from monazite.rows.reader import Row
from monazite.triples import lookups
from monazite.triples.answers import full, quoted
from monazite.triples.lookups import Found, Lookup
from monazite.triples.packed import Packing
from monazite.triples.shapes import pack_shape, shape_key
from monazite.triples.store import FACTS

_LABEL, _ALT = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel"
_SHOWN = {_LABEL, PREFIXES["skos"] + "prefLabel"}
_ENGLISH = ("", "en")


@dataclass
class _Thing:
    """An entity: what its rows say of its classes and names."""

    classes: dict[str, None] = field(default_factory=dict)
    labels: list[Cell] = field(default_factory=list)
    others: list[Cell] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def names(self) -> Iterator[Cell]:
        yield from self.labels
        yield from self.others


def write_facts(rows: Sequence[Row], schema: Schema, folder: Path) -> None:
    """Write what lookups find beside the files of a store."""
    texts, index = (folder / name for name in FACTS)
    with texts.open("wb") as out:
        packing = Packing(out)
        for lookup, found in all_facts(rows, schema):
            for key, text in lookup.pack(found).items():
                packing.write(key, text)
        for table in schema.tables.values():
            packing.write(shape_key(table.name), pack_shape(table))
    packing.write_index(index)


def all_facts(rows: Sequence[Row], schema: Schema) -> Iterator[tuple[Lookup, dict[str, Found]]]:
    """Yield each lookup with what it finds of every thing that it finds anything of."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[schema.tables[row.table].kind].append(row)
    things = _things(kinds["entity"], schema)
    yield lookups.LABELS, _labels(things, schema)
    yield lookups.SOURCES, _sources(kinds["source"])
    yield lookups.ABOUT, _about(rows, things, schema)
    yield lookups.BY_IRI, {f"<{iri}>": _described(iri, thing) for iri, thing in things.items()}
    yield lookups.BY_ID, _by_term(things, lambda thing: map(quoted, thing.ids))
    yield lookups.BY_CODE, _by_term(things, lambda thing: map(quoted, thing.codes))
    yield lookups.BY_NAME, _by_term(things, lambda thing: map(_term, thing.names))
    yield lookups.BY_FIRST_WORD, _by_first_word(things)


def _things(rows: Iterable[Row], schema: Schema) -> dict[str, _Thing]:
    things: dict[str, _Thing] = defaultdict(_Thing)
    for row in rows:
        table = schema.tables[row.table]
        thing = things[entity_iri(table.id_path, row.key)]
        entailed = (
            kind
            for cells in row.cells.values()
            for cell in cells
            if cell.iri
            for kind in schema.entails.get(cell.iri, ())
        )
        thing.classes |= dict.fromkeys((table.class_iri, *entailed))
        for column in table.columns:
            cells = row.cells.get(column.name, ())
            if column.path == _LABEL:
                thing.labels += cells
            elif column.path == _ALT:
                thing.others += cells
            elif column.path == NS + "id":
                thing.ids += (cell.text for cell in cells)
            elif column.path == NS + "iso2":
                thing.codes += (cell.text for cell in cells)
    return things


def _described(iri: str, thing: _Thing) -> Found:
    labels = dict.fromkeys(cell.text for cell in thing.labels)
    return [
        {"entity": iri, "class": kind, "label": label} for label in labels for kind in thing.classes
    ]


def _by_term(
    things: dict[str, _Thing], terms: Callable[[_Thing], Iterable[str]]
) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(list)
    for iri, thing in things.items():
        for term in dict.fromkeys(terms(thing)):
            found[term] += _described(iri, thing)
    return found


def _term(name: Cell) -> str:
    return quoted(name.text) + (f"@{name.language}" if name.language else "")


def _labels(things: dict[str, _Thing], schema: Schema) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(list)
    for triple in schema.vocabulary:
        if triple.predicate.value in _SHOWN:
            language = getattr(triple.object, "language", None) or ""
            if language in _ENGLISH:
                found[str(triple.subject)].append({"label": full(triple.object)})
    for iri, thing in things.items():
        shown = [{"label": cell.text} for cell in thing.labels if cell.language in _ENGLISH]
        if shown:
            found[f"<{iri}>"] += shown
    return found


def _sources(rows: Sequence[Row]) -> dict[str, Found]:
    urls = {row.key: row.text("url") for row in rows}
    return {
        f"<{entity_iri('source/', row.key)}>": [
            {name: row.text(name) for name in ("publisher", "title", "published", "tier", "url")}
            | {"original": urls.get(row.text("root"), "")}
        ]
        for row in rows
    }


def _about(rows: Iterable[Row], things: Iterable[str], schema: Schema) -> dict[str, Found]:
    """The rows that describe an entity, and the records that name it."""
    naming = {
        table.name: [
            column.name
            for column in table.columns
            if column.kind in {"reference", "in-table"} and not column.about_row
        ]
        for table in schema.tables.values()
        if table.kind == "record"
    }
    found: dict[str, dict[str, None]] = {iri: {} for iri in things}
    for row in rows:
        table = schema.tables[row.table]
        if table.kind == "source":
            continue
        own = row_iri(row.table, row.key)
        if table.kind == "entity":
            found[entity_iri(table.id_path, row.key)][own] = None
        for name in naming.get(row.table, ()):
            for cell in row.cells.get(name, ()):
                if cell.iri in found:
                    found[cell.iri][own] = None
    return {f"<{iri}>": [{"row": own} for own in named] for iri, named in found.items()}


def _by_first_word(things: dict[str, _Thing]) -> dict[str, Found]:
    found: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for iri, thing in things.items():
        for cell in thing.names:
            name = cell.text.lower()
            word, space, _ = name.partition(" ")
            if space:
                found[quoted(word)][iri, name] = None
    return {
        word: [{"entity": iri, "name": name} for iri, name in named]
        for word, named in found.items()
    }
