"""XLSX: one sheet a table and a sheet ``view``; no text is ever a formula."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monazite.core.errors import UnreadableError
from monazite.core.formats import ELLIPSIS, counted, em_width, grouped
from monazite.core.results import do_nothing
from monazite.core.tables import Table
from monazite.export.selection import Progress, Selection, xml_text
from monazite.export.tables import cell_text, header_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from monazite.data.columns import TableShape
    from monazite.data.reader import Row

LONGEST = 32_767
"""Characters that a cell of a spreadsheet can hold."""
_DIGITS = 15
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LOADED = ("=", "+", "-", "@", "#", "\t", "\r")


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
    return _saved(book, str(selection.about().get("release", "")))


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
    return plain if str(plain) == text else _shown(sheet, plain, text)


def _shown(sheet: WriteOnlyWorksheet, number: float, written: str, unit: str = "") -> object:
    """A number that is shown with the digits that it was written with."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=number)
    digits = len(written.partition(".")[2])
    cell.number_format = f"0.{'0' * digits}{unit}" if digits else f"0{unit}"
    return cell


def safe_text_cell(sheet: WriteOnlyWorksheet, text: str) -> object:
    """Return a text that stays one: openpyxl takes what begins with ``=`` for a formula."""
    if not (text.isascii() and text.isprintable()):  # most are, and hide nothing
        text = xml_text(text)
    if not text.startswith(_LOADED):
        return text or None
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True  # a program that edits the cell keeps it a text
    return cell


def _saved(book: Workbook, release: str) -> bytes:
    """A workbook whose parts have one time: its own are those of writing."""
    stamp = f"{release or '1980-01-01'}T00:00:00Z".encode()
    written, out = io.BytesIO(), io.BytesIO()
    book.save(written)
    with ZipFile(written) as old, ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + stamp, content)
            entry = ZipInfo(item.filename, date_time=_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


_NUMBER = re.compile(r"[-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,12})?(?:e[-+]\d{1,3})?")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)[ \u00a0]%")
_MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
_NARROW, _WIDE, _ROOM, _EMS = 8, 60, 2, 0.56
"""Letters across the narrowest and the widest column, room beside them, and ems of a letter."""
_MEASURED = 200
"""Rows by which the width of a column is chosen."""


def tables_xlsx(sheets: Mapping[str, Table], release: str = "") -> bytes:
    """Return a workbook with a sheet for each table, whose header stays in sight.

    A cell of a column of numbers is a number, or a share as one, where its text is no more than
    that. Nothing in it says when it was written or by whom.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in sheets.items():
        _write(book.create_sheet(name), table)
    return _saved(book, release)


def _write(sheet: WriteOnlyWorksheet, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    columns: Any = sheet.column_dimensions  # type: ignore[attr-defined]  # not in its stubs
    for place, width in enumerate(_widths(table), start=1):
        columns[get_column_letter(place)].width = width
    numbers = [name in table.right for name in table.columns]
    sheet.append([_heading(sheet, name) for name in table.columns])
    left = len(table.rows) - _MOST_ROWS
    for row in table.rows if left <= 0 else table.rows[: _MOST_ROWS - 1]:
        sheet.append([_cell(sheet, *each) for each in zip(row, numbers, strict=True)])
    if left > 0:
        sheet.append([f"{counted(left + 1, 'more line')} than a sheet holds: take --format csv."])


def _heading(sheet: WriteOnlyWorksheet, name: str) -> object:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=xml_text(name))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, text: str, is_number: bool) -> object:
    if not text:
        return None
    if is_number and _NUMBER.fullmatch(text):
        number = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        return int(number) if number == int(number) and abs(number) < 1e15 else number
    if is_number and (share := _SHARE.fullmatch(text)):
        return _shown(sheet, float(share[1]) / 100, share[1], "%")
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + ELLIPSIS
    return safe_text_cell(sheet, text)


def _widths(table: Table) -> Iterable[float]:
    """How wide each column is, so that its texts fit, up to a width at which one reads on."""
    for place, name in enumerate(table.columns):
        texts = {name, *(row[place][: 2 * _WIDE] for row in table.rows[:_MEASURED])}
        longest = max(em_width(each) / _EMS for each in texts)
        yield round(min(max(longest + _ROOM, _NARROW), _WIDE), 1)
