"""What was written beside a store is read without its engine, and is what the engine finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.errors import KeptStoreWarning
from monazite.rows.columns import read_schema
from monazite.rows.filters import Filters
from monazite.triples import lookups
from monazite.triples.cache import answers_of, is_sound
from monazite.triples.cards import read_cards, read_sources
from monazite.triples.entity_card import EntityCard, find_card
from monazite.triples.opening import open_store
from monazite.triples.shapes import StoredShapes
from monazite.triples.store import ANSWERS, FACTS, RELEASE, ROWS, Store

ANEW = r"^The kept store was damaged and is built anew\.$"
NAMES = ("kuantan", "Dy", "MYS", "dysprosium-oxide")


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
    assert lookups.LABELS.read(opened, ["<https://example.org/nothing>"]) == {}
    assert lookups.BY_NAME.read(opened, ['"nothing \\"of\\" that name"']) == {}
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
        FACTS: lambda store: lookups.BY_ID.read(store, ['"kuantan"']),
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


@pytest.mark.parametrize("names", [ROWS, FACTS])
def test_a_store_that_others_forgot_is_asked_by_its_engine(
    opened: Store, small_ontology: Path, names: tuple[str, str]
) -> None:
    right = card_of(open_store(small_ontology, cache=False), small_ontology, "kuantan")
    opened.hold()
    assert opened.folder is not None
    for name in names:
        (opened.folder / name).unlink()
    assert card_of(opened, small_ontology, "kuantan") == right
