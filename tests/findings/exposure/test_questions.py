"""What to ask: the answer that settles most comes first."""

from __future__ import annotations

from monazite.bills.bill import Bill, BillSupplier, line
from monazite.findings.exposure.exposure import find_exposure
from monazite.triples.names import Entity
from monazite.triples.store import Store

MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())


def test_the_answer_that_settles_most_comes_first(store: Store) -> None:
    lines = (
        line("a", 2, mass=100, material="SmCo 2:17", suppliers=(BillSupplier("VAC"),)),
        line("b", 1, mass=50, material="NdFeB"),
        line("c", 1, material="SmCo 1:5"),
        line("d", 4, mass=30, grade="40H", suppliers=(BillSupplier("VAC"),)),
        line("e", 1, mass=9000, material="Steel"),
    )
    found = find_exposure(store, Bill("b.csv", "", lines), MARKET).questions
    assert [(each.question, each.about, each.grams, each.lines) for each in found] == [
        ("What does one piece weigh?", "SmCo 1:5", None, 1),
        ("Which material is it?", "40H", 120, 1),
        ("Which grade and process has it, or what was tested?", "NdFeB", 50, 1),
        ("What was tested or declared?", "SmCo 2:17", 10, 1),  # 23 to 28 % of 200 g
        ("Which firm is it?", "VAC", 0, 2),
    ]


def test_of_two_sources_the_share_is_asked(store: Store) -> None:
    both = (BillSupplier("JL MAG"), BillSupplier("Proterial"))
    told = (BillSupplier("JL MAG", split=0.6), BillSupplier("Proterial", split=0.4))
    lines = (line("a", suppliers=both), line("b", suppliers=both), line("c", suppliers=told))
    found = find_exposure(store, Bill("b.csv", "", lines), MARKET).questions
    assert [(each.question, each.about, each.lines) for each in found] == [
        ("Which share has each of these sources?", "JL MAG; Proterial", 2)
    ]
