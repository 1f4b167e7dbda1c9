"""What would help: each effect is that of the changed line, asked anew of the same code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monazite.bills.reading import read_bill
from monazite.findings.exposure.exposure import find_exposure, known_materials
from monazite.findings.exposure.stops.line_sources import LineCase, LineSource
from monazite.findings.exposure.stops.market_supply import ElementSupply
from monazite.findings.exposure.stops.remedies import MEASURES, Remedy, RemedyFinder
from monazite.findings.exposure.stops.stop_order import StopFinder
from monazite.findings.exposure.stops.supply_paths import PathFinder
from monazite.triples.names import Entity
from monazite.triples.queries import ask
from monazite.triples.store import Store
from tests.findings.exposure.stops.planted import plants
from tests.findings.exposure.stops.test_stop_order import SUPPLIES, at

BILL = """Part,Qty,Mass (g),Material,Grade,Stock,Daily use
Magnet,4,25,NdFeB,N42SH,400,20
Idle,4,25,NdFeB,N42SH,,
"""
STOPS = StopFinder(SUPPLIES, PathFinder(plants()))
CHINESE = LineSource("W Ltd.", "maker-c", made_in="CHN", split=0.6)
GERMAN = LineSource("B GmbH", "maker-b", made_in="DEU", split=0.4)


@pytest.fixture(scope="module")
def tried(store: Store, tmp_path_factory: pytest.TempPathFactory) -> RemedyFinder:
    file = Path(tmp_path_factory.mktemp("bill")) / "bill.csv"
    file.write_text(BILL, encoding="utf-8")
    market = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
    found = find_exposure(store, read_bill(file, {"dy": "Dy"}), market)
    grades = sorted({row["material"] for row in ask(store, "grade-names") if row["grade"]})
    lines = {each.sheet_row: each for each in found.lines}
    return RemedyFinder(STOPS, known_materials(store), tuple(grades), lines)


def of(measure: str, tried: RemedyFinder, case: LineCase, rows: tuple[int, ...] = (2,)) -> Remedy:
    found = tried.remedies((row, case) for row in rows)
    assert {each.measure for each in found} <= {*MEASURES}
    return next(each for each in found if each.measure == measure)


def test_a_second_source_that_is_known_to_avoid_the_stop(tried: RemedyFinder) -> None:
    case = LineCase("ndfeb", ("Nd",), (CHINESE,))
    found = of("second source", tried, case)
    # China at separation costs 0.9; by France and Australia it is not reached, Australia costs 0.4.
    assert (found.before_low, found.after_low, found.helps) == (0.9, 0.4, True)
    assert found.what == "a second source from plant-a, plant-b"
    source = LineSource("plant-a", plant="plant-a")
    changed = replace(case, sources=(*case.sources, source))
    assert found.after_low == STOPS.stop(changed).loss
    assert {"operations/a", "operations/b"} <= {*found.rows}


def test_a_second_source_of_which_the_feed_is_not_known_helps_nothing(tried: RemedyFinder) -> None:
    found = of("second source", tried, LineCase("ndfeb", ("Dy",), (CHINESE,)))
    assert (found.before_low, found.after_low, found.helps) == (1.0, 1.0, False)
    assert found.what.endswith("plants outside CHN: none is known to avoid it")


def test_what_rounds_away_does_not_help(tried: RemedyFinder) -> None:
    case = LineCase("ndfeb", ("Dy", "Nd"), (CHINESE,), perhaps=frozenset({"Dy"}))

    def helps(loss: float, after: float) -> tuple[bool, str]:
        supplies = (
            ElementSupply("Dy", ("Dy",), 2024, "magnets", (at("separation", "CHN", loss),)),
            ElementSupply("NdPr", ("Nd",), 2024, "magnets", (at("separation", "CHN", after),)),
        )
        finder = replace(tried, stops=StopFinder(supplies, PathFinder(plants())))
        told = [x for x in finder.remedies([(2, case)]) if x.quantity == "loss of the market"]
        free = next(x for x in told if x.measure == "other grade")
        return free.helps, free.before

    assert helps(0.9585752053391072, 0.9585752053391071)[0] is False
    assert helps(0.956, 0.954)[0] is False  # 96 % and 95 %, by a fifth of a per cent
    assert helps(0.96, 0.94) == (True, "96 % (Dy, CHN separation, if it holds Dy)")


def test_another_grade_by_hand(tried: RemedyFinder) -> None:
    # 4 of 25 g: N42SH holds 2 to 4.5 % Dy, N 0 to 0.5 %.
    case = LineCase("ndfeb", ("Dy", "Nd"), (CHINESE,))
    found = [x for x in tried.remedies([(2, case), (3, case)]) if x.measure == "other grade"]
    grade = next(x for x in found if x.quantity.startswith("grams"))
    assert (grade.before_low, grade.before_high) == pytest.approx((4.0, 9.0))
    assert (grade.after_low, grade.after_high) == pytest.approx((0.0, 1.0))
    assert grade.sheet_rows == (2, 3)
    free = next(x for x in found if x.quantity == "loss of the market")
    assert (free.before_low, free.after_low) == (1.0, 0.9)  # dysprosium, then NdPr


def test_stock_by_hand(tried: RemedyFinder) -> None:
    # 400 pieces at 20 a day are 20 days; 1,800 pieces would be 90.
    found = of("stock", tried, LineCase("ndfeb", ("Nd",), (CHINESE,)))
    assert (found.before_low, found.after_low) == (20.0, 90.0)
    assert found.what == "1,400 pieces more on stock"
    idle = tried.remedies([(3, LineCase("ndfeb", ("Nd",), (CHINESE,)))])
    assert "stock" not in {each.measure for each in idle}  # no use a day: nothing to work out


def test_the_split(tried: RemedyFinder) -> None:
    case = LineCase("ndfeb", ("Nd",), (CHINESE, GERMAN))
    found = of("split", tried, case)
    # By records the German source comes from France: what stops is China at separation.
    assert found.what == "all from B GmbH, if CHN separation stopped"
    assert (found.before_low, found.before_high) == (0.6, 0.6)  # W separates itself, in China
    assert (found.after_low, found.after_high, found.helps) == (0.0, 0.0, True)
