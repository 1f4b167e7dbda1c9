"""Pages, documents and descriptions from elsewhere: refused, other, or the same if they are."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.core.errors import MonaziteError, UnreadableError
from monazite.core.formats import visible
from monazite.data.parameters import CATALOGUES
from monazite.export.catalogues import compare_copies, find_catalogue, publish, read_description
from monazite.export.rdf import enclose
from monazite.report.brief.briefing import Briefing, BriefQuestion, page_and_record
from monazite.report.brief.comparison import shown_text
from monazite.report.brief.embedded_record import MEMBER, as_xml, open_document, written_record
from monazite.report.brief.house_style import HouseStyle
from monazite.report.brief.seal import FORMAT, IN_PARTS, IN_PER_CENT, open_page, seal_page
from monazite.report.explorer.page import packed as packed_block
from monazite.report.explorer.page import unpacked
from monazite.view.opening import load
from monazite.view.verification import verify
from monazite.view.view import View
from tests.fuzz.target import HOSTILE_TEXT, Target, edited, encoded, require
from tests.report.briefs import small_brief
from tests.report.sealed import RECORD, TRIG
from tests.report.test_embedded_record import packed as packed_parts
from tests.report.test_explorer import BLOCK, blocks
from tests.report.test_explorer_verification import OLDER, compared, drawn
from tests.report.test_explorer_verification import RECORD as EXPLORER_RECORD
from tests.small_ontology import write_cut

ROWS = ("ownership/mp-materials-mountain-pass-2017", "facilities/mountain-pass")
QUESTION = BriefQuestion("Dy", "USA", "short-run", "outage", 0.5, None)
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


def pages(folder: Path) -> Target:
    """A briefing whose page, record or rows were changed, sealed again or not."""
    ontology = folder / "cut"
    view = load(ontology=ontology if ontology.exists() else write_cut(ontology), cache=False)
    briefing = small_briefing(view)
    body, record = page_and_record(briefing, HouseStyle())
    file = folder / "page.html"

    def check(text: str) -> None:
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        check_page(file, view, briefing, shown_text(body))

    whole = briefing.html()
    file.write_text(whole, encoding="utf-8")
    check_page(file, view, briefing, shown_text(body), same=True)
    texts = st.one_of(changed_page(body, record, briefing.trig), edited([whole], PAGE_PIECES))
    return Target(texts, check)


def small_briefing(view: View) -> Briefing:
    page: Any = SimpleNamespace(html="", network=None, network_html="")
    found: Any = None
    brief = replace(small_brief(), rows=ROWS)
    briefing = Briefing(QUESTION, brief, found, page, enclose(view, ROWS), view=view.summary)
    vars(briefing)["pictures"] = ()
    return briefing


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
    if draw(st.integers(0, 5)) == 0:
        copy["format"] = draw(st.sampled_from((IN_PER_CENT, IN_PARTS, FORMAT + 1)))
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


def check_page(
    file: Path, view: View, briefing: Briefing, shown: str, *, same: bool | None = None
) -> None:
    """Verify a page against a briefing that is known, which spares working it out."""

    def brief(_: View, **asked: Any) -> Briefing:
        if asked != vars(QUESTION):
            raise MonaziteError("Another question.")
        return briefing

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
    if verdict.same:
        opened = open_page(file.read_bytes().decode(), "page")
        require(opened.fits, "the same, though the seal does not fit")
        there = shown_text(opened.page)
        require(there == shown, f"the same, though it shows something else: {there!a}")


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
    whole = seal_page(drawn(), EXPLORER_RECORD, "")
    check_explorer(whole, same=True)
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
    return seal_page(page, {**EXPLORER_RECORD, **draw(st.sampled_from(({}, OLDER)))}, "")


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


def check_explorer(text: str, *, same: bool = False) -> None:
    """A page is refused or compared; one that is called the same says the same to a browser."""
    try:
        opened = open_page(text, "page")
    except MonaziteError:
        require(not same, "the page itself is refused")
        return
    found = compared(text)
    require(found.same or not same, "the page itself is not called the same")
    if found.same:
        page = opened.page
        require(BLOCK.sub("", page) == BLOCK.sub("", drawn()), "another page is called the same")
        ours, others = (as_browser(each) for each in (drawn(), page))
        require(ours == others, "other blocks are called the same")


def as_browser(page: str) -> dict[str, Any]:
    """What a browser makes of the blocks: of two of one name it takes the first."""
    first = dict(reversed(BLOCK.findall(page)))
    found: dict[str, Any] = {}
    for name, block in ((name, unpacked(text)) for name, text in first.items()):
        found[name] = block if isinstance(block, list) else joined(block)
    require([*found][::-1] == [*blocks(drawn())], "the blocks are others")
    return found


def joined(block: Any) -> dict[str, Any]:
    pieces = block["pieces"]
    return {
        f"{group} {key}": "".join(pieces[x] if x >= 0 else "" for x in numbers)
        for group, held in block.items()
        if group != "pieces"
        for key, numbers in held.items()
    }


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
