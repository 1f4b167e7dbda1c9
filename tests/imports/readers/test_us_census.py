"""Census Bureau: totals and parts, groups, weights by air and vessel, years to date."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from monazite.imports.imported import import_file
from tests.imports.importing import example, left, rows, written

PARTS = "lines of a part, such as one port or district, whose total is taken"
IMPORTED = ("I_COMMODITY", "CTY_NAME", "GEN_VAL_YR", "GEN_QY1_YR", "UNIT_QY1", "YEAR", "MONTH")
EXPORTED = ("E_COMMODITY", "CTY_NAME", "ALL_VAL_YR", "QTY_1_YR", "UNIT_QY1", "YEAR", "MONTH")


def answer(
    tmp_path: Path, columns: tuple[str, ...], *lines: tuple[int, tuple[str, ...]], export: bool
) -> Path:
    """An answer of the interface on magnets: kilograms and parts of each line, at 10 USD a kg."""
    header = [*(EXPORTED if export else IMPORTED), *columns]
    told = [
        ["8505110070", "JAPAN", str(10 * kg), str(kg), "KG", "2023", "12", *parts]
        for kg, parts in lines
    ]
    return written(tmp_path, "answer.json", json.dumps([header, *told]))


def taken(tmp_path: Path, file: Path) -> tuple[str, str, dict[str, int]]:
    """Tonnes, dollars and what was left out, where one row is written."""
    found = import_file("us-census", file, tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    return row["value"], row["value_usd"], left(found)


@pytest.mark.parametrize(
    ("columns", "total", "parts", "export"),
    [
        (("DISTRICT", "DIST_NAME"), ("-", "TOTAL FOR ALL DISTRICTS"), ("01", "PORTLAND"), False),
        (("DIST_NAME",), ("TOTAL FOR ALL DISTRICTS",), ("PORTLAND",), False),
        (("PORT",), ("-",), ("2704",), False),
        (("PORT_NAME",), ("Total for all ports",), ("BUFFALO",), False),
        (("STATE",), ("-",), ("ME",), True),
        (("DF",), ("-",), ("1",), True),
    ],
)
def test_a_total_is_not_added_to_its_parts(
    tmp_path: Path,
    columns: tuple[str, ...],
    total: tuple[str, ...],
    parts: tuple[str, ...],
    export: bool,
) -> None:
    """Whichever stands first: 30 kg of all is 10 kg of one and 20 kg of another part."""
    other = ("2", *parts[1:])
    lines = [(30, total), (10, parts), (20, other)]
    for at, order in enumerate(permutations(lines)):
        place = tmp_path / str(at)
        place.mkdir()
        file = answer(place, columns, *order, export=export)
        assert taken(place, file) == ("0.03", "300", {PARTS: 2})
    alone = answer(tmp_path, columns, *lines[1:], export=export)
    assert taken(tmp_path, alone) == ("0.03", "300", {})


def test_a_total_in_each_of_several_columns(tmp_path: Path) -> None:
    """Districts by origin: 10 and 20 kg of two districts, of which 12 and 18 are of two origins."""
    by_both = [(4, ("01", "1")), (6, ("01", "2")), (8, ("02", "1")), (12, ("02", "2"))]
    by_origin = [(12, ("-", "1")), (18, ("-", "2"))]
    by_district = [(10, ("01", "-")), (20, ("02", "-"))]
    of_all = [(30, ("-", "-"))]
    columns = ("DISTRICT", "DF")
    for at, (lines, count) in enumerate(
        [
            ((*by_both, *by_origin, *by_district, *of_all), 8),
            ((*by_both, *by_origin, *by_district), 6),
            ((*by_both, *by_district), 4),
            ((*by_both[:2], by_district[1]), 0),
            ((*by_both,), 0),
        ]
    ):
        place = tmp_path / str(at)
        place.mkdir()
        file = answer(place, columns, *lines, export=True)
        assert taken(place, file) == ("0.03", "300", {PARTS: count} if count else {})


def test_a_month_without_a_total_is_that_of_its_parts(tmp_path: Path) -> None:
    text = "I_COMMODITY,CTY_NAME,DISTRICT,GEN_VAL_MO,time\n"
    text += "280530,JAPAN,-,30,2024-01\n280530,JAPAN,01,10,2024-01\n280530,JAPAN,02,20,2024-01\n"
    text += "280530,JAPAN,01,5,2024-02\n280530,JAPAN,02,7,2024-02\n"
    found = import_file("us-census", written(tmp_path, "m.csv", text), tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert (row["value_usd"], left(found)) == ("42", {PARTS: 2})


def test_lists_of_json(tmp_path: Path) -> None:
    found, folder = example("us-census", "us-census.json", tmp_path)
    held = {row["exporter"]: row for row in rows(folder, "trade")}
    assert (held["CHN"]["value"], held["CHN"]["value_usd"]) == ("33", "1350000")
    assert (held["CHN"]["code"], held["CHN"]["basis"]) == ("htsus-8505110070", "magnet")
    assert "value" not in held["JPN"]
    (total,) = rows(folder, "trade_totals")
    assert (total["exporter"], total["value"]) == ("WLD", "21")
    assert left(found)["lines of groups of countries"] == 1


def test_ports_weigh_what_comes_by_air_and_vessel(tmp_path: Path) -> None:
    found, folder = example("us-census", "us-ports.csv", tmp_path)
    assert left(found) == {PARTS: 1}
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
