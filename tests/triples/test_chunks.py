"""Chunks: what is written to a folder is read back."""

from __future__ import annotations

from pathlib import Path

from monazite.rows.columns import read_schema
from monazite.rows.filters import Filters, select
from monazite.rows.reader import read_tables
from monazite.triples.chunks import read_chunks, to_chunks, write_chunks


def test_chunks_come_back_as_they_were_written(small_ontology: Path, tmp_path: Path) -> None:
    schema = read_schema(small_ontology)
    rows = read_tables(small_ontology / "tables", schema).rows
    chunks = to_chunks(rows, schema, small_ontology)
    written = write_chunks(rows, schema, small_ontology, tmp_path)
    again = read_chunks(tmp_path, small_ontology, finished=False)
    assert (
        b"".join(again.all())
        == again.text
        == b"".join((*again.rows, again.vocabulary, again.direct))
    )
    assert written.entries == again.index.entries
    assert again.rows == chunks.rows
    assert again.vocabulary == chunks.vocabulary
    assert again.index.entries == chunks.index.entries
    assert again.index.sources == chunks.index.sources
    filters = Filters(valid="2024-06-30", tier=1)
    assert select(again.index, filters) == select(chunks.index, filters)
