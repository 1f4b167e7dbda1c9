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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import ClassVar, TypeAlias
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from monazite.core.errors import BadCellError, BadFileError
from monazite.core.formats import grouped, without_exponent
from monazite.data.bounds import CELL_CHARACTERS, LAST_COLUMN, LAST_ROW, PARTS, SHEETS, TAGS, Budget

_SAVE_AGAIN = "save it again as XLSX, or as CSV"
_STRETCH = 8 << 20  # bytes without a tag in a part: no cell is so long
_OTHERS = 2_000_000  # elements of a part that are of no account here
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

Attributes: TypeAlias = Mapping[str, str]


class _PartReader:
    """Is told what a part of a workbook says, by the paths of elements: ``/sheetData/row/c``."""

    known: ClassVar[frozenset[str]]

    def pass_over(self, path: str) -> None:
        """Take note of an element that is not known."""

    def start(self, path: str, attributes: Attributes) -> None: ...

    def end(self, path: str, text: str) -> None: ...


def _parse_part(content: bytes, reader: _PartReader) -> None:
    """Read a part of a workbook; not what would be huge: very many tags, or very long ones."""
    try:
        if content.count(b"<") > TAGS:
            raise ValueError
        for place in range(0, len(content) - _STRETCH, _STRETCH // 2):
            if content.find(b"<", place, place + _STRETCH) < 0:
                raise ValueError
        _parser_for(reader).Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise BadFileError("a part of it is broken", _SAVE_AGAIN) from None


def _parser_for(reader: _PartReader) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}", intern=None)
    paths: list[str] = []
    texts: list[str] = []
    others = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal others
        path = f"{paths[-1]}/{name.rpartition('}')[2]}" if paths else ""
        paths.append(path)
        if path in reader.known:
            reader.start(path, attributes)
        else:
            reader.pass_over(path)
            others += 1
        if others > _OTHERS or len(paths) > 100 or len(attributes) > 50:
            raise ValueError
        if texts and "".join(texts).strip():  # which of it a cell says is not known
            raise ValueError
        texts.clear()

    def end(_: str) -> None:
        path = paths.pop()
        if path in reader.known:
            reader.end(path, "".join(texts))
        texts.clear()

    def refuse(*_: object) -> None:
        raise ValueError  # a document type may define endless texts, and no workbook has one

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = refuse
    return parser


class _ListedSheets(_PartReader):
    """The sheets that a workbook lists, with the ids of their parts."""

    known = frozenset({"/sheets/sheet", "/workbookPr"})

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, path: str, attributes: Attributes) -> None:
        if path == "/sheets/sheet":
            link = next((attributes[name] for name in attributes if name.endswith("}id")), "")
            self.sheets.append((attributes.get("name", ""), link))
        else:
            self.from_1904 = attributes.get("date1904") in {"1", "true"}


class _SharedTexts(_PartReader):
    """The texts that cells share, and not how they are pronounced."""

    known = frozenset({"/si", "/si/t", "/si/r/t"})

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []

    def end(self, path: str, text: str) -> None:
        if path != "/si":
            self._parts.append(text)
        else:
            self.found.append(_unescaped("".join(self._parts)))
            self._parts = []


class _NumberStyles(_PartReader):
    """The number formats of cells, by their style."""

    known = frozenset({"/numFmts/numFmt", "/cellXfs/xf"})

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._styles: list[str] = []

    def start(self, path: str, attributes: Attributes) -> None:
        if path == "/numFmts/numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        else:
            self._styles.append(attributes.get("numFmtId", "0"))

    def formats(self) -> list[str]:
        """Return the formats by style."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        known = {str(number): code for number, code in BUILTIN_FORMATS.items()} | self._codes
        return [known.get(style, "General")[:255] for style in self._styles]


def _unescaped(text: str) -> str:
    """The text of a cell: what XML cannot hold stands there as ``_x000D_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


WHOLE = re.compile(r"-?[0-9]{1,18}")


class CellNumber(str):
    """The text of a number with a point as its mark; ``percent`` where 0.03 is shown as 3 %."""

    percent = False


def _number_text(text: str, code: str = "", *, from_1904: bool = False) -> str:
    """Return a number as a table has it: no point where it is whole, no hour where it is a day."""
    whole = int(text) if WHOLE.fullmatch(text) else None
    number = float(text) if whole is None else whole
    if not isfinite(number):
        raise BadCellError(f'the number "{text}" is larger than any', "write it anew")
    if code and (kind := _date_kind(code)):
        return _date_text(number, from_1904=from_1904, spent=kind == "spent")
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return without_exponent(Decimal(repr(number)))


@lru_cache(maxsize=256)
def _date_kind(code: str) -> str:
    """Whether a number format shows a date, time spent, or neither."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if not is_date_format(code):
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


@dataclass(frozen=True)
class _SharedParts:
    """What the cells of all sheets share."""

    texts: list[str]
    formats: list[str]
    from_1904: bool


class _SheetCells(_PartReader):
    """The cells of a sheet."""

    known = frozenset({_ROW, _AT, _VALUE, f"{_AT}/f", f"{_AT}/is/t", f"{_AT}/is/r/t", _MERGED})

    def __init__(self, shared: _SharedParts, budget: Budget, *, computed: bool = False) -> None:
        self.cells: Cells = {}
        self.merged: list[str] = []
        self._shared, self._budget = shared, budget
        self._row, self._column = 0, 0
        self._cell: Attributes = {}
        self._value, self._inline = "", list[str]()
        self._formula, self._computed = False, computed

    def pass_over(self, path: str) -> None:
        """Refuse cells, or what they hold, in an element that is not known."""
        inside, _, name = path.removeprefix("/sheetData/").rpartition("/")
        if path.startswith("/sheetData/") and name in _HELD and not inside.endswith("/rPh"):
            raise ValueError

    def start(self, path: str, attributes: Attributes) -> None:
        if path == _AT:
            self._cell, self._value, self._inline = attributes, "", []
            self._formula = False
            self._begin_cell(attributes.get("r"))
        elif path == _ROW:
            self._begin_row(attributes.get("r"))
        elif path == _MERGED:
            self.merged.append(attributes.get("ref", ""))

    def end(self, path: str, text: str) -> None:
        if path == _AT:
            if self._value or self._inline or self._formula:
                self._end_cell()
        elif path == _VALUE and not self._value:
            self._value = text
        elif path == _VALUE:
            raise ValueError
        elif path == f"{_AT}/f":
            self._formula = True
        elif path == _ROW and (row := self.cells.get(self._row)):
            texts = [value for value in row.values() if isinstance(value, str)]
            self._budget.take_row(len(row), sum(map(len, texts)))
        elif path not in {_ROW, _MERGED}:
            self._inline.append(text)

    def _begin_row(self, number: str | None) -> None:
        self._row, self._column = self._row + 1, 0
        if number is not None:
            self._row = int(number) if WHOLE.fullmatch(number) else 0
        if not 0 < self._row <= LAST_ROW:
            what = (
                f'a row has the number "{number or self._row}", and a sheet ends at '
                f"{grouped(LAST_ROW)}"
            )
            raise BadFileError(what, _SAVE_AGAIN)

    def _begin_cell(self, place: str | None) -> None:
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
            raise BadCellError(
                f"a cell has more than {grouped(CELL_CHARACTERS)} characters", "shorten it"
            )
        return text

    def _shared_text(self) -> str:
        if not self._value:
            return ""
        place = int(self._value) if WHOLE.fullmatch(self._value) else -1
        if not 0 <= place < len(self._shared.texts):
            raise BadCellError("the text of a cell is not in the workbook", "write it anew")
        return self._shared.texts[place]

    def _boolean(self) -> str:
        known = {"1": "true", "true": "true", "0": "false", "false": "false", "": ""}
        if self._value not in known:
            raise BadCellError(f'"{self._value}" is neither true nor false', "write it anew")
        return known[self._value]

    def _error(self) -> str:
        raise BadCellError(f'a cell holds the error "{self._value}"', "write its value instead")

    def _number(self) -> str:
        text = self._value.strip()
        if not text:
            return ""
        if not _NUMBER.fullmatch(text):
            raise BadCellError(f'the number "{text}" of a cell is none', "write it anew")
        style, formats = self._cell.get("s", "0"), self._shared.formats or ["General"]
        if not WHOLE.fullmatch(style) or not 0 <= int(style) < len(formats):
            what = f'a cell has the style "{style}", which is not there'
            raise BadCellError(what, "write it anew")
        code = formats[int(style)]
        read = _number_text(text, code, from_1904=self._shared.from_1904)
        if code and _date_kind(code):
            return read
        number = CellNumber(read)
        number.percent = "%" in code
        return number


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


class _WorkbookPackage:
    """The parts of a workbook, unpacked one at a time."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self._budget = budget
        if content.startswith(_OLD):
            raise BadFileError("it is locked by a password, or an old XLS", _SAVE_AGAIN)
        if content.count(b"PK\x01\x02") > PARTS:
            raise BadFileError(f"it has more than {grouped(PARTS)} parts", _SAVE_AGAIN)
        try:
            self._zip = ZipFile(io.BytesIO(content))
        except _PACKED_BADLY:
            raise BadFileError("it is no workbook, or broken", _SAVE_AGAIN) from None
        self._parts = {info.filename.lower(): info for info in self._zip.infolist()}

    def has(self, name: str) -> bool:
        return name.lower() in self._parts

    def read(self, name: str) -> bytes:
        """Unpack a part; what it says of its own size is not believed."""
        if not self.has(name):
            raise BadFileError(f'the part "{name}" is missing', _SAVE_AGAIN)
        info = self._parts[name.lower()]
        if info.flag_bits & 1:
            raise BadFileError("it is locked by a password", "save it without one")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BadFileError(f'the part "{name}" is packed in an unusual way', _SAVE_AGAIN)
        unpacked = bytearray()
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_STEP):
                    self._budget.take_bytes(len(piece))
                    unpacked += piece
        except _PACKED_BADLY:
            raise BadFileError(f'the part "{name}" is broken', _SAVE_AGAIN) from None
        return bytes(unpacked)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Parts that a part names, by their id: what they are, and where."""
        folder, file = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        links = _PartRelations(folder)
        if self.has(place):
            _parse_part(self.read(place), links)
        return links.found


class _PartRelations(_PartReader):
    """Which parts a part names."""

    known = frozenset({"/Relationship"})

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, _: str, attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") != "External" and target:
            kind = attributes.get("Type", "").rpartition("/")[2]
            place = posixpath.normpath(posixpath.join("/", self._folder, unquote(target)))
            self.found.setdefault(attributes.get("Id", ""), (kind, place.lstrip("/")))


@dataclass(frozen=True)
class Sheet:
    """A sheet that a workbook lists; its kind is blank where the workbook does not hold it."""

    name: str
    kind: str
    part: str


class Workbook:
    """The sheets of an XLSX file, which are read one at a time."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self._package = package = _WorkbookPackage(content, budget)
        self._budget = budget
        main = _of_kind(package.related(""), "officeDocument") or "xl/workbook.xml"
        related = package.related(main)
        listed, texts, styles = _ListedSheets(), _SharedTexts(), _NumberStyles()
        _parse_part(package.read(main), listed)
        if not 0 < len(listed.sheets) <= SHEETS:
            what = f"it has {len(listed.sheets)} sheets, and no more than {SHEETS} are read"
            raise BadFileError(what, "write a table a sheet")
        self.sheets = [Sheet(name, *related.get(link, ("", ""))) for name, link in listed.sheets]
        for kind, reader in (("sharedStrings", texts), ("styles", styles)):
            if place := _of_kind(related, kind):
                _parse_part(package.read(place), reader)
        self._shared = _SharedParts(texts.found, styles.formats(), listed.from_1904)

    @property
    def has_macros(self) -> bool:
        """Whether the workbook carries programs, whatever its name says."""
        return self._package.has("xl/vbaProject.bin")

    def cells(self, sheet: Sheet, *, computed: bool = False) -> Cells:
        """Read the cells of a sheet."""
        return self.content(sheet, computed=computed)[0]

    def content(self, sheet: Sheet, *, computed: bool = False) -> tuple[Cells, tuple[str, ...]]:
        """Read the cells of a sheet, and the places of cells that were made one, as ``A1:B2``."""
        if sheet.kind != "worksheet":
            what = "the workbook does not hold it" if not sheet.kind else "it holds no cells"
            raise BadFileError(what, "take it out, or write it anew")
        reader = _SheetCells(self._shared, self._budget, computed=computed)
        _parse_part(self._package.read(sheet.part), reader)
        return reader.cells, tuple(reader.merged)


def _of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((place for found, place in related.values() if found == kind), "")
