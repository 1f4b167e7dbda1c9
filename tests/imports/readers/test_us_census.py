"""Census Bureau: sums and groups, weights by air and vessel, years to date."""

from __future__ import annotations

from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, rows, written


def test_lists_of_json(tmp_path: Path) -> None:
    found, folder = example("us-census", "us-census.json", tmp_path)
    held = {row["exporter"]: row for row in rows(folder, "trade")}
    assert (held["CHN"]["value"], held["CHN"]["value_usd"]) == ("33", "1350000")
    assert (held["CHN"]["code"], held["CHN"]["basis"]) == ("htsus-8505110070", "magnet")
    assert "value" not in held["JPN"]
    (total,) = rows(folder, "trade_totals")
    assert (total["exporter"], total["value"]) == ("WLD", "21")
    assert "lines of all ports or of groups of countries" in str(found.left_out)


def test_ports_weigh_what_comes_by_air_and_vessel(tmp_path: Path) -> None:
    found, folder = example("us-census", "us-ports.csv", tmp_path)
    held = {row["exporter"]: row for row in rows(folder, "trade")}
    assert (held["CHN"]["value"], held["CHN"]["code"]) == ("6", "hs2022-280530")  # no containers
    assert (held["CAN"]["value_low"], held["CAN"]["figure_kind"]) == ("0.02", "lower-bound")
    assert held["CHN"]["unit_as_printed"] == "kg by air and vessel"
    assert any("by land" in note for note in found.notes)


def test_a_year_to_date_is_taken_in_december(tmp_path: Path) -> None:
    text = "E_COMMODITY,CTY_NAME,YEAR,MONTH,ALL_VAL_YR\n"
    text += "280530,JAPAN,2024,11,90\n280530,JAPAN,2024,12,100\n"
    import_file("us-census", written(tmp_path, "e.csv", text), tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert (row["exporter"], row["importer"], row["value_usd"]) == ("USA", "JPN", "100")
    assert "period_from" not in row
