"""Names: an id before a name, an exact name before a near one, and never a guess among several."""

from __future__ import annotations

import pytest

from monazite.errors import UnknownNameError
from monazite.triples.names import find_entity
from monazite.triples.store import Store, store_of

LABEL, TYPE = (
    "<http://www.w3.org/2000/01/rdf-schema#label>",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
)
THINGS = (
    ("facility", "Facility", "kuantan", "Kuantan plant"),
    ("facility", "Facility", "kuantan-east", "Kuantan East"),
    ("deposit", "Deposit", "bayan", "Bayan Obo"),
    ("facility", "Facility", "bayan", "Bayan Obo"),
    ("country", "Country", "MYS", "Malaysia"),
    ("organisation", "Organisation", "twin-a", "Twin"),
    ("organisation", "Organisation", "twin-b", "Twin"),
)


@pytest.fixture(scope="module")
def few() -> Store:
    base, graph = "https://w3id.org/monazite/", "<https://example.org/g>"
    return store_of(
        "".join(
            f"<{base}id/{kind}/{key}> {TYPE} <{base}ns#{name}> {graph} .\n"
            f'<{base}id/{kind}/{key}> {LABEL} "{label}" {graph} .\n'
            f'<{base}id/{kind}/{key}> <{base}ns#id> "{key}" {graph} .\n'
            f"<{base}row/{kind}/{key}> <{base}ns#describes> <{base}id/{kind}/{key}> {graph} .\n"
            for kind, name, key, label in THINGS
        )
    )


@pytest.mark.parametrize(
    ("text", "classes", "found"),
    [
        ("kuantan", (), "id/facility/kuantan"),  # an id, though two names begin with it
        ("KUANTAN  ", (), "id/facility/kuantan"),
        ("mys", ("Country",), "id/country/MYS"),
        ("kuantan-plant", (), "id/facility/kuantan"),
        ("Bayan Obo", (), "id/facility/bayan"),  # the mine, not the deposit of its name
        ("Bayan Obo", ("Deposit",), "id/deposit/bayan"),
    ],
)
def test_one_thing_is_meant(few: Store, text: str, classes: tuple[str, ...], found: str) -> None:
    assert find_entity(few, text, *classes).iri == "https://w3id.org/monazite/" + found


def test_what_is_not_one_thing_is_told(few: Store) -> None:
    with pytest.raises(UnknownNameError, match=r'"Twin" names more than one firm: twin-a .*twin-b'):
        find_entity(few, "Twin", what="firm")
    with pytest.raises(UnknownNameError, match='There is no name "Kuantam plant"; near matches: k'):
        find_entity(few, "Kuantam plant")
    with pytest.raises(UnknownNameError, match="search with: monazite query entities-named"):
        find_entity(few, "zzz")
    with pytest.raises(UnknownNameError, match='There is no market "kuantan"'):
        find_entity(few, "kuantan", "Country", what="market")
