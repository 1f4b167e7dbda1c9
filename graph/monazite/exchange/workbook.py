"""XLSX: one sheet a table and a sheet ``view``; no text is ever a formula."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monazite.errors import UnreadableError
from monazite.exchange.portable_text import xml_text
from monazite.exchange.selection import Progress, Selection
from monazite.exchange.tables import cell_text, header_of
from monazite.progress import do_nothing

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from monazite.rows.columns import TableShape
    from monazite.rows.reader import Row

LONGEST = 32_767
"""Characters that a cell of a spreadsheet can hold."""
_DIGITS = 15
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LOADED = ("=", "+", "-", "@", "#", "\t", "\r")


def write_xlsx(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the tables as a workbook."""
    from openpyxl import Workbook

    rows = selection.rows()
    _check_lengths(rows)
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_table[row.table].append(row)
    book = Workbook(write_only=True)
    _write_view(book, selection, {name: len(found) for name, found in by_table.items()})
    done = 0
    for name, table in sorted(selection.view.schema.tables.items()):
        progress(done / max(len(rows), 1))
        if by_table[name]:
            _write_table(book.create_sheet(name), table, by_table[name])
        done += len(by_table[name])
    out = io.BytesIO()
    book.save(out)
    return without_clock(out.getvalue(), str(selection.about().get("release", "")))


def _check_lengths(rows: list[Row]) -> None:
    """Refuse what openpyxl would cut without a word."""
    for row in rows:
        for name in row.cells:
            length = len(cell_text(row, name))
            if length > LONGEST:
                raise UnreadableError(
                    f'{row.table}/{row.key}: the text in "{name}" has {length:,} characters, a '
                    f"cell of a spreadsheet holds {LONGEST:,}; export csv."
                )


def _write_view(book: Workbook, selection: Selection, counts: dict[str, int]) -> None:
    sheet = book.create_sheet("view")
    sheet.append([safe_text_cell(sheet, text) for text in ("view", selection.line())])
    for name, value in selection.about().items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.append([safe_text_cell(sheet, text) for text in (name, text)])
    for name, table in sorted(selection.view.schema.tables.items()):
        sheet.append([name, counts.get(name, 0), safe_text_cell(sheet, table.description)])


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
    from openpyxl.cell import WriteOnlyCell

    number = Decimal(text)
    if len(number.as_tuple().digits) > _DIGITS:
        return None
    plain = int(number) if number == number.to_integral() else float(text)
    if str(plain) == text:
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    digits = len(text.partition(".")[2])
    cell.number_format = "0." + "0" * digits if digits else "0"
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


def without_clock(book: bytes, release: str = "") -> bytes:
    """Give the parts of a workbook one time: its own are those of writing."""
    stamp = f"{release or '1980-01-01'}T00:00:00Z".encode()
    out = io.BytesIO()
    with ZipFile(io.BytesIO(book)) as old, ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + stamp, content)
            entry = ZipInfo(item.filename, date_time=_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
