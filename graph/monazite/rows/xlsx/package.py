"""The parts that are packed in a workbook, unpacked one at a time within bounds."""

from __future__ import annotations

import io
import posixpath
import struct
import zlib
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from monazite.errors import BadFileError
from monazite.rows.bounds import PARTS, Budget
from monazite.rows.xlsx.parts import SAVE_AGAIN, Attributes, PartReader, parse_part

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
            raise BadFileError(f"it has more than {PARTS:,} parts", SAVE_AGAIN)
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
