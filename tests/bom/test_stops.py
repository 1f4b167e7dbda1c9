"""What stops a product: by days, by loss, by value; what would help; and who supplies a market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from monazite.analysis.rules.compiled import compile_rules
from monazite.analysis.rules.judgements import Judgement, explain
from monazite.analysis.rules.weighing import Between, Case, Whereabouts
from monazite.bom.bill import Bill
from monazite.bom.exposure import country_codes, find_exposure, known_materials
from monazite.bom.judged_lines import BillJudge
from monazite.bom.lines import ExposedLine
from monazite.bom.market_supply import ElementSupply, LineCase, LineSource, cases_of, element_supply
from monazite.bom.reading import read_bill
from monazite.bom.result import exposure_lessons
from monazite.bom.stop_order import StopFinder, StoppingLine, ordered_stops
from monazite.bom.stop_tables import line_records, stop_short, stop_tables
from monazite.bom.stopping import MEASURES, Remedy, RemedyFinder
from monazite.bom.supply_paths import PathFinder
from monazite.bom.value_shares import (
    NO_PRICE,
    NO_RATE,
    NO_VALUE,
    Valuation,
    ValueShare,
    read_prices,
)
from monazite.store.names import Entity
from monazite.store.queries import ask
from monazite.store.store import Store
from tests.bom.planted import SUPPLIES, at, plants
from tests.conftest import view_in_memory
from tests.results import records_in

STOPS = StopFinder(SUPPLIES, PathFinder(plants()))
UNION = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())


def written_bill(tmp_path: Path, text: str) -> Bill:
    file = tmp_path / "bill.csv"
    file.write_text(text, encoding="utf-8")
    return read_bill(file, {"dy": "Dy", "tb": "Tb"})


def ordered(store: Store, bill: Bill, lines: Sequence[ExposedLine]) -> tuple[StoppingLine, ...]:
    cases = cases_of(bill, lines, known_materials(store), country_codes(store))
    return ordered_stops(bill, lines, cases, STOPS)


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
    bill = written_bill(tmp_path, BILL)
    return ordered(store, bill, find_exposure(store, bill, UNION).lines)


def test_days_first_then_loss(stopped: tuple[StoppingLine, ...]) -> None:
    assert [(each.rank, each.name, each.days, each.loss) for each in stopped] == [
        (1, "Early", 2.0, 1.0),
        (2, "Late", 9.0, 1.0),
        (3, "Dear", None, 1.0),  # no stock is not known: it comes after those of which days are
        (4, "Cobalt", None, None),  # nor is its loss
    ]
    # It holds up the product, and not the part.
    assert {(each.holds_up, each.value, each.currency) for each in stopped} == {
        ("Machine", 9000.0, "EUR")
    }


def test_the_plant_that_all_paths_run_through(store: Store, tmp_path: Path) -> None:
    bill = written_bill(tmp_path, "Part,Qty,Mass (g),Material,Grade\nMagnet,1,10,NdFeB,N42\n")
    lines = find_exposure(store, bill, UNION).lines

    def behind(*sources: LineSource) -> tuple[str, tuple[str, ...], int]:
        case = LineCase("ndfeb", ("Nd",), sources)
        (stop,) = ordered_stops(bill, lines, {0: case}, STOPS)
        return stop.bottleneck, stop.plants, stop.plants_known

    a, b = LineSource("A", "maker-a"), LineSource("B", "maker-b")
    both = ("plant-a (USA)", "plant-b (DEU)")
    assert behind(a, b) == ("smelter (GBR)", both, 5)
    # A source of which nothing is known may come another way.
    assert behind(a, b, LineSource("?"))[0] == ""
    # One that sends nothing does not stand behind it: its plants are not named.
    assert behind(replace(a, split=0.0), b)[1] == both[1:]


UNSURE = """Part,Qty,Mass (g),Material,Grade,Dy (%),Evidence,Value (EUR)
Plain,1,10,NdFeB,N52,,,900
Hard,1,10,NdFeB,N42SH,,,3
Tested,1,10,NdFeB,N42,0,tested,3
"""


def test_what_a_part_may_be_without_ranks_after_what_it_holds(store: Store, tmp_path: Path) -> None:
    bill = written_bill(tmp_path, UNSURE)
    found = find_exposure(store, bill, UNION)
    lines = ordered(store, bill, found.lines)
    # N holds 0 to 0.5 % of dysprosium, SH 2 to 4.5 %: a loss of 1.0 may be that of the plain one.
    assert [(x.name, x.element, x.holds, x.loss, x.sure_loss) for x in lines] == [
        ("Hard", "Dy", "yes", 1.0, 1.0),
        ("Plain", "Dy", "may", 1.0, 0.9),
        ("Tested", "NdPr", "yes", 0.9, 0.9),
    ]
    told = replace(found, stops=lines)
    table = stop_short(told)[0]
    words = [each["If this stops"] for each in records_in(table)]
    assert words == [
        "CHN separation (Dy), if it comes from there",
        "CHN separation (Dy), if it holds Dy and comes from there",
        "CHN separation (NdPr), if it comes from there; Tb not known",
    ]
    lessons = exposure_lessons(replace(told, stops=lines[1:2], supplies=SUPPLIES))
    assert any(each.endswith("Plain may hold no Dy.") for each in lessons)
    # Each element has its own loss in its row, and the one that decides beside it.
    plain = [each for each in records_in(line_records(told)) if each["sheet_row"] == "3"]
    rows = {each["element"]: each for each in plain if each["element"] in {"Dy", "Nd", "Pr"}}
    assert {x: row["loss"] for x, row in rows.items()} == {"Dy": "1", "Nd": "0.9", "Pr": "0.9"}
    assert {row["element_that_decides"] for row in rows.values()} == {"Dy"}


REMEDIED = """Part,Qty,Mass (g),Material,Grade,Stock,Daily use
Magnet,4,25,NdFeB,N42SH,400,20
Idle,4,25,NdFeB,N42SH,,
"""
CHINESE = LineSource("W Ltd.", "maker-c", made_in="CHN", split=0.6)
GERMAN = LineSource("B GmbH", "maker-b", made_in="DEU", split=0.4)


@pytest.fixture(scope="module")
def tried(store: Store, tmp_path_factory: pytest.TempPathFactory) -> RemedyFinder:
    bill = written_bill(tmp_path_factory.mktemp("bill"), REMEDIED)
    lines = {each.sheet_row: each for each in find_exposure(store, bill, UNION).lines}
    grades = sorted({row["material"] for row in ask(store, "grade-names") if row["grade"]})
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
        told = [
            x for x in finder.remedies([(2, case)]) if x.quantity == "loss of the market for good"
        ]
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
    free = next(x for x in found if x.quantity == "loss of the market for good")
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


def test_the_largest_country_of_each_stage_with_its_loss() -> None:
    view = view_in_memory()
    report = view.chokepoints("Dy", "EUE")
    parts = {"magnet": {"CHN": 0.7, "JPN": 0.3}, "mine": {"ROW": 0.5, "MMR": 0.3, "": 0.2}}
    found = element_supply(report, ["Dy"], parts, str.lower)
    assert [each.stage for each in found.stages] == ["mine", "magnet"]
    mine, magnet = found.stages
    # The rest of the world is no country that could stop, and what nobody accounts for is left out.
    assert (mine.largest, mine.failure) == ("mmr", "mine/MMR")
    assert dict(mine.shares) == {"row": 0.5, "mmr": 0.3}
    line = next(each for each in report.chokepoints if each.id == "magnet/CHN")
    assert (magnet.loss, magnet.low, magnet.high) == (line.loss, line.loss_low, line.loss_high)
    assert magnet.home_first == line.home_first
    assert not magnet.of_world


def test_shares_of_the_world_where_no_use_is_known() -> None:
    report = view_in_memory().chokepoints("Sm", "EUE")
    found = element_supply(report, ["Sm"], {}, str.lower)
    assert found.missing.startswith("We found no figures for who uses magnets with Samarium")
    assert {each.of_world for each in found.stages} == {True}
    separation = next(each for each in found.stages if each.stage == "separation")
    assert (separation.largest, separation.country, separation.loss) == ("China", "CHN", None)


DAY = "2027-01-11"
GERMANY = Entity("https://w3id.org/monazite/id/area/DEU", "Germany", frozenset())
HEADER = (
    "Level,Part,Qty,Mass (g),Material,Grade,Dy (%),Tb (%),Evidence,Value,Currency,"
    "Supplier,Made in\n"
)


def test_prices_by_hand(store: Store) -> None:
    # Dy2O3 on record since 2024-11-24: 224 USD a kilogram (96 percent of the volume of 2025) to
    # 1,100 (asked outside China); 1.1477 kg of oxide hold a kilogram of dysprosium.
    dy = read_prices(store, "2026-11-24")["Dy"]
    assert (dy.low, dy.high) == pytest.approx((224 * 1.1477, 1100 * 1.1477), rel=1e-4)
    assert "prices/dysprosium-oxide-2025-ask-price-peak-outside-china" in dy.rows
    assert "Dy" not in read_prices(store, "2029-01-01")  # older than two years: none fits


def test_shares_by_hand_and_why_others_are_not_known(store: Store, tmp_path: Path) -> None:
    bill = written_bill(
        tmp_path,
        HEADER + "0,Priced,1,10,NdFeB,N42,2,,tested,0.60,USD,,\n"
        "0,Euro,1,10,NdFeB,N42,2,,tested,0.60,EUR,,\n"
        "0,Free,1,10,NdFeB,N42,2,,tested,,,,\n",
    )
    exposure = find_exposure(store, bill, GERMANY)
    prices, lines = {"Dy": read_prices(store, DAY)["Dy"]}, exposure.lines

    def shares(rates: dict[str, float]) -> dict[tuple[str, str], ValueShare]:
        found = Valuation(prices, rates, bill, lines).shares()
        return {(x.name, x.element): x for x in found}

    found = shares({})
    # 2 % of 10 g are 0.2 g of Dy, for 257.1 to 1,262.5 USD a kilogram, of 0.60 USD.
    dy, euro = found["Priced", "Dy"], shares({"EUR": 1.25})["Euro", "Dy"]
    assert (dy.low, dy.high) == pytest.approx((0.0857, 0.4208), rel=1e-3)
    assert (euro.low, euro.high) == pytest.approx((0.0857 / 1.25, 0.4208 / 1.25), rel=1e-3)
    assert found["Priced", "Nd"].not_known == NO_PRICE
    assert found["Euro", "Dy"].not_known == NO_RATE
    assert found["Free", "Dy"].not_known == NO_VALUE
    assert {x.element for x in found.values() if x.beyond} == set()
    for rate in (1e308, 1e-320):  # a number that no rate has gives no share, and no fault
        assert shares({"EUR": rate})["Euro", "Dy"].low is None
    cheap = replace(lines[0], value=0.01)  # 0.06 to 0.25 USD of dysprosium in a piece of 0.01
    [beyond] = [x for x in Valuation(prices, {}, bill, [cheap]).shares() if x.beyond]
    assert (beyond.element, beyond.low, beyond.high) == ("Dy", 1.0, 1.0)
    stops = ordered(store, bill, lines)
    told = stop_tables(replace(exposure, stops=stops, value_shares=(beyond,)))[-1].remarks
    assert "Row 2: by these prices its Dy would cost more than the piece" in told[-1]


def test_the_two_tenths_of_a_percent_differ(store: Store, tmp_path: Path) -> None:
    """A magnet of 60 USD a kilogram with 0.05 % of dysprosium, made in Japan of Chinese metal."""
    magnet = "0,Magnet,1,1000,NdFeB,N42,0.05,0,tested,60,USD,Example KK,JPN\n"
    bill = written_bill(tmp_path, HEADER + magnet)
    lines = find_exposure(store, bill, GERMANY).lines
    worth = Valuation(read_prices(store, DAY), {}, bill, lines)
    share = next(x for x in worth.shares() if x.element == "Dy")
    assert (share.low, share.high) == pytest.approx((0.00214, 0.01052), rel=1e-2)
    assert lines[0].grams[0].percent_high == 0.05
    rules, china = compile_rules(store, [DAY]), Whereabouts.only("CHN")
    japan = Whereabouts.only("JPN")
    abroad = Case(
        magnet_types=frozenset({"ndfeb"}),
        forms=frozenset({"magnet"}),
        shipped_as=frozenset({"magnet"}),
        stages={("magnet", ""): japan}
        | {(stage, ""): china for stage in ("separation", "metal", "alloy")},
        made_in=japan,
        ships_from=frozenset({"JPN"}),
        destination=frozenset({"DEU"}),
        facts={"chinese-technology": False},
    )

    def judged(case: Case, part: float) -> dict[tuple[str, str], Judgement]:
        others = {name: Between(0.0, 0.0) for name in ("Tb", "Sm", "Gd", "Lu", "Sc", "Y")}
        content = {**others, "Dy": Between(0.0005 * part, 0.0005 * part)}
        case = replace(case, content=content)
        case = replace(case, value_share=worth.of_case(0, case))
        return {(x.rule, x.layer): x for x in explain(rules, case, DAY)}

    value = "Dy + Gd + Lu + Sc + Sm + Tb + Y from China at least 0.1 % of value"
    whole = judged(abroad, 1)["mofcom-61", "text"]
    assert f"{value}; here 0.214 to 1.05 %: yes." in whole.because
    assert whole.reasons == ("status unknown",)  # whether the act is in force, and nothing else
    # At a tenth of the dysprosium the prices decide, at a hundredth it is below at any price.
    tenth = judged(abroad, 0.1)["mofcom-61", "text"]
    assert f"{value}; here 0.0214 to 0.105 %: open." in tenth.because
    assert "range straddles" in tenth.reasons
    assert judged(abroad, 0.01)["mofcom-61", "text"].outcome == "not"
    # By mass the same magnet passes in practice where it comes from China itself and was tested.
    from_china, tested = frozenset({"CHN"}), frozenset({"Dy", "Tb"})
    by_mass = judged(
        replace(abroad, made_in=china, stages={}, ships_from=from_china, tested=tested), 1
    )
    assert by_mass["mofcom-18", "text"].outcome == "caught"
    assert by_mass["mofcom-18", "practice"].outcome == "not"
    assert any("at most 0.1 % of mass" in x for x in by_mass["mofcom-18", "practice"].because)


def test_a_value_of_the_bill_reaches_the_judgement(store: Store, tmp_path: Path) -> None:
    bill = written_bill(
        tmp_path,
        HEADER + "0,Machine,1,9000,,,,,,1450,USD,,Germany\n"
        "1,Magnet,1,1000,NdFeB,N42,2,0,tested,60,USD,Example KK,Japan\n",
    )
    lines = find_exposure(store, bill, GERMANY).lines
    worth = Valuation(read_prices(store, DAY), {}, bill, lines)
    known = known_materials(store), "DEU", country_codes(store)
    judged = BillJudge(compile_rules(store, [DAY]), bill, lines, *known, worth=worth).judgements()
    # Whether the dysprosium is Chinese is not known: it stays open, and the arithmetic is told.
    told = next(x for x in judged if x.rule == "mofcom-61" and x.layer == "text")
    assert told.outcomes[DAY] == "may"
    # 20 g of Dy of a machine for 1,450 USD: 0.35 to 1.74 %.
    dy = worth.of_product["Dy"]
    ends = (0.02 * 257.1 / 1450, 0.02 * 1262.5 / 1450)
    assert (dy.low, dy.high) == pytest.approx(ends, rel=1e-3)
