"""Mineral Commodity Summaries: withheld, dashes, estimates, footnotes, totals, both forms."""

from __future__ import annotations

from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, rows, written


def test_wide_form(tmp_path: Path) -> None:
    found, folder = example("usgs-mcs", "mcs2023-raree_world.csv", tmp_path)
    held = {(row["country"], row["year"]): row for row in rows(folder, "production")}
    assert (held["AUS", "2021"]["value"], held["AUS", "2021"]["kind"]) == ("24000", "reported")
    assert held["AUS", "2022"]["kind"] == "estimate"
    assert held["MMR", "2021"]["value_as_printed"] == "35,000"  # Burma1
    assert (held["MDG", "2022"]["value"], held["MDG", "2022"]["value_as_printed"]) == (
        "960",
        "960e",
    )
    assert {place for place, _ in held} == {"AUS", "MMR", "MDG"}, "W and a dash are not nothing"
    assert {row["area"] for row in rows(folder, "production_totals")} == {"WLD"}
    (world,) = rows(folder, "reserve_totals")
    assert (world["value_low"], "value" in world) == ("130000000", False)
    assert {row["year"] for row in rows(folder, "reserves")} == {"2022"}
    assert "withheld by the source" in str(found.left_out)
    assert any("rows stand in usgs" in note for note in found.notes)


def test_long_form_of_cp1252(tmp_path: Path) -> None:
    _, folder = example("usgs-mcs", "MCS2026_Commodities_Data.csv", tmp_path)
    (output,) = rows(folder, "production")
    assert (output["country"], output["series"], output["value"]) == ("NOR", "usgs-mcs-2026", "12")
    (reserve,) = rows(folder, "reserves")
    assert (reserve["value"], reserve["unit_as_printed"], reserve["value_as_printed"]) == (
        *("1500", "thousand metric tons"),
        "1.5",
    )
    text = "Section,Commodity,Statistics,Statistics_detail,Country,Unit,Year,Value\n"
    text += "World,Rare Earths,Production,Mine production,Nowhere,metric tons,2025,5\n"
    text += "World,Rare Earths,Production,Mine production,Norway,metric tons,2025,—\n"
    text += "World,Rare Earths,Production,Mine production,Norway,metric tons,2025,x5\n"
    file = written(tmp_path, "MCS2026.csv", text.encode("cp1252"))
    assert faults("usgs-mcs", file) == [
        (2, 'the country "Nowhere" is not known'),
        (4, 'in column "value", "x5" is not a number'),
    ]


def test_a_unit_that_is_not_known_is_refused(tmp_path: Path) -> None:
    head = "Section,Commodity,Statistics,Statistics_detail,Country,Unit,Year,Value\n"
    line = "World,Rare Earths,Production,Mine production,{},{},2025,5\n"
    units = {
        "Norway": "kilograms",
        "Australia": "million metric tons",
        "India": "million metric tons REO",
        "Brazil": '"metric tons, rare-earth-oxide equivalent"',
    }
    text = head + "".join(line.format(*each) for each in units.items())
    file = written(tmp_path, "MCS2026.csv", text)
    import_file("usgs-mcs", file, tmp_path / "own", again=True)
    held = {
        row["country"]: (row["value"], row.get("unit_as_printed"), row.get("value_as_printed"))
        for row in rows(tmp_path / "own", "production")
    }
    assert held == {
        "NOR": ("0.005", "kilograms", "5"),
        "AUS": ("5000000", "million metric tons", "5"),
        "IND": ("5000000", "million metric tons reo", "5"),
        "BRA": ("5", None, None),
    }
    strange = ["short tons", "", "metric tons, gross weight", "million pounds"]
    text = head + "".join(line.format("Norway", f'"{unit}"') for unit in strange)
    assert faults("usgs-mcs", written(tmp_path, "MCS2026.csv", text)) == [
        (at, f'the unit "{unit}" is not known') for at, unit in enumerate(strange, 2)
    ]
    wide = "Country,Commodity,Type,Unit_meas,Prod_2021\nNorway,Rare earths,Mine,pounds,5\n"
    assert faults("usgs-mcs", written(tmp_path, "mcs2023.csv", wide)) == [
        (2, 'the unit "pounds" is not known')
    ]
