"""Workbooks to break: a good one, and its parts changed."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Mapping
from functools import cache
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
TEXTS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
HEADER = ["row", "owner", "owned", "share_percent", "status", "valid_from", "source"]
ROW = ["us-kuantan", "lynas", "kuantan-east", 51, "stated", datetime.date(2026, 2, 1), "annual"]
Change = Callable[[bytes], bytes]


@cache
def parts() -> Mapping[str, bytes]:
    """The parts of a workbook with one row of ownership, that is read without a fault."""
    book, file = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = "ownership"
    sheet.append(HEADER)
    sheet.append(ROW)
    book.save(file)
    with ZipFile(file) as packed:
        return _share_texts({name: packed.read(name) for name in packed.namelist()})


def _share_texts(content: dict[str, bytes]) -> dict[str, bytes]:
    """Put the texts of cells in a part of their own, as spreadsheet programs do."""
    texts: list[bytes] = []

    def share(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    sheet = re.sub(rb't="inlineStr"><is>(.*?)</is>', share, content[SHEET])
    shared = b"".join(b"<si>%s</si>" % text for text in texts)
    link = b'<Relationship Type="%s/sharedStrings" Target="sharedStrings.xml" Id="rId9"/>'
    links = content[LINKS].replace(b"</Rel", link % OFFICE + b"</Rel")
    types = content[TYPES].replace(b"</Types>", SHARED_TYPE + b"</Types>")
    table = b'<sst xmlns="%s">%s</sst>' % (MAIN, shared)
    return {**content, SHEET: sheet, LINKS: links, TYPES: types, TEXTS: table}


def pack(content: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A workbook of some parts."""
    file = io.BytesIO()
    with ZipFile(file, "w", method) as packed:
        for name, part in content.items():
            packed.writestr(name, part)
    return file.getvalue()


def changed(name: str, change: Change) -> bytes:
    """The good workbook with one part changed."""
    return pack({**parts(), name: change(parts()[name])})


def without(name: str) -> bytes:
    """The good workbook without a part."""
    return pack({part: content for part, content in parts().items() if part != name})


def instead(old: bytes, new: bytes) -> Change:
    """Put one text in the place of another, which must be there."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change
