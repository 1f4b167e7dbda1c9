"""What was written beside a store is read without its engine, and is what the engine finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.core.errors import KeptStoreWarning
from monazite.data import releases
from monazite.data.columns import read_schema
from monazite.data.filters import Filters
from monazite.data.reader import read_tables
from monazite.data.releases import Release, days_of, ontology_of, shipped_files
from monazite.data.vocabulary import read_title
from monazite.store.cache import answers_of, content_hash, is_sound, tables_hash
from monazite.store.cards import read_cards, read_sources
from monazite.store.entity_card import EntityCard, find_card
from monazite.store.names import BY_ID, BY_NAME, LABELS, StoredShapes
from monazite.store.opening import NEWS, open_store
from monazite.store.queries import ask
from monazite.store.store import ANSWERS, FACTS, RELEASE, ROWS, Store

ANEW = r"^The kept store was damaged and is built anew\.$"
NAMES = ("kuantan", "dysprosium-oxide")


@pytest.fixture
def opened(tmp_path: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A kept store of a small ontology, of which nothing was asked."""
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    open_store(small_ontology).wait()
    return open_store(small_ontology)


def forbid_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the engine was opened")

    monkeypatch.setattr(ox.Store, "read_only", refuse)


def card_of(store: Store, ontology: Path, name: str) -> EntityCard:
    return find_card(store, StoredShapes(store, ontology), name)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_needs_no_engine_the_first_time(
    opened: Store, small_ontology: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = card_of(open_store(small_ontology, cache=False), small_ontology, name)
    assert len(right) > 0
    assert opened.folder is not None
    assert not answers_of(opened.folder).exists()
    forbid_engine(monkeypatch)
    assert card_of(opened, small_ontology, name) == right


def test_a_view_and_a_copy_are_asked_themselves(opened: Store, small_ontology: Path) -> None:
    """They hold other rows than the store beside which the facts lie."""
    filters = Filters(known="2024-12-31")
    open_store(small_ontology, filters=filters).wait()
    view = open_store(small_ontology, filters=filters)
    right = open_store(small_ontology, filters=filters, cache=False)
    assert view.folder is not None
    everything = card_of(opened, small_ontology, "kuantan")
    found = card_of(view, small_ontology, "kuantan")
    assert found == card_of(right, small_ontology, "kuantan") != everything
    assert card_of(view.copy(), small_ontology, "kuantan") == found


def test_what_is_not_there_is_not_found(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_engine(monkeypatch)
    assert LABELS.read(opened, ["<https://example.org/nothing>"]) == {}
    assert BY_NAME.read(opened, ['"nothing \\"of\\" that name"']) == {}
    assert read_sources(opened, ["capacity/nothing"]) == {"capacity/nothing": ()}
    assert opened.read_packed(ROWS, ["capacity/nothing"]) == {}


@pytest.mark.parametrize("names", [ROWS, FACTS, ANSWERS])
@pytest.mark.parametrize("which", [0, 1])
def test_what_is_damaged_while_the_store_is_open_heals_with_a_word(
    opened: Store, small_ontology: Path, names: tuple[str, str], which: int
) -> None:
    asks: dict[tuple[str, str], Callable[[Store], object]] = {
        ROWS: lambda store: read_cards(
            store, read_schema(small_ontology).tables, ["capacity/kuantan-2025"]
        ),
        FACTS: lambda store: BY_ID.read(store, ['"kuantan"']),
        ANSWERS: lambda store: store.select(RELEASE).variables,
    }
    right = asks[names](open_store(small_ontology, cache=False))
    assert opened.folder is not None
    file = opened.folder / names[which]
    file.write_bytes(bytes(byte ^ 4 for byte in file.read_bytes()))
    with pytest.warns(KeptStoreWarning, match=ANEW):
        assert asks[names](opened) == right
    opened.wait()
    assert is_sound(opened.folder)
    assert asks[names](open_store(small_ontology)) == right


ASKED = ("claim-links", "claim-responses", "claim-statements")


@pytest.mark.parametrize("filters", [None, Filters(tier=2)])
def test_questions_answered_at_the_build_need_no_engine(
    cut: Path, tmp_path: Path, filters: Filters | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    built = open_store(cut, filters=filters)
    built.wait()
    right = open_store(cut, filters=filters, cache=False)

    forbid_engine(monkeypatch)
    kept = open_store(cut, filters=filters)
    for question in (RELEASE, NEWS):
        assert [str(row) for row in kept.select(question)] == [
            str(row) for row in right.select(question)
        ]
    for name in ASKED:
        assert ask(kept, name) == ask(right, name)


def test_shapes_are_those_of_the_ontology_without_parsing_it(
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

    monkeypatch.setattr("monazite.store.names.read_shape", refuse)
    again = StoredShapes(open_store(cut), cut)
    assert {name: again[name] for name in right} == right


def test_a_store_without_them_reads_the_ontology(small_ontology: Path) -> None:
    shapes = StoredShapes(open_store(small_ontology, cache=False), small_ontology)
    assert shapes["capacity"] == read_schema(small_ontology).tables["capacity"]
    with pytest.raises(KeyError):
        shapes["nothing"]


@pytest.fixture
def ours(small_ontology: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(releases, "ontology_folder", lambda: small_ontology)
    return small_ontology


@pytest.fixture
def released(ours: Path) -> Release:
    return Release(**{**days_of(ours), "schema": 1, "files": shipped_files(ours), "hash": ""})  # type: ignore[arg-type]


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


def test_tables_that_came_after_the_schema_of_a_release_are_empty_in_it(
    ours: Path, released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "SCHEMA", 2)
    files = {name: each for name, each in released.files.items() if name != "capacity.csv"}
    found = ontology_of(replace(released, files=files))
    tables = read_tables(found / "tables", read_schema(found))
    assert (tables.faults, tables.of("capacity")) == ([], [])
    assert len(tables.of("ownership")) == 1
