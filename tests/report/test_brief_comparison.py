"""A page is read strictly and compared: whoever alters it and seals it again is found out."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import UnreadableError
from monazite.core.package import VERSION
from monazite.report.brief.comparison import (
    Allowed,
    compare_shown,
    read_frame,
    read_picture,
    read_shown,
    shown_text,
)
from tests.report.briefs import SQUARE
from tests.report.sealed import OLDER, page_of, resealed, sealed, told, verdict

HEAD = "<!doctype html>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<p><!-- --></p>",
        "<p",
        "<",
        "<p a='b'>",
        '<p a="b>',
        '<p a="<">',
        "</>",
        "<p\x0ca>",
        '<p a="1" a="2">',
        "<style>p{}",
        "<style>p{}</style >",
        "<script>1</scripT>",
        "<script><!--<script>1</script>",
        "<title>a<b>c</b></title>",
        "<title>a",
        "<title>a</p>",
        "<iframe>a</iframe>",
        "<iframe><p>a</p></iframe>",
        "<iframe/>",
        "<textarea><p>a</p></textarea>",
        "<xmp><p></xmp>",
        "<plaintext><p>",
        "<![CDATA[a]]>",
        "<?a?>",
    ],
)
def test_what_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="not written as Monazite writes a page") as told:
        read_shown(HEAD + text)
    assert "\n" not in str(told.value)
    with pytest.raises(UnreadableError):
        read_shown(text)


def test_lines_end_with_elements_that_break_them() -> None:
    shown = read_shown(f"{HEAD}<p>a <bdi>b</bdi><sup>1</sup></p><td>c</td>d &lt;&#34;")
    assert shown.texts == ["a b 1", "c", 'd <"']


def test_a_picture_that_is_no_picture_is_refused() -> None:
    for address in ("", "data:image/svg+xml;base64,!", "data:image/svg+xml;base64,AAAA"):
        with pytest.raises(UnreadableError, match="not written as"):
            read_picture(address)


def test_the_texts_of_data_are_read_and_what_is_none_is_refused() -> None:
    page = '<script type="application/json">{}</script>'
    said = page.format('{"a":["b",{"c":1}]}')
    assert read_frame(HEAD + said).texts == ["a", "b", "c"]
    for data in ("{", "[" * 100_000):
        with pytest.raises(UnreadableError, match="no JSON"):
            read_frame(HEAD + page.format(data))


@pytest.mark.parametrize("text", ["<!--", "<a ", "</", "<a x='", "<script>", "<p a>", "&", "<p a"])
def test_a_hostile_page_is_read_in_one_go(text: str) -> None:
    assert "end" not in shown_text(text * 60_000)
    if text in {"&", "<p a>"}:
        assert "".join(read_shown(HEAD + text * 60_000).texts) == text.strip("<pa >") * 60_000
        return
    with pytest.raises(UnreadableError) as told:
        read_shown(HEAD + text * 60_000)
    assert len(str(told.value)) < 300


@given(st.text(alphabet="<>/!-ap =\"'\n&;", max_size=30))
def test_a_strict_reader_sees_what_the_parser_of_python_sees(text: str) -> None:
    from html.parser import HTMLParser

    tags: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)

    try:
        shown = read_shown(HEAD + text)
    except UnreadableError:
        return
    parser = Parser()
    parser.feed(HEAD + text)
    parser.close()
    read = [each for each in shown.stream if each[0] == "<" and each[1] != "/"]
    assert len(read) == len(tags)


def test_shown_text_leaves_out_what_is_not_seen() -> None:
    page = "<!-- <p>no</p> --><P>one <b>two</b><sup>3</sup></P><STYLE>p{}</STYLE>four &lt;5"
    assert shown_text(page) == "one two four <5"


SHIFT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    b'<text x="1" y="9">None is lost</text></svg>'
)


def after(mark: str, text: str) -> Callable[[str], str]:
    return lambda page: page.replace(mark, f"{mark}{text}", 1)


def instead(old: str, new: str) -> Callable[[str], str]:
    return lambda page: page.replace(old, new, 1)


ATTACKS: dict[str, Callable[[str], str]] = {
    "an added paragraph": after("<main>", "<p>The ministry agrees.</p>"),
    "a paragraph after the page": lambda page: page + "<p>The ministry agrees.</p>\n",
    "an altered number": instead("69 %", "96 %"),
    "a number in a heading": instead("What would be lost", "What would be lost: 0 t"),
    "another title": instead("<title>", "<title>False: "),
    "another description": instead('name="description" content="', 'name="description" content="0'),
    "another text of a picture": instead('alt="Two sites."', 'alt="No sites."'),
    "cells that change places": lambda page: (
        page.replace("69 %", "\0").replace("100 %", "69 %").replace("\0", "100 %")
    ),
    "another address": instead("https://example.org/a", "https://example.com/a"),
    "another footnote": instead('href="#source-1"', 'href="#source-2"'),
    "an added link": after("<main>", '<a href="https://example.com"></a>'),
    "a refresh": after(
        '<meta charset="utf-8">', '<meta http-equiv="refresh" content="0;url=https://example.com">'
    ),
    "a base": after('<meta charset="utf-8">', '<base href="https://example.com/">'),
    "a second style": after("</style>", "<style>table{display:none}</style>"),
    "a script": after("<main>", "<script>document.body.textContent = 'No'</script>"),
    "an event": instead("<main>", '<main onclick="alert(1)">'),
    "a hidden table": instead("<table ", "<table hidden "),
    "an inline style": instead("<table ", '<table style="display:none" '),
    "an inert part": instead("<main>", '<main inert="">'),
    "a comment round a table": lambda page: re.sub(
        r"(<table.*</table>)", r"<!--\1-->", page, flags=re.S
    ),
    "a drawing": after("<main>", "<svg><text>The ministry agrees.</text></svg>"),
    "text turned round": instead("69 %", "\u202e69 %"),
    "a picture that is taken out": lambda page: re.sub(
        "<figure.*?</figure>", "", page, count=1, flags=re.S
    ),
    "a picture with other words": instead(
        b64encode(SQUARE.encode()).decode(), b64encode(SHIFT).decode()
    ),
    "a picture that is none": instead(b64encode(SQUARE.encode()).decode(), "AAAA"),
    "a network with other words": instead("Two sites.&lt;/p", "No sites.&lt;/p"),
    "a network with other data": instead("[&#34;China&#34;]", "[&#34;Chile&#34;]"),
    "a network with no data": instead("{&#34;nodes&#34;", "{{&#34;nodes&#34;"),
    "a network with more words": instead("Two sites.", "Two sites. The ministry agrees."),
    "a network without bounds": instead('sandbox="allow-scripts', 'sandbox="allow-top-navigation'),
    "a network that is taken out": lambda page: re.sub("<iframe.*?</iframe>", "", page, flags=re.S),
    "a policy that allows more": instead("img-src data:", "img-src *"),
    "no policy": lambda page: re.sub('<meta http-equiv="Content.*?>\n', "", page),
}  # fmt: skip

LOOKS: dict[str, Callable[[str], str]] = {
    "a style that hides the table": instead("</style>\n</head", "td{display:none}</style>\n</head"),
    "the drawing of a picture": instead(
        b64encode(SQUARE.encode()).decode(),
        b64encode(SQUARE.replace("0072b2", "ffffff").encode()).decode(),
    ),
    "the programme of the network": instead("run()", "hide()"),
}  # fmt: skip
"""What another version may have otherwise, and may hide what is said."""


def moved(old: str, mark: str) -> Callable[[str], str]:
    """Take a text out, and put it before a mark."""

    def change(page: str) -> str:
        head, found, tail = page.partition(old)
        assert found
        return (head + tail).replace(mark, f"{old}{mark}", 1)

    return change


STRUCTURE: dict[str, Callable[[str], str]] = {
    "another class": instead('<section class="answers"', '<section class="hint"'),
    "another order of holders": instead("<p>Written", "<div><p>Written"),
    "the end of the network moved": moved("</iframe>", "</main>"),
    "the end of the title moved": moved("</title>", "</main>"),
    "the policy in the title": lambda page: moved(
        re.findall('<meta http-equiv="Content.*?>\n', page)[0], "</title>"
    )(page),
    "a number out of its cell": lambda page: re.sub(
        r"(<td[^>]*><bdi>)(69 %)(</bdi></td>)", r"\2\1\3", page
    ),
    "an empty cell more": lambda page: re.sub(r"(<td[^>]*><bdi>69 %)", r"<td></td>\1", page),
    "a title out of its link": lambda page: re.sub(
        r"<cite>(.*?)</cite></a>", r"<cite></cite></a>\1", page, count=1
    ),
    "sources that change places": lambda page: (
        page.replace('id="source-1"', 'id="\0"')
        .replace('id="source-2"', 'id="source-1"')
        .replace('id="\0"', 'id="source-2"')
    ),
    "another blank": instead("stop dysprosium", "stop\u2003dysprosium"),
}  # fmt: skip
"""Where every text, link and kind of element is there, and a browser shows another page."""


def with_policy(page: str) -> str:
    """The policy that fits whatever style the page has now."""
    from html import unescape

    from monazite.report.drawing.templates import framing_policy

    [style] = re.findall("<style>(.*?)</style>", page, flags=re.S)
    frame = unescape(re.findall('srcdoc="(.*?)"', page, flags=re.S)[0])
    policy = escape(framing_policy(style, frame)).replace("&#x27;", "&#39;")
    return re.sub('(Policy" content=")[^"]*"', rf'\g<1>{policy}"', page, count=1)


def test_an_untouched_page_is_the_same_byte_for_byte() -> None:
    found = verdict(sealed())
    assert (found.same, found.compared) == (True, "bytes")
    assert found.sentences == (
        "Same, byte for byte: rendered anew from the tables, with the 1 record it carries.",
    )


@pytest.mark.parametrize("attack", [*ATTACKS, *LOOKS, *STRUCTURE])
def test_a_page_that_is_not_the_one_rendered_anew_is_found(attack: str) -> None:
    page = resealed(sealed(), {**ATTACKS, **LOOKS, **STRUCTURE}[attack])
    found = verdict(page)
    assert (found.same, found.compared) == (False, "bytes")
    assert "was altered after the page was written" in found.sentences[-1]
    assert all(len(each) < 800 and "\n" not in each for each in found.sentences)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_that_claims_other_versions_is_compared_text_by_text(attack: str) -> None:
    """Whoever alters a page claims whatever makes the comparison weakest."""
    found = verdict(resealed(sealed(), ATTACKS[attack], **OLDER))
    assert (found.same, found.compared) == (False, "sentences")
    assert re.match("The page|Picture|The network", found.sentences[0]), found.sentences


CLAIMS: dict[str, dict[str, Any]] = {
    "older": OLDER,
    "other code": {"code": "b"},
    "other libraries": {"made_with": {"python": "3.10"}},
    "an earlier format": {"format": 2, "made_with": None},
    "other tables": {"tables": "bbb"},
}
"""What one who alters a page may claim, so that it is not compared byte for byte."""


@pytest.mark.parametrize(
    ("attack", "claim"),
    [
        *((attack, "older") for attack in [*LOOKS, *STRUCTURE]),
        *(("a style that hides the table", claim) for claim in CLAIMS if claim != "older"),
        *(("another blank", claim) for claim in CLAIMS if claim != "older"),
    ],
)
def test_what_is_drawn_or_ordered_otherwise_is_never_the_same(attack: str, claim: str) -> None:
    change = {**LOOKS, **STRUCTURE}[attack]
    altered = resealed(sealed(), lambda page: with_policy(change(page)), **CLAIMS[claim])
    found = verdict(altered)
    assert (found.same, found.compared) == (False, "sentences")
    unlike = "may hide, cover or add what the tables do not say; verify it with"
    assert (unlike in found.sentences[0]) == (attack in LOOKS and claim != "other tables")


VIEW = "View: asked of 2026-11-24, tier 2; 15,616 of 15,616 facts; tables aaa of 2026-11-20."


def of_tables(view: str) -> str:
    """A page whose view and whose network say so."""
    return page_of().replace("View: all rows.", view).replace("Two sites.&lt;/p", f"{view}&lt;/p")


def test_the_counts_and_the_hash_of_other_tables_may_differ() -> None:
    now = of_tables(VIEW.replace("15,616", "15,700").replace("aaa", "bbb"))
    then = sealed(of_tables(VIEW))
    same, said = told(then, anew=now, tables="bbb")
    assert same, said
    assert said.startswith("Same in every number, sentence and link, the counts of its facts aside")
    assert (
        "Not compared: the counts of its facts, 15,616 of 15,616 facts; these tables have 15,700 "
        "of 15,700 facts." in said
    )
    assert not told(sealed(of_tables(VIEW)), anew=now)[0]
    two = of_tables(VIEW).replace("15,616 of", "15,000 of", 1)
    assert not told(sealed(two), anew=now, tables="bbb")[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("asked of 2026", "asked of 1999"),
        ("of 2026-11-20", "of 1999-11-20"),
        ("tier 2", "tier 1"),
        ("facts", "facts, all true"),
        ("tables aaa", "tables ccc"),
    ],
)
def test_nothing_else_in_a_view_may_differ(old: str, new: str) -> None:
    now = of_tables(VIEW.replace("15,616", "15,700").replace("aaa", "bbb"))
    page = of_tables(VIEW)
    for at in (page.index(VIEW), page.rindex(VIEW)):  # of the network, and of the page
        false = page[:at] + page[at:].replace(old, new, 1)
        assert not told(sealed(false), anew=now, tables="bbb")[0]


def test_the_version_may_differ_and_cannot_carry_a_sentence() -> None:
    for written, named, same in (
        ("0.1.0", "0.1.0", True),
        ("0.1.0", "0.1.1", False),
        ("0. The ministry agrees", "0. The ministry agrees", False),
    ):
        older = page_of().replace(f"Monazite {VERSION}.", f"Monazite {written}.")
        found = compare_shown(older, page_of(), Allowed(versions=(named, VERSION)))
        assert (found.added == []) == same, written
