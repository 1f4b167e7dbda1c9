"""XLSX of tables: a sheet for each, numbers below their unit, and no text that is a formula."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monazite.core.formats import ELLIPSIS, counted, em_width, xml_text
from monazite.core.tables import Table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

LONGEST = 32_767
"""Characters that a cell of a spreadsheet can hold."""
_LONGEST_NAME = 31  # letters of the name of a sheet
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LOADED = ("=", "+", "-", "@", "#", "\t", "\r")
_WHOLE = 1e15  # from here on a number is no longer sure to be whole
_MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
_NARROW, _WIDE, _ROOM, _EMS = 8, 60, 2, 0.56
"""Letters across the narrowest and the widest column, room beside them, and ems of a letter."""
_MEASURED = 200
"""Rows by which the width of a column is chosen."""
_NUMBER = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,12})?(?:e[-+]?\d{1,3})?"
_QUANTITY = re.compile(
    rf"(?P<sign>[<>\u2264\u2265\u00d7] ?|at least |up to )?(?P<value>{_NUMBER})"
    rf"(?:(?:[ \u00a0]%)? to (?P<last>{_NUMBER}))?(?:[ \u00a0](?P<unit>[^\d(),;:]+?))?"
    rf"(?: \((?P<low>{_NUMBER})(?:[ \u00a0]%)?(?: to |-)(?P<high>{_NUMBER})(?:[ \u00a0]%)?\)"
    r"|(?:[,:]| \() ?(?P<note>.+?)\)?)?"
)
"""A number as a table has it: ``at least 3 t``, ``5 % to 9 %``, ``46 % (40 % to 51 %)``."""


class _Quantity(NamedTuple):
    """What a cell says: a number or a text, the ends of a range, and what stands beside them."""

    value: float | str | None
    low: float | str | None = None
    high: float | None = None
    unit: str = ""
    note: str = ""


def workbook_sheets(tables: Iterable[Table], name: str, line: str) -> dict[str, Table]:
    """Return tables by the names of their sheets, first what is said of them and of the view."""
    about: list[list[str]] = []
    sheets = {"About": Table("", ("sheet", "text"), about)}
    shown = [table.full() for table in tables]
    begins = Counter(each.heading.partition(":")[0] for each in shown)
    for each in shown:
        first, _, more = each.heading.partition(": ")
        sheet = sheet_name((more if begins[first] > 1 else first) or name, sheets)
        sheets[sheet] = each
        about += [[sheet, text] for text in (each.heading, *each.remarks) if text]
    about += [["Data", line]] if line else []
    return {name: each for name, each in sheets.items() if each.columns}


def sheet_name(heading: str, taken: Iterable[str] = ()) -> str:
    """Return a heading up to a colon or comma, as no other sheet is called, in any case of letters.

    >>> sheet_name("Lines: 3 of 4", {"lines"})
    'Lines 2'
    """
    short = heading.partition(":")[0].partition(",")[0].partition(" (")[0]
    plain = "".join(each for each in short if each.isalnum() or each in " -.%'")
    whole = plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME + 1].rpartition(" ")[0]
    first = name = whole[:_LONGEST_NAME].strip(" '") or "Table"
    others, number = {each.casefold() for each in taken}, 2
    while name.casefold() in others:
        name = f"{first[:28].strip()} {number}"
        number += 1
    return name


def tables_xlsx(sheets: Mapping[str, Table], release: str = "") -> bytes:
    """Return a workbook with a sheet for each table, whose header stays in sight.

    A column of numbers has its unit in the header, and two columns for the ends of a range. Nothing
    in it says when it was written or by whom.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in sheets.items():
        _write(book.create_sheet(name), table)
    return saved_book(book, release)


def _write(sheet: WriteOnlyWorksheet, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    left = len(table.rows) - _MOST_ROWS
    rows = table.rows if left <= 0 else table.rows[: _MOST_ROWS - 1]
    held = [*zip(*rows, strict=True)] or [()] * len(table.columns)
    shown = [
        each
        for name, cells in zip(table.columns, held, strict=True)
        for each in _split(name, cells, right=name in table.right)
    ]
    columns: Any = sheet.column_dimensions  # type: ignore[attr-defined]  # not in its stubs
    for place, (name, cells) in enumerate(shown, start=1):
        columns[get_column_letter(place)].width = _width([name, *cells[:_MEASURED]])
    sheet.append([_heading(sheet, name) for name, _ in shown])
    for row in zip(*(cells for _, cells in shown), strict=True):
        sheet.append([_cell(sheet, each) for each in row])
    if left > 0:
        sheet.append([f"{counted(left + 1, 'more line')} than a sheet holds: take --format csv."])


def _split(name: str, cells: Sequence[str], *, right: bool) -> list[tuple[str, list[Any]]]:
    """A column of numbers as columns of what its cells say; any other as it is."""
    read = [_quantity(each) for each in cells]
    known = [each for each in read if each is not None]
    units = dict.fromkeys(each.unit for each in known if not isinstance(each.value, str))
    is_range = any(each.value is None for each in known)
    if not right:  # a range of numbers alone, and not of years
        right = is_range and {*units} <= {"", "%"} and not any(each.note for each in known)
        right = right and not any(re.match(r"\d{4}", each) for each in cells)
    if len(known) < len(read) or not units or not right:
        return [(name, [*cells])]
    if is_range:
        known = [each if each.low is not None else _as_range(each) for each in known]
    only = next(iter(units)) if len(units) == 1 else ""
    said = "" if not only or name.endswith(f", {only}") else f", {only}"
    found = [(f"{name}{said}", [each.value for each in known])]
    found += [(f"{name} {x}{said}", [getattr(y, x) for y in known]) for x in ("low", "high")]
    found += [(f"{name} unit", [each.unit for each in known])] if len(units) > 1 else []
    found += [(f"{name} note", [each.note for each in known])]
    return [each for each in found if any(x not in {None, ""} for x in each[1])]


def _as_range(each: _Quantity) -> _Quantity:
    """A single number, or a text, in a column of ranges."""
    high = None if isinstance(each.value, str) else each.value
    return each._replace(value=None, low=each.value, high=high)


def _quantity(text: str) -> _Quantity | None:
    """What a cell says; a text without a number stays one, and None is what says more."""
    if not any(map(str.isdigit, text)):
        return _Quantity(text)
    if (found := _QUANTITY.fullmatch(text)) is None:
        return None
    said = {name: "" if part is None else part.strip() for name, part in found.groupdict().items()}
    value, last, low, high = (
        float(said[x].replace(",", "").replace("\N{MINUS SIGN}", "-")) if said[x] else None
        for x in ("value", "last", "low", "high")
    )
    unit, note = said["unit"], " ".join(filter(None, (said["sign"], said["note"])))
    if last is not None:
        return _Quantity(None, value, last, unit, note)
    return _Quantity(value, low, high, unit, note)


def _heading(sheet: WriteOnlyWorksheet, name: str) -> object:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=xml_text(name))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, held: float | str | None) -> object:
    if not isinstance(held, str):
        whole = held is not None and held == int(held) and abs(held) < _WHOLE
        return int(held) if held is not None and whole else held
    if len(held) > LONGEST:
        held = held[: LONGEST - 1] + ELLIPSIS
    return safe_text_cell(sheet, held)


def _width(cells: Iterable[object]) -> float:
    """How wide a column is so that its texts fit, up to a width at which one reads on."""
    longest = max(em_width(str(each)[: 2 * _WIDE]) / _EMS for each in cells)
    return round(min(max(longest + _ROOM, _NARROW), _WIDE), 1)


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


def saved_book(book: Workbook, release: str) -> bytes:
    """Return a workbook whose parts have one time: its own are those of writing."""
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
