"""Matches: the reader decides, negative decisions hold, and the file comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.bills.bill import Bill, BillSupplier, line
from monazite.bills.decisions import Decision, read_decisions, write_decisions
from monazite.findings.exposure.exposure import (
    Exposure,
    find_exposure,
    known_firms,
    known_materials,
)
from monazite.findings.exposure.matching import BillMatch, match_records
from monazite.triples.names import Entity
from monazite.triples.store import Store

MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
LINES = (
    line("a", mass=10, material="NdFeB", grade="N42SH", suppliers=(BillSupplier("JL MAG"),)),
    line("b", mass=10, grade="40H", suppliers=(BillSupplier("Sumitomo Electric"),)),
    line("c", mass=10, material="Steel", suppliers=(BillSupplier("JL MAG", country="Germany"),)),
    line("d", mass=10, material="=Unobtainium", suppliers=(BillSupplier("Nobody Ltd"),)),
)
BILL = Bill("b.csv", "", LINES)


@pytest.fixture
def known(store: Store) -> dict[str, dict[str, str]]:
    return {
        "firm": known_firms(store).labels,
        "material": known_materials(store).labels,
    }


def by_text(found: Exposure) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for each in found.matches:
        told.setdefault(each.text, []).append(each.decision)
    return told


def test_only_the_sure_is_accepted(store: Store) -> None:
    assert by_text(find_exposure(store, BILL, MARKET)) == {
        "NdFeB N42SH": ["accepted"],
        "JL MAG": ["accepted", "asked"],  # a firm in Germany is another
        "40H": ["asked"],
        "Sumitomo Electric": ["asked"],
        "Steel": ["other"],
        "=Unobtainium": ["unknown"],
        "Nobody Ltd": ["unknown"],
    }


def test_the_file_comes_back_as_it_was(
    store: Store, tmp_path: Path, known: dict[str, dict[str, str]]
) -> None:
    decided = (
        Decision("material", "40h", "accepted", "ndfeb-sintered-magnet-h"),
        Decision("firm", "Sumitomo Electric", "not", "sumitomo-corp"),
        Decision("firm", "Sumitomo Electric", "none"),
        Decision("material", "=Unobtainium", "no rare earths"),
        Decision("firm", "Elsewhere AG", "none"),  # of another bill
    )
    found = find_exposure(store, BILL, MARKET, decided)
    file = tmp_path / "matches.csv"
    first = match_records(found.matches)
    file.write_text(write_decisions(first), encoding="utf-8")
    back = read_decisions(file, known)
    assert {each.text for each in decided[1:]} <= {each.text for each in back}
    again = find_exposure(store, BILL, MARKET, back)
    assert sorted(each[:4] for each in match_records(again.matches)) == sorted(
        each[:4] for each in first
    )
    assert again.elements == found.elements


def test_a_decision_changes_the_grams(store: Store) -> None:
    decided = [
        Decision("material", "40H", "accepted", "ndfeb-sintered-magnet-h"),
        Decision("material", "NdFeB N42SH", "not", "ndfeb-sintered-magnet-sh"),
    ]
    found = find_exposure(store, BILL, MARKET, decided)
    assert [each.not_known for each in found.lines][:2] == ["its material is asked", ""]
    (dy,) = (each for each in found.lines[1].grams if each.element == "Dy")
    assert (dy.percent_low, dy.percent_high, dy.evidence) == (0.5, 2.8, "grade")


def test_no_rare_earths_is_an_answer_and_no_default(store: Store) -> None:
    decided = [Decision("material", "=Unobtainium", "no rare earths")]
    assert find_exposure(store, BILL, MARKET).lines[3].not_known == (
        "the tables do not have its material"
    )
    found = find_exposure(store, BILL, MARKET, decided)
    assert found.lines[3].not_known == "no rare earths, you say"


def test_a_text_that_is_sure_once_and_asked_once_is_asked_in_the_file() -> None:
    both = [
        BillMatch("firm", "One", "accepted", "one", lines=2),
        BillMatch("firm", "ONE", "asked", lines=1),
    ]
    assert [(each[2], each[7]) for each in match_records(both)] == [("asked", "3")]
