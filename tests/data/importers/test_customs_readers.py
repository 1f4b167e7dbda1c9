"""Customs of the Union, the United Nations and Japan: sums, units, periods."""

from __future__ import annotations

import calendar
import json
from pathlib import Path

import pytest

from monazite.core.errors import FaultyTablesError
from monazite.data.importers.imported import import_file
from tests.data.importers.importing import EXAMPLES, example, faults, left, rows, taken, written


def test_an_example_of_comext(tmp_path: Path) -> None:
    found, folder = example("comext", "comext.dat", tmp_path)
    held = {(row["exporter"], row.get("unit")): row for row in rows(folder, "trade")}
    weight, paid, inside = held["CHN", "t"], held["CHN", "eur"], held["DEU", "t"]
    assert weight["code"] == "hs2022-850511;eu-cn-85051110"
    assert (weight["value"], weight["basis"], paid["value"]) == ("4.7", "magnet", "214000")
    assert "basis" not in paid
    assert (weight["period_until"], inside.get("period_from")) == ("2024-02", None)
    assert "the seller reports 0.85 t and 38000 EUR" in inside["note"]
    assert {row["exporter"] for row in rows(folder, "trade_totals")} == {"WLD"}
    assert any(" as confidential" in note for note in found.notes)
    (code,) = rows(folder, "codes")
    assert code["id"] == "eu-cn-85051190"
    assert code["note"] == "A part of 850511 in the nomenclature of the source"


def test_old_releases_and_long_lines_print_100_kg(tmp_path: Path) -> None:
    old = "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,PRODUCT_NC,FLOW,STAT_REGIME,PERIOD"
    old += ",VALUE_IN_EUROS,QUANTITY_IN_100KG\n"
    old += "".join(f"004,DE,0720,CN,28469000,1,{each},201452,500,12.5\n" for each in (1, 4))
    long = "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
    long += "X,A,DE,CN,28469000,1,VALUE_IN_EUROS,2014,500\n"
    long += "X,A,DE,CN,28469000,1,QUANTITY_IN_100KG,2014,12.5\n"
    for text in (old, long):
        _, folder = taken("comext", tmp_path, text)
        weight, *paid = rows(folder, "trade")
        assert (weight["value"], weight["unit_as_printed"]) == ("1.25", "100 kg")
        assert weight["figure_kind"] == "measured"
        assert "weights printed in 100 kg were turned into tonnes" in weight["note"].casefold()
        assert {row["value"] for row in paid} == {"500"}


LONG = "reporter,partner,product,flow,stat_procedure,indicators,TIME_PERIOD,OBS_VALUE\n"
BESIDE = "lines of a weight or value that another line of the flow tells in kilograms or euros"


def test_long_lines_add_no_units_and_no_currencies(tmp_path: Path) -> None:
    """500 kg are 5 times 100 kg, and 1000 euros are 9000 of a member's own money."""
    told = {
        "QUANTITY_IN_100KG": 5,
        "QUANTITY_KG": 500,
        "QUANTITY_SUPPL_UNIT": 77,
        "SUPPLEMENTARY_QUANTITY": 77,
        "VALUE_NAC": 9000,
        "VALUE_IN_EUROS": 1000,
        "VALUE_EUR": 1000,
    }
    lines = [f"SE,CN,85051110,IMPORT,1,{name},2023-52,{number}\n" for name, number in told.items()]
    for order in (lines, lines[::-1]):
        found, folder = taken("comext", tmp_path, LONG + "".join(order))
        weight, paid = rows(folder, "trade")
        assert (weight["value"], weight["value_as_printed"]) == ("0.5", "500 kg")
        assert (paid["value"], paid["unit"], paid["figure_kind"]) == ("1000", "eur", "measured")
        assert left(found) == {
            BESIDE: 2,
            "lines of quantities that are no weights, or of no quantity": 2,
            "lines of values in another currency than the euro": 1,
        }


def test_long_lines_of_several_procedures_are_parts(tmp_path: Path) -> None:
    """Each is taken in the unit that it has a number in: 0.5 t, 0.2 t and 0.1 t."""
    lines = (
        "LU,CN,85051110,1,1,QUANTITY_KG,202352,500\n",
        "LU,CN,85051110,1,1,QUANTITY_IN_100KG,202352,5\n",
        "LU,CN,85051110,1,2,QUANTITY_IN_100KG,202352,2\n",
        "LU,CN,85051110,1,3,QUANTITY_KG,202352,\n",
        "LU,CN,85051110,1,3,QUANTITY_IN_100KG:Quantity in 100 kg,202352,1\n",
    )
    found, folder = taken("comext", tmp_path, LONG + "".join(lines))
    (weight,) = rows(folder, "trade")
    assert (weight["value"], left(found)) == ("0.8", {BESIDE: 2})


HEADER = (
    "reporterCode,reporterISO,partnerCode,partnerISO,flowCode,period,classificationCode,cmdCode,"
    "netWgt,primaryValue\n"
)


def test_an_example_of_comtrade(tmp_path: Path) -> None:
    found, folder = example("comtrade", "comtrade.csv", tmp_path)
    held = {row["exporter"]: row for row in rows(folder, "trade")}
    bought = held["CHN"]
    assert (bought["value"], bought["unit"], bought["value_as_printed"]) == ("61", "t", "61000 kg")
    assert (bought["basis_as_printed"], bought["figure_kind"]) == ("net weight", "derived")
    assert "an estimate of the source" in bought["note"]
    assert "the seller reports 58.5 t and 2600000 USD of the same flow" in bought["note"]
    assert "that it is Taiwan is assumed" in held["TWN"]["note"]
    assert held["DEU"]["note"] == "Reported by the seller"
    assert "value" not in held["USA"], "no weight is not a weight of nothing"
    (total,) = rows(folder, "trade_totals")
    assert (total["exporter"], total["kind"], total["value"]) == ("WLD", "sum-to-importer", "90")
    assert sorted(count for count, _ in found.left_out) == [1, 1, 1, 1]
    assert "re-exports" in str(found.left_out)


def test_json_and_other_words_of_the_same_numbers(tmp_path: Path) -> None:
    told = "442,LUX,156,CHN,M,2024,H6,850511,61000,2900000"
    names = HEADER.strip().split(",")
    records = [
        {**dict(zip(names, told.split(","), strict=True)), "cmdDesc": words}
        for words in ("Magnets", "Aimants", "Magnets")
    ]
    file = written(tmp_path, "answer.json", json.dumps({"count": 3, "data": records}, indent=1))
    found = import_file("comtrade", file, tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert (row["value"], row["value_usd"]) == ("61", "2900000")
    assert found.left_out == (
        (1, "lines that repeat one that is taken, cell for cell"),
        (1, "lines that tell a flow again with the same numbers"),
    )


def test_one_edition_at_a_time(tmp_path: Path) -> None:
    lines = "442,LUX,156,CHN,M,2019,H5,850511,1,1\n442,LUX,156,CHN,M,2022,H6,850511,2,2\n"
    file = written(tmp_path, "two.csv", HEADER + lines)
    assert faults("comtrade", file) == [(3, "the line is of hs2022, and others are of hs2017")]
    found, folder = taken("comtrade", tmp_path, HEADER + lines, edition="hs2022")
    assert [row["year"] for row in rows(folder, "trade")] == ["2022"]
    assert found.left_out == ((1, "lines of another edition of the HS than hs2022"),)
    wrong = HEADER + "442,LUX,156,CHN,M,20,S4,850511,-1,1\n442,LUX,156,CHN,M,2x,H6,850511,-1,1\n"
    told = faults("comtrade", written(tmp_path, "wrong.csv", wrong))
    assert told == [(2, '"S4" is no edition of the HS'), (3, '"2x" is no period')]


def test_months_are_added_and_a_year_goes_before_them(tmp_path: Path) -> None:
    def months(pair: str, *of_year: int) -> str:
        return "".join(f"{pair},M,2023{m:02},H6,850511,100,10\n" for m in of_year)

    text = months("442,LUX,156,CHN", *range(1, 13)) + months("442,LUX,276,DEU", 2, 5)
    text += months("056,BEL,276,DEU", 2, 5)
    text += "442,LUX,392,JPN,M,2023,H6,850511,900,90\n442,LUX,392,JPN,M,202301,H6,850511,100,9\n"
    found, folder = taken("comtrade", tmp_path, HEADER + text)
    assert found.notes == (
        "Of 1 flow the files have some months of a year alone: their rows stand for these months, "
        "and count in no year.",
    )
    held = {(row["importer"], row["exporter"]): row for row in rows(folder, "trade")}
    spans = {
        pair: (row["value"], row.get("period_from"), row.get("period_until"))
        for pair, row in held.items()
    }
    assert spans == {
        ("LUX", "CHN"): ("1.2", None, None),
        ("LUX", "DEU"): ("0.2", None, None),
        ("LUX", "JPN"): ("0.9", None, None),
        ("BEL", "DEU"): ("0.2", "2023-02", "2023-05"),
    }
    assert held["LUX", "JPN"]["value_usd"] == "90"
    assert "the others of the year have no line of this flow" in held["LUX", "DEU"]["note"]
    assert "months 02, 05 alone" in held["BEL", "DEU"]["note"].casefold()


def test_one_flow_has_one_line(tmp_path: Path) -> None:
    """A second one with other numbers is a fault, of a year as of a month; parts are none."""
    lines = (
        "442,LUX,156,CHN,M,2024,H6,850511,61000,2900000\n",
        "442,LUX,156,CHN,M,2024,H6,850511,61500,2910000\n",
        "442,LUX,156,CHN,M,202401,H6,850511,10,20\n",
        "442,LUX,156,CHN,M,202401,H6,850511,10,21\n",
        "156,CHN,442,LUX,X,2024,H6,850511,61500,2910000\n",
    )
    file = written(tmp_path, "d.csv", HEADER + "".join(lines))
    assert faults("comtrade", file) == [
        (3, f"{file}:2 tells the same flow with other numbers"),
        (5, f"{file}:4 tells the same flow with other numbers"),
    ]


def test_an_example_of_japan(tmp_path: Path) -> None:
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


def table(tmp_path: Path, *lines: tuple[str, str, int, list[int]], year: bool = True) -> Path:
    """A table of e-Stat: goods, country, year, and kilograms of each month at 2000 yen a kg."""
    spans = ("Year" * year, *calendar.month_abbr[1:])
    columns = [f"{what}-{span}" for span in filter(None, spans) for what in ("Quantity2", "Value")]
    text = ",".join(["Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2", *columns]) + "\n"
    for goods, country, of_year, kg in lines:
        numbers = [sum(kg), *kg] if year else kg
        cells = [str(number) for each in numbers for number in (each, 2 * each)]
        text += ",".join(["2", str(of_year), f"'{goods}'", country, "", "KG", *cells]) + "\n"
    return written(tmp_path, "j.csv", text)


def held_of_japan(folder: Path) -> dict[tuple[str, str], tuple[str, str | None, str | None]]:
    """Numbers and periods, by seller and unit."""
    spans = ("period_from", "period_until")
    return {
        (row["exporter"], row["unit"]): (row["value"], row.get(spans[0]), row.get(spans[1]))
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
    numbers = held_of_japan(tmp_path / "own")
    assert numbers["DEU", "t"] == ("1.1", None, None)
    assert numbers["DEU", "jpy"] == ("2200000", None, None)
    assert not any("some months" in note for note in found.notes)


def test_a_flow_of_noughts_is_no_trade(tmp_path: Path) -> None:
    """Nor is it a year: the file tells of January to June alone; offices of a flow are added."""
    china = [("850511000", "105", 2026, [kg] * 6 + [0] * 6) for kg in (40, 60)]
    germany = ("850511000", "213", 2026, [100] * 4 + [0] * 8)
    taiwan = ("850511000", "106", 2026, [0] * 12)
    file = table(tmp_path, taiwan, germany, *china)
    found = import_file("japan-customs", file, tmp_path / "own")
    assert held_of_japan(tmp_path / "own") == {
        ("CHN", "t"): ("0.6", "2026-01", "2026-06"),
        ("CHN", "jpy"): ("1200000", "2026-01", "2026-06"),
        ("DEU", "t"): ("0.4", "2026-01", "2026-04"),
        ("DEU", "jpy"): ("800000", "2026-01", "2026-04"),
    }
    assert left(found) == {"lines that hold nought alone: no trade": 1}


def test_faults_of_comext(tmp_path: Path) -> None:
    header = "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG\n"
    lines = "LU,CN,28469000,1,202413,1,1\nLU,CN,28469000,1,202401,1,-1\n"
    assert faults("comext", written(tmp_path, "x.dat", header + lines)) == [
        (2, '"202413" is no period'),
        (3, 'in column "quantity_kg", -1 is below nothing'),
    ]
