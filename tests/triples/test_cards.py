"""Cards: a row in words with all its sources; what is not in the store is left out."""

from __future__ import annotations

import pytest

from monazite.triples.cards import read_cards, rows_about
from monazite.triples.names import find_entity
from monazite.view import View, load
from tests.conftest import write_small_ontology


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> View:
    return load(ontology=write_small_ontology(tmp_path_factory.mktemp("few") / "o"), cache=False)


def test_a_card_says_the_row_and_who_says_it(few: View) -> None:
    card = read_cards(few.store, few.schema, ["capacity/kuantan-2024"])["capacity/kuantan-2024"]
    assert "Kuantan plant" in card.text
    assert "1.5; value low 1; value high 2 tonnes per year" in card.text
    assert [(source.id, int(source.tier)) for source in card.sources] == [
        *(("annual", 1), ("digest", 3))
    ]
    assert not card.perhaps


def test_what_the_store_has_not_is_left_out(few: View) -> None:
    assert read_cards(few.store, few.schema, ["capacity/none"]) == {}
    assert read_cards(few.store, few.schema, []) == {}


def test_what_perhaps_holds_is_marked(few: View) -> None:
    early = load(ontology=few.ontology, valid="2025-06-11", cache=False)
    names = ["capacity/kuantan-2024", "capacity/kuantan-2025"]
    assert [card.perhaps for card in read_cards(early.store, few.schema, names).values()] == [
        *(False, True)
    ]


def test_the_rows_of_a_plant_describe_it_or_name_it(few: View) -> None:
    rows = rows_about(few.store, find_entity(few.store, "kuantan"))
    assert rows == sorted(
        *[["capacity/kuantan-2024", "capacity/kuantan-2025", "coordinates/kuantan-site",
           "facilities/kuantan", "ownership/lynas-kuantan"]]
    )  # fmt: skip
