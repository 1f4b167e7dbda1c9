"""Workbooks: each sheet a table, each cell the text that a CSV would hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from monazite.errors import BadCellError, BadFileError, Fault, Faults
from monazite.rows.bounds import Budget
from monazite.rows.own_files import read_file
from monazite.rows.xlsx.sheet_cells import Cells, Value
from monazite.rows.xlsx.workbook import Workbook

Lines: TypeAlias = list[tuple[int, list[str]]]


def read_workbook(file: Path, budget: Budget, faults: Faults) -> Iterator[tuple[str, str, Lines]]:
    """Read the sheets of an XLSX file as lines of texts, the first of them the header.

    A sheet named ``view`` or beginning with ``_`` is a remark of its writer and left out, as is
    one that is a chart. A formula is a fault: its value is whatever a program last thought.
    """
    book = Workbook(read_file(file), budget)
    for sheet in book.sheets:
        if sheet.name == "view" or sheet.name.startswith("_") or sheet.kind == "chartsheet":
            continue
        place = f"{file}, sheet {sheet.name}"
        try:
            cells = book.cells(sheet)
        except BadFileError as bad:
            faults.append(Fault(place, 0, bad.what, bad.fix))
            continue
        width = max(cells[min(cells)]) if cells else 0
        lines = list(_lines(cells, width, place, faults))
        if not cells or (lines and lines[0][0] == min(cells)):
            yield sheet.name, place, lines


def _lines(cells: Cells, width: int, place: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a sheet, all as wide as its header."""
    for number in sorted(cells):
        row = cells[number]
        if wrong := find_wrong_cell(row):
            faults.append(Fault(place, number, wrong.what, wrong.fix, kind=wrong.fix))
        elif max(row) > width:
            what = f'"{row[max(row)]}" stands where the header has no column'
            fix = "name the column, or take it out"
            faults.append(Fault(place, number, what, fix, kind=fix))
        else:
            yield number, [str(row.get(column, "")) for column in range(1, width + 1)]


def find_wrong_cell(row: Mapping[int, Value]) -> BadCellError | None:
    """Return why the first cell of a row that has no text has none; None where all have one.

    >>> find_wrong_cell({1: "mt-weld", 2: BadCellError("a cell holds a formula", "paste it")})
    BadCellError('a cell holds a formula')
    """
    if all(isinstance(value, str) for value in row.values()):
        return None
    wrong = ((at, value) for at, value in row.items() if isinstance(value, BadCellError))
    return min(wrong, key=lambda pair: pair[0])[1]
