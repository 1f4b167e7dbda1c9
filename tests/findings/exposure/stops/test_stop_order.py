"""The order in which parts stop a product: by days, by loss, by what stands on them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monazite.bills.reading import read_bill
from monazite.findings.exposure.exposure import country_codes, find_exposure, known_materials
from monazite.findings.exposure.headline import exposure_lessons
from monazite.findings.exposure.stops.line_sources import LineCase, LineSource
from monazite.findings.exposure.stops.market_supply import ElementSupply, StageSupply
from monazite.findings.exposure.stops.stop_order import StopFinder, StoppingLine, ordered_stops
from monazite.findings.exposure.stops.stop_tables import STOP_COLUMNS, stop_columns, stop_short
from monazite.findings.exposure.stops.stopping import cases_of
from monazite.findings.exposure.stops.supply_paths import PathFinder
from monazite.triples.names import Entity
from monazite.triples.store import Store
from tests.findings.exposure.stops.planted import plants


def at(stage: str, country: str, loss: float | None) -> StageSupply:
    name = f"{country} {stage}"
    return StageSupply(
        stage=stage,
        shares={country: 0.9},
        of_world=False,
        largest=country,
        country=country,
        failure=f"{stage}/{country}",
        failure_label=name,
        loss=loss,
        low=loss,
        high=loss,
        home_first=loss,
    )


SUPPLIES = (
    ElementSupply("Dy", ("Dy",), 2024, "magnets", (at("separation", "CHN", 1.0),)),
    ElementSupply(
        "NdPr",
        ("Nd", "Pr"),
        2024,
        "magnets",
        (at("mine", "AUS", 0.4), at("separation", "CHN", 0.9), at("magnet", "CHN", 0.8)),
    ),
    ElementSupply("Sm", ("Sm",), None, "", (at("separation", "CHN", None),), "not known"),
)
STOPS = StopFinder(SUPPLIES, PathFinder(plants()))


def test_the_stop_that_costs_most_of_those_that_reach_a_line() -> None:
    unknown = LineCase("ndfeb", ("Dy", "Nd"), (LineSource("?"),))
    assert (STOPS.stop(unknown).element, STOPS.stop(unknown).loss) == ("Dy", 1.0)
    # NdPr comes by France from Australia: China at separation does not reach it, Australia does.
    known = LineCase("ndfeb", ("Nd",), (LineSource("A", "maker-a", made_in="USA"),))
    stop = STOPS.stop(known)
    assert (stop.at and stop.at.failure, stop.loss, stop.reaches) == ("mine/AUS", 0.4, "yes")
    assert STOPS.stop(LineCase("smco", ("Sm",), (LineSource("?"),))).loss is None
    nowhere = STOPS.stop(LineCase("", ("Ce",), (LineSource("?"),)))
    assert (nowhere.at, nowhere.loss) == (None, None)


BILL = """Level,Part,Qty,Mass (g),Material,Grade,Value (EUR),Stock,Daily use,Supplier
0,Machine,1,,,,9000,,,
1,Pump,2,,,,,,,
2,Early,1,10,NdFeB,N42SH,3,40,20,
1,Drive,1,,,,700,,,
2,Late,1,10,NdFeB,N42SH,3,90,10,
2,Dear,1,10,NdFeB,N42SH,3,,10,
2,Cobalt,1,10,SmCo 1:5,,3,,,
"""


@pytest.fixture
def stopped(store: Store, tmp_path: Path) -> tuple[StoppingLine, ...]:
    file = tmp_path / "bill.csv"
    file.write_text(BILL, encoding="utf-8")
    bill = read_bill(file, {"dy": "Dy"})
    market = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
    found = find_exposure(store, bill, market)
    materials, country = known_materials(store), country_codes(store)
    return ordered_stops(bill, found.lines, cases_of(bill, found.lines, materials, country), STOPS)


def test_days_first_then_loss(stopped: tuple[StoppingLine, ...]) -> None:
    assert [(each.rank, each.name, each.days) for each in stopped] == [
        (1, "Early", 2.0),
        (2, "Late", 9.0),
        (3, "Dear", None),  # no stock is not known: it comes after those of which days are known
        (4, "Cobalt", None),  # nor is its loss
    ]
    assert [each.loss for each in stopped] == [1.0, 1.0, 1.0, None]


def test_it_holds_up_the_product_and_not_the_part(stopped: tuple[StoppingLine, ...]) -> None:
    assert {(each.holds_up, each.value, each.currency) for each in stopped} == {
        ("Machine", 9000.0, "EUR")
    }


def test_the_plant_that_all_paths_run_through() -> None:
    from monazite.findings.exposure.stops.stop_order import _PlantsBehind

    both = LineCase("ndfeb", ("Nd",), (LineSource("A", "maker-a"), LineSource("B", "maker-b")))
    behind = _PlantsBehind(both, ("Nd",), STOPS.finder)
    assert behind.bottleneck == "smelter (GBR)"
    assert behind.nearest == ("plant-a (USA)", "plant-b (DEU)")
    assert behind.known == 5
    # A source of which nothing is known may come another way.
    open_one = replace(both, sources=(*both.sources, LineSource("?")))
    assert _PlantsBehind(open_one, ("Nd",), STOPS.finder).bottleneck == ""
    # Nor does one that sends nothing stand behind it: its plants are not named.
    none_of_it = replace(both, sources=(replace(both.sources[0], split=0.0), both.sources[1]))
    assert _PlantsBehind(none_of_it, ("Nd",), STOPS.finder).nearest == ("plant-b (DEU)",)


UNSURE = """Part,Qty,Mass (g),Material,Grade,Dy (%),Evidence,Value (EUR)
Plain,1,10,NdFeB,N52,,,900
Hard,1,10,NdFeB,N42SH,,,3
Tested,1,10,NdFeB,N42,0,tested,3
"""


def test_what_a_part_may_be_without_ranks_after_what_it_holds(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(UNSURE, encoding="utf-8")
    bill = read_bill(file, {"dy": "Dy"})
    market = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
    found = find_exposure(store, bill, market)
    cases = cases_of(bill, found.lines, known_materials(store), country_codes(store))
    lines = ordered_stops(bill, found.lines, cases, STOPS)
    # N holds 0 to 0.5 % of dysprosium, SH 2 to 4.5 %: a loss of 1.0 may be that of the plain one.
    assert [(x.name, x.element, x.holds, x.loss, x.sure_loss) for x in lines] == [
        ("Hard", "Dy", "yes", 1.0, 1.0),
        ("Plain", "Dy", "may", 1.0, 0.9),
        ("Tested", "NdPr", "yes", 0.9, 0.9),
    ]
    told = replace(found, stops=lines)
    [words] = [[row[3] for row in table.rows] for table in stop_short(told)[:1]]
    assert words == [
        "CHN separation (Dy), if it comes from there",
        "CHN separation (Dy), if it holds Dy and comes from there",
        "CHN separation (NdPr), if it comes from there; Tb not known",
    ]
    lessons = exposure_lessons(replace(told, stops=lines[1:2], supplies=SUPPLIES))
    assert any(each.endswith("Plain may hold no Dy.") for each in lessons)
    # Each element has its own loss in its row, and the one that decides beside it.
    cells = stop_columns(told)
    rows = {x: dict(zip(STOP_COLUMNS, cells(3, x), strict=True)) for x in ("Dy", "Nd", "Pr")}
    assert {x: row["loss"] for x, row in rows.items()} == {"Dy": "1", "Nd": "0.9", "Pr": "0.9"}
    assert {row["element_that_decides"] for row in rows.values()} == {"Dy"}
