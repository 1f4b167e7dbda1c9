"""From what a reader types to what is meant, and the card of what was found."""

from __future__ import annotations

from collections import defaultdict

import pytest

from monazite.core.errors import SeveralMeantError, UnknownNameError
from monazite.data.columns import read_schema
from monazite.data.reader import Row, Tables
from monazite.store.cards import RowCard, SourceLine, read_cards, rows_about
from monazite.store.entity_card import CardFact, CardLine, ShortCard, source_words, write_short
from monazite.store.names import Announcement, find_entity, named, named_alike, read_announcement
from monazite.store.opening import open_store
from monazite.store.store import Store
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
        ("Caremag", ["facility/caremag-lacq"]),
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


@pytest.mark.parametrize(
    ("text", "number", "year"),
    [
        ("Announcement 61", 61, ""),
        ("announcement no. 61", 61, ""),
        ("Announcement 61/2025", 61, "2025"),
        ("Announcement 61 (2025)", 61, "2025"),
        ("商务部公告2025年第61号", 61, "2025"),
        ("商务部、海关总署公告2025年第18号", 18, "2025"),
        ("2025年第61号公告", 61, "2025"),
        ("第61号公告", 61, ""),
    ],
)
def test_ways_to_write_a_number(text: str, number: int, year: str) -> None:
    assert read_announcement(text) == Announcement(number, year)


@pytest.mark.parametrize(
    "text", ["61", "2025", "Announcement", "Announcement 2025", "公告", "号", "Order 785", "Dy", ""]
)
def test_what_numbers_no_announcement(text: str) -> None:
    assert read_announcement(text) is None


@pytest.mark.parametrize(
    ("policy", "fits"),
    [
        ("mofcom-2025-61", True),
        ("mofcom-gac-2025-61", True),
        ("mofcom-2024-61", False),
        ("mofcom-2025-6", False),
        ("mof-china-2025-61", False),  # the number of that id is one of firms
        ("mofcom-2025-61-b", False),
    ],
)
def test_an_id_holds_number_and_year(policy: str, fits: bool) -> None:
    assert Announcement(61, "2025").is_that_of(policy) is fits
    assert Announcement(61, "2025").is_that_of(policy, ["A rule of 2025", policy]) is fits


def test_a_name_that_is_a_number_counts_before_the_id() -> None:
    names = ["Second list", "商务部公告2026年第27号"]
    assert Announcement(27, "2026").is_that_of("mofcom-2026-28", names)
    assert not Announcement(28, "2026").is_that_of("mofcom-2026-28", names)
    assert Announcement(27, "").is_that_of("second-list", names)


ROWS = ("capacity/kuantan-2024", "ownership/lynas-kuantan", "facilities/kuantan", "capacity/nobody")


@pytest.fixture(scope="module")
def cards(small: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, RowCard]:
    folder = write_small_ontology(tmp_path_factory.mktemp("cards") / "small")
    return read_cards(small, read_schema(folder).tables, ROWS)


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


def test_the_rows_about_a_plant_are_its_own_and_those_that_name_it(small: Store) -> None:
    about = rows_about(small, find_entity(small, "kuantan", "Facility"))
    assert about == [
        "capacity/kuantan-2024",
        "capacity/kuantan-2025",
        "coordinates/kuantan-site",
        "facilities/kuantan",
        "ownership/lynas-kuantan",
    ]


MINE = SourceLine("a", "MP Materials", "Report", "2026-02-26", "1", "https://a.org/x")
NEWS = SourceLine("b", "Reuters", "News", "", "3", "https://b.org/y")
CARD = ShortCard(
    "Mountain Pass, United States. Operating, 24 Nov 2026",
    (
        CardLine("Makes", (CardFact("NdPr oxide", (MINE, NEWS)),)),
        CardLine("Buyers", (CardFact("China until 2025", (NEWS,)), CardFact("Japan", (MINE,)))),
        CardLine("Rules", ()),
    ),
)


def test_a_source_has_one_number_and_its_address() -> None:
    assert write_short(CARD, "table").splitlines() == [
        "Mountain Pass, United States. Operating, 24 Nov 2026",
        "Makes     NdPr oxide [1]",
        "Buyers    China until 2025 [2]",
        "          Japan [1]",
        "Sources   [1] MP Materials 2026, official or company, https://a.org/x",
        "          [2] Reuters undated, news, https://b.org/y",
    ]


def test_a_long_fact_goes_on_below_its_beginning() -> None:
    card = ShortCard("x", (CardLine("Makes", (CardFact("oxide " * 20),)),))
    _, first, *rest = write_short(card, "table", width=40).splitlines()
    assert first.startswith("Makes     oxide")
    assert all(line.startswith("          oxide") for line in rest)
    assert max(map(len, (first, *rest))) <= 40


def test_a_label_hides_nothing_and_moves_no_line() -> None:
    card = ShortCard("a\u202eb\x1b[2J", (CardLine("Makes", (CardFact("c\nSources   [1] x"),)),))
    text = write_short(card, "table")
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line.startswith("Sources")] == []


def test_a_list_of_ours_has_no_address_and_says_that_it_is_ours() -> None:
    own = SourceLine("m", "Monazite", "Lists", "2026-11-24", "4", "")
    assert source_words(own) == "Monazite 2026, our own compilation"
    other = SourceLine("n", "Reuters", "News", "2026", "4", "")
    assert source_words(other) == "Reuters 2026, weak"
