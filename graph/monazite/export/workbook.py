"""XLSX of tables of the ontology: one sheet a table and a sheet ``view``."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from monazite.core.errors import UnreadableError
from monazite.core.formats import grouped
from monazite.core.results import do_nothing
from monazite.core.workbook import LONGEST, safe_text_cell, saved_book
from monazite.export.selection import Progress, Selection
from monazite.export.tables import cell_text, header_of

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from monazite.data.columns import TableShape
    from monazite.data.reader import Row

_DIGITS = 15


def write_xlsx(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the tables as a workbook."""
    from openpyxl import Workbook

    by_table = selection.by_table()
    for row in (each for rows in by_table.values() for each in rows):
        for name in row.cells:  # openpyxl would cut what is longer without a word
            if (length := len(cell_text(row, name))) > LONGEST:
                raise UnreadableError(
                    f'{row.table}/{row.key}: the text in "{name}" has {grouped(length)} '
                    f"characters, a cell of a spreadsheet holds {grouped(LONGEST)}; export csv."
                )
    tables = selection.view.schema.tables
    book = Workbook(write_only=True)
    sheet = book.create_sheet("view")
    for name, value in {"view": selection.line(), **selection.about()}.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.append([safe_text_cell(sheet, each) for each in (name, text)])
    for name, rows in by_table.items():
        sheet.append([name, len(rows), safe_text_cell(sheet, tables[name].description)])
    for done, (name, rows) in enumerate(by_table.items()):
        progress(done / len(by_table))
        if rows:
            _write_table(book.create_sheet(name), tables[name], rows)
    return saved_book(book, str(selection.about().get("release", "")))


def _write_table(sheet: WriteOnlyWorksheet, table: TableShape, rows: list[Row]) -> None:
    names = header_of(table)
    numbers = {c.name for c in table.columns if c.kind in {"decimal", "integer"} and not c.many}
    sheet.freeze_panes = "B2"
    sheet.append(names)
    for row in rows:
        cells: list[object] = []
        for name in names:
            text = cell_text(row, name)
            number = _number(sheet, text) if text and name in numbers else None
            cells.append(safe_text_cell(sheet, text) if number is None else number)
        sheet.append(cells)


def _number(sheet: WriteOnlyWorksheet, text: str) -> object:
    """A number that a spreadsheet can hold exactly, shown with the digits it was written with."""
    number = Decimal(text)
    if len(number.as_tuple().digits) > _DIGITS:
        return None
    plain = int(number) if number == number.to_integral() else float(text)
    return plain if str(plain) == text else _with_digits(sheet, plain, text)


def _with_digits(sheet: WriteOnlyWorksheet, number: float, written: str) -> object:
    """A number that is shown with the digits that it was written with."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=number)
    digits = len(written.partition(".")[2])
    cell.number_format = f"0.{'0' * digits}" if digits else "0"
    return cell
