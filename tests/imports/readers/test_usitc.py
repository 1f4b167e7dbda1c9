"""DataWeb: tables of values and of quantities, years as columns or lines, units."""

from __future__ import annotations

from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, left, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("usitc", "usitc.csv", tmp_path)
    held = {row["year"]: row for row in rows(folder, "trade")}
    assert (held["2024"]["value"], held["2024"]["value_usd"]) == ("190", "1100000")
    assert held["2023"]["code"] == "htsus-2846902015"
    assert {row["exporter"] for row in rows(folder, "trade_totals")} == {"WLD"}
    assert left(found) == {
        "lines of other goods": 1,  # eight digits, which the ten repeat
        "lines of quantities that are no weights": 1,
    }


def test_years_as_lines_exports_and_tonnes(tmp_path: Path) -> None:
    text = (
        "Data Type,HTS Number,Country,Year,Quantity Description,Value\n"
        "FAS Value,280530,Japan,2024,,100\n"
        "First Unit of Quantity - FAS,280530,Japan,2024,metric tons,2.5\n"
    )
    import_file("usitc", written(tmp_path, "x.csv", text), tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert (row["exporter"], row["importer"], row["value"]) == ("USA", "JPN", "2.5")
    assert "metric tons" in row["note"]
    bad = text.replace(",100", ",-100")
    assert faults("usitc", written(tmp_path, "y.csv", bad)) == [
        (2, 'in column "value", -100 is below nothing')
    ]
