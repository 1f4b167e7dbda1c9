"""Comext: hidden codes, units, currencies, sums of the Union, both members' reports."""

from __future__ import annotations

from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, left, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("comext", "comext.dat", tmp_path)
    held = {(row["exporter"], row.get("unit")): row for row in rows(folder, "trade")}
    weight, paid = held["CHN", "t"], held["CHN", "eur"]
    assert weight["code"] == "hs2022-850511;eu-cn-85051110"
    assert (weight["value"], weight["basis"], weight["period_until"]) == (
        "4.7",
        "magnet",
        "2024-02",
    )
    assert (paid["value"], paid.get("basis")) == ("214000", None)
    inside = held["DEU", "t"]
    assert (inside["value"], inside.get("period_from")) == ("0.9", None)
    assert "the seller reports 0.85 t and 38000 EUR" in inside["note"]
    assert {row["exporter"] for row in rows(folder, "trade_totals")} == {"WLD"}
    assert any(" as confidential" in note for note in found.notes)
    (code,) = rows(folder, "codes")
    assert (code["id"], code["note"]) == (
        "eu-cn-85051190",
        "A part of 850511 in the nomenclature of the source",
    )


def test_old_releases_and_long_lines_print_100_kg(tmp_path: Path) -> None:
    old = "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,PRODUCT_NC,FLOW,STAT_REGIME,PERIOD"
    old += ",VALUE_IN_EUROS,QUANTITY_IN_100KG\n"
    lines = (
        "004,DE,0720,CN,28469000,1,1,201452,500,12.5\n004,DE,0720,CN,28469000,1,4,201452,500,12.5\n"
    )
    found = import_file("comext", written(tmp_path, "old.dat", old + lines), tmp_path / "old")
    weight = rows(tmp_path / "old", "trade")[0]
    assert (weight["value"], weight["unit_as_printed"], weight["figure_kind"]) == (
        "1.25",
        "100 kg",
        "measured",
    )
    assert "weights printed in 100 kg were turned into tonnes" in weight["note"].casefold()
    assert found.left_out[0][0] == 1
    long = "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
    lines = "X,A,DE,CN,28469000,1,VALUE_IN_EUROS,2014,500\n"
    lines += "X,A,DE,CN,28469000,1,QUANTITY_IN_100KG,2014,12.5\n"
    import_file("comext", written(tmp_path, "long.csv", long + lines), tmp_path / "long")
    one, other = rows(tmp_path / "long", "trade")
    assert (one["value"], one["figure_kind"], other["value"], other["unit"]) == (
        *("1.25", "measured"),
        *("500", "eur"),
    )


def test_faults(tmp_path: Path) -> None:
    header = "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG\n"
    lines = "LU,CN,28469000,1,202413,1,1\nLU,CN,28469000,1,202401,1,-1\n"
    assert faults("comext", written(tmp_path, "x.dat", header + lines)) == [
        (2, '"202413" is no period'),
        (3, 'in column "quantity_kg", -1 is below nothing'),
    ]


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
    for at, order in enumerate((lines, lines[::-1])):
        file = written(tmp_path, f"{at}.csv", LONG + "".join(order))
        found = import_file("comext", file, tmp_path / str(at))
        weight, paid = rows(tmp_path / str(at), "trade")
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
    found = import_file("comext", written(tmp_path, "p.csv", LONG + "".join(lines)), tmp_path / "o")
    (weight,) = rows(tmp_path / "o", "trade")
    assert (weight["value"], left(found)) == ("0.8", {BESIDE: 2})
