"""The ontology with the tables of a release: ours where they are the same, else a copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monazite.rows import releases
from monazite.rows.columns import read_schema
from monazite.rows.reader import read_tables
from monazite.rows.releases import Release
from monazite.rows.vocabulary import read_title
from monazite.triples import released_tables
from monazite.triples.cache import content_hash, tables_hash
from monazite.triples.released_tables import days_of, ontology_of, shipped_files


@pytest.fixture
def ours(small_ontology: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(released_tables, "ontology_folder", lambda: small_ontology)
    return small_ontology


@pytest.fixture
def released(ours: Path) -> Release:
    return Release(**{**days_of(ours), "schema": 1, "files": shipped_files(ours)})  # type: ignore[arg-type]


def test_the_shipped_tables_are_asked_where_they_lie(ours: Path, released: Release) -> None:
    assert ontology_of(released) == ours


def test_other_rows_stand_in_a_copy_with_their_day_and_a_store_of_their_own(
    ours: Path, released: Release
) -> None:
    persons = released.files["persons.csv"] + b"ann,Ann,,annual,\n"
    newer = replace(released, issued="2026-12-24", files={**released.files, "persons.csv": persons})
    found = ontology_of(newer)
    assert read_title(read_schema(found)).issued == "2026-12-24"
    assert days_of(found)["news_read_to"] == released.news_read_to
    assert (found / "tables" / "persons.csv").read_bytes() == persons
    assert tables_hash(found) != tables_hash(ours)
    assert content_hash(found) != content_hash(ours)
    assert ontology_of(newer) == found


def test_a_day_alone_is_another_release(ours: Path, released: Release) -> None:
    found = ontology_of(replace(released, issued="2026-12-24"))
    assert found != ours
    assert tables_hash(found) == tables_hash(ours)
    assert content_hash(found) != content_hash(ours)


def test_tables_that_came_after_the_schema_of_a_release_are_empty_in_it(
    ours: Path, released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "SCHEMA", 2)
    files = {name: each for name, each in released.files.items() if name != "capacity.csv"}
    found = ontology_of(replace(released, files=files))
    tables = read_tables(found / "tables", read_schema(found))
    assert (tables.faults, tables.of("capacity")) == ([], [])
    assert len(tables.of("ownership")) == 1
