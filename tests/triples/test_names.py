"""From what a reader types to what is meant: ids before names, exact before near."""

from __future__ import annotations

import pytest

from monazite.errors import UnknownNameError
from monazite.triples.names import find_entity
from monazite.triples.store import Store, open_store
from tests.conftest import write_small_ontology


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = write_small_ontology(tmp_path_factory.mktemp("names") / "small")
    return open_store(folder, cache=False)


@pytest.mark.parametrize(
    ("text", "classes", "meant"),
    [
        ("kuantan", (), "kuantan"),
        ("  Kuantan Plant ", ("Facility",), "kuantan"),
        ("马来西亚", (), "MYS"),
        ("mys", ("Country",), "MYS"),
        ("dy", (), "Dy"),
    ],
)
def test_ids_and_names_in_any_case_and_language(
    small: Store, text: str, classes: tuple[str, ...], meant: str
) -> None:
    entity = find_entity(small, text, *classes)
    assert entity.id == meant
    assert entity.is_a(*classes) or not classes


def test_what_is_near_is_proposed(small: Store) -> None:
    with pytest.raises(UnknownNameError) as raised:
        find_entity(small, "Kuantan", "Organisation", what="firm")
    assert "firm" in str(raised.value)
    with pytest.raises(UnknownNameError, match="Kuantan"):
        find_entity(small, "Kuanton", "Facility", what="plant")


def test_hostile_text_is_a_name_that_nobody_has(small: Store) -> None:
    for text in ('" } DELETE', "\\", "?s ?p ?o", "{{7*7}}"):
        with pytest.raises(UnknownNameError):
            find_entity(small, text)
