"""The N-Quads of each row as one chunk of text, with the index that the filters read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

from monazite.core.results import Struct
from monazite.data.columns import Schema, TableShape
from monazite.data.filters import Entry, Filters, Index, KeptRows, SourceEntry, to_index
from monazite.data.iris import BASE, NS, PREFIXES, entity_iri, row_iri
from monazite.data.reader import Cell, Row
from monazite.store import names
from monazite.store.answers import full, quoted
from monazite.store.cache import Packing, read_checked
from monazite.store.derived_triples import RuleInput
from monazite.store.names import Found, Lookup, pack_shape, shape_key
from monazite.store.quads import row_writers, vocabulary_nquads
from monazite.store.store import FACTS, ROWS

_LABEL, _ALT = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel"
_ID, _CODE = NS + "id", NS + "iso2"
_SHOWN = {_LABEL, PREFIXES["skos"] + "prefLabel"}
_ENGLISH = ("", "en")


class _Thing:
    """An entity: what its rows say of its classes, and of its names by property."""

    def __init__(self) -> None:
        self.classes: dict[str, None] = {}
        self.names: dict[str, list[Cell]] = {path: [] for path in (_LABEL, _ALT, _ID, _CODE)}


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
    yield names.LABELS, _labels(things, schema)
    yield names.SOURCES, _sources(kinds["source"])
    yield names.ABOUT, _about(rows, things, schema)
    yield names.BY_IRI, {f"<{iri}>": _described(iri, thing) for iri, thing in things.items()}
    yield names.BY_ID, _by_term(things, _ID)
    yield names.BY_CODE, _by_term(things, _CODE)
    yield names.BY_NAME, _by_term(things, _LABEL, _ALT)
    yield names.BY_FIRST_WORD, _by_first_word(things)


def _things(rows: Iterable[Row], schema: Schema) -> dict[str, _Thing]:
    things: dict[str, _Thing] = defaultdict(_Thing)
    for row in rows:
        table = schema.tables[row.table]
        thing = things[entity_iri(table.id_path, row.key)]
        iris = (cell.iri for cells in row.cells.values() for cell in cells if cell.iri)
        entailed = (kind for iri in iris for kind in schema.entails.get(iri, ()))
        thing.classes |= dict.fromkeys((table.class_iri, *entailed))
        for column in table.columns:
            if column.path in thing.names:
                thing.names[column.path] += row.cells.get(column.name, ())
    return things


def _described(iri: str, thing: _Thing) -> Found:
    labels = dict.fromkeys(cell.text for cell in thing.names[_LABEL])
    return [
        {"entity": iri, "class": kind, "label": label} for label in labels for kind in thing.classes
    ]


def _by_term(things: dict[str, _Thing], *paths: str) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(list)
    for iri, thing in things.items():
        cells = (cell for path in paths for cell in thing.names[path])
        terms = (quoted(x.text) + (f"@{x.language}" if x.language else "") for x in cells)
        for term in dict.fromkeys(terms):
            found[term] += _described(iri, thing)
    return found


def _labels(things: dict[str, _Thing], schema: Schema) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(list)
    for triple in schema.vocabulary:
        if triple.predicate.value in _SHOWN:
            language = getattr(triple.object, "language", None) or ""
            if language in _ENGLISH:
                found[str(triple.subject)].append({"label": full(triple.object)})
    for iri, thing in things.items():
        labels = thing.names[_LABEL]
        if shown := [{"label": cell.text} for cell in labels if cell.language in _ENGLISH]:
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
        for cell in (*thing.names[_LABEL], *thing.names[_ALT]):
            name = cell.text.lower()
            word, space, _ = name.partition(" ")
            if space:
                found[quoted(word)][iri, name] = None
    return {
        word: [{"entity": iri, "name": name} for iri, name in named]
        for word, named in found.items()
    }


VIEW = BASE + "graph/view"
_INDEX = "index.json"
_LINK = f"> <{PREFIXES['prov']}wasDerivedFrom> <"
_DIRECT = "direct"  # what the direct facts stand under among the rows, whose keys have a table


class Chunks(Struct):
    """The N-Quads of each row, and of the vocabulary, with the index of the rows."""

    index: Index
    text: bytes
    ends: tuple[int, ...]  # of each chunk in the text, the vocabulary last; then the direct facts
    ontology: Path

    @property
    def vocabulary(self) -> bytes:
        """The quads of the vocabulary."""
        return self._row(len(self.ends) - 1)

    @property
    def direct(self) -> bytes:
        """The direct facts of all rows."""
        return self.text[self.ends[-1] :]

    def all(self) -> Iterator[bytes]:
        """Yield all quads."""
        yield from map(self._row, range(len(self.ends)))
        yield self.direct

    def view(self, selection: KeptRows, filters: Filters) -> Iterator[bytes]:
        """Yield the quads of a view: its rows, and which of them perhaps hold on its day."""
        for _, text in self._of(selection):
            yield text
        day = f'"{filters.valid}"^^<{PREFIXES["xsd"]}date>'
        for entry in (self.index.entries[place] for place in sorted(selection.perhaps)):
            row = row_iri(entry.table, entry.key)
            yield f"<{row}> <{NS}perhapsHoldsOn> {day} <{VIEW}> .\n".encode()
        yield self.vocabulary

    def facts(self, selection: KeptRows, filters: Filters) -> bytes:
        """Work out the direct facts of a view."""
        rules = RuleInput(self.ontology)
        for table, text in self._of(selection):
            rules.add(table, text)
        rules.add("", self.vocabulary)
        return rules.direct_facts(filters.valid)

    def _row(self, place: int) -> bytes:
        return self.text[self.ends[place - 1] if place else 0 : self.ends[place]]

    def _of(self, selection: KeptRows) -> Iterator[tuple[str, bytes]]:
        """Chunks of the rows with their links to the sources of the view, and these sources."""
        index, passing = self.index, selection.sources
        cited = set(passing)
        for place in selection.kept:
            entry = index.entries[place]
            table = index.tables[entry.table]
            if table.kind == "source":
                continue
            if table.in_every_view:
                cited.update(entry.sources)
            if table.in_every_view or passing.issuperset(entry.sources):
                yield entry.table, self._row(place)
            else:
                gone = set(entry.sources) - passing
                links = tuple(f"{_LINK}{entity_iri('source/', x)}> ".encode() for x in gone)
                lines = self._row(place).splitlines(keepends=True)
                kept = (line for line in lines if not any(link in line for link in links))
                yield entry.table, b"".join(kept)
        for place, entry in enumerate(index.entries):
            if entry.key in cited and index.tables[entry.table].kind == "source":
                yield entry.table, self._row(place)


def write_texts(rows: Sequence[Row], schema: Schema, ontology: Path) -> Iterator[bytes]:
    """Yield the N-Quads of each row, then of the vocabulary, and at last the direct facts."""
    writers = row_writers(schema)
    rules = RuleInput(ontology)
    for row in rows:
        text = "".join(writers[row.table].lines(row)).encode()
        rules.add(row.table, text)
        yield text
    text = "".join(vocabulary_nquads(schema)).encode()
    rules.add("", text)
    yield text
    yield rules.direct_facts()


def to_chunks(rows: Sequence[Row], schema: Schema, ontology: Path) -> Chunks:
    """Write rows as chunks in memory."""
    texts = list(write_texts(rows, schema, ontology))
    ends = tuple(accumulate(map(len, texts[:-1])))
    return Chunks(to_index(rows, schema), b"".join(texts), ends, ontology)


def write_chunks(rows: Sequence[Row], schema: Schema, ontology: Path, folder: Path) -> Index:
    """Write rows as chunks to a folder, without holding their text; return their index."""
    keys = chain((f"{row.table}/{row.key}" for row in rows), ["", _DIRECT])
    with (folder / ROWS[0]).open("wb") as out:
        packing = Packing(out)
        texts = zip(keys, write_texts(rows, schema, ontology), strict=True)
        lengths = [packing.write(key, text) for key, text in texts]
    packing.write_index(folder / ROWS[1])
    write_facts(rows, schema, folder)
    index = to_index(rows, schema)
    content = {
        "lengths": lengths,
        "entries": index.entries,
        "sources": index.sources,
        "tables": [
            [each.name, each.kind, each.time, each.in_every_view] for each in index.tables.values()
        ],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / _INDEX).write_text(text, encoding="utf-8")
    return index


def read_chunks(
    folder: Path, ontology: Path, *, finished: bool = True, checked: bool = True
) -> Chunks:
    """Read the chunks of a folder."""
    from concurrent.futures import ThreadPoolExecutor

    def read(name: str, *, check: bool) -> bytes:
        return read_checked(folder, name) if finished and check else (folder / name).read_bytes()

    with ThreadPoolExecutor(1) as other:  # reads the quads while the index is parsed
        text = other.submit(read, ROWS[0], check=checked)
        parsed = json.loads(read(_INDEX, check=True))
        index, ends = _to_index(parsed), tuple(accumulate(parsed["lengths"][:-1]))
        return Chunks(index, text.result(), ends, ontology)


def _to_index(content: dict[str, Any]) -> Index:
    entries = tuple(
        Entry(table, key, tuple(cited), joint, begins and tuple(begins), ends and tuple(ends))
        for table, key, cited, joint, begins, ends in content["entries"]
    )
    sources = {name: SourceEntry(*each) for name, each in content["sources"].items()}
    tables = {
        name: TableShape(name, "", kind, "", time, (), (), in_every_view=in_every_view)
        for name, kind, time, in_every_view in content["tables"]
    }
    return Index(entries, sources, tables)
