"""The sheets of an XLSX file, and the cells of each: every one, or a sentence about why not.

openpyxl leaves out in silence what it does not expect: sheets, rows out of order, cells beyond the
size that a sheet says it has. Here it only says which number is a date.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import TypeAlias
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from monazite.core.errors import BadCellError, BadFileError
from monazite.core.formats import grouped, without_exponent
from monazite.core.results import Struct, do_nothing
from monazite.data.bounds import CELL_CHARACTERS, LAST_COLUMN, LAST_ROW, PARTS, SHEETS, TAGS, Budget

_SAVE_AGAIN = "save it again as XLSX, or as CSV"
_STRETCH = 8 << 20  # bytes without a tag in a part: no cell is so long
_OTHERS = 2_000_000  # elements of a part that are of no account here
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

Attributes: TypeAlias = Mapping[str, str]
Taken: TypeAlias = Callable[[str, Attributes, str], None]  # path, attributes and text of an element


def _parse_part(
    content: bytes,
    known: Collection[str],
    end: Taken,
    start: Callable[[str, Attributes], object] = do_nothing,
    pass_over: Callable[[str], object] = do_nothing,
) -> None:
    """Read a part of a workbook; not what would be huge: very many tags, or very long ones.

    Elements are known by their paths, such as ``/sheetData/row/c``.
    """
    opened: list[tuple[str, Attributes]] = []
    texts: list[str] = []
    others = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal others
        path = f"{opened[-1][0]}/{name.rpartition('}')[2]}" if opened else ""
        opened.append((path, attributes))
        if path in known:
            start(path, attributes)
        else:
            pass_over(path)
            others += 1
        if others > _OTHERS or len(opened) > 100 or len(attributes) > 50:
            raise ValueError
        if texts and "".join(texts).strip():  # which of it a cell says is not known
            raise ValueError
        texts.clear()

    def close(_: str) -> None:
        path, attributes = opened.pop()
        if path in known:
            end(path, attributes, "".join(texts))
        texts.clear()

    def refuse(*_: object) -> None:
        raise ValueError  # a document type may define endless texts, and no workbook has one

    parser = expat.ParserCreate(namespace_separator="}", intern=None)
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = close
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = refuse
    places = range(0, len(content) - _STRETCH, _STRETCH // 2)
    try:
        if content.count(b"<") > TAGS:
            raise ValueError
        if any(content.find(b"<", place, place + _STRETCH) < 0 for place in places):
            raise ValueError
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise BadFileError("a part of it is broken", _SAVE_AGAIN) from None


def _shared_texts(content: bytes) -> list[str]:
    """The texts that cells share, and not how they are pronounced."""
    found: list[str] = []
    parts: list[str] = []

    def end(path: str, _: Attributes, text: str) -> None:
        if path != "/si":
            parts.append(text)
        else:
            found.append(_unescaped("".join(parts)))
            parts.clear()

    _parse_part(content, {"/si", "/si/t", "/si/r/t"}, end)
    return found


def _number_formats(content: bytes) -> list[str]:
    """The number formats of cells, by their style."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []

    def end(path: str, attributes: Attributes, _: str) -> None:
        if path == "/numFmts/numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        else:
            styles.append(attributes.get("numFmtId", "0"))

    _parse_part(content, {"/numFmts/numFmt", "/cellXfs/xf"}, end)
    return [codes.get(style, "General")[:255] for style in styles]


def _unescaped(text: str) -> str:
    """The text of a cell: what XML cannot hold stands there as ``_x000D_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


WHOLE = re.compile(r"-?[0-9]{1,18}")


class CellNumber(str):
    """The text of a number with a point as its mark; ``percent`` where 0.03 is shown as 3 %."""

    percent = False


@lru_cache(maxsize=256)
def _date_kind(code: str) -> str:
    """Whether a number format shows a date, time spent, or neither."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if not code or not is_date_format(code):
        return ""
    return "spent" if is_timedelta_format(code) else "date"


def _date_text(number: float, *, from_1904: bool, spent: bool) -> str:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        found = from_excel(number, MAC_EPOCH if from_1904 else WINDOWS_EPOCH, timedelta=spent)
    except (OverflowError, ValueError):
        raise BadCellError("a cell holds a date that does not exist", "write it anew") from None
    if isinstance(found, datetime.datetime) and found.time() == datetime.time():
        return found.date().isoformat()
    return str(found)


_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,4})?")

Value: TypeAlias = str | BadCellError  # the text of a cell, or why it has none
Cells: TypeAlias = dict[int, dict[int, Value]]  # not blank, by row and column, both from 1


def find_wrong_cell(row: Mapping[int, Value]) -> BadCellError | None:
    """Return why the first cell of a row that has no text has none; None where all have one."""
    wrong = {at: value for at, value in row.items() if isinstance(value, BadCellError)}
    return wrong[min(wrong)] if wrong else None


_ROW = "/sheetData/row"
_AT = f"{_ROW}/c"
_MERGED = "/mergeCells/mergeCell"
_VALUE = f"{_AT}/v"
_HELD = {"row", "c", "v", "f", "t"}  # elements that cells are made of


class _SheetCells:
    """The cells of a sheet."""

    known = frozenset({_ROW, _AT, _VALUE, f"{_AT}/f", f"{_AT}/is/t", f"{_AT}/is/r/t", _MERGED})

    def __init__(self, book: Workbook, *, computed: bool) -> None:
        self.cells: Cells = {}
        self.merged: list[str] = []
        self._book, self._computed = book, computed
        self._row, self._column = 0, 0
        self._cell: Attributes = {}
        self._value, self._inline, self._formula = "", list[str](), False

    def pass_over(self, path: str) -> None:
        """Refuse cells, or what they hold, in an element that is not known."""
        inside, _, name = path.removeprefix("/sheetData/").rpartition("/")
        if path.startswith("/sheetData/") and name in _HELD and not inside.endswith("/rPh"):
            raise ValueError

    def start(self, path: str, attributes: Attributes) -> None:
        """Begin a row, or a cell."""
        if path == _AT:
            self._cell, self._value, self._inline = attributes, "", []
            self._formula = False
            self._find_column(attributes.get("r"))
        elif path == _ROW:
            number = attributes.get("r")
            self._row, self._column = self._row + 1, 0
            if number is not None:
                self._row = int(number) if WHOLE.fullmatch(number) else 0
            if not 0 < self._row <= LAST_ROW:
                named, last = number or self._row, grouped(LAST_ROW)
                what = f'a row has the number "{named}", and a sheet ends at {last}'
                raise BadFileError(what, _SAVE_AGAIN)

    def end(self, path: str, attributes: Attributes, text: str) -> None:
        """Take what an element holds."""
        if path == _AT:
            if self._value or self._inline or self._formula:
                self._end_cell()
        elif path == _VALUE and not self._value:
            self._value = text
        elif path == _VALUE:
            raise ValueError
        elif path == f"{_AT}/f":
            self._formula = True
        elif path == _ROW:
            if row := self.cells.get(self._row):
                texts = [value for value in row.values() if isinstance(value, str)]
                self._book.budget.take_row(len(row), sum(map(len, texts)))
        elif path == _MERGED:
            self.merged.append(attributes.get("ref", ""))
        else:
            self._inline.append(text)

    def _find_column(self, place: str | None) -> None:
        self._column += 1
        if place is not None:
            named = _CELL.fullmatch(place)
            self._column = 0
            for letter in named[1] if named else "":
                self._column = 26 * self._column + ord(letter) - ord("A") + 1
            if named is None or int(named[2]) != self._row or self._column > LAST_COLUMN:
                raise BadFileError(f'a cell of row {self._row} is named "{place}"', _SAVE_AGAIN)
        elif self._column > LAST_COLUMN:
            raise BadFileError(f"row {self._row} has more cells than a sheet can have", _SAVE_AGAIN)

    def _end_cell(self) -> None:
        try:
            value: Value = self._text()
        except BadCellError as bad:
            value = bad
        if value == "":
            return
        row = self.cells.setdefault(self._row, {})
        if self._column in row:
            raise BadFileError(f"a cell of row {self._row} stands twice", _SAVE_AGAIN)
        row[self._column] = value

    def _text(self) -> str:
        if self._formula and not self._computed:
            raise BadCellError("a cell holds a formula", "paste its value instead")
        if self._formula and not self._value:
            what = "a cell holds a formula that was never worked out"
            raise BadCellError(what, "open the workbook, and save it")
        read = _KINDS.get(self._cell.get("t", "n"))
        if read is None:
            raise BadCellError("a cell is of a kind that is not known", "write it anew")
        text = read(self)
        if len(text) > CELL_CHARACTERS:
            what = f"a cell has more than {grouped(CELL_CHARACTERS)} characters"
            raise BadCellError(what, "shorten it")
        return text

    def _shared_text(self) -> str:
        if not self._value:
            return ""
        place = int(self._value) if WHOLE.fullmatch(self._value) else -1
        if not 0 <= place < len(self._book.texts):
            raise BadCellError("the text of a cell is not in the workbook", "write it anew")
        return self._book.texts[place]

    def _boolean(self) -> str:
        known = {"1": "true", "true": "true", "0": "false", "false": "false", "": ""}
        if self._value not in known:
            raise BadCellError(f'"{self._value}" is neither true nor false', "write it anew")
        return known[self._value]

    def _error(self) -> str:
        raise BadCellError(f'a cell holds the error "{self._value}"', "write its value instead")

    def _number(self) -> str:
        """A number as a table has it: no point where it is whole, no hour where it is a day."""
        text = self._value.strip()
        if not text:
            return ""
        if not _NUMBER.fullmatch(text):
            raise BadCellError(f'the number "{text}" of a cell is none', "write it anew")
        style, formats = self._cell.get("s", "0"), self._book.formats or ["General"]
        if not WHOLE.fullmatch(style) or not 0 <= int(style) < len(formats):
            what = f'a cell has the style "{style}", which is not there'
            raise BadCellError(what, "write it anew")
        code = formats[int(style)]
        number = int(text) if WHOLE.fullmatch(text) else float(text)
        if not isfinite(number):
            raise BadCellError(f'the number "{text}" is larger than any', "write it anew")
        if kind := _date_kind(code):
            return _date_text(number, from_1904=self._book.from_1904, spent=kind == "spent")
        whole = isinstance(number, int) or number.is_integer()
        found = CellNumber(int(number) if whole else without_exponent(Decimal(repr(number))))
        found.percent = "%" in code
        return found


_KINDS: dict[str, Callable[[_SheetCells], str]] = {
    "n": _SheetCells._number,
    "s": _SheetCells._shared_text,
    "str": lambda cell: _unescaped(cell._value),
    "inlineStr": lambda cell: _unescaped("".join(cell._inline)),
    "b": _SheetCells._boolean,
    "e": _SheetCells._error,
    "d": lambda cell: re.sub(r"T00:00(:00(\.0+)?)?Z?", "", cell._value),
}


_OLD = b"\xd0\xcf\x11\xe0"
_STEP = 1 << 20
_PACKED_BADLY = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError),
    *(struct.error, ValueError, zlib.error),
)


class Sheet(Struct):
    """A sheet that a workbook lists; its kind is blank where the workbook does not hold it."""

    name: str
    kind: str
    part: str


class Workbook:
    """The sheets of an XLSX file, which are read one at a time, and what their cells share."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self.budget = budget
        if content.startswith(_OLD):
            raise BadFileError("it is locked by a password, or an old XLS", _SAVE_AGAIN)
        if content.count(b"PK\x01\x02") > PARTS:
            raise BadFileError(f"it has more than {grouped(PARTS)} parts", _SAVE_AGAIN)
        try:
            self._zip = ZipFile(io.BytesIO(content))
        except _PACKED_BADLY:
            raise BadFileError("it is no workbook, or broken", _SAVE_AGAIN) from None
        self._parts = {info.filename.lower(): info for info in self._zip.infolist()}
        main = _of_kind(self._related(""), "officeDocument") or "xl/workbook.xml"
        related = self._related(main)
        self.from_1904 = False
        listed: list[tuple[str, str]] = []

        def end(path: str, attributes: Attributes, _: str) -> None:
            if path == "/sheets/sheet":
                link = next((attributes[name] for name in attributes if name.endswith("}id")), "")
                listed.append((attributes.get("name", ""), link))
            else:
                self.from_1904 = attributes.get("date1904") in {"1", "true"}

        _parse_part(self._read(main), {"/sheets/sheet", "/workbookPr"}, end)
        if not 0 < len(listed) <= SHEETS:
            what = f"it has {len(listed)} sheets, and no more than {SHEETS} are read"
            raise BadFileError(what, "write a table a sheet")
        self.sheets = [Sheet(name, *related.get(link, ("", ""))) for name, link in listed]
        texts, styles = (_of_kind(related, kind) for kind in ("sharedStrings", "styles"))
        self.texts = _shared_texts(self._read(texts)) if texts else []
        self.formats = _number_formats(self._read(styles)) if styles else []

    @property
    def has_macros(self) -> bool:
        """Whether the workbook carries programs, whatever its name says."""
        return "xl/vbaproject.bin" in self._parts

    def cells(self, sheet: Sheet, *, computed: bool = False) -> Cells:
        """Read the cells of a sheet."""
        return self.content(sheet, computed=computed)[0]

    def content(self, sheet: Sheet, *, computed: bool = False) -> tuple[Cells, tuple[str, ...]]:
        """Read the cells of a sheet, and the places of cells that were made one, as ``A1:B2``."""
        if sheet.kind != "worksheet":
            what = "the workbook does not hold it" if not sheet.kind else "it holds no cells"
            raise BadFileError(what, "take it out, or write it anew")
        found = _SheetCells(self, computed=computed)
        _parse_part(self._read(sheet.part), found.known, found.end, found.start, found.pass_over)
        return found.cells, tuple(found.merged)

    def _read(self, name: str) -> bytes:
        """Unpack a part; what it says of its own size is not believed."""
        info = self._parts.get(name.lower())
        if info is None:
            raise BadFileError(f'the part "{name}" is missing', _SAVE_AGAIN)
        if info.flag_bits & 1:
            raise BadFileError("it is locked by a password", "save it without one")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BadFileError(f'the part "{name}" is packed in an unusual way', _SAVE_AGAIN)
        unpacked = bytearray()
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_STEP):
                    self.budget.take_bytes(len(piece))
                    unpacked += piece
        except _PACKED_BADLY:
            raise BadFileError(f'the part "{name}" is broken', _SAVE_AGAIN) from None
        return bytes(unpacked)

    def _related(self, name: str) -> dict[str, tuple[str, str]]:
        """Parts that a part names, by their id: what they are, and where."""
        folder, file = posixpath.split(name)
        links = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}

        def end(_: str, attributes: Attributes, __: str) -> None:
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External" and target:
                kind = attributes.get("Type", "").rpartition("/")[2]
                place = posixpath.normpath(posixpath.join("/", folder, unquote(target)))
                found.setdefault(attributes.get("Id", ""), (kind, place.lstrip("/")))

        if links.lower() in self._parts:
            _parse_part(self._read(links), {"/Relationship"}, end)
        return found


def _of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((place for found, place in related.values() if found == kind), "")
