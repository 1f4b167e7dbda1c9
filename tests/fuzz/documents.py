"""Documents from elsewhere that ``verify`` reads: opened with a record, or refused."""

from __future__ import annotations

import zlib
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.errors import UnreadableError
from monazite.pages.brief.carried import MEMBER, as_xml, open_document, written_record
from tests.fuzz.edits import edited
from tests.fuzz.pages import changed_record
from tests.fuzz.target import Target, require
from tests.pages.sealed import RECORD, TRIG
from tests.pages.test_brief_carried import packed

SHOWN = "<w:p><w:r><w:t>69 %</w:t></w:r></w:p><a:p><a:t x='1'>A &amp; B</a:t></a:p>"
PIECES = (
    *("<w:t ", "<w:t>", "</w:t>", "</w:p>", "<a:t>", "&#0;", "&amp;", "<!DOCTYPE a [", "]>", "?>"),
    *('{"record":', '"rows":"', "\\ud800", '"', "{", "}", "[", "</record>", "<record>", "NaN"),
)


def documents(folder: Path) -> Target:
    """A PDF or package whose record, texts or bytes were changed."""
    del folder
    check_document(pdf_of(written_record({**RECORD, "page": "pdf"}, TRIG)))
    return Target(changed(), check_document)


def pdf_of(written: str) -> bytes:
    """As much of a PDF as is read."""
    held = zlib.compress(written.encode("utf-8", "surrogatepass"))
    return b"%PDF-1.7\n<</Type /EmbeddedFile>>\nstream\n" + held + b"\nendstream\n"


@st.composite
def changed(draw: DrawFn) -> bytes:
    """A document in which something is another."""
    kind = draw(st.sampled_from(("pdf", "docx", "pptx")))
    record = draw(st.one_of(st.just(RECORD), changed_record(RECORD)))
    written = written_record({**record, "page": kind}, TRIG)
    if draw(st.booleans()):
        written = draw(edited([written], PIECES))
    if kind == "pdf":
        content = pdf_of(written)
    else:
        xml = as_xml("{}").replace(b"{}", written.encode("utf-8", "surrogatepass"))
        shown = draw(edited([SHOWN], PIECES)).encode("utf-8", "surrogatepass")
        content = packed((MEMBER, xml), ("word/document.xml", shown))
    if draw(st.booleans()):
        place = draw(st.integers(8, len(content)))
        content = content[:place] + draw(st.binary(max_size=8)) + content[place + 1 :]
    return content


def check_document(content: bytes) -> None:
    """Open a document."""
    try:
        opened = open_document(content, "a file")
    except UnreadableError as error:
        require(str(error).startswith("a file "), "a refusal says nothing of the file")
        return
    opened.trig.encode()
    require(opened.record["page"] == opened.kind, "a record of another kind")
    require("\n\n" not in opened.page, "an empty line is shown")
