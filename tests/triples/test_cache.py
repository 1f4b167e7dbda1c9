"""The cache of stores: where it is, and what a store is named by."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.triples.cache import cache_folder, content_hash
from monazite.triples.opening import open_store


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own for one test; it does not exist yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MONAZITE_CACHE", str(folder))
    return folder


def test_the_cache_is_where_the_environment_says(cache: Path, small_ontology: Path) -> None:
    assert cache_folder() == cache
    store = open_store(small_ontology)
    assert store.folder is not None
    assert store.folder.parent == cache


def test_without_the_environment_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONAZITE_CACHE")
    assert cache_folder().name == "monazite"


@pytest.mark.parametrize("part", ["tables/capacity.csv", "shapes/capacity.ttl", "monazite.ttl"])
def test_whatever_a_store_is_built_from_is_in_its_name(small_ontology: Path, part: str) -> None:
    before = content_hash(small_ontology)
    assert content_hash(small_ontology) == before
    file = small_ontology / part
    file.write_bytes(file.read_bytes() + b"\n")
    assert content_hash(small_ontology) != before


def test_the_name_of_a_store_does_not_depend_on_where_the_tables_lie(
    small_ontology: Path, tmp_path: Path
) -> None:
    elsewhere = shutil.copytree(small_ontology, tmp_path / "elsewhere")
    assert content_hash(elsewhere) == content_hash(small_ontology)
