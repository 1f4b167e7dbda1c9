"""A page is rendered anew with its claims: whoever alters it and seals it again is found out."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from monazite.core.errors import UnreadableError
from monazite.core.package import VERSION
from monazite.export.rdf import enclose
from monazite.report.brief.briefing import Briefing, BriefQuestion, made_with
from monazite.report.brief.seal import open_page, seal_page
from monazite.report.brief.verification import Verdict
from monazite.view.opening import load
from monazite.view.verification import verify
from monazite.view.view import View
from tests.report.briefs import SQUARE, pictures, small_brief
from tests.report.sealed import GRAPH
from tests.small_ontology import cut_of, read_shipped, write_cut

ROWS = ("ownership/mp-materials-mountain-pass-2017", "facilities/mountain-pass")
QUESTION = BriefQuestion("Dy", "USA", "short-run", "outage", 0.5, None)
Change = Callable[[str], str]


def small_briefing(view: View, **_: object) -> Briefing:
    """A briefing of few words, which says its view as each does."""
    brief = replace(small_brief(), rows=ROWS, view=view.line())
    page: Any = SimpleNamespace(html="", network=None, network_html=GRAPH)
    found: Any = None
    made = Briefing(QUESTION, brief, found, page, enclose(view, ROWS), view=view.summary)
    vars(made)["pictures"] = pictures()
    return made


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return load(ontology=write_cut(tmp_path_factory.mktemp("cut") / "ontology"), cache=False)


@pytest.fixture(autouse=True)
def briefed(view: View) -> Iterator[None]:
    """What is asked is known, which spares working it out."""
    with (
        mock.patch("monazite.view.verification.load", return_value=view),
        mock.patch.object(View, "brief", small_briefing),
    ):
        yield


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as an older version wrote it, from tables that lack a row of no concern to it."""
    rows = [row for row in cut_of(read_shipped()) if row.key != "mountain-pass-1952-opened"]
    ontology = write_cut(tmp_path_factory.mktemp("cut") / "older", rows)
    with ExitStack() as patched:
        for home in ("report.brief.page", "report.brief.briefing", "view.view"):
            patched.enter_context(mock.patch(f"monazite.{home}.VERSION", "0.2.11"))
        return small_briefing(load(ontology=ontology, cache=False)).html()


@pytest.fixture
def judged(view: View, tmp_path: Path) -> Callable[..., Verdict]:
    """Verify a page as one alters it who makes the seal fit again, and claims what he likes."""
    ours = small_briefing(view).html()

    def judged(
        change: Change = str,
        *,
        whole: str = ours,
        trig: Change = str,
        sealed: Change = str,
        **claims: Any,
    ) -> Verdict:
        opened = open_page(whole, "page")
        file = tmp_path / "page.html"
        page = seal_page(change(opened.page), {**opened.record, **claims}, trig(opened.trig))
        file.write_text(sealed(page), encoding="utf-8", newline="")
        return verify(file)

    return judged


def after(mark: str, text: str) -> Change:
    return instead(mark, f"{mark}{text}")


def instead(old: str, new: str) -> Change:
    def change(page: str) -> str:
        assert old in page
        return page.replace(old, new, 1)

    return change


def without(pattern: str) -> Change:
    return lambda page: re.sub(pattern, "", page, count=1, flags=re.S)


SHIFT = SQUARE.replace("0072b2", "ffffff")
ATTACKS: dict[str, Change] = {
    "one letter": instead("69 %", "68 %"),
    "an added paragraph": after("<main>", "<p>The ministry agrees.</p>"),
    "a paragraph after the page": lambda page: page + "<p>The ministry agrees.</p>\n",
    "another title": instead("<title>", "<title>False: "),
    "another address": instead("https://example.org/a", "https://example.com/a"),
    "a refresh": after(
        '<meta charset="utf-8">', '<meta http-equiv="refresh" content="0;url=https://a.example">'
    ),
    "a style that hides": instead("</style>\n</head", "td{display:none}</style>\n</head"),
    "a script": after("<main>", "<script>document.body.textContent = 'No'</script>"),
    "an open dialogue": after("<main>", "<dialog open>The ministry agrees.</dialog>"),
    "an inert part": instead("<main>", '<main inert="">'),
    "another picture": instead(*(b64encode(x.encode()).decode() for x in (SQUARE, SHIFT))),
    "no picture": without("<figure.*?</figure>"),
    "a network with other data": instead("[&#34;China&#34;]", "[&#34;Chile&#34;]"),
    "no policy": without('<meta http-equiv="Content.*?>\n'),
    "a number out of its cell": lambda page: re.sub(
        r"(<td[^>]*><bdi>)(69 %)(</bdi></td>)", r"\2\1\3", page
    ),
    "another blank": instead("stop dysprosium", "stop\u2003dysprosium"),
    "words for counts": instead(" facts; ", " facts; the ministry agrees; "),
    "words for a hash": lambda page: re.sub("tables [0-9a-f]{12}", "tables <h1>Agreed", page),
    "words for a version": instead(f"Monazite {VERSION}.", "Monazite 0. The ministry agrees."),
}
CLAIMS: dict[str, dict[str, Any]] = {
    "what is true": {},
    "older": {"version": "0.9.0", "code": "b" * 12, "made_with": {**made_with(), "numpy": "1.0"}},
    "other code": {"code": "b" * 12},
    "other tables": {"tables": "a" * 12},
}


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_altered_no_claim_excuses_it(
    attack: str, claim: str, judged: Callable[..., Verdict]
) -> None:
    found = judged(ATTACKS[attack], **CLAIMS[claim])
    assert (found.same, found.compared, found.exit_code) == (False, "bytes", 1)
    assert all(len(each) < 800 and "\n" not in each for each in found.sentences)
    if claim == "what is true":
        assert "the page was altered after it was written" in found.sentences[-1]


def test_an_untouched_page_is_the_same_byte_for_byte(judged: Callable[..., Verdict]) -> None:
    told = "Same, byte for byte: rendered anew from the tables, with the 2 records it carries."
    for claims in ({}, {"made_with": {**made_with(), "python": "3.10.1"}, "code": "b" * 12}):
        found = judged(**claims)
        assert (found.same, found.compared, found.exit_code) == (True, "bytes", 0)
        assert found.sentences == (told,)


def test_a_page_of_another_release_is_the_same_but_for_that(
    elsewhere: str, judged: Callable[..., Verdict]
) -> None:
    found = judged(whole=elsewhere)
    assert (found.same, found.compared, found.exit_code) == (False, "release", 3)
    assert found.sentences[0].startswith("Same but for the release that it names: rendered anew")
    assert found.sentences[1].startswith("The tables are others: it was written from ")
    assert f"It was written by Monazite 0.2.11; this is {VERSION}." in found.sentences


@pytest.mark.parametrize("attack", [name for name in ATTACKS if name != "words for a version"])
def test_another_release_excuses_nothing_else(
    attack: str, elsewhere: str, judged: Callable[..., Verdict]
) -> None:
    found = judged(ATTACKS[attack], whole=elsewhere)
    assert (found.same, found.exit_code) == (False, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "0.3.0<h1>"),
        ("version", "1000.0.0"),
        ("version", None),
        ("code", "The ministry"),
        ("tables", "A" * 12),
        ("version", "٠.٣.٠"),
        ("made_with", {"Certified by the": "IEA"}),
        ("made_with", [1]),
        ("signer", "f" * 63),
    ],
)
def test_a_claim_of_another_form_is_refused(
    name: str, value: object, judged: Callable[..., Verdict]
) -> None:
    with pytest.raises(UnreadableError, match="it was altered"):
        judged(**{name: value})


@pytest.mark.parametrize(
    "place",
    [
        ("headline",),
        ("answers", 1, "text"),
        ("front", 0, "heading"),
        ("front", 0, "finding"),
        ("front", 0, "lines", 0, "cells", 1),
        ("parts", 1, "sentences", 0, "text"),
    ],
)
def test_a_record_that_says_otherwise_is_another_page_from_there_on(
    place: tuple[str | int, ...], view: View, judged: Callable[..., Verdict]
) -> None:
    content: Any = json.loads(json.dumps(small_briefing(view).content()))
    held = content
    for step in place[:-1]:
        held = held[step]
    held[place[-1]] = "Another text."
    found = judged(says=content)
    assert (found.same, found.exit_code) == (False, 1)
    assert found.sentences[0].startswith("Rendered anew it is another page from character ")
    assert "Another text." in found.sentences[0]


@pytest.mark.parametrize("text", ["Nothing is known to help.", "If separation in China stops"])
def test_a_sentence_that_was_altered_is_told_with_both_texts(
    text: str, judged: Callable[..., Verdict]
) -> None:
    said = " ".join(judged(instead(f"<bdi>{text}", "<bdi>The ministry agrees.")).sentences)
    assert 'The page shows what the tables do not say: "The ministry agrees.' in said
    assert f'The page does not show what it records: "{text}' in said


@pytest.mark.parametrize("content", [None, [], {"parts": 3, "answers": [1], "sources": {"a": 1}}])
def test_a_record_of_another_shape_differs(content: object, judged: Callable[..., Verdict]) -> None:
    assert judged(says=content).exit_code == 1
    assert judged(says=content, left_out=["One."], house=None).exit_code == 1


def test_rows_that_are_others_or_missing_are_named(judged: Callable[..., Verdict]) -> None:
    said = " ".join(judged(trig=lambda _: "").sentences)
    assert "facilities/mountain-pass is missing among the rows that the page carries." in said
    said = " ".join(judged(trig=lambda text: text.replace("Mountain", "Molehill")).sentences)
    assert "facilities/mountain-pass says something else in the tables." in said
    said = " ".join(judged(trig=lambda text: text.replace("mountain-pass", "hill")).sentences)
    assert "facilities/hill is not in the tables." in said


def test_a_seal_tells_accidents_and_line_ends_are_none(judged: Callable[..., Verdict]) -> None:
    assert judged(sealed=lambda page: page.replace("\n", "\r\n")).exit_code == 0
    said = judged(sealed=instead("69 %", "96 %")).sentences
    assert said[0] == "The page was altered after it was written: its seal does not fit."
    assert 'The page shows what the tables do not say: "96 %".' in said
    assert 'The page does not show what it records: "69 %".' in said


def test_a_house_style_that_is_not_named_is_asked_for(judged: Callable[..., Verdict]) -> None:
    with pytest.raises(UnreadableError, match="with the house style h, and none was named"):
        judged(house="h")


def test_a_release_that_a_record_claims_changes_no_day(judged: Callable[..., Verdict]) -> None:
    assert judged(release="2010-01-01").exit_code == 1
    assert judged(signer="a" * 64).exit_code == 1
