"""The cells of a bill's file: a text of columns or a workbook, as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from monazite.core.errors import BadCellError, BadFileError, Fault, Faults, UnreadableError
from monazite.core.files import kind_of, readable
from monazite.core.formats import escaped, grouped
from monazite.data.bounds import FILE_BYTES, SMALLER, Budget, csv_records, utf8_text
from monazite.data.own_files import read_file
from monazite.data.workbook import Value, Workbook

ENDINGS = (".csv", ".tsv", ".xlsx")
_SEPARATORS = (",", ";", "\t", "|")
_HEAD = 30  # rows among which the header is looked for: titles and dates may stand above it
_GARBLED = ("Ã¤", "Ã¶", "Ã¼", "ÃŸ", "Ã„", "Ã–", "Ãœ", "ï¿½", "\N{REPLACEMENT CHARACTER}", "Â°")
_AS_TEXT = "save it as XLSX, or as CSV in UTF-8"


@dataclass(frozen=True)
class BillSheet:
    """The rows of a sheet that are not blank."""

    place: str
    name: str
    rows: tuple[tuple[int, tuple[Value, ...]], ...]
    merged: tuple[str, ...] = ()


def read_sheets(
    file: Path, known: Callable[[str], bool], faults: Faults, what: str = "bill"
) -> tuple[list[BillSheet], list[str]]:
    """Read the sheets of a file."""
    ending, place = file.suffix.lower(), str(file)
    if ending == ".xlsm":
        raise UnreadableError(f"{escaped(place)} may hold macros, which are not read; {_AS_TEXT}.")
    if ending not in ENDINGS:
        told = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise UnreadableError(f"{escaped(place)} is no {what}, which ends in {told}; {_AS_TEXT}.")
    try:
        with readable(file):
            _check_size(file)
            content = read_file(file)
            if ending == ".xlsx":
                return _of_workbook(content, place, faults)
            return [_of_text(content, place, known, faults)], []
    except BadFileError as bad:
        faults.append(Fault(place, bad.line, bad.what, bad.fix))
        return [], []


def _check_size(file: Path) -> None:
    """Refuse a bill by its size, before anything of it is read."""
    found = file.stat()
    if kind := {"a folder", "a pipe", "a device", "a socket"} & {kind_of(found.st_mode)}:
        raise UnreadableError(f"{escaped(str(file))} is {kind.pop()}; name a file.")
    if found.st_size > FILE_BYTES:
        what = (
            f"it has {grouped(found.st_size)} bytes, and no more than {FILE_BYTES >> 20} MB are "
            "read"
        )
        raise BadFileError(what, SMALLER)


def _of_text(content: bytes, place: str, known: Callable[[str], bool], faults: Faults) -> BillSheet:
    text = _decoded(content)
    head = text.splitlines()[:_HEAD]

    def headers(mark: str) -> int:
        cells = ([x.strip().strip('"').strip() for x in line.split(mark)] for line in head)
        return max((sum(map(known, each)) for each in cells), default=0)

    rows: list[tuple[int, tuple[Value, ...]]] = []
    for number, fields in csv_records(text, Budget(), max(_SEPARATORS, key=headers)):
        cells = tuple(field.strip() for field in fields)
        if any(cells):
            rows.append((number, cells))
    sheet = BillSheet(place, "", tuple(rows))
    faults += _garbled(sheet)
    return sheet


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            raise BadFileError("the text is no UTF-16", "save the file as UTF-8", 1) from None
    else:
        text = utf8_text(content)
    if "\0" in text:
        raise BadFileError("the file holds what no text does", _AS_TEXT, 1)
    return text


def _garbled(sheet: BillSheet) -> Iterator[Fault]:
    """Faults of texts that were read in a wrong encoding before they came here."""
    for number, cells in sheet.rows:
        texts = (cell for cell in cells if isinstance(cell, str))
        if odd := next((x for x in texts if any(sign in x for sign in _GARBLED)), ""):
            what, fix = (
                f'"{odd}" was once saved in a wrong encoding',
                "export the bill anew as UTF-8",
            )
            yield Fault(sheet.place, number, what, fix, kind=fix)


def _of_workbook(content: bytes, place: str, faults: Faults) -> tuple[list[BillSheet], list[str]]:
    book = Workbook(content, Budget())
    if book.has_macros:
        raise BadFileError("it holds macros, which are not read", "save it as XLSX without them")
    sheets: list[BillSheet] = []
    over: list[str] = []
    for sheet in book.sheets:
        where = f"{place}, sheet {sheet.name}"
        if sheet.name.startswith("_") or sheet.kind == "chartsheet":
            over.append(sheet.name)
            continue
        try:
            held = book.content(sheet)
        except BadFileError as bad:
            faults.append(Fault(where, 0, bad.what, bad.fix))
            continue
        rows = tuple(
            (number, tuple(_trimmed(row.get(column, "")) for column in range(1, max(row) + 1)))
            for number, row in sorted(held.cells.items())
        )
        found = BillSheet(where, sheet.name, rows, held.merged)
        faults += _garbled(found)
        sheets.append(found)
    return sheets, over


def _trimmed(value: Value) -> Value:
    """A cell without blanks at its ends; a number stays one."""
    if isinstance(value, BadCellError) or value == value.strip():
        return value
    return value.strip()


def head_of(sheet: BillSheet) -> tuple[tuple[int, tuple[Value, ...]], ...]:
    """Return the rows among which the header stands."""
    return sheet.rows[:_HEAD]
