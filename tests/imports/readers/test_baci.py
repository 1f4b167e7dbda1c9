"""BACI: editions by the name of the file, codes of countries, missing weights, what is shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.imports.imported import import_file
from tests.imports.importing import EXAMPLES, example, faults, left, rows, written

NAME = "BACI_HS22_Y2024_V202601.csv"
HEADER = "t,i,j,k,v,q\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the file of country codes."""
    shutil.copy(EXAMPLES / "country_codes_V202601.csv", tmp_path)
    return tmp_path


def test_example(tmp_path: Path) -> None:
    found, folder = example("baci", NAME, tmp_path)
    held = {(row["exporter"], row["importer"], row["code"]): row for row in rows(folder, "baci")}
    bought = held["CHN", "LUX", "hs2022-850511"]
    assert (bought["tonnes"], bought["usd"], bought["year"]) == ("8.125", "290500", "2024")
    assert "that it is Taiwan is assumed" in held["TWN", "LUX", "hs2022-850511"]["note"]
    unweighed = held["USA", "LUX", "hs2022-850511"]  # by 842, not by the number of ISO
    assert "tonnes" not in unweighed
    assert unweighed["note"] == "No weight in the source"
    assert held["FRA", "LUX", "hs2022-850511"]["usd"] == "38750"  # by 251
    assert ("CHN", "DEU", "hs2022-850511") not in held, "the shipped tables have it already"
    assert left(found) == {
        "lines of other goods": 1,
        "lines of places that are no country here": 1,
        "rows of baci that the shipped tables have already": 1,
    }
    (source,) = rows(folder, "sources")
    assert source["published"] == "2026-01"
    assert source["licence"].startswith("Etalab 2.0. ")
    assert "thousands of dollars" in source["note"]
    more, beside = example("baci", NAME, tmp_path / "again", again=True)
    assert more.counts["baci"] == found.counts["baci"] + 1
    assert any(
        row["exporter"] == "CHN" and row["importer"] == "DEU" for row in rows(beside, "baci")
    )


def test_codes_of_other_editions_stand_by_themselves(place: Path) -> None:
    lines = "2019,156,442,850511,1,1\n2019,156,442,284690,1,1\n"
    named = import_file(
        "baci", written(place, "BACI_HS17_Y2019_V202601.csv", HEADER + lines), place / "a"
    )
    codes = {row["code"]: row.get("note", "") for row in rows(place / "a", "baci")}
    assert codes == {
        "hs2022-850511": "Printed under hs2017, the same digits there",
        "hs2017-284690": "Whether it holds the same goods as hs2022-284690 is not known",
    }
    (own,) = rows(place / "a", "codes")
    assert (own["id"], own["system"], own["description"]) == (
        "hs2017-284690",
        "hs2017",
        "not known",
    )
    assert named.counts["codes"] == 1
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


def test_years_of_a_folder_are_one_import(place: Path) -> None:
    for year in (2023, 2024):
        written(place, f"BACI_HS22_Y{year}.csv", f"{HEADER}{year},156,442,850511,1,1\n")
    import_file("baci", place, place / "own")
    assert [row["year"] for row in rows(place / "own", "baci")] == ["2023", "2024"]


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


@pytest.mark.parametrize("name", ["passwd", "trade.csv", NAME])
def test_what_has_another_header_is_first_told_to_be_no_such_file(
    name: str, tmp_path: Path
) -> None:
    """It lies beside no file of country codes, and its name says no edition: that is no matter."""
    told = faults("baci", written(tmp_path, name, "root:x:0:0:root:/root:/bin/bash\n"))
    assert told == [(1, "no line is the header of this kind of file")]


def test_one_year_in_two_releases_is_refused(place: Path) -> None:
    names = [f"BACI_HS22_Y2024_V20{release}.csv" for release in ("2501", "2601")]
    for name in names:
        written(place, name, HEADER + "2024,156,442,850511,1,1\n")
    with pytest.raises(UnreadableError, match=rf"2024 twice, in {names[0]} and {names[1]}"):
        import_file("baci", place, place / "own")
    assert not (place / "own").exists()
    (place / names[0]).unlink()
    assert import_file("baci", place, place / "own").counts["baci"] == 1


def test_one_flow_of_a_year_has_one_line(place: Path) -> None:
    """A second one with other numbers is a fault, in the same file or another."""
    lines = ("2024,156,442,850511,290.5,8.125\n", "2024,156,442,850511,100,2\n")
    file = written(place, NAME, HEADER + "".join(lines))
    assert faults("baci", file) == [(3, f"{file}:2 tells the same flow with other numbers")]
    file.write_text(HEADER + lines[0])
    other = written(place, "BACI_HS22_Y2023.csv", HEADER + lines[1])
    told = f"{other}:2 tells the same flow with other numbers"
    assert faults("baci", place) == [(2, told)]
    same = (*lines[:1], "2024,156,442,850511,290.50,8.1250\n", "2023,156,442,850511,100,2\n")
    file.write_text(HEADER + "".join(same))
    found = import_file("baci", file, place / "own")
    assert left(found) == {"lines that tell a flow again with the same numbers": 1}
    assert found.counts["baci"] == 2
