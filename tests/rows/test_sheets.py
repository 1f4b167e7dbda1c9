"""Workbooks: a table a sheet, no formula, and a fault where a file is none."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables


def read(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_a_table_a_sheet(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "own.xlsx",
        view=[["anything"]],
        capacity=[
            ["row", "facility", "stage", "kind", "as_of", "value", "unit", "basis", "source", None],
            [
                *("east", "kuantan-east", "separation", "planned", datetime.date(2027, 1, 31)),
                *(1500.0, "t-per-year", "reo", "annual", None),
            ],
            [None] * 10,
            [
                *("east-2", "kuantan-east", "separation", "planned", 2028, 0.1),
                *("t-per-year", "reo", "digest", None),
            ],
        ],
    )
    tables = read(small_ontology, file)
    assert tables.faults == []
    first, second = tables.of("capacity")[-2:]
    assert [first.text(name) for name in ("as_of", "value")] == ["2027-01-31", "1500"]
    assert [second.text(name) for name in ("as_of", "value")] == ["2028", "0.1"]
    assert (second.file, second.line) == (f"{file}, sheet capacity", 4)


def test_a_formula_is_a_fault_and_never_a_number(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "own.xlsx",
        ownership=[
            ["row", "owner", "owned", "share_percent", "status", "valid_from", "source"],
            ["a", "lynas", "kuantan", "=50+1", "stated"],
        ],
        owner=[["row"]],
    )
    assert [str(fault) for fault in read(small_ontology, file).faults] == [
        f'{file}, sheet owner: there is no table of that name; did you mean "ownership"?',
        f"{file}, sheet ownership:2: a cell holds a formula; paste its value instead",
    ]


def test_what_is_no_workbook_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    file.write_text("not a zip", encoding="utf-8")
    (fault,) = read(small_ontology, file).faults
    assert str(fault) == f"{file}: it is no workbook, or broken; save it again as XLSX, or as CSV"
