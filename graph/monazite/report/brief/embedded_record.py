"""The record that PDF, DOCX and PPTX of a brief carry, as JSON in ASCII without markup.

A file from elsewhere is only searched, within bounds: no XML is parsed, no link is followed.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from monazite.core.errors import UnreadableError
from monazite.core.formats import grouped
from monazite.report.brief.seal import FORMAT, TAKE, OpenedPage

KINDS = ("pdf", "docx", "pptx")  # Documents that carry a record
MAX_UNPACKED = 30_000_000  # Bytes that are unpacked of a document
MAX_MEMBERS = 2_000  # Members of a DOCX or PPTX
MEMBER = "customXml/monazite-record.xml"  # Where the record lies in a DOCX or PPTX
_HEAD = '<record xmlns="https://w3id.org/monazite/record">'
_XML = re.compile(re.escape(_HEAD) + r"([^<&]*)</record>\s*")
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&"})
_ATTACHED = b"/Type /EmbeddedFile"
_SHOWN = re.compile(r"word/document\.xml|ppt/(?:slides|notesSlides)/\w+\.xml")
_PARAGRAPH = re.compile(r"</[wa]:p>")
_TEXT = re.compile(r"<[wa]:t(?: [^<>]*)?>([^<]*)</")
_HALF = re.compile("[\ud800-\udfff]")  # Half a letter, which JSON can hold and no row does
_NO_BRIEF = f"holds no briefing that can be checked; {TAKE}"
_DAMAGED = "is damaged, and cannot be unpacked; take it as monazite brief has written it."


def written_record(record: dict[str, object], trig: str) -> str:
    """Return record and rows as a text that no XML can take for its own."""
    held = {"record": record, "rows": trig}
    return json.dumps(held, sort_keys=True, separators=(",", ":")).translate(_ESCAPES)


def as_xml(written: str) -> bytes:
    """Return a written record as a part of custom XML."""
    return f"{_DECLARED}{_HEAD}{written}</record>\n".encode("ascii")


def is_document(content: bytes) -> bool:
    """Whether content begins as a PDF, or as the package that a DOCX or PPTX is."""
    return content.startswith((b"%PDF-", b"PK\x03\x04"))


def open_document(content: bytes, name: str) -> OpenedPage:
    """Read what a PDF, DOCX or PPTX carries."""
    is_pdf = content.startswith(b"%PDF-")
    written, shown = (_attached(content, name), "") if is_pdf else _packed(content, name)
    record, trig = _read(written, name)
    if record.get("page") not in (("pdf",) if is_pdf else ("docx", "pptx")):
        raise UnreadableError(f"{name} carries a record of another kind of file: it was altered.")
    return OpenedPage(
        record=record,
        trig=trig,
        fits=True,
        page=shown,
        blank=content.decode("latin-1"),
        signature=None,
        kind=record["page"],
    )


def shown_texts(content: bytes) -> str:
    """Return the texts that a document of ours shows, a line each; none of a PDF."""
    return "" if content.startswith(b"%PDF-") else _packed(content, "The document")[1]


def _read(written: str, name: str) -> tuple[dict[str, Any], str]:
    try:
        held = json.loads(written)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name} carries a record that is no JSON: it was altered.") from None
    record = held.get("record") if isinstance(held, dict) else None
    if (
        not isinstance(record, dict)
        or record.get("format") != FORMAT
        or not isinstance(held.get("rows"), str)
        or _HALF.search(held["rows"])
    ):
        raise UnreadableError(f"{name} carries a record of a kind that this version cannot read.")
    return record, held["rows"]


def _attached(content: bytes, name: str) -> str:
    after = content.partition(_ATTACHED)[2]
    packed = after.partition(b"\nstream\n")[2]
    if not packed or _ATTACHED in after:
        raise UnreadableError(f"{name} {_NO_BRIEF}.")
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(packed, MAX_UNPACKED)
    except zlib.error:
        raise UnreadableError(f"{name} {_DAMAGED}") from None
    if not unpacking.eof:
        raise (
            _too_large(name) if unpacking.unconsumed_tail else UnreadableError(f"{name} {_DAMAGED}")
        )
    return unpacked.decode("utf-8", "replace")


def _packed(content: bytes, name: str) -> tuple[str, str]:
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise _too_large(name)
    try:
        with ZipFile(BytesIO(content)) as package:
            texts = dict(_members(package, name))
        paragraphs = (each for text in texts.values() for each in _PARAGRAPH.split(text))
        told = (" ".join(html.unescape("".join(_TEXT.findall(x))).split()) for x in paragraphs)
        shown = "\n".join(filter(None, told))
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise UnreadableError(f"{name} {_DAMAGED}") from None
    bare = (x.partition("?>")[2].lstrip() if x.startswith("<?xml") else x for x in texts.values())
    records = [each[1] for text in bare if (each := _XML.fullmatch(text))]
    if len(records) != 1:
        raise UnreadableError(f"{name} {_NO_BRIEF}.")
    return records[0], shown


def _members(package: ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """The members that are read, all of them together within the bound."""
    names = package.namelist()
    if len(set(names)) != len(names):
        raise UnreadableError(f"{name} has two members of one name: it was altered.")
    left = MAX_UNPACKED
    by_number = sorted(package.infolist(), key=lambda x: (len(x.filename), x.filename))
    for member in by_number:
        if not (_SHOWN.fullmatch(member.filename) or member.filename.startswith("customXml/")):
            continue
        # Other packings are unpacked without a bound, and no office writes them.
        if member.compress_type not in (ZIP_DEFLATED, ZIP_STORED) or member.flag_bits & 1:
            raise UnreadableError(f"{name} {_DAMAGED}")
        with package.open(member) as held:
            text = held.read(left + 1)
        left -= len(text)
        if left < 0:
            raise _too_large(name)
        yield member.filename, text.decode("utf-8", "replace")


def _too_large(name: str) -> UnreadableError:
    return UnreadableError(
        f"{name} is larger than a briefing can be: {grouped(MAX_UNPACKED)} bytes unpacked, "
        f"{grouped(MAX_MEMBERS)} members."
    )
