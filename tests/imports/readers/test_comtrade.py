"""Comtrade: sums, mirror flows, re-exports, parts, estimated weights and editions of the HS."""

from __future__ import annotations

import json
from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import EXAMPLES, example, faults, rows, written

HEADER = (
    "reporterCode,reporterISO,partnerCode,partnerISO,flowCode,period,classificationCode,cmdCode,"
    "netWgt,primaryValue\n"
)


def test_example(tmp_path: Path) -> None:
    found, folder = example("comtrade", "comtrade.csv", tmp_path)
    held = {row["exporter"]: row for row in rows(folder, "trade")}
    bought = held["CHN"]
    assert (bought["value"], bought["unit"], bought["value_as_printed"]) == ("61", "t", "61000 kg")
    assert (bought["unit_as_printed"], bought["basis_as_printed"]) == ("kg", "net weight")
    assert bought["figure_kind"] == "derived"
    assert "an estimate of the source" in bought["note"]
    assert "the seller reports 58.5 t and 2600000 USD of the same flow" in bought["note"]
    assert "that it is Taiwan is assumed" in held["TWN"]["note"]
    assert held["DEU"]["note"] == "Reported by the seller"
    assert "value" not in held["USA"], "no weight is not a weight of nothing"
    (total,) = rows(folder, "trade_totals")
    assert (total["exporter"], total["kind"], total["value"]) == ("WLD", "sum-to-importer", "90")
    assert sorted(count for count, _ in found.left_out) == [1, 1, 1, 1]
    assert "re-exports" in str(found.left_out)
    assert "number of the United Nations" not in found.licence
    assert "fewer than 100,000 records" in found.given_on


def test_json_is_the_same_as_csv(tmp_path: Path) -> None:
    header, *lines = (EXAMPLES / "comtrade.csv").read_text(encoding="utf-8").splitlines()[1:]
    names = header.split(",")
    records = [
        dict(zip(names, line.replace('"Other Asia, nes"', "Other Asia").split(","), strict=False))
        for line in lines
        if "Areas" not in line
    ]
    file = written(tmp_path, "answer.json", json.dumps({"count": 9, "data": records}, indent=1))
    import_file("comtrade", file, tmp_path / "json")
    _, folder = example("comtrade", "comtrade.csv", tmp_path)
    for table in ("trade", "trade_totals"):
        one, other = (
            [
                {n: c for n, c in row.items() if n not in {"row", "source"}}
                for row in rows(each, table)
            ]
            for each in (tmp_path / "json", folder)
        )
        assert one == other


def test_one_edition_at_a_time(tmp_path: Path) -> None:
    lines = "442,LUX,156,CHN,M,2019,H5,850511,1,1\n442,LUX,156,CHN,M,2022,H6,850511,2,2\n"
    file = written(tmp_path, "two.csv", HEADER + lines)
    assert faults("comtrade", file) == [(3, "the line is of hs2022, and others are of hs2017")]
    found = import_file("comtrade", file, tmp_path / "own", edition="hs2022")
    assert [row["year"] for row in rows(tmp_path / "own", "trade")] == ["2022"]
    assert found.left_out == ((1, "lines of another edition of the HS than hs2022"),)
    wrong = HEADER + "442,LUX,156,CHN,M,20,S4,850511,-1,1\n442,LUX,156,CHN,M,2x,H6,850511,-1,1\n"
    told = faults("comtrade", written(tmp_path, "wrong.csv", wrong))
    assert told == [(2, '"S4" is no edition of the HS'), (3, '"2x" is no period')]


def test_months_are_added_and_a_year_goes_before_them(tmp_path: Path) -> None:
    months = "".join(f"442,LUX,156,CHN,M,2023{m:02},H6,850511,100,10\n" for m in range(1, 13))
    few = "".join(f"442,LUX,276,DEU,M,2023{m:02},H6,850511,100,10\n" for m in (2, 5))
    part = "".join(f"056,BEL,276,DEU,M,2023{m:02},H6,850511,100,10\n" for m in (2, 5))
    year = "442,LUX,392,JPN,M,2023,H6,850511,900,90\n442,LUX,392,JPN,M,202301,H6,850511,100,9\n"
    file = written(tmp_path, "m.csv", HEADER + months + few + part + year)
    found = import_file("comtrade", file, tmp_path / "o")
    assert found.notes == (
        "Of 1 flow the files have some months of a year alone: their rows stand for these months, "
        "and count in no year.",
    )
    written_rows = rows(tmp_path / "o", "trade")
    (alone,) = (row for row in written_rows if row["importer"] == "BEL")
    held = {row["exporter"]: row for row in written_rows if row["importer"] == "LUX"}
    assert (held["CHN"]["value"], held["CHN"].get("period_from")) == ("1.2", None)
    assert (held["DEU"]["value"], held["DEU"].get("period_from")) == ("0.2", None)
    assert "the others of the year have no line of this flow" in held["DEU"]["note"]
    assert (alone["period_from"], alone["period_until"]) == ("2023-02", "2023-05")
    assert "months 02, 05 alone" in alone["note"].casefold()
    assert (held["JPN"]["value"], held["JPN"]["value_usd"]) == ("0.9", "90")


def test_one_flow_has_one_line(tmp_path: Path) -> None:
    """A second one with other numbers is a fault, of a year as of a month; parts are none."""
    lines = (
        "442,LUX,156,CHN,M,2024,H6,850511,61000,2900000\n",
        "442,LUX,156,CHN,M,2024,H6,850511,61500,2910000\n",
        "442,LUX,156,CHN,M,202401,H6,850511,10,20\n",
        "442,LUX,156,CHN,M,202401,H6,850511,10,21\n",
        "156,CHN,442,LUX,X,2024,H6,850511,61500,2910000\n",
        "442,LUX,156,CHN,M,2023,H6,850511,61500,2910000\n",
    )
    file = written(tmp_path, "d.csv", HEADER + "".join(lines))
    assert faults("comtrade", file) == [
        (3, f"{file}:2 tells the same flow with other numbers"),
        (5, f"{file}:4 tells the same flow with other numbers"),
    ]


def test_the_same_numbers_in_other_words_count_once(tmp_path: Path) -> None:
    told = "442,LUX,156,CHN,M,2024,H6,850511,61000,2900000,"
    text = HEADER.replace("\n", ",cmdDesc\n") + f"{told}Magnets\n{told}Aimants\n{told}Magnets\n"
    found = import_file("comtrade", written(tmp_path, "w.csv", text), tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert row["value"] == "61"
    assert found.left_out == (
        (1, "lines that repeat one that is taken, cell for cell"),
        (1, "lines that tell a flow again with the same numbers"),
    )
