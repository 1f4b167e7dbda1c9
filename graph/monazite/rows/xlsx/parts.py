"""The parts of a workbook, XML of a stranger, read element by element within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, TypeAlias
from xml.parsers import expat

from monazite.errors import BadFileError
from monazite.rows.bounds import TAGS

SAVE_AGAIN = "save it again as XLSX, or as CSV"
_STRETCH = 8 << 20
"""Bytes without a tag in a part: no cell is so long."""
_OTHERS = 2_000_000
"""Elements of a part that are of no account here."""
_DEEPEST = 100
_ATTRIBUTES = 50
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_LONGEST_FORMAT = 255

Attributes: TypeAlias = Mapping[str, str]


class PartReader:
    """Is told what a part of a workbook says, element by element.

    The path of an element has the names below the root: ``/sheetData/row/c``. What is not known
    is passed over.
    """

    known: ClassVar[frozenset[str]]

    def pass_over(self, path: str) -> None:
        """Take note of an element that is not known."""

    def start(self, path: str, attributes: Attributes) -> None:
        """Begin an element."""

    def end(self, path: str, text: str) -> None:
        """End an element, with the text that it holds."""


def parse_part(content: bytes, reader: PartReader) -> None:
    """Read a part of a workbook."""
    try:
        _check_size(content)
        _parser_for(reader).Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise BadFileError("a part of it is broken", SAVE_AGAIN) from None


def _check_size(content: bytes) -> None:
    """Refuse what would be huge when parsed: very many tags, or a tag of very many attributes."""
    if content.count(b"<") > TAGS:
        raise ValueError
    for place in range(0, len(content) - _STRETCH, _STRETCH // 2):
        if content.find(b"<", place, place + _STRETCH) < 0:
            raise ValueError


def _parser_for(reader: PartReader) -> expat.XMLParserType:
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
        if others > _OTHERS or len(paths) > _DEEPEST or len(attributes) > _ATTRIBUTES:
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


class ListedSheets(PartReader):
    """The sheets that a workbook lists, with the ids of their parts."""

    known = frozenset({"/sheets/sheet", "/workbookPr"})

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, path: str, attributes: Attributes) -> None:
        """Take what an element says."""
        if path == "/sheets/sheet":
            link = next((attributes[name] for name in attributes if name.endswith("}id")), "")
            self.sheets.append((attributes.get("name", ""), link))
        else:
            self.from_1904 = attributes.get("date1904") in {"1", "true"}


class SharedTexts(PartReader):
    """The texts that cells share."""

    known = frozenset({"/si", "/si/t", "/si/r/t"})  # and not how a text is pronounced

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []

    def end(self, path: str, text: str) -> None:
        """Take a text, or the end of all of it."""
        if path != "/si":
            self._parts.append(text)
        else:
            self.found.append(unescaped("".join(self._parts)))
            self._parts = []


class NumberStyles(PartReader):
    """The number formats of cells, by their style."""

    known = frozenset({"/numFmts/numFmt", "/cellXfs/xf"})

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._styles: list[str] = []

    def start(self, path: str, attributes: Attributes) -> None:
        """Take what an element says."""
        if path == "/numFmts/numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        else:
            self._styles.append(attributes.get("numFmtId", "0"))

    def formats(self) -> list[str]:
        """Return the formats by style."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        known = {str(number): code for number, code in BUILTIN_FORMATS.items()} | self._codes
        return [known.get(style, "General")[:_LONGEST_FORMAT] for style in self._styles]


def unescaped(text: str) -> str:
    """The text of a cell: what XML cannot hold stands there as ``_x000D_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
