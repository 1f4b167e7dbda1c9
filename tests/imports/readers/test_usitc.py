"""DataWeb: tables of values and of quantities, years as columns or lines, units."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, left, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("usitc", "usitc.csv", tmp_path)
    held = {row["year"]: row for row in rows(folder, "trade")}
    assert (held["2024"]["value"], held["2024"]["value_usd"]) == ("190", "1100000")
    assert held["2023"]["code"] == "htsus-2846902015"
    assert {row["exporter"] for row in rows(folder, "trade_totals")} == {"WLD"}
    assert left(found) == {
        "lines of other goods": 1,  # eight digits, which the ten repeat
        "lines of quantities that are no weights": 1,
        "cells of a year to date, which is not over": 3,
        "cells that hold nought: no trade, or a year that is not over": 3,
    }


def test_years_as_lines_exports_and_tonnes(tmp_path: Path) -> None:
    text = (
        "Data Type,HTS Number,Country,Year,Quantity Description,Value\n"
        "FAS Value,280530,Japan,2024,,100\n"
        "First Unit of Quantity - FAS,280530,Japan,2024,metric tons,2.5\n"
    )
    import_file("usitc", written(tmp_path, "x.csv", text), tmp_path / "own")
    (row,) = rows(tmp_path / "own", "trade")
    assert (row["exporter"], row["importer"], row["value"]) == ("USA", "JPN", "2.5")
    assert "metric tons" in row["note"]
    bad = text.replace(",100", ",-100")
    assert faults("usitc", written(tmp_path, "y.csv", bad)) == [
        (2, 'in column "value", -100 is below nothing')
    ]


HEAD = ["Data Type", "Country", "HTS Number", "Description"]


def test_a_workbook_as_it_is_exported(tmp_path: Path) -> None:
    book = Workbook()
    parameters = book.active
    assert parameters is not None
    parameters.title = "Query Parameters"
    parameters.append(["Download Date", "February 22, 2025, 10:26 AM"])
    value = book.create_sheet("General Customs Value")
    unit = book.create_sheet("General 1st Unit of Qty")
    for sheet, title in ((value, "General Customs Value"), (unit, "General First Unit of Qty")):
        sheet.append(["General Imports|Annual Data"])
        sheet.append(["Data Row Count", 2])
        years = ["2023", "2024", "2024_Suppressed", "2025", "2025_Year_to_date"]
        sheet.append([*HEAD, "Quantity Description", *years])
        factor = 1 if sheet is unit else 10
        where = [title, "Burma (Myanmar)", "2846908090", "Compounds", "kilograms"]
        sheet.append([*where, 7 * factor, 9 * factor, "1" if sheet is unit else "", 0, 3 * factor])
        sheet.append([title, "Total", "2846908090", "Compounds", "kilograms", 7, 9, "", 0, 3])
    book.save(tmp_path / "DataWeb-Query-Export.xlsx")
    found = import_file("usitc", tmp_path / "DataWeb-Query-Export.xlsx", tmp_path / "own")
    held = {row["year"]: row for row in rows(tmp_path / "own", "trade")}
    assert {*held} == {"2023", "2024"}
    assert (held["2023"]["value"], held["2023"]["value_usd"]) == ("0.007", "70")
    assert held["2023"]["exporter"] == "MMR"
    assert (held["2024"]["value_low"], held["2024"]["figure_kind"]) == ("0.009", "lower-bound")
    assert "hides parts" in held["2024"]["note"]
    assert left(found) == {
        "cells of a year to date, which is not over": 4,
        "cells that hold nought: no trade, or a year that is not over": 4,
    }
    assert any("not from a file of its publisher" in note for note in found.notes)


def test_months_as_columns(tmp_path: Path) -> None:
    months = ["January", "February", "March", "April", "May", "June", "July", "August"]
    months += ["September", "October", "November", "December"]
    text = "Imports For Consumption|Monthly Data\nData Row Count,4\n"
    text += ",".join([*HEAD, "Year", *months]) + "\n"
    text += "Customs Value,China,280530,Metals,2024," + ",".join("1" * 12) + "\n"
    text += "Customs Value,Japan,280530,Metals,2024,5" + ",0" * 11 + "\n"
    text += "Customs Value,China,280530,Metals,2025,1,2" + "," * 10 + "\n"
    found = import_file("usitc", written(tmp_path, "m.csv", text), tmp_path / "own")
    held = {(row["exporter"], row["year"]): row for row in rows(tmp_path / "own", "trade")}
    assert held["CHN", "2024"]["value_usd"] == "12"
    assert held["JPN", "2024"]["value_usd"] == "5"
    assert "period_from" not in held["JPN", "2024"], "the file tells of all months"
    assert (held["CHN", "2025"]["period_until"], held["CHN", "2025"]["value_usd"]) == (
        "2025-02",
        "3",
    )
    assert any("count in no year" in note for note in found.notes)


def test_one_value_and_one_quantity_of_a_flow(tmp_path: Path) -> None:
    """Customs value before that with freight or duties, general imports before consumption."""
    numbers = {
        "General CIF Imports Value": ("", 110),
        "General Customs Value": ("", 100),
        "Landed Duty-Paid Value": ("", 130),
        "General Calculated Duties": ("", 3),
        "Consumption First Unit of Quantity": ("kilograms", 9),
        "General Second Unit of Quantity": ("kilograms", 10),
        "General First Unit of Quantity": ("kilograms", 11),
        "Domestic Exports FAS Value": ("", 90),
        "FAS Value": ("", 100),
        "Foreign Exports FAS Value": ("", 10),
    }
    header = ",".join([*HEAD, "Quantity Description", "2023"]) + "\n"
    lines = {
        name: f"{name},China,280530,Metals,{unit},{number}\n"
        for name, (unit, number) in numbers.items()
    }
    file = written(tmp_path, "u.csv", header + "".join(lines.values()))
    found = import_file("usitc", file, tmp_path / "own")
    held = {row["exporter"]: row for row in rows(tmp_path / "own", "trade")}
    assert (held["CHN"]["value"], held["CHN"]["value_usd"]) == ("0.011", "100")
    assert held["CHN"]["figure_kind"] == "measured"
    assert held["USA"]["value_usd"] == "100"
    assert left(found) == {
        "lines of another value or quantity of a flow than the one that is taken": 5,
        "lines of what is no value or quantity of a whole flow, such as duties": 2,
    }
    fewer = [name for name in lines if not name.startswith(("General Customs", "General First"))]
    file = written(tmp_path, "f.csv", header + "".join(lines[name] for name in fewer))
    import_file("usitc", file, tmp_path / "fewer")
    held = {row["exporter"]: row for row in rows(tmp_path / "fewer", "trade")}
    assert (held["CHN"]["value"], held["CHN"]["value_usd"]) == ("0.01", "110")
    assert 'the value is the "general cif imports value"' in held["CHN"]["note"].casefold()
    assert 'the weight is the "general second unit of quantity"' in held["CHN"]["note"].casefold()
