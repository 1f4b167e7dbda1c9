"""The map of Article 24: coverage by mass worked out by hand, and who says so line by line."""

from __future__ import annotations

from dataclasses import replace

from monazite.bills.bill import Bill, BillSupplier, StatedContent, line
from monazite.findings.exposure.exposure import country_codes, find_exposure
from monazite.findings.exposure.records.article_24 import PublicStage, map_article_24
from monazite.triples.store import Store
from tests.findings.exposure.asking.inquiries import UNION, AskedBill

PUBLIC = {
    ("Nd", "mine"): PublicStage("CHN", 0.69, 2025, 5000, ("production/x",)),
    ("Nd", "separation"): PublicStage("CHN", 0.9, 2025, 8000, ("production/y",)),
}


def magnet(name: str, mass: float, *suppliers: BillSupplier, row: int) -> Bill:
    held = (StatedContent("Nd", 30, 30, "tested"), StatedContent("La", 1, 1, "tested"))
    one = line(name, 1, mass=mass, material="N/A", suppliers=suppliers, contents=held)
    return Bill("b.csv", "", (replace(one, row=row),))


def test_coverage_is_by_mass_and_each_line_says_by_what(store: Store) -> None:
    """Magnets of 100, 200 and 700 g: mined as answered, magnets made as the bill says or not."""
    read = Bill("b.csv", "", (
        *magnet("a", 100, BillSupplier("A", made_in="Japan"), row=2).lines,
        *magnet("b", 200, BillSupplier("B"), row=3).lines,
        *magnet("c", 700, BillSupplier("C", made_in="China"), BillSupplier("D"), row=4).lines,
    ))  # fmt: skip
    asking = AskedBill(store, bill=read)
    asking = AskedBill(
        store,
        [
            asking.answer("mine", 0, ("AUS",)),
            asking.answer("made-in", 1, ("DEU",)),
            asking.answer("recycled", 1, 12.0),
        ],
        read,
    )
    found = find_exposure(store, asking.bill, UNION)
    country = country_codes(store)
    held = map_article_24(found, read, asking.bill, {"Nd", "Dy"}, country, PUBLIC)
    assert held.elements == ("Nd",)  # lanthanum is no strategic one
    shares = {each.stage: {**each.shares} for each in held.coverage}
    assert shares == {
        "mine": {"answer": 0.1, "public information": 0.9},
        "separation": {"public information": 1},
        "metal": {"not known": 1},
        "alloy": {"not known": 1},
        "magnet": {"bill": 0.1, "answer": 0.2, "not known": 0.7},
    }
    by_stage = {(each.sheet_row, each.stage): each for each in held.stages}
    assert by_stage[2, "mine"].countries == ("AUS",)
    assert by_stage[3, "mine"].public == PUBLIC["Nd", "mine"]
    assert by_stage[4, "magnet"].countries == ()  # one of two sources does not say
    assert held.single_sources == (2, 3)
    assert {**held.recycled} == {"3": 12.0}
    assert held.outcome == "not"  # nothing was judged
