"""An exposure: grams of example bills by hand, what a buyer learns first, and what is hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from monazite.bom.bill import Bill, BillSupplier, ElementContent
from monazite.bom.exposure import element_names, find_exposure
from monazite.bom.market_supply import SharedPlant
from monazite.bom.page_tables import GRAMS, page_parts
from monazite.bom.reading import read_bill
from monazite.bom.result import LESSONS, Exposure, exposure_lessons, lasting_lines
from monazite.bom.sheets import GRAMS_HEADING
from monazite.core.tables import Table, wide
from monazite.store.names import Entity
from monazite.store.store import Store
from tests.bom.bills import BILLS, NAMES, example, line, long_exposure
from tests.conftest import view_in_memory
from tests.results import records_in

MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())


def exposed(name: str, *, redact: bool = False) -> Exposure:
    """An example without days or losses."""
    bill = read_bill(BILLS / name, element_names(view_in_memory().store))
    return find_exposure(view_in_memory().store, bill, MARKET, redact=redact)


def grams(found: Exposure) -> dict[str, tuple[float, float]]:
    return {each.element: (each.low, each.high) for each in found.elements}


def test_a_generator_by_hand() -> None:
    # 144 poles of 24 magnets of 0.752 kg are 2,598,912 g of N42SH: 20 to 30 % Nd, 2 to 4.5 % Dy,
    # 0.5 to 7 % Pr. The brakes and the ring name no grade and are not known.
    found = example("generator.csv")
    assert grams(found) == {
        "Dy": pytest.approx((51_978.24, 116_951.04)),
        "Nd": pytest.approx((519_782.4, 779_673.6)),
        "Pr": pytest.approx((12_994.56, 181_923.84)),
    }
    unknown = [each.not_known for each in found.lines]
    assert unknown.count("no record gives what its material holds") == 2


def test_a_drive_unit_by_hand() -> None:
    # 48 of 15.6 g are 748.8 g of N48UH, Dy by grade 4 to 6.5 %. 48 of 21.3 g are 1,022.4 g, of
    # which 1.9 % Dy and 0.1 % Tb were tested. Two of 9.1 g are SmCo5 with 36 % Sm.
    found = example()
    held = grams(found)
    assert held["Dy"] == pytest.approx((29.952 + 19.4256, 48.672 + 19.4256))
    assert held["Tb"] == pytest.approx((1.0224, 1.0224))
    assert held["Sm"] == pytest.approx((6.552, 6.552))
    # Nd: 20 to 28 % of the one, 20 to 32.5 - 0.5 - 1.9 - 0.1 = 30 % of the other.
    assert held["Nd"] == pytest.approx((149.76 + 204.48, 209.664 + 306.72))
    (dy,) = (each for each in found.elements if each.element == "Dy")
    assert [each.evidence for each in dy.by_evidence] == ["tested", "grade"]
    assert [each.low for each in dy.by_evidence] == pytest.approx([19.4256, 29.952])


def test_a_car_by_hand() -> None:
    # 10 of 14.2 g N45SH; 6 loudspeakers of 38.5 g N35; 4 of 6.5 g with 4.8 % Dy tested; 4 sensors
    # of 0.8 g SmCo 2:17. The starter's 40H is asked, catalyst and bonded magnet are not known.
    found = example("petrol-car.csv")
    assert grams(found)["Dy"] == pytest.approx((2.84 + 0 + 1.248, 6.39 + 1.155 + 1.248))
    assert grams(found)["Sm"] == pytest.approx((0.736, 0.896))
    asked = [each.name for each in found.lines if each.not_known == "its material is asked"]
    assert asked == ["Magnet"]


@pytest.mark.parametrize("name", NAMES)
def test_parts_of_an_example_add_up_and_its_report_fits_a_terminal(name: str) -> None:
    found = example(name)
    for each in found.elements:
        parts = [one for part in found.assemblies for one in part.elements]
        same = [one for one in parts if one.element == each.element]
        assert sum(one.low for one in same) == pytest.approx(each.low)
        assert sum(one.high for one in same) == pytest.approx(each.high)
    assert max(map(wide, found.to_text(width=80).splitlines())) <= 80


def test_a_redacted_one_tells_no_name_and_the_same_grams() -> None:
    plain, hidden = exposed("drive-unit.xlsx"), exposed("drive-unit.xlsx", redact=True)
    assert hidden.elements == plain.elements
    names = {each.name for each in plain.lines} | {each.part_number for each in plain.lines}
    names |= {plain.product, "drive-unit"}
    labels = " ".join(each.material_label for each in plain.lines)  # of the tables, no name
    names |= {each.material_text for each in plain.lines if each.material_text not in labels}
    names |= {one.text for each in plain.lines for one in each.suppliers}
    names |= {each.label for each in plain.matches if each.kind == "firm"}
    names |= {each.header for each in plain.columns}
    told = hidden.to_json() + hidden.to_csv() + hidden.to_text(full=True) + hidden.to_text(width=80)
    common = {"Level", "Part", "Country", "Grade", "Material", "Evidence", "Split", "Stock", "Item"}
    assert [each for each in sorted(names - common - {""}) if each in told] == []


def test_notes_speak_only_of_what_is_there(store: Store) -> None:
    def notes(material: str, grade: str) -> str:
        one = line("a", mass=10, material=material, grade=grade)
        return " ".join(find_exposure(store, Bill("b.csv", "", (one,)), MARKET).notes)

    assert notes("SmCo 1:5", "") == ""
    assert "Dysprosium by grade is assumed" in notes("NdFeB", "N42SH")
    assert "terbium" in notes("NdFeB", "N42SH")
    assert "1 line: no record gives what its material holds" in notes("NdFeB", "")


PLANT = SharedPlant("works", "Works", ("magnet",), "CHN", ("Dy",), (), (7, 8), (7, 8), "surely", ())


def test_the_drive_unit_by_hand() -> None:
    # 1,220 pieces and 96 a day of the inner layer, 1,840 and 96 of the outer one.
    stops, rules, held = exposure_lessons(example())
    assert stops.startswith("Magnet, inner layer (row 8) stops first: its stock lasts 12.7 days")
    assert rules == "On 24 Nov 2026, by their texts, Announcement 18 of 2025 catches 2 lines."
    assert held == (
        "Known of one product: Nd 354 to 516 g, Pr 8.86 to 124 g, Dy 49.4 to 68.1 g and 2 other "
        "elements."
    )


def test_a_second_source_that_is_the_same_plant_is_told() -> None:
    found = replace(example(), shared=(replace(PLANT, same_source=()), PLANT))
    assert exposure_lessons(found)[1] == (
        "Row 7 and 8 may have no second source: Works stands behind all its sources."
    )
    hidden = replace(example(), shared=(replace(PLANT, label=""),))
    assert "One plant stands behind" in exposure_lessons(hidden)[1]


def test_what_is_not_known_is_not_told() -> None:
    found = example()
    without = tuple(replace(each, stock=None, grams=()) for each in found.lines)
    bare = replace(found, lines=without, judgements=(), elements=(), questions=())
    assert lasting_lines(without) == []
    assert exposure_lessons(bare) == ()
    for outcome, told in (
        ("may", "On 24 Nov 2026, by their texts, rules may catch 5 lines."),
        ("not", "On 24 Nov 2026, by their texts, no rule of the records catches a line."),
    ):
        judged = [replace(x, outcomes=dict.fromkeys(found.days, outcome)) for x in found.judgements]
        assert exposure_lessons(replace(bare, judgements=tuple(judged))) == (told,)


@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_few_and_short(name: str) -> None:
    told = exposure_lessons(example(name))
    assert len(told) == LESSONS
    assert max(len(each.split()) for each in told) <= 24


ORDER = ["first", "grams", "rules", "questions", "licence", "more"]


def column(table: Table, name: str) -> list[str]:
    """The cells of a column."""
    return [each[name] for each in records_in(table)]


@pytest.mark.parametrize("name", NAMES)
def test_parts_stand_in_the_order_in_which_a_buyer_asks(name: str) -> None:
    parts = {part.id: part for part in page_parts(example(name))}
    assert [part for part in parts if part in ORDER] == [part for part in ORDER if part in parts]
    assert [table.heading for table in parts["more"].tables] == ["What each text was taken for"]
    assert all(table.rows for part in parts.values() for table in part.tables)
    assert ("first" in parts) == (name != "petrol-car.csv")  # it gives no stock


@pytest.mark.parametrize("product", ["All lines", "Line by rule", "What stops first"])
def test_a_name_of_the_bill_chooses_no_part(product: str) -> None:
    parts = page_parts(replace(example(), product=product))
    (grams,) = (part for part in parts if part.id == GRAMS)
    assert grams.tables[0].heading == GRAMS_HEADING
    assert {*column(grams.tables[0], "Element")} == {"Dy", "Nd", "Pr", "Sm", "Tb"}


def test_a_long_bill_is_cut_and_the_others_are_counted() -> None:
    found = long_exposure(300)
    assert len(found.lines) == 5_100
    parts = {part.id: part for part in page_parts(found)}
    tables = [table for part in parts.values() for table in (*part.tables, *part.folded)]
    assert sum(len(table.rows) for table in tables) < 400
    (held,) = (table for table in tables if table.heading == "Lines that hold most")
    assert held.remarks == ("870 more lines: in the workbook (-o FILE.xlsx)",)
    last = parts["rules"].folded[-1]
    assert last.remarks == ("1,488 more lines stand in the workbook (-o FILE.xlsx).",)


def test_what_is_caught_comes_first() -> None:
    (rules,) = (part for part in page_parts(example()) if part.id == "rules")
    first = rules.folded[0]
    assert first.heading == "Row 8: Magnet, inner layer (1 caught, 5 may by text)"
    rows = records_in(first)
    outcomes = [row["24 Nov 2026"] for row in rows if row["By its"] == "text"]
    assert outcomes == sorted(outcomes)
    layers = [row["By its"] for row in rows if row["Rule"] == "Announcement 18 of 2025"]
    assert layers == ["text", "guidance", "practice"]


def test_the_counts_are_those_of_the_lines() -> None:
    found = example()
    [counts] = [x for x in found.short_tables() if x.heading == "What rules make of the lines"]
    [lines] = [x for x in found.tables() if x.heading.startswith("Line by rule")]
    assert len(lines.rows) == len(found.judgements)
    for told in records_in(counts):
        own = [
            x for x in found.judgements if (x.rule_label, x.layer) == (told["Rule"], told["By its"])
        ]
        for day, name in zip(found.days, ("10 Oct 2025", "24 Nov 2026"), strict=True):
            outcomes = Counter(x.outcomes[day] for x in own)
            for outcome in ("caught", "may"):
                said = f"{outcomes[outcome]} {outcome}" in told[name]
                assert said == bool(outcomes[outcome])


def test_stock_lasts_as_long_as_it_is_used() -> None:
    found = example()
    [stock] = [x for x in found.tables() if x.heading.startswith("How long stock lasts")]
    by_row = {str(each.sheet_row): each for each in found.lines}
    days = [float(each.replace(",", "")) for each in column(stock, "Days")]
    assert days == sorted(days) != []
    for row, printed in zip(column(stock, "Row"), days, strict=True):
        line = by_row[row]
        assert line.stock is not None
        assert line.use_per_day is not None
        assert printed == float(f"{line.stock / line.use_per_day:.3g}")


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


def test_a_statement_beyond_the_records_is_told(store: Store) -> None:
    stated = (ElementContent("Dy", 40, 40, "declared"),)
    one = line("a", mass=10, material="NdFeB", grade="N42SH", contents=stated)
    found = find_exposure(store, Bill("b.csv", "", (one,)), MARKET)
    assert found.lines[0].contradicts
    assert any(note.startswith("The bill states more than records") for note in found.notes)
