"""Pages, documents and descriptions from elsewhere: refused, other, or the same if they are."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.core.errors import MonaziteError, UnreadableError
from monazite.core.formats import visible
from monazite.data.parameters import CATALOGUES
from monazite.export.catalogues import compare_copies, find_catalogue, publish, read_description
from monazite.report.brief.briefing import Briefing, made_with, page_and_record
from monazite.report.brief.embedded_record import MEMBER, as_xml, open_document, written_record
from monazite.report.brief.house_style import HouseStyle
from monazite.report.brief.seal import FORMAT, blank_page, open_page, seal_page
from monazite.report.explorer.page import packed as packed_block
from monazite.report.explorer.page import unpacked
from monazite.report.explorer.verification import explorer_differences
from monazite.view.opening import load
from monazite.view.verification import verify
from monazite.view.view import View
from tests.fuzz.target import HOSTILE_TEXT, Target, edited, encoded, require
from tests.report.sealed import RECORD, TRIG
from tests.report.test_embedded_record import packed as packed_parts
from tests.report.test_explorer import BLOCK
from tests.report.test_explorer_verification import drawn
from tests.small_ontology import write_cut
from tests.view.test_verification import QUESTION, ROWS, small_briefing

PAGE_PIECES = (
    *("<script>", "</script>", "</SCRIPT>", "<!--", "-->", "<svg", "</svg>", "<iframe", "<style>"),
    *('<script type="application/json" id="monazite-record">', "</body>", "\r\n", "\r", "\x00"),
    "<",
    *('<meta name="monazite-seal" content="', "0" * 64, '">', "<![CDATA[", "&#0;", "&amp;lt;", "&"),
    *("<template>", "<p hidden>", "<p style='display:none'>", "\u202e", "<sup>", "<textarea>", "%"),
)
TRIG_PIECES = (
    *("<", ">", "{", "}", '"', "'''", "\\u003C", "<<(", ")>>", "GRAPH", "@prefix", "@base", "[]"),
    "()",
    *("<https://w3id.org/monazite/row/prices/a>", "<urn:a>", "_:b", "a", ".", ";", "1", "\n"),
    "@en",
    *("<https://w3id.org/monazite/row/>", "<https://w3id.org/monazite/row/sources/%0a>", "<../a>"),
)
JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        HOSTILE_TEXT,
        st.sampled_from(("Dy", "USA", "outage", 0, -1, 1e308, 2, "2025", *ROWS)),
    ),
    lambda held: st.one_of(
        st.lists(held, max_size=3), st.dictionaries(HOSTILE_TEXT, held, max_size=3)
    ),
    max_leaves=6,
)


CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(("0.2.0", "0.3.0", "999.999.999")),
        "code": st.sampled_from(("0" * 12, "f" * 12)),
        "tables": st.sampled_from(("0" * 12, "a1" * 6)),
        "release": st.sampled_from(("2026-11-24", "1999-01-01", "not known")),
        "made_with": st.sampled_from(({}, {**made_with(), "python": "3.10.0"})),
    },
)
"""What a page may claim of its making, in the form of a claim."""


def pages(folder: Path) -> Target:
    """A briefing whose page, record or rows were changed, sealed again or not."""
    ontology = folder / "cut"
    view = load(ontology=ontology if ontology.exists() else write_cut(ontology), cache=False)
    briefing = small_briefing(view)
    body, record = page_and_record(briefing, HouseStyle())
    file = folder / "page.html"

    def check(text: str) -> None:
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        check_page(file, view, body, briefing.trig)

    whole = briefing.html()
    file.write_text(whole, encoding="utf-8")
    check_page(file, view, body, briefing.trig, same=True)
    texts = st.one_of(changed_page(body, record, briefing.trig), edited([whole], PAGE_PIECES))
    return Target(texts, check)


@st.composite
def changed_page(draw: DrawFn, body: str, record: dict[str, Any], trig: str) -> str:
    """A page with another text, another record or other rows, whose seal fits all the same."""
    which = draw(st.integers(0, 7))
    if which & 1:
        record = draw(changed_record(record))
    if which & 2:
        trig = draw(edited([trig], TRIG_PIECES))
    if which & 4:
        body = draw(edited([body], PAGE_PIECES, most=2))
    return seal_page(body, record, trig)


@st.composite
def changed_record(draw: DrawFn, record: dict[str, Any]) -> dict[str, Any]:
    """A record in which a value or two, at any depth, are others or gone."""
    copy: dict[str, Any] = json.loads(json.dumps(record))
    if draw(st.booleans()):
        copy |= draw(CLAIMS)
    if draw(st.integers(0, 5)) == 0:
        copy["format"] = draw(st.sampled_from((FORMAT - 1, FORMAT + 1)))
    for _ in range(draw(st.integers(1, 3))):
        held: Any = copy
        while True:
            keys = list(held) if isinstance(held, dict) else list(range(len(held)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(held[key], dict | list) and draw(st.integers(0, 3)):
                held = held[key]
                continue
            if draw(st.integers(0, 4)):
                held[key] = draw(JSON_VALUES)
            else:
                del held[key]
            break
    return copy


def check_page(file: Path, view: View, body: str, trig: str, *, same: bool = False) -> None:
    """Verify a page against a briefing that is known, which spares working it out."""

    def brief(asking: View, **asked: Any) -> Briefing:
        if asked != vars(QUESTION):
            raise MonaziteError("Another question.")
        return small_briefing(asking)

    with (
        mock.patch("monazite.view.verification.load", return_value=view),
        mock.patch.object(View, "brief", brief),
    ):
        try:
            verdict = verify(file)
        except MonaziteError as error:
            require(str(error).strip(), "a refusal says nothing")
            require(not same, f"the page itself is refused: {error}")
            return
    require(verdict.sentences, "a verdict without a reason")
    for sentence in verdict.sentences:
        sentence.encode()
        require(
            visible(sentence) == re.sub(" +", " ", sentence),
            f"a verdict that does not show as it is: {sentence!a}",
        )
    require(not same or verdict.same, f"the page itself is not the same: {verdict.sentences!a}")
    require(verdict.same == (verdict.exit_code == 0), "an exit code of another verdict")
    if verdict.same:
        opened = open_page(file.read_bytes().decode(), "page")
        require(opened.fits, "the same, though the seal does not fit")
        require(opened.page == body, "the same, though a character is another")
        whole = blank_page(body, opened.record, trig, signed=opened.signature is not None)
        require(opened.blank == whole, "the same, though its rows are others")


SHOWN = "<w:p><w:r><w:t>69 %</w:t></w:r></w:p><a:p><a:t x='1'>A &amp; B</a:t></a:p>"
DOCUMENT_PIECES = (
    *("<w:t ", "<w:t>", "</w:t>", "</w:p>", "<a:t>", "&#0;", "&amp;", "<!DOCTYPE a [", "]>", "?>"),
    *('{"record":', '"rows":"', "\\ud800", '"', "{", "}", "[", "</record>", "<record>", "NaN"),
)


def documents(folder: Path) -> Target:
    """A PDF or package whose record, texts or bytes were changed."""
    del folder
    check_document(pdf_of(written_record({**RECORD, "page": "pdf"}, TRIG)))
    return Target(changed_document(), check_document)


def pdf_of(written: str) -> bytes:
    held = zlib.compress(written.encode("utf-8", "surrogatepass"))
    return b"%PDF-1.7\n<</Type /EmbeddedFile>>\nstream\n" + held + b"\nendstream\n"


@st.composite
def changed_document(draw: DrawFn) -> bytes:
    kind = draw(st.sampled_from(("pdf", "docx", "pptx")))
    record = draw(st.one_of(st.just(RECORD), changed_record(RECORD)))
    written = written_record({**record, "page": kind}, TRIG)
    if draw(st.booleans()):
        written = draw(edited([written], DOCUMENT_PIECES))
    if kind == "pdf":
        content = pdf_of(written)
    else:
        xml = as_xml("{}").replace(b"{}", written.encode("utf-8", "surrogatepass"))
        shown = draw(edited([SHOWN], DOCUMENT_PIECES)).encode("utf-8", "surrogatepass")
        content = packed_parts((MEMBER, xml), ("word/document.xml", shown))
    if draw(st.booleans()):
        place = draw(st.integers(8, len(content)))
        content = content[:place] + draw(st.binary(max_size=8)) + content[place + 1 :]
    return content


def check_document(content: bytes) -> None:
    try:
        opened = open_document(content, "a file")
    except UnreadableError as error:
        require(str(error).startswith("a file "), "a refusal says nothing of the file")
        return
    opened.trig.encode()
    require(opened.record["page"] == opened.kind, "a record of another kind")
    require("\n\n" not in opened.page, "an empty line is shown")


EXPLORER_PIECES = (*PAGE_PIECES, *re.findall(r'<script type="text/plain" id="[^"]*">', drawn()))


def explorers(folder: Path) -> Target:
    """An explorer whose page, record or blocks were changed, sealed again or not."""
    del folder
    whole = seal_page(drawn(), RECORD, "")
    check_explorer(whole)
    return Target(st.one_of(changed_explorer(), edited([whole], EXPLORER_PIECES)), check_explorer)


@st.composite
def changed_explorer(draw: DrawFn) -> str:
    """A page with another text or block, whose seal fits all the same."""
    page = drawn()
    if draw(st.booleans()):
        name, text = draw(st.sampled_from(BLOCK.findall(page)))
        other = draw(st.one_of(JSON_VALUES, altered(unpacked(text))))
        page = page.replace(f'"explorer-{name}">{text}', f'"explorer-{name}">{packed_any(other)}')
    if draw(st.booleans()):
        page = draw(edited([page], EXPLORER_PIECES, most=2))
    return seal_page(page, RECORD, "")


@st.composite
def altered(draw: DrawFn, block: Any) -> Any:
    copy = json.loads(json.dumps(block))
    places = [*range(len(copy))] if isinstance(copy, list) else sorted(copy)
    place = draw(st.sampled_from(places))
    held = copy[place]
    if isinstance(held, list) and held and draw(st.booleans()):
        held[draw(st.integers(0, len(held) - 1))] = draw(JSON_VALUES)
    else:
        copy[place] = draw(JSON_VALUES)
    return copy


def packed_any(block: Any) -> str:
    """Whatever JSON can hold, as a block; what it cannot, as none."""
    try:
        return packed_block(block)
    except UnicodeEncodeError:
        return ""


def check_explorer(text: str) -> None:
    """What differs in a page is told; one in which nothing does has the same pieces."""
    try:
        opened = open_page(text, "page")
    except MonaziteError:
        return
    told = [*explorer_differences(opened.page, drawn())]
    require(not told or opened.page != drawn(), "a page differs from itself")
    for sentence in told:
        sentence.encode()
        require("\n" not in sentence, "more than a line")


DESCRIPTION_WORDS = (
    *('"@graph"', '"distribution"', '"view"', "canonical.nq", "0" * 64, "{}", "null", "[", "1e400"),
    *('"http://192.0.2.1/c"', "_:b", "@prefix", "<urn:a>", "\\ud800", "spdx:checksum"),
)


def descriptions(folder: Path) -> Target:
    """A description of anything: a sentence, or a comparison that says which files differ."""
    here = publish(load(ontology=write_cut(folder / "cut"), cache=False))
    sums = {each.name: each.sha256 for each in here.files}
    sizes = {each.name: str(each.size) for each in here.files}
    seeds = [find_catalogue(form)(here) for form in CATALOGUES]
    short = [text if len(text) < 40_000 else text[:400] + text[-400:] for text in seeds]

    def check(content: bytes) -> None:
        try:
            there = read_description(content, "copy")
        except UnreadableError as error:
            require("\n" not in str(error), "a line")
            return
        same, sentences = compare_copies(there, here)
        require(
            same == ((there.sums, there.sizes) == (sums, sizes)), "what differs is called the same"
        )
        require(sentences and all("\n" not in each for each in sentences), "a line each")

    return Target(
        st.one_of(encoded(edited(short, DESCRIPTION_WORDS))), check, words=DESCRIPTION_WORDS
    )
