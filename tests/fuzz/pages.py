"""Pages from elsewhere that ``verify`` reads: refused, other, or the same only if they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.errors import MonaziteError
from monazite.exchange.evidence_rows import enclose
from monazite.pages.brief.briefing import Briefing, BriefQuestion
from monazite.pages.brief.house_style import HouseStyle
from monazite.pages.brief.record import page_and_record
from monazite.pages.brief.seal import FORMAT, IN_PARTS, IN_PER_CENT, open_page, seal_page
from monazite.pages.brief.shown import shown_text
from monazite.safe_text import visible
from monazite.view import View, load
from monazite.view.verification import verify
from tests.fuzz.edits import HOSTILE_TEXT, edited
from tests.fuzz.target import Target, require
from tests.pages.briefs import small_brief
from tests.small_ontology import write_cut

ROWS = ("ownership/mp-materials-mountain-pass-2017", "facilities/mountain-pass")
QUESTION = BriefQuestion("Dy", "USA", "short-run", "outage", 0.5, None)
PAGE_PIECES = (
    *("<script>", "</script>", "</SCRIPT>", "<!--", "-->", "<svg", "</svg>", "<iframe", "<style>"),
    *(
        '<script type="application/json" id="monazite-record">',
        "</body>",
        "\r\n",
        "\r",
        "\x00",
        "<",
    ),
    *('<meta name="monazite-seal" content="', "0" * 64, '">', "<![CDATA[", "&#0;", "&amp;lt;", "&"),
    *("<template>", "<p hidden>", "<p style='display:none'>", "\u202e", "<sup>", "<textarea>", "%"),
)
TRIG_PIECES = (
    *(
        "<",
        ">",
        "{",
        "}",
        '"',
        "'''",
        "\\u003C",
        "<<(",
        ")>>",
        "GRAPH",
        "@prefix",
        "@base",
        "[]",
        "()",
    ),
    *(
        "<https://w3id.org/monazite/row/prices/a>",
        "<urn:a>",
        "_:b",
        "a",
        ".",
        ";",
        "1",
        "\n",
        "@en",
    ),
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
    texts = st.one_of(changed(body, record, briefing.trig), edited([whole], PAGE_PIECES))
    return Target(texts, check)


def small_briefing(view: View) -> Briefing:
    """A briefing of a brief by hand, without pictures, that carries real rows."""
    page: Any = SimpleNamespace(html="", network=None, network_html="")
    found: Any = None
    brief = replace(small_brief(), rows=ROWS)
    briefing = Briefing(QUESTION, brief, found, page, enclose(view, ROWS), view=view.summary)
    vars(briefing)["pictures"] = ()
    return briefing


@st.composite
def changed(draw: DrawFn, body: str, record: dict[str, Any], trig: str) -> str:
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
