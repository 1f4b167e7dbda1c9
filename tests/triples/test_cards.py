"""Rows as cards: cells in a line, dates, sources, of a small ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.rows.columns import TableShapes
from monazite.triples.cards import RowCard, read_cards, rows_about
from monazite.triples.names import find_entity
from monazite.triples.opening import open_store
from monazite.triples.store import Store
from tests.conftest import write_small_ontology

ROWS = ("capacity/kuantan-2024", "ownership/lynas-kuantan", "facilities/kuantan", "capacity/nobody")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_ontology(tmp_path_factory.mktemp("cards") / "small")


@pytest.fixture(scope="module")
def store(small: Path) -> Store:
    return open_store(small, cache=False)


@pytest.fixture(scope="module")
def cards(small: Path, store: Store) -> dict[str, RowCard]:
    return read_cards(store, TableShapes(small), ROWS)


def test_a_row_that_is_not_there_has_no_card(cards: dict[str, RowCard], store: Store) -> None:
    assert sorted(cards) == sorted(ROWS[:3])
    assert read_cards(store, {}, []) == {}


def test_a_unit_joins_the_number_before_it(cards: dict[str, RowCard]) -> None:
    card = cards["capacity/kuantan-2024"]
    assert "value high 2 tonnes per year" in card.text
    assert card.cells["value"] == "1.5"
    assert "Kuantan plant" in card.text
    assert card.time == "2024-02"


def test_who_says_it_stands_once_by_id(cards: dict[str, RowCard]) -> None:
    sources = cards["capacity/kuantan-2024"].sources
    assert [(each.id, each.publisher, each.tier) for each in sources] == [
        ("annual", "Lynas", "1"),
        ("digest", "A newspaper", "3"),
    ]


def test_what_exists_is_told_from_what_is_said_of_it(cards: dict[str, RowCard]) -> None:
    assert cards["facilities/kuantan"].identity
    assert not cards["ownership/lynas-kuantan"].identity


def test_the_rows_about_a_plant_are_its_own_and_those_that_name_it(store: Store) -> None:
    about = rows_about(store, find_entity(store, "kuantan", "Facility"))
    assert about == [
        "capacity/kuantan-2024",
        "capacity/kuantan-2025",
        "coordinates/kuantan-site",
        "facilities/kuantan",
        "ownership/lynas-kuantan",
    ]
