"""Plants behind different suppliers, and second sources that are the same plant: planted ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monazite.bills.reading import read_bill
from monazite.findings.exposure.exposure import country_codes, find_exposure, known_materials
from monazite.findings.exposure.stops.bill_paths import bill_paths
from monazite.findings.exposure.stops.line_sources import LineCase, LineSource
from monazite.findings.exposure.stops.plant_links import Tie, read_plant_links
from monazite.findings.exposure.stops.shared_plants import SharedPlant, shared_plants
from monazite.findings.exposure.stops.stopping import cases_of
from monazite.findings.exposure.stops.supply_paths import PathFinder
from monazite.rows.filters import SURELY
from monazite.triples.names import Entity
from monazite.view import load
from tests.findings.exposure.stops.planted import LINKS, TIES, link, plants

A, B = LineSource("A Inc.", "maker-a"), LineSource("B GmbH", "maker-b")


def shared(cases: dict[int, LineCase], finder: PathFinder | None = None) -> dict[str, SharedPlant]:
    paths = bill_paths(cases, finder or PathFinder(plants()))
    return {each.facility: each for each in shared_plants(paths, cases)}


def test_a_plant_behind_suppliers_of_two_lines() -> None:
    found = shared({5: LineCase("ndfeb", ("Nd",), (A,)), 9: LineCase("ndfeb", ("Pr",), (B,))})
    assert list(found) == ["pit", "refinery", "smelter"]
    smelter = found["smelter"]
    assert smelter.suppliers == ("A Inc.", "B GmbH")
    assert (smelter.sheet_rows, smelter.same_source) == ((5, 9), ())
    assert (smelter.elements, smelter.certainty) == (("Nd", "Pr"), "surely")
    assert found["refinery"].certainty == "perhaps"  # a hop on the way to it is
    assert {"supply_links/smelter-plant-a", "operations/b"} <= {*smelter.rows}


def test_a_second_source_that_is_the_same_plant() -> None:
    found = shared({5: LineCase("ndfeb", ("Nd",), (A, B))})
    assert found["smelter"].same_source == (5,)
    assert "plant-a" not in found


def test_two_names_of_one_firm_are_no_second_source() -> None:
    twice = (A, LineSource("Group plc", "group"))
    found = shared({5: LineCase("ndfeb", ("Nd",), twice)})
    assert found["plant-a"].same_source == (5,)
    alone = {5: LineCase("ndfeb", ("Nd",), (A,)), 6: LineCase("ndfeb", ("Nd",), (A,))}
    assert shared(alone) == {}


def test_a_plant_may_stand_behind_different_elements() -> None:
    finder = PathFinder(plants((*LINKS, link("smelter", "plant-s", "metal", "Sm"))))
    cases = {5: LineCase("ndfeb", ("Nd",), (A,)), 6: LineCase("smco", ("Sm",), (B,))}
    found = shared(cases, finder)
    assert found["smelter"].elements == ("Nd", "Sm")
    # The mine's ore is of NdPr: it is not behind the samarium.
    assert "pit" not in found


def test_what_the_bill_names_behind_a_source_is_on_its_path() -> None:
    finder = PathFinder(plants(ties=(*TIES, Tie("smelters", "smelter", "operates", SURELY, "o/s"))))
    c, feeder = LineSource("C", "maker-c"), LineSource("S", "smelters")
    fed = LineCase("ndfeb", ("Nd",), (c,), (feeder,))
    paths = [x for x in bill_paths({3: fed}, finder) if x.hops[0].kind == "in the bill"]
    assert [[hop.seller for hop in x.hops] for x in paths] == [
        ["smelters", "smelter", "refinery", "pit"]
    ]
    assert (paths[0].supplier, paths[0].to_mine) == ("C", True)
    several = LineCase("ndfeb", ("Nd",), (A, c), (feeder,))
    told = {x.supplier for x in bill_paths({3: several}, finder)}
    assert told == {"A Inc.", "C", "S"}  # behind which of the two it stands is not known
    # So both lines may have it by C; B has it by itself.
    assert shared({3: replace(several, sources=(c, LineSource("D", "d"))), 4: fed}, finder) == {}
    found = shared({3: fed, 4: LineCase("ndfeb", ("Nd",), (B,))}, finder)
    assert found["smelter"].suppliers == ("B GmbH", "C")


BILL = """Part,Qty,Mass (g),Material,Grade,Supplier,Supplier 2
Rotor magnet,4,25,NdFeB,N42SH,Ningbo Yunsheng,"Proterial, Ltd."
Sensor magnet,1,2,SmCo 2:17,,Permag,
Pump magnet,1,5,NdFeB,N42SH,Noveon Magnetics,
"""
OWN = {
    "sources.csv": "id,publisher,title,accessed,kind,tier\n"
    "own-note,We,A note,2026-11-24,company,3\n",
    "operations.csv": "row,facility,stage,operator,from,source\n"
    "own-plant,proterial-kumagaya,magnet,ningbo-yunsheng,,own-note\n",
    "supply_links.csv": "row,supplier,customer,material,kind,valid_from,source\n"
    "own-feed,silmet-sillamae,proterial-kumagaya,dysprosium-oxide,offtake,2026-01-01,own-note\n",
}


@pytest.mark.whole
def test_planted_rows_and_real_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own tables let both sources of a line run through one plant; real rows share La Rochelle."""
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    own = tmp_path / "own"
    own.mkdir()
    for name, text in OWN.items():
        (own / name).write_text(text, encoding="utf-8")
    file = tmp_path / "bill.csv"
    file.write_text(BILL, encoding="utf-8")
    store = load(data=own).store
    materials = known_materials(store)
    bill = read_bill(file, {})
    market = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
    lines = find_exposure(store, bill, market).lines
    places = cases_of(bill, lines, materials, country_codes(store))
    cases = {lines[place].sheet_row: case for place, case in places.items()}
    finder = PathFinder(read_plant_links(store, "2026-11-24", materials))
    found = shared(cases, finder)
    planted = found["proterial-kumagaya"]
    assert (planted.same_source, planted.suppliers) == (
        (2,),
        ("Ningbo Yunsheng", "Proterial, Ltd."),
    )
    assert "operations/own-plant" in planted.rows
    feed = found["silmet-sillamae"]
    assert (feed.same_source, feed.elements) == ((2,), ("Dy",))
    assert "supply_links/own-feed" in feed.rows
    # By the rows of the tables La Rochelle stands behind two American makers of magnets: behind
    # the samarium of one, and what the other makes NdFeB of.
    rochelle = found["la-rochelle"]
    assert (rochelle.sheet_rows, rochelle.same_source) == ((3, 4), ())
    assert {"Dy", "Sm"} <= {*rochelle.elements}
