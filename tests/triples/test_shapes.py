"""The shapes beside a store are those of its ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.rows.columns import TableShapes, read_schema
from monazite.triples.opening import open_store
from monazite.triples.shapes import StoredShapes
from monazite.triples.store import Store


def test_they_are_those_of_the_ontology_without_parsing_it(
    cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    open_store(cut).wait()
    right = read_schema(cut).tables
    stored = StoredShapes(open_store(cut), cut)
    assert dict(stored) == right
    assert len(stored) == len(right)

    def refuse(*_: object) -> None:
        raise AssertionError("a shape was parsed")

    monkeypatch.setattr(TableShapes, "__getitem__", refuse)
    again = StoredShapes(open_store(cut), cut)
    assert {name: again[name] for name in right} == right


def test_a_store_without_them_reads_the_ontology(small_ontology: Path, store: Store) -> None:
    shapes = StoredShapes(open_store(small_ontology, cache=False), small_ontology)
    assert shapes["capacity"] == read_schema(small_ontology).tables["capacity"]
    with pytest.raises(KeyError):
        shapes["nothing"]
