"""An empty bill as a file: the same bytes each time, read back, and nothing in it runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monazite.bills.blank import BLANK_COLUMNS
from monazite.bills.reading import read_bill
from monazite.errors import FaultyTablesError, UnknownNameError
from monazite.exchange.blank_bill import blank_bill


@pytest.mark.parametrize("name", ["bill.csv", "bill.XLSX"])
def test_an_empty_bill_is_read_and_has_no_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(blank_bill(file))
    assert blank_bill(file) == file.read_bytes()
    with pytest.raises(FaultyTablesError, match="the bill has no line") as told:
        read_bill(file, {"dy": "Dy"})
    assert len(told.value.faults) == 1


def test_a_workbook_has_a_sheet_of_help_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(blank_bill(Path("bill.xlsx"))))
    assert book.sheetnames == ["bill", "_help"]
    assert [cell.value for cell in book["bill"][1]] == [each.header for each in BLANK_COLUMNS]
    assert len([*book["_help"].rows]) == len(BLANK_COLUMNS) + 1
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.rows for cell in row}
    assert "f" not in kinds


def test_another_ending_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="An empty bill is"):
        blank_bill(Path("bill.ods"))
