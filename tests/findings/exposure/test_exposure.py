"""An exposure: grams of the example bills by hand, and nothing that a redacted one tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite.bills.bill import Bill, StatedContent, line
from monazite.bills.reading import read_bill
from monazite.findings.exposure.exposure import Exposure, element_names, find_exposure
from monazite.text_columns import wide
from monazite.triples.names import Entity
from monazite.triples.store import Store
from tests.mirror import TESTS

MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
BILLS = TESTS.parent / "examples" / "bills"


def exposed(store: Store, file: Path, *, redact: bool = False) -> Exposure:
    return find_exposure(store, read_bill(file, element_names(store)), MARKET, redact=redact)


def grams(found: Exposure) -> dict[str, tuple[float, float]]:
    return {each.element: (each.low, each.high) for each in found.elements}


def test_a_generator_by_hand(store: Store) -> None:
    # 144 poles of 24 magnets of 0.752 kg are 2,598,912 g of N42SH: 20 to 30 % Nd, 2 to 4.5 % Dy,
    # 0.5 to 7 % Pr. The brakes and the ring name no grade and are not known.
    found = exposed(store, BILLS / "generator.csv")
    assert grams(found) == {
        "Dy": pytest.approx((51_978.24, 116_951.04)),
        "Nd": pytest.approx((519_782.4, 779_673.6)),
        "Pr": pytest.approx((12_994.56, 181_923.84)),
    }
    assert [each.not_known for each in found.lines].count(
        "no record gives what its material holds"
    ) == 2


def test_a_drive_unit_by_hand(store: Store) -> None:
    # 48 of 15.6 g are 748.8 g of N48UH, Dy by grade 4 to 6.5 %. 48 of 21.3 g are 1,022.4 g, of
    # which 1.9 % Dy and 0.1 % Tb were tested. Two of 9.1 g are SmCo5 with 36 % Sm.
    found = exposed(store, BILLS / "drive-unit.xlsx")
    held = grams(found)
    assert held["Dy"] == pytest.approx((29.952 + 19.4256, 48.672 + 19.4256))
    assert held["Tb"] == pytest.approx((1.0224, 1.0224))
    assert held["Sm"] == pytest.approx((6.552, 6.552))
    # Nd: 20 to 28 % of the one, 20 to 32.5 - 0.5 - 1.9 - 0.1 = 30 % of the other.
    assert held["Nd"] == pytest.approx((149.76 + 204.48, 209.664 + 306.72))
    (dy,) = (each for each in found.elements if each.element == "Dy")
    assert [each.evidence for each in dy.by_evidence] == ["tested", "grade"]
    assert [each.low for each in dy.by_evidence] == pytest.approx([19.4256, 29.952])


def test_a_car_by_hand(store: Store) -> None:
    # 10 of 14.2 g N45SH; 6 loudspeakers of 38.5 g N35; 4 of 6.5 g with 4.8 % Dy tested; 4 sensors
    # of 0.8 g SmCo 2:17. The starter's 40H is asked, catalyst and bonded magnet are not known.
    found = exposed(store, BILLS / "petrol-car.csv")
    assert grams(found)["Dy"] == pytest.approx((2.84 + 0 + 1.248, 6.39 + 1.155 + 1.248))
    assert grams(found)["Sm"] == pytest.approx((0.736, 0.896))
    assert [each.name for each in found.lines if each.not_known == "its material is asked"] == [
        "Magnet"
    ]


@pytest.mark.parametrize("name", ["generator.csv", "drive-unit.xlsx", "petrol-car.csv"])
def test_parts_of_an_example_add_up(store: Store, name: str) -> None:
    found = exposed(store, BILLS / name)
    for each in found.elements:
        parts = [one for part in found.assemblies for one in part.elements]
        same = [one for one in parts if one.element == each.element]
        assert sum(one.low for one in same) == pytest.approx(each.low)
        assert sum(one.high for one in same) == pytest.approx(each.high)


@pytest.mark.parametrize("name", ["generator.csv", "drive-unit.xlsx", "petrol-car.csv"])
def test_the_report_fits_a_terminal_and_is_the_same_for_programs(store: Store, name: str) -> None:
    found = exposed(store, BILLS / name)
    assert max(map(wide, found.to_text(width=80).splitlines())) <= 80
    assert json.loads(found.to_json())["product"] == found.product
    assert len(found.to_csv().splitlines()) > len(found.lines)


def test_a_redacted_one_tells_no_name_and_the_same_grams(store: Store) -> None:
    plain = exposed(store, BILLS / "drive-unit.xlsx")
    hidden = exposed(store, BILLS / "drive-unit.xlsx", redact=True)
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
    assert hidden.to_json() == exposed(store, BILLS / "drive-unit.xlsx", redact=True).to_json()


def test_notes_speak_only_of_what_is_there(store: Store) -> None:
    def notes(material: str, grade: str) -> str:
        one = line("a", mass=10, material=material, grade=grade)
        return " ".join(find_exposure(store, Bill("b.csv", "", (one,)), MARKET).notes)

    assert notes("SmCo 1:5", "") == ""
    assert "Dysprosium by grade is assumed" in notes("NdFeB", "N42SH")
    assert "terbium" in notes("NdFeB", "N42SH")
    assert "1 line: no record gives what its material holds" in notes("NdFeB", "")


def test_a_statement_beyond_the_records_is_told(store: Store) -> None:
    stated = (StatedContent("Dy", 40, 40, "declared"),)
    one = line("a", mass=10, material="NdFeB", grade="N42SH", contents=stated)
    found = find_exposure(store, Bill("b.csv", "", (one,)), MARKET)
    assert found.lines[0].contradicts
    assert any(note.startswith("The bill states more than records") for note in found.notes)
