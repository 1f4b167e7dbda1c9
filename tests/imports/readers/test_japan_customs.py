"""Japan: two quantity columns, thousands of yen, months to come, Japanese headers, Shift JIS."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError
from monazite.imports.imported import import_file
from tests.imports.importing import EXAMPLES, example, left, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("japan-customs", "japan-customs.csv", tmp_path)
    held = {(row["exporter"], row["year"], row["unit"]): row for row in rows(folder, "trade")}
    assert held["CHN", "2024", "t"]["value"] == "12"
    assert held["CHN", "2024", "jpy"]["value"] == "6000000"
    part = held["CHN", "2025", "t"]
    assert (part["value"], part["period_until"]) == ("1.7", "2025-02")
    assert held["USA", "2024", "t"]["value"] == "24"  # MT in the first column, pieces in the second
    assert held["JPN", "2024", "t"]["importer"] == "PHL"
    assert "recalled, not read" in held["JPN", "2024", "t"]["note"]
    assert any("code 999" in why for _, why in found.left_out)
    assert "thousands of yen" in rows(folder, "sources")[0]["note"]


def test_japanese_headers_in_shift_jis(tmp_path: Path) -> None:
    _, folder = example("japan-customs", "japan-customs-sjis.csv", tmp_path)
    assert [row["value"] for row in rows(folder, "trade")] == ["12", "6000000"]
    content = (EXAMPLES / "japan-customs-sjis.csv").read_bytes()
    with pytest.raises(FaultyTablesError, match="the text is not UTF-8"):
        import_file("comtrade", written(tmp_path, "x.csv", content), tmp_path / "none")


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOUGHT = "lines that hold nought alone: no trade"


def table(tmp_path: Path, *lines: tuple[str, str, int, list[int]], year: bool = True) -> Path:
    """A table of e-Stat: goods, country, year, and kilograms of each month at 2000 yen a kg."""
    spans = ("Year", *MONTHS) if year else MONTHS
    columns = [f"{what}-{span}" for span in spans for what in ("Quantity2", "Value")]
    text = ",".join(["Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2", *columns]) + "\n"
    for goods, country, of_year, kg in lines:
        numbers = [sum(kg), *kg] if year else kg
        cells = [str(number) for each in numbers for number in (each, 2 * each)]
        text += ",".join(["2", str(of_year), f"'{goods}'", country, "", "KG", *cells]) + "\n"
    return written(tmp_path, "j.csv", text)


def held(folder: Path) -> dict[tuple[str, str], tuple[str, str | None, str | None]]:
    """Numbers and periods, by seller and unit."""
    return {
        (row["exporter"], row["unit"]): (
            row["value"],
            row.get("period_from"),
            row.get("period_until"),
        )
        for row in rows(folder, "trade")
    }


@pytest.mark.parametrize("year", [True, False])
@pytest.mark.parametrize("other", ["850511000", "870380000"])
def test_a_year_is_whole_where_the_file_tells_of_december(
    tmp_path: Path, other: str, *, year: bool
) -> None:
    """Be it of another country or of goods that are not read."""
    china = (other, "105", 2023, [100] * 12)
    germany = ("850511000", "213", 2023, [100] * 11 + [0])
    found = import_file(
        "japan-customs", table(tmp_path, germany, china, year=year), tmp_path / "own"
    )
    numbers = held(tmp_path / "own")
    assert numbers["DEU", "t"] == ("1.1", None, None)
    assert numbers["DEU", "jpy"] == ("2200000", None, None)
    assert not any("some months" in note for note in found.notes)


def test_a_flow_of_noughts_is_no_trade(tmp_path: Path) -> None:
    """Nor is it a year: the file tells of January to June alone."""
    china = ("850511000", "105", 2026, [100] * 6 + [0] * 6)
    germany = ("850511000", "213", 2026, [100] * 4 + [0] * 8)
    taiwan = ("850511000", "106", 2026, [0] * 12)
    found = import_file("japan-customs", table(tmp_path, taiwan, china, germany), tmp_path / "own")
    assert held(tmp_path / "own") == {
        ("CHN", "t"): ("0.6", "2026-01", "2026-06"),
        ("CHN", "jpy"): ("1200000", "2026-01", "2026-06"),
        ("DEU", "t"): ("0.4", "2026-01", "2026-04"),
        ("DEU", "jpy"): ("800000", "2026-01", "2026-04"),
    }
    assert left(found) == {NOUGHT: 1}


def test_years_of_a_file_are_judged_apart(tmp_path: Path) -> None:
    months = {2024: 12, 2025: 2}
    lines = [
        ("850511000", "105", year, [10] * count + [0] * (12 - count))
        for year, count in months.items()
    ]
    import_file("japan-customs", table(tmp_path, *lines), tmp_path / "own")
    untils = {row["year"]: row.get("period_until") for row in rows(tmp_path / "own", "trade")}
    assert untils == {"2024": None, "2025": "2025-02"}


def test_offices_that_share_a_flow_are_added(tmp_path: Path) -> None:
    lines = [("850511000", "105", 2023, [kg] * 12) for kg in (10, 20)]
    import_file("japan-customs", table(tmp_path, *lines), tmp_path / "own")
    assert held(tmp_path / "own")["CHN", "t"] == ("0.36", None, None)
