"""World Mining Data: one sheet of many, a title, units, dashes, the total."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, rows, written


def test_text(tmp_path: Path) -> None:
    found, folder = example("world-mining-data", "world-mining-data.csv", tmp_path, again=True)
    held = {(row["country"], row["year"]): row for row in rows(folder, "production")}
    assert held["TUR", "2022"]["value"] == "15.5"
    assert ("BDI", "2023") not in held
    assert {row["area"] for row in rows(folder, "production_totals")} == {"WLD"}
    assert "a dash" in str(found.left_out)
    assert held["TUR", "2022"]["kind"] == "reported"
    assert "is not told" in held["TUR", "2022"]["note"]
    assert "ask the ministry" in found.given_on
    assert any("and not from the file" in note for note in found.notes)


def test_workbook(tmp_path: Path) -> None:
    book = Workbook()
    iron = book.create_sheet("Iron (Fe)")
    iron.append(["Country", "unit", "2031", "data source"])
    iron.append(["Norway", "metr. t", 1, "r"])
    sheet = book.create_sheet("Rare Earths (REO)")
    for line in (["Invented"], ["Country", "unit", 2031, 2032, "data source"]):
        sheet.append(line)
    sheet.append(["Norway", "1000 metr. t", 0.5, "-", "e"])
    book.save(tmp_path / "wmd.xlsx")
    import_file("world-mining-data", tmp_path / "wmd.xlsx", tmp_path / "own")
    (row,) = rows(tmp_path / "own", "production")
    assert row["kind"] == "reported", "the last year is another"
    assert (row["country"], row["year"], row["value"], row["unit_as_printed"]) == (
        *("NOR", "2031", "500"),
        "1000 metr. t",
    )


def test_faults(tmp_path: Path) -> None:
    text = "Country,unit,2031,data source\nNarnia,metr. t,1,r\nNorway,kg,1,r\nNorway,metr. t,x,r\n"
    assert [what for _, what in faults("world-mining-data", written(tmp_path, "w.csv", text))] == [
        'the country "Narnia" is not known',
        'the unit "kg" is not known',
        'in column "2031", "x" is not a number',
    ]


def test_what_the_source_estimates_is_told_of_the_last_year_alone(tmp_path: Path) -> None:
    text = (
        "6.4. Production of Mineral Raw Materials of individual Countries by Minerals,,,,\n"
        "Country,unit,2031,2032,data source\nNorway,metr. t,1,2,e\nSweden,metr. t,1,2,r\n"
        "Total,metr. t,2,4,\n"
    )
    import_file("world-mining-data", written(tmp_path, "w.csv", text), tmp_path / "own")
    held = {(row["country"], row["year"]): row for row in rows(tmp_path / "own", "production")}
    assert {key: row["kind"] for key, row in held.items()} == {
        **{(country, "2031"): "reported" for country in ("NOR", "SWE")},
        ("NOR", "2032"): "estimate",
        ("SWE", "2032"): "reported",
    }
