"""Tables as a workbook: a sheet each, numbers as numbers, and no text that runs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from monazite.exchange.portable_text import xml_text
from monazite.exchange.workbook import LONGEST, safe_text_cell, without_clock
from monazite.safe_text import ELLIPSIS, counted, em_width
from monazite.tables import Table

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

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

    >>> tables_xlsx({"Grams": Table("", ("Element", "g"), [["Dy", "2.5"]], right=("g",))})[:2]
    b'PK'
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in sheets.items():
        _write(book.create_sheet(name), table)
    out = io.BytesIO()
    book.save(out)
    return without_clock(out.getvalue(), release)


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
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, value=float(share[1]) / 100)
        digits = len(share[1].partition(".")[2])
        cell.number_format = f"0.{'0' * digits}%" if digits else "0%"
        return cell
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + ELLIPSIS
    return safe_text_cell(sheet, text)


def _widths(table: Table) -> Iterable[float]:
    """How wide each column is, so that its texts fit, up to a width at which one reads on."""
    for place, name in enumerate(table.columns):
        texts = {name, *(row[place][: 2 * _WIDE] for row in table.rows[:_MEASURED])}
        longest = max(em_width(each) / _EMS for each in texts)
        yield round(min(max(longest + _ROOM, _NARROW), _WIDE), 1)
