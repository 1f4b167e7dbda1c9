"""BACI, USGS, WGI and Wikidata: what is read of them, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from monazite.core.errors import UnreadableError
from monazite.data.importers.imported import import_file
from tests.data.importers.importing import EXAMPLES, example, faults, left, rows, written

NAME = "BACI_HS22_Y2024_V202601.csv"
HEADER = "t,i,j,k,v,q\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the file of country codes."""
    shutil.copy(EXAMPLES / "country_codes_V202601.csv", tmp_path)
    return tmp_path


def test_an_example_of_baci(tmp_path: Path) -> None:
    found, folder = example("baci", NAME, tmp_path)
    held = {(row["exporter"], row["importer"]): row for row in rows(folder, "baci")}
    bought, unweighed = held["CHN", "LUX"], held["USA", "LUX"]  # by 842, not by the number of ISO
    assert (bought["tonnes"], bought["usd"], bought["year"]) == ("8.125", "290500", "2024")
    assert "that it is Taiwan is assumed" in held["TWN", "LUX"]["note"]
    assert (unweighed.get("tonnes"), unweighed["note"]) == (None, "No weight in the source")
    assert held["FRA", "LUX"]["usd"] == "38750"  # by 251
    assert ("CHN", "DEU") not in held, "the shipped tables have it already"
    assert left(found) == {
        "lines of other goods": 1,
        "lines of places that are no country here": 1,
        "rows of baci that the shipped tables have already": 1,
    }
    (source,) = rows(folder, "sources")
    assert source["published"] == "2026-01"
    assert "thousands of dollars" in source["note"]
    more, _ = example("baci", NAME, tmp_path / "again", again=True)
    assert more.counts["baci"] == found.counts["baci"] + 1


def test_codes_of_other_editions_stand_by_themselves(place: Path) -> None:
    lines = "2019,156,442,850511,1,1\n2019,156,442,284690,1,1\n"
    new = written(place, "BACI_HS17_Y2019_V202601.csv", HEADER + lines)
    import_file("baci", new, place / "a")
    codes = {row["code"]: row.get("note", "") for row in rows(place / "a", "baci")}
    assert codes == {
        "hs2022-850511": "Printed under hs2017, the same digits there",
        "hs2017-284690": "Whether it holds the same goods as hs2022-284690 is not known",
    }
    (own,) = rows(place / "a", "codes")
    assert own["id"] == "hs2017-284690"
    assert (own["system"], own["description"]) == ("hs2017", "not known")
    old = written(place, "BACI_HS92_Y1999.csv", HEADER + "1999,156,442,284690,1,1\n")
    import_file("baci", old, place / "b")
    assert [row["code"] for row in rows(place / "b", "baci")] == ["hs2022-284690"]


def test_editions_do_not_mix(place: Path) -> None:
    for name in ("BACI_HS17_Y2019.csv", "BACI_HS22_Y2024.csv"):
        written(place, name, HEADER)
    assert {what.split(",")[0] for _, what in faults("baci", place)} == {
        "it is of hs2017",
        "it is of hs2022",
    }
    unnamed = written(place, "trade.csv", HEADER + "2024,156,442,850511,1,1\n")
    assert "which edition" in faults("baci", unnamed)[0][1]
    assert import_file("baci", unnamed, place / "own", edition="hs2022").counts["baci"] == 1


def test_faults_are_told_at_once(place: Path) -> None:
    lines = (
        "2024,156,442,850511,-1,1\n",
        "2024,156,442,850511,1,x\n",
        "24,156,442,850511,1,1\n",
        "2024,999,442,850511,1,1\n",
        "2024,156,442,850511,,1\n",
        "2024,156\n",
        "2024,156,442,870380,-1,1\n",
    )
    told = faults("baci", written(place, NAME, HEADER + "".join(lines)))
    assert told == [
        (2, 'in column "v", -1 is below nothing'),
        (3, 'in column "q", "x" is not a number'),
        (4, 'in column "t", "24" is no year'),
        (5, 'in column "i", the country code "999" is not in country_codes*.csv'),
        (6, 'in column "v", there is no value'),
        (7, "2 fields stand where the header has 6"),
    ]
    (only,) = faults("baci", written(place, NAME, "t,i,j,k,v\n"))
    assert only == (1, 'the column "q" is missing')


def test_without_country_codes_nothing_is_guessed(tmp_path: Path) -> None:
    file = written(tmp_path, NAME, HEADER + "2024,156,442,850511,1,1\n")
    with pytest.raises(UnreadableError, match="unpack it from the same archive"):
        import_file("baci", file, tmp_path / "own")
    for content in (b"", b"\xff\xfe\x00", b'country_code\n"'):
        (tmp_path / "country_codes_V202601.csv").write_bytes(content)
        with pytest.raises(UnreadableError, match="cannot be read: it is no table"):
            import_file("baci", file, tmp_path / "own")


def test_what_has_another_header_is_first_told_to_be_no_such_file(tmp_path: Path) -> None:
    """It lies beside no file of country codes, and its name says no edition: that is no matter."""
    told = faults("baci", written(tmp_path, "passwd", "root:x:0:0:root:/root:/bin/bash\n"))
    assert told == [(1, "no line is the header of this kind of file")]


def test_one_year_in_two_releases_is_refused(place: Path) -> None:
    """Years of a folder are one import."""
    names = ["BACI_HS22_Y2024_V202501.csv", NAME, "BACI_HS22_Y2023_V202601.csv"]
    for name in names:
        written(place, name, f"{HEADER}{name[11:15]},156,442,850511,1,1\n")
    with pytest.raises(UnreadableError, match=rf"2024 twice, in {names[0]} and {names[1]}"):
        import_file("baci", place, place / "own")
    assert not (place / "own").exists()
    (place / names[0]).unlink()
    import_file("baci", place, place / "own")
    assert [row["year"] for row in rows(place / "own", "baci")] == ["2023", "2024"]


def test_one_flow_of_a_year_has_one_line(place: Path) -> None:
    """A second one with other numbers is a fault, in the same file or another."""
    lines = ("2024,156,442,850511,290.5,8.125\n", "2024,156,442,850511,100,2\n")
    file = written(place, NAME, HEADER + "".join(lines))
    assert faults("baci", file) == [(3, f"{file}:2 tells the same flow with other numbers")]
    file.write_text(HEADER + lines[0])
    other = written(place, "BACI_HS22_Y2023.csv", HEADER + lines[1])
    told = f"{other}:2 tells the same flow with other numbers"
    assert faults("baci", place) == [(2, told)]
    file.write_text(HEADER + lines[0] + "2024,156,442,850511,290.50,8.1250\n")
    found = import_file("baci", file, place / "own")
    assert left(found) == {"lines that tell a flow again with the same numbers": 1}
    assert found.counts["baci"] == 1


def test_wide_form_of_the_usgs(tmp_path: Path) -> None:
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


def test_long_form_of_the_usgs(tmp_path: Path) -> None:
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
    line = 'World,Rare Earths,Production,Mine production,{},"{}",2025,5\n'
    units = {
        "Norway": "kilograms",
        "Australia": "million metric tons",
        "India": "million metric tons REO",
        "Brazil": "metric tons, rare-earth-oxide equivalent",
    }
    text = head + "".join(line.format(*each) for each in units.items())
    file = written(tmp_path, "MCS2026.csv", text)
    import_file("usgs-mcs", file, tmp_path / "own", again=True)
    held = {row["country"]: row["value"] for row in rows(tmp_path / "own", "production")}
    assert held == {"NOR": "0.005", "AUS": "5000000", "IND": "5000000", "BRA": "5"}
    strange = ["short tons", "", "metric tons, gross weight", "million pounds"]
    text = head + "".join(line.format("Norway", unit) for unit in strange)
    assert faults("usgs-mcs", written(tmp_path, "MCS2026.csv", text)) == [
        (at, f'the unit "{unit}" is not known') for at, unit in enumerate(strange, 2)
    ]
    wide = "Country,Commodity,Type,Unit_meas,Prod_2021\nNorway,Rare earths,Mine,pounds,5\n"
    assert faults("usgs-mcs", written(tmp_path, "mcs2023.csv", wide)) == [
        (2, 'the unit "pounds" is not known')
    ]


ESTIMATE, SCORE, RANK = (
    f"political-stability-{each}" for each in ("estimate", "score-0-100", "percentile-rank")
)


def test_long_form_of_governance(tmp_path: Path) -> None:
    found, folder = example("wgi", "wgi-long.csv", tmp_path)
    held = {(row["country"], row["indicator"]): row for row in rows(folder, "governance")}
    assert held["LUX", ESTIMATE]["value"] == "1.234568"
    assert held["LUX", ESTIMATE]["value_as_printed"] == "1.23456789"
    assert (held["LUX", SCORE]["value"], held["LUX", RANK]["value"]) == ("81.5", "97.17")
    assert "revision of 2025" in held["LUX", SCORE]["note"]
    assert ("MMR", ESTIMATE) not in held
    assert left(found)["lines of other indicators"] == 1


def test_wide_form_and_json_of_governance(tmp_path: Path) -> None:
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


def test_an_example_of_wikidata(tmp_path: Path) -> None:
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


def test_csv_and_faults_of_wikidata(tmp_path: Path) -> None:
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
