"""The N-Quads of each row as one chunk of text, with the index that the filters read.

They lie beside the store, so that a view is chosen and loaded without reading a table again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monazite.rows.columns import Schema, TableShape
from monazite.rows.filters import Entry, Filters, Index, KeptRows, SourceEntry, to_index
from monazite.rows.iris import BASE, NS, PREFIXES, entity_iri, row_iri
from monazite.rows.reader import Row
from monazite.triples.quads import row_writers, vocabulary_nquads

VIEW = BASE + "graph/view"
_TEXT, _INDEX = "rows.nq", "index.json"
_LINK = f"> <{PREFIXES['prov']}wasDerivedFrom> <"
_ID_PATH = "source/"


@dataclass(frozen=True)
class Chunks:
    """The N-Quads of each row, and of the vocabulary, with the index of the rows."""

    index: Index
    rows: tuple[bytes, ...]
    vocabulary: bytes

    def nquads(self) -> bytes:
        """Return all quads."""
        return b"".join((*self.rows, self.vocabulary))

    def view_nquads(self, selection: KeptRows, filters: Filters) -> bytes:
        """Return the quads of a view: its rows, and which of them perhaps hold on its day."""
        marks = [_mark(self.index.entries[place], filters) for place in sorted(selection.perhaps)]
        return b"".join((*self._of(selection), *marks, self.vocabulary))

    def _of(self, selection: KeptRows) -> Iterator[bytes]:
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
                yield self.rows[place]
            else:
                yield _cut(self.rows[place], set(entry.sources) - passing)
        for place, entry in enumerate(index.entries):
            if entry.key in cited and index.tables[entry.table].kind == "source":
                yield self.rows[place]


def _cut(chunk: bytes, sources: set[str]) -> bytes:
    """Take the links to some sources out of a chunk."""
    links = tuple(f"{_LINK}{entity_iri(_ID_PATH, source)}> ".encode() for source in sources)
    lines = chunk.splitlines(keepends=True)
    return b"".join(line for line in lines if not any(link in line for link in links))


def _mark(entry: Entry, filters: Filters) -> bytes:
    row, day = row_iri(entry.table, entry.key), f'"{filters.valid}"^^<{PREFIXES["xsd"]}date>'
    return f"<{row}> <{NS}perhapsHoldsOn> {day} <{VIEW}> .\n".encode()


def to_chunks(rows: Iterable[Row], schema: Schema) -> Chunks:
    """Write rows as chunks."""
    rows = tuple(rows)
    writers = row_writers(schema)
    texts = tuple("".join(writers[row.table].lines(row)).encode() for row in rows)
    return Chunks(to_index(rows, schema), texts, "".join(vocabulary_nquads(schema)).encode())


def write_chunks(chunks: Chunks, folder: Path) -> None:
    """Write chunks to a folder."""
    data = (*chunks.rows, chunks.vocabulary)
    index = chunks.index
    content = {
        "lengths": [len(text) for text in data],
        "entries": [
            [each.table, each.key, each.sources, each.joint, each.begins, each.ends]
            for each in index.entries
        ],
        "sources": {
            name: [each.publisher, each.tier, each.known, each.dated]
            for name, each in index.sources.items()
        },
        "tables": [
            [each.name, each.kind, each.time, each.in_every_view] for each in index.tables.values()
        ],
    }
    (folder / _TEXT).write_bytes(b"".join(data))
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / _INDEX).write_text(text, encoding="utf-8")


def read_chunks(folder: Path) -> Chunks:
    """Read the chunks of a folder.

    Raises:
        OSError: a file is missing.
        ValueError: a file is damaged.
    """
    content = json.loads((folder / _INDEX).read_bytes())
    data = (folder / _TEXT).read_bytes()
    texts: list[bytes] = []
    begin = 0
    for length in content["lengths"]:
        texts.append(data[begin : begin + length])
        begin += length
    if begin != len(data):
        raise ValueError("the chunks do not fit their index")  # the cache is written anew
    return Chunks(_to_index(content), tuple(texts[:-1]), texts[-1])


def _to_index(content: dict[str, Any]) -> Index:
    entries = tuple(
        Entry(
            table,
            key,
            tuple(sources),
            joint,
            tuple(begins) if begins else None,
            tuple(ends) if ends else None,
        )
        for table, key, sources, joint, begins, ends in content["entries"]
    )
    sources = {name: SourceEntry(*each) for name, each in content["sources"].items()}
    tables = {
        name: TableShape(name, "", kind, "", time, (), (), in_every_view=in_every_view)
        for name, kind, time, in_every_view in content["tables"]
    }
    return Index(entries, sources, tables)
