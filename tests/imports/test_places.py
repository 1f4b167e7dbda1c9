"""Countries by the codes and names of sources."""

from __future__ import annotations

import csv

import pytest

from monazite.imports.places import NamedPlaces
from monazite.shipped import ontology_folder

PLACES = NamedPlaces()


@pytest.mark.parametrize(
    ("system", "code", "place"),
    [
        *(("comtrade", "757", "CHE"), ("comtrade", "699", "IND"), ("comtrade", "W00", "WLD")),
        *(("eurostat", "EL", "GRC"), ("eurostat", "CN", "CHN"), ("eurostat", "EU27_2020", "EUE")),
        *(("iso", "KOR", "KOR"), ("iso", "jp", "JPN")),
    ],
)
def test_codes(system: str, code: str, place: str) -> None:
    found = PLACES.coded(system, code)
    assert found is not None
    assert (found.id, found.is_area) == (place, place in {"WLD", "EUE"})


def test_no_code_is_guessed() -> None:
    assert PLACES.coded("comtrade", "999") is None
    assert PLACES.only("japan", "USA") is None, "Japan's codes are numbers of its own"
    assert PLACES.named("Areas, nes") is None
    assert PLACES.named("") is None


@pytest.mark.parametrize(
    ("name", "place"),
    [("Burma1", "MMR"), ("Japane", "JPN"), ("KOREA, SOUTH", "KOR"), ("Côte d’Ivoire", "CIV")],
)
def test_names_with_footnotes_and_capitals(name: str, place: str) -> None:
    found = PLACES.named(name)
    assert found is not None
    assert found.id == place


def test_places_of_the_file_have_rows() -> None:
    with (ontology_folder() / "imports" / "places.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert PLACES.coded("iso", row["country"]) is not None, row
