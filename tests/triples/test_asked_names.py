"""Names told from other words, and the places in a line that they go to."""

from __future__ import annotations

import pytest

from monazite.rows.iris import BASE
from monazite.triples.asked_names import filled, find_names, ids_of
from monazite.triples.names import Entity
from monazite.triples.queries import read_query


def entity(place: str, label: str) -> Entity:
    return Entity(f"{BASE}id/{place}", label, frozenset())


DY, TB = entity("element/Dy", "dysprosium"), entity("element/Tb", "terbium")
IN = entity("element/In", "indium")
NDPR = entity("element-group/ndpr", "NdPr")
CHINA, JAPAN = entity("country/CHN", "China"), entity("country/JPN", "Japan")
MINE = entity("facility/mountain-pass", "Mountain Pass mine")
LYNAS = entity("organisation/lynas", "Lynas Rare Earths")
OXIDE = entity("material/dysprosium-oxide", "dysprosium oxide")
KNOWN = [
    *((each.label, each) for each in (DY, TB, IN, NDPR, CHINA, JAPAN, MINE, LYNAS, OXIDE)),
    *((each.id, each) for each in (DY, TB, IN, NDPR, CHINA, JAPAN, MINE, LYNAS, OXIDE)),
    ("Lynas", LYNAS),
    ("France", entity("country/FRA", "France")),
    ("Australia", entity("country/AUS", "Australia")),
    ("Malaysia", entity("country/MYS", "Malaysia")),
    ("United States", entity("country/USA", "United States")),
]


def test_the_longest_name_is_meant_and_the_other_words_are_left() -> None:
    assert find_names("who owns Mountain Pass?", KNOWN) == ([MINE], ["who", "owns"])
    assert find_names("the mountain pass mine", KNOWN) == ([MINE], ["the"])


def test_a_short_word_is_a_symbol_by_its_capitals() -> None:
    assert find_names("in Dy", KNOWN) == ([DY], ["in"])
    assert find_names("In dy", KNOWN) == ([IN], ["dy"])


def test_names_go_to_parameters_of_their_kind_in_their_order() -> None:
    ids = ids_of([JAPAN, CHINA])
    assert filled(read_query("import-dependence"), ids) == (
        "monazite query import-dependence --param importer=JPN --param exporter=CHN"
    )


def test_the_country_after_from_is_the_exporter() -> None:
    for text in ("import by Japan from China", "from China to Japan"):
        ids = ids_of(find_names(text, KNOWN)[0])
        for name in ("import-dependence", "trade-between"):
            words = {*filled(read_query(name), ids).split()}
            assert {"importer=JPN", "exporter=CHN"} <= words, (text, name)
    alone = ids_of(find_names("imports from China", KNOWN)[0])
    assert "importer" not in filled(read_query("trade-between"), alone)


@pytest.mark.parametrize(
    ("text", "markets"),
    [
        ("how much would Japan lose without China", ["JPN"]),
        ("dysprosium for Malaysia", ["MYS"]),
        ("would China stop", []),
        ("what if Malaysia stops", []),
        ("imports from China", []),
    ],
)
def test_who_would_lose_is_the_market(text: str, markets: list[str]) -> None:
    assert ids_of(find_names(text, KNOWN)[0]).get("market", []) == markets


def test_the_price_of_an_element_is_that_of_its_oxide() -> None:
    ids = ids_of([DY], KNOWN)
    assert filled(read_query("price-on"), ids) == (
        "monazite query price-on --param material=dysprosium-oxide"
    )
    assert ids_of([NDPR], KNOWN)["element"] == ["NdPr"]


def test_what_fits_no_parameter_leaves_the_example() -> None:
    query = read_query("closed-facilities")
    assert filled(query, ids_of([JAPAN])) == query.example
