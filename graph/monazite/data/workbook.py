"""The sheets of an XLSX file, and the cells of each: every one, or a sentence about why not.

openpyxl leaves out in silence what it does not expect: sheets, rows out of order, cells beyond the
size that a sheet says it has. Here it only says which number is a date.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from monazite.core.errors import BadFileError
from monazite.core.formats import grouped
from monazite.data.bounds import PARTS, SHEETS, Budget
from monazite.data.sheet_cells import (
    SAVE_AGAIN,
    Attributes,
    Cells,
    ListedSheets,
    NumberStyles,
    PartReader,
    SharedParts,
    SharedTexts,
    SheetCells,
    parse_part,
)

_OLD = b"\xd0\xcf\x11\xe0"
_STEP = 1 << 20
_PACKED_BADLY = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    struct.error,
    ValueError,
    zlib.error,
)


class WorkbookPackage:
    """The parts of a workbook, unpacked one at a time."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self._budget = budget
        if content.startswith(_OLD):
            raise BadFileError("it is locked by a password, or an old XLS", SAVE_AGAIN)
        if content.count(b"PK\x01\x02") > PARTS:
            raise BadFileError(f"it has more than {grouped(PARTS)} parts", SAVE_AGAIN)
        try:
            self._zip = ZipFile(io.BytesIO(content))
        except _PACKED_BADLY:
            raise BadFileError("it is no workbook, or broken", SAVE_AGAIN) from None
        self._parts = {info.filename.lower(): info for info in self._zip.infolist()}

    def has(self, name: str) -> bool:
        """Tell whether a part is there."""
        return name.lower() in self._parts

    def read(self, name: str) -> bytes:
        """Unpack a part; what it says of its own size is not believed."""
        if not self.has(name):
            raise BadFileError(f'the part "{name}" is missing', SAVE_AGAIN)
        info = self._parts[name.lower()]
        if info.flag_bits & 1:
            raise BadFileError("it is locked by a password", "save it without one")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BadFileError(f'the part "{name}" is packed in an unusual way', SAVE_AGAIN)
        unpacked = bytearray()
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_STEP):
                    self._budget.take_bytes(len(piece))
                    unpacked += piece
        except _PACKED_BADLY:
            raise BadFileError(f'the part "{name}" is broken', SAVE_AGAIN) from None
        return bytes(unpacked)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Parts that a part names, by their id: what they are, and where."""
        folder, file = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        links = PartRelations(folder)
        if self.has(place):
            parse_part(self.read(place), links)
        return links.found


class PartRelations(PartReader):
    """Which parts a part names."""

    known = frozenset({"/Relationship"})

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, _: str, attributes: Attributes) -> None:
        """Take a part that is named."""
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


@dataclass(frozen=True)
class SheetContent:
    """What a sheet holds, with the places of cells that were made one, as ``A1:B2``."""

    cells: Cells
    merged: tuple[str, ...]


class Workbook:
    """The sheets of an XLSX file, which are read one at a time."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self._package = package = WorkbookPackage(content, budget)
        self._budget = budget
        main = _of_kind(package.related(""), "officeDocument") or "xl/workbook.xml"
        related = package.related(main)
        listed, texts, styles = ListedSheets(), SharedTexts(), NumberStyles()
        parse_part(package.read(main), listed)
        if not 0 < len(listed.sheets) <= SHEETS:
            what = f"it has {len(listed.sheets)} sheets, and no more than {SHEETS} are read"
            raise BadFileError(what, "write a table a sheet")
        self.sheets = [Sheet(name, *related.get(link, ("", ""))) for name, link in listed.sheets]
        for kind, reader in (("sharedStrings", texts), ("styles", styles)):
            if place := _of_kind(related, kind):
                parse_part(package.read(place), reader)
        self._shared = SharedParts(texts.found, styles.formats(), listed.from_1904)

    @property
    def has_macros(self) -> bool:
        """Whether the workbook carries programs, whatever its name says."""
        return self._package.has("xl/vbaProject.bin")

    def cells(self, sheet: Sheet, *, computed: bool = False) -> Cells:
        """Read the cells of a sheet."""
        return self.content(sheet, computed=computed).cells

    def content(self, sheet: Sheet, *, computed: bool = False) -> SheetContent:
        """Read the cells of a sheet, and which of them were made one."""
        if sheet.kind != "worksheet":
            what = "the workbook does not hold it" if not sheet.kind else "it holds no cells"
            raise BadFileError(what, "take it out, or write it anew")
        reader = SheetCells(self._shared, self._budget, computed=computed)
        parse_part(self._package.read(sheet.part), reader)
        return SheetContent(reader.cells, tuple(reader.merged))


def _of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((place for found, place in related.values() if found == kind), "")
