"""An empty bill: every column that it has is read, and so is its example."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.bills.blank import BLANK_COLUMNS, blank_csv
from monazite.bills.headers import MEANINGS, read_header
from monazite.bills.reading import read_bill
from monazite.errors import FaultyTablesError
from monazite.tables import csv_lines

NAMES = {"dy": "Dy"}
LEFT_OUT = {"parent", "quantity_unit", "mass_unit", "total_mass", "currency", "maker"}
"""Meanings that another column of an empty bill stands for."""


def test_its_columns_are_those_that_are_read() -> None:
    read = [read_header(each.header, NAMES) for each in BLANK_COLUMNS]
    assert None not in read
    assert {each.field for each in read if each} == {*MEANINGS} - LEFT_OUT


def test_an_empty_bill_has_no_line_and_its_example_is_one(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(blank_csv(), encoding="utf-8")
    with pytest.raises(FaultyTablesError, match="the bill has no line"):
        read_bill(file, NAMES)
    one = ["0", *(each.example for each in BLANK_COLUMNS)][:1]
    one += [each.example for each in BLANK_COLUMNS[1:]]
    file.write_text(blank_csv() + csv_lines([], [one])[1], encoding="utf-8")
    (read,) = read_bill(file, NAMES).lines
    assert (read.quantity, read.mass, read.value, read.currency) == (48, 31.25, 4.2, "EUR")
    assert [(each.name, each.split) for each in read.suppliers] == [("Muster Magnet GmbH", 0.6)]
