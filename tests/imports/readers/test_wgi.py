"""Governance indicators: three measures that never mix, in three forms of file."""

from __future__ import annotations

import json
from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, left, rows, written

ESTIMATE, SCORE, RANK = (
    f"political-stability-{each}" for each in ("estimate", "score-0-100", "percentile-rank")
)


def test_long_form(tmp_path: Path) -> None:
    found, folder = example("wgi", "wgi-long.csv", tmp_path)
    held = {(row["country"], row["indicator"]): row for row in rows(folder, "governance")}
    assert held["LUX", ESTIMATE]["value"] == "1.234568"
    assert held["LUX", ESTIMATE]["value_as_printed"] == "1.23456789"
    assert (held["LUX", SCORE]["value"], held["LUX", RANK]["value"]) == ("81.5", "97.17")
    assert "revision of 2025" in held["LUX", SCORE]["note"]
    assert ("MMR", ESTIMATE) not in held
    assert left(found)["lines of other indicators"] == 1


def test_wide_form_and_json(tmp_path: Path) -> None:
    _, folder = example("wgi", "wgi-wide.csv", tmp_path)
    assert [(row["indicator"], row["year"]) for row in rows(folder, "governance")] == [
        (ESTIMATE, "2025"),
        (SCORE, "2025"),
    ]
    record = {
        "indicator": {"id": "GOV_WGI_PV.EST", "value": "Political stability"},
        "countryiso3code": "LUX",
        "date": "2025",
        "value": -0.5,
    }
    pages = [{"page": 1}, [record, {**record, "countryiso3code": "EUU"}]]
    import_file("wgi", written(tmp_path, "a.json", json.dumps(pages)), tmp_path / "json")
    assert [row["value"] for row in rows(tmp_path / "json", "governance")] == ["-0.5"]


def test_scales_are_held_apart(tmp_path: Path) -> None:
    header = "codeindyr,code,countryname,year,indicator,estimate,pctrank\n"
    text = header + "x,LUX,Luxembourg,2025,pv,81.5,-3\nx,LUX,Luxembourg,25,pv,1,1\n"
    assert faults("wgi", written(tmp_path, "w.csv", text)) == [
        (2, 'in column "estimate", 81.5 is no estimate'),
        (2, 'in column "pctrank", -3 is no percentile-rank'),
        (3, 'in column "year", "25" is no year'),
    ]
