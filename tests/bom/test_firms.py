"""Firms, materials and countries of a bill: none is taken wrongly, and the reader decides."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monazite.bom.bill import Bill, BillSupplier, ReadColumn
from monazite.bom.decisions import Decision, read_decisions, write_decisions
from monazite.bom.exposure import (
    countries_not_understood,
    country_codes,
    find_exposure,
    known_firms,
    known_materials,
)
from monazite.bom.matching import (
    FIRST_WORDS,
    OLD_FIRM,
    OTHER_COUNTRY,
    OTHER_FORM,
    SEVERAL,
    SHARED_NAME,
    SHORT_NAME,
    BillMatch,
    Firms,
    match_records,
    name_and_form,
)
from monazite.store.names import Entity
from monazite.store.queries import QueryRecord
from monazite.store.store import Store
from tests.bom.bills import line


@pytest.fixture(scope="module")
def firms(store: Store) -> Firms:
    return known_firms(store)


@cache
def firm_names() -> dict[str, list[dict[str, str]]]:
    """Names of firms as bills write them, and who is meant, read off the tables by hand."""
    found: dict[str, list[dict[str, str]]] = {}
    with (Path(__file__).with_name("firm-names.csv")).open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            found.setdefault(line["set"], []).append(line)
    return found


@pytest.mark.parametrize("names", ["tuned", "held out", "held out again"])
def test_none_is_accepted_wrongly_and_half_are_accepted(
    names: str, firms: Firms, store: Store
) -> None:
    country, lines = country_codes(store), firm_names()[names]
    found = [(each["firm"], firms.name(each["text"], country(each["country"]))) for each in lines]
    accepted = [(named.id, meant) for meant, named in found if named.id]
    assert [each for each in accepted if each[0] != each[1]] == []
    assert 2 * len(accepted) >= sum(bool(meant) for meant, _ in found) > 20


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("Magnequench", "", SEVERAL),
        ("Hitachi Metals, Ltd.", "", OLD_FIRM),
        ("ASM", "", SHORT_NAME),
        ("Sumitomo", "", SHARED_NAME),
        ("Tesla a.s.", "", OTHER_FORM),
        ("Proterial, Ltd.", "CHN", OTHER_COUNTRY),
        ("Noveon", "", FIRST_WORDS),
        ("Arnold", "", FIRST_WORDS),
    ],
)
def test_a_doubt_says_why(text: str, place: str, why: str, firms: Firms) -> None:
    named = firms.name(text, place)
    assert (named.state, named.id, named.why) == ("asked", "", why)
    assert named.candidates


def test_a_group_is_not_the_firm_in_it(firms: Firms) -> None:
    assert firms.name("宁波韵升").id == "ningbo-yunsheng"
    assert firms.name("宁波韵升集团").state == "asked"
    assert name_and_form("Muster Group GmbH") == ("muster group", "gmbh")


def test_a_name_of_two_firms_is_asked() -> None:
    def record(firm: str) -> QueryRecord:
        names = {"label": "Peak Ore Ltd", "name": "Peak Ore Ltd"}
        return QueryRecord({"id": firm, **names, "country": "GBR", "now": ""})

    assert Firms([record("a")]).name("Peak Ore Limited").id == "a"
    assert Firms([record("a"), record("b")]).name("Peak Ore Limited").candidates == ("a", "b")


@pytest.mark.parametrize("text", ["", "GmbH", "()", "株式会社", "\N{ZERO WIDTH SPACE}", "&", "=1"])
def test_what_names_nobody(text: str, firms: Firms) -> None:
    assert firms.name(text).id == ""


MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
LINES = (
    line("a", mass=10, material="NdFeB", grade="N42SH", suppliers=(BillSupplier("JL MAG"),)),
    line("b", mass=10, grade="40H", suppliers=(BillSupplier("Sumitomo Electric"),)),
    line("c", mass=10, material="Steel", suppliers=(BillSupplier("JL MAG", country="Germany"),)),
    line("d", mass=10, material="=Unobtainium", suppliers=(BillSupplier("Nobody Ltd"),)),
)
BILL = Bill("b.csv", "", LINES)


def test_only_the_sure_is_accepted(store: Store) -> None:
    matches = find_exposure(store, BILL, MARKET).matches
    assert sorted((each.text, each.decision) for each in matches) == [
        ("40H", "asked"),
        ("=Unobtainium", "unknown"),
        *(("JL MAG", "accepted"), ("JL MAG", "asked")),  # a firm in Germany is another
        ("NdFeB N42SH", "accepted"),
        ("Nobody Ltd", "unknown"),
        ("Steel", "other"),
        ("Sumitomo Electric", "asked"),
    ]


def test_the_file_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    decided = (
        Decision("material", "40h", "accepted", "ndfeb-sintered-magnet-h"),
        Decision("firm", "Sumitomo Electric", "not", "sumitomo-corp"),
        Decision("firm", "Sumitomo Electric", "none"),
        Decision("material", "=Unobtainium", "no rare earths"),
        Decision("firm", "Elsewhere AG", "none"),  # of another bill
    )
    found = find_exposure(store, BILL, MARKET, decided)
    file, first = tmp_path / "matches.csv", match_records(found.matches)
    file.write_text(write_decisions(first), encoding="utf-8")
    known = {"firm": known_firms(store).labels, "material": known_materials(store).labels}
    back = read_decisions(file, known)
    assert {each.text for each in decided[1:]} <= {each.text for each in back}
    again = find_exposure(store, BILL, MARKET, back)
    assert again.elements == found.elements
    told = [sorted(x[:4] for x in records) for records in (first, match_records(again.matches))]
    assert told[0] == told[1]


def test_a_decision_changes_the_grams(store: Store) -> None:
    decided = [
        Decision("material", "40H", "accepted", "ndfeb-sintered-magnet-h"),
        Decision("material", "NdFeB N42SH", "not", "ndfeb-sintered-magnet-sh"),
        Decision("material", "=Unobtainium", "no rare earths"),
    ]
    before = find_exposure(store, BILL, MARKET).lines
    assert before[3].not_known == "the tables do not have its material"
    after = find_exposure(store, BILL, MARKET, decided).lines
    assert [after[at].not_known for at in (0, 1, 3)] == [
        *("its material is asked", "", "no rare earths, you say")
    ]
    (dy,) = (each for each in after[1].grams if each.element == "Dy")
    assert (dy.percent_low, dy.percent_high, dy.evidence) == (0.5, 2.8, "grade")


def test_a_text_that_is_sure_once_and_asked_once_is_asked_in_the_file() -> None:
    both = [
        BillMatch("firm", "One", "accepted", "one", lines=2),
        BillMatch("firm", "ONE", "asked", lines=1),
    ]
    assert [(each[2], each[7]) for each in match_records(both)] == [("asked", "3")]


COLUMNS = (ReadColumn("Land", "country of the supplier"), ReadColumn("COO", "country where it is"))


def told(store: Store, *countries: str, hide: bool = False) -> list[str]:
    lines = [
        replace(line("x", suppliers=(BillSupplier("A", country=each),)), row=row)
        for row, each in enumerate(countries, start=2)
    ]
    bill = Bill("b.csv", "", tuple(lines))
    return list(countries_not_understood(bill, COLUMNS, country_codes(store), hide=hide))


def test_names_of_the_records_are_understood_in_english_chinese_and_by_code(store: Store) -> None:
    assert told(store, "中国", "德国", "China", "DE", "USA", "World", "") == []


def test_each_text_is_told_once_with_its_rows(store: Store) -> None:
    [said] = told(store, *["Nirgendwo"] * 7)
    assert said == (
        'The country "Nirgendwo" is not understood and counts as not known: row 2, 3, 4, 5, 6 and '
        "2 more, column Land. Write its English name or its code, as Poland or POL."
    )
    [hidden] = told(store, "Nirgendwo", hide=True)
    assert "Nirgendwo" not in hidden
