"""From what a reader types to what is meant: ids before names, exact before near."""

from __future__ import annotations

from collections import defaultdict

import pytest

from monazite.errors import SeveralMeantError, UnknownNameError
from monazite.rows.reader import Row, Tables
from monazite.triples.names import find_entity, named, named_alike
from monazite.triples.opening import open_store
from monazite.triples.queries import read_queries
from monazite.triples.store import Store
from tests.conftest import write_small_ontology
from tests.sharing import THOROUGH


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


def test_several_of_one_name_are_all_listed_with_kind_and_id(store: Store) -> None:
    # facilities.csv and deposits.csv: steenkampskraal; organisations.csv: steenkampskraal-smm
    with pytest.raises(SeveralMeantError) as raised:
        find_entity(store, "Steenkampskraal Monazite Mine")
    assert [(kind, own) for kind, own, _ in raised.value.meant] == [
        ("deposit", "steenkampskraal"),
        ("facility", "steenkampskraal"),
        ("organisation", "steenkampskraal-smm"),
    ]
    for kind, own, label in raised.value.meant:
        assert f"{kind}/{own} ({label})" in str(raised.value)
        found = find_entity(store, f"{kind}/{own}")
        assert (found.kind, found.id, found.place) == (kind, own, f"{kind}/{own}")
    assert find_entity(store, "Steenkampskraal Monazite Mine", "Organisation").id == (
        "steenkampskraal-smm"
    )
    with pytest.raises(UnknownNameError, match='There is no name "mine/steenkampskraal"'):
        find_entity(store, "mine/steenkampskraal")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("bayan-obo", ["deposit/bayan-obo"]),
        ("dysprosium", ["element/Dy"]),
        ("caremag", ["facility/caremag-lacq"]),
        ("Caremag", ["facility/caremag-lacq"]),
        ("deposit/bayan-obo", []),
        ("China", []),
        (
            "Serra Verde",
            [
                "deposit/serra-verde-pela-ema",
                "facility/serra-verde-pela-ema",
                "organisation/svre-holdings",
            ],
        ),
    ],
)
def test_what_else_has_a_name_is_named(store: Store, text: str, others: list[str]) -> None:
    found = named_alike(store, text, find_entity(store, text))
    assert [other.place for other in found] == others


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("Announcement 61", "mofcom-2025-61"),
        ("Announcement No. 18 of 2025", "mofcom-gac-2025-18"),
        ("商务部公告2025年第61号", "mofcom-2025-61"),
        ("商务部公告2025年第18号", "mofcom-gac-2025-18"),
        ("商务部 海关总署公告2025年第18号", "mofcom-gac-2025-18"),
        ("Announcement 46", "mofcom-2024-46"),  # and not what suspends a clause of it
        ("Announcement 33", "mofcom-gac-2024-33"),  # by its id: policies.csv has no Chinese name
        ("Announcement 28", "mofcom-2026-watch-list-jun"),  # by its name
        ("Announcement 27", "mofcom-2026-28"),
    ],
)
def test_a_policy_is_found_by_the_number_of_its_announcement(
    store: Store, text: str, policy: str
) -> None:
    assert find_entity(store, text, "Policy", what="policy").id == policy
    assert find_entity(store, text).id == policy
    with pytest.raises(UnknownNameError):
        find_entity(store, text, "Country")


def test_no_announcement_of_another_year_is_taken(store: Store) -> None:
    with pytest.raises(UnknownNameError, match='There is no policy "Announcement 61 of 2024"'):
        find_entity(store, "Announcement 61 of 2024", "Policy", what="policy")


def words_of(row: Row) -> set[str]:
    """Every word that finds a country or area."""
    cells = [
        cell.text for name in ("id", "iso2", "name", "names") for cell in row.cells.get(name, ())
    ]
    return {cell.rpartition("@")[0] or cell for cell in cells}


def test_no_word_means_two_countries(shipped: Tables) -> None:
    meant = defaultdict(set)
    for table in ("countries", "areas"):
        for row in shipped.of(table):
            for word in words_of(row):
                meant[word.casefold().replace("-", " ")].add(row.key)
    assert {word: keys for word, keys in meant.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("table", ["countries", "areas"])
def test_every_word_of_a_country_finds_it(store: Store, shipped: Tables, table: str) -> None:
    words = {word: row.key for row in shipped.of(table) for word in words_of(row)}
    asked = dict(list(words.items())[:: 5 if THOROUGH else 23])
    found = {word: find_entity(store, word.lower(), "Country", "Area").id for word in asked}
    assert found == asked


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(("US", "USA"), ("cn", "CHN"), ("JP", "JPN"), ("DE", "DEU"), ("gb", "GBR"), ("uk", "GBR")),
        *(("EU", "EUE"), ("EUE", "EUE"), ("European Union", "EUE"), ("America", "USA")),
        *(("Holland", "NLD"), ("South Korea", "KOR"), ("Czechia", "CZE"), ("Burma", "MMR")),
        *(("Czech Republic", "CZE"), ("Russia", "RUS"), ("Viet Nam", "VNM"), ("美国", "USA")),
        *(("la", "LAO"), ("英国", "GBR"), ("USSR", "SUN")),
    ],
)
def test_the_usual_words_for_places(store: Store, word: str, code: str) -> None:
    assert find_entity(store, word, "Country", "Area", what="market").id == code


def test_the_symbol_of_an_element_wins_over_the_letters_of_a_country(store: Store) -> None:
    assert [find_entity(store, word).id for word in ("La", "pr", "SM", "us")] == [
        *("La", "Pr", "Sm", "USA")
    ]


@pytest.mark.parametrize("word", ["Korea", "United", "Untied States"])
def test_a_word_for_several_places_or_none_proposes(store: Store, word: str) -> None:
    with pytest.raises(UnknownNameError, match=r"near matches: \w+"):
        find_entity(store, word, "Country", "Area", what="market")


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("WLD", "the world"),
        ("United Kingdom", "the United Kingdom"),
        ("Rest of the world", "the rest of the world"),
        ("Viet Nam", "Viet Nam"),
    ],
)
def test_countries_have_the_article_that_english_gives_them(country: str, said: str) -> None:
    assert named(country) == said


QUESTIONS = {
    name: query
    for name, query in read_queries().items()
    if any(each.type == "country" for each in query.parameters)
}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_takes_a_country_by_its_words(store: Store, name: str) -> None:
    query = QUESTIONS[name]
    for each in query.parameters:
        if each.type == "country":
            for word, code in (("uk", "GBR"), ("DE", "DEU"), ("eu", "EUE"), ("South Korea", "KOR")):
                asked = query.bound(store, {each.name: word})
                assert asked == query.bound(store, {each.name: code}), (each.name, word)
