"""Wikidata: longitude first, lines that repeat, items without a row here."""

from __future__ import annotations

from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("wikidata", "wikidata.json", tmp_path)
    (point,) = rows(folder, "coordinates")
    assert (point["facility"], point["lat"], point["lon"]) == ("mountain-pass", "35.48", "-115.53")
    held = {(row["entity"], row["scheme"]): row["value"] for row in rows(folder, "identifiers")}
    assert held == {
        ("mountain-pass", "wikidata"): "Q999999991",
        ("mp-materials", "wikidata"): "Q999999992",
        ("mp-materials", "lei"): "INVENTED000000000LEI",
    }
    assert found.left_out == ((1, "lines of items that have no row here"),)
    assert any("Q999999993" in note for note in found.notes)


def test_csv_and_faults(tmp_path: Path) -> None:
    text = "item,monazite,coord,ticker\nwd,mountain-pass,,\nQ1,nosuch,,\n"
    text += "Q1,mountain-pass,35 N,\nQ1,mountain-pass,Point(35 -115),\n"
    assert [what for _, what in faults("wikidata", written(tmp_path, "w.csv", text))] == [
        '"wd" is no item',
        '"nosuch" is neither in facilities.csv nor in organisations.csv',
        '"35 N" is no point',
        '"Point(35 -115)" is on no map: longitude stands first',
    ]
    moon = "<http://www.wikidata.org/entity/Q405> Point(1 2)"
    text = f"item,monazite,coord,ticker\nQ1,mountain-pass,{moon},\nQ2,mp-materials,Point(1 2),MP\n"
    found = import_file("wikidata", written(tmp_path, "w.csv", text), tmp_path / "own")
    assert {why for _, why in found.left_out} == {
        "points of other worlds",
        "points of firms, which have no place here",
    }
    ticker = next(row for row in rows(tmp_path / "own", "identifiers") if row["scheme"] == "ticker")
    assert ticker["note"] == "The exchange is not in the answer"
