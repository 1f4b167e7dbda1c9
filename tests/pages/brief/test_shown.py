"""A page is read strictly, so that no browser sees another page than is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import UnreadableError
from monazite.pages.brief.page import Extras, brief_html
from monazite.pages.brief.shown import read_frame, read_picture, read_shown, shown_text
from tests.pages.briefs import hostile_brief, pictures
from tests.sharing import only_whole

HEAD = "<!doctype html>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<p><!-- --></p>",
        "<p",
        "<",
        "<p a=b>",
        "<p a='b'>",
        '<p a="b>',
        '<p a="<">',
        "<p/ >",
        "< p>",
        "</>",
        "<1>",
        "<p\x0ca>",
        "<p\u00a0a>",
        '<p a="1" a="2">',
        "<style>p{}",
        "<style>p{}</style >",
        "<STYLE>p{}</style>",
        "<script>1</scripT>",
        "<script><!--<script>1</script>",
        "<style/>p{}</style>",
        "<title>a<b>c</b></title>",
        "<title>a",
        "<title>a</p>",
        "<TITLE>a</TITLE>",
        "<title/>a</title>",
        "<iframe>a</iframe>",
        "<iframe><p>a</p></iframe>",
        "<iframe>",
        "<iframe/>",
        "<textarea><p>a</p></textarea>",
        "<xmp><p></xmp>",
        "<noembed><p></noembed>",
        "<noframes><p></noframes>",
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


def test_tags_and_texts_are_one_stream() -> None:
    shown = read_shown(f'{HEAD}<p id="a">1<b></b></p>2<iframe srcdoc="3"></iframe>')
    tags = ["<b>", "</b>", "</p>", "2", '<iframe srcdoc="*">', "</iframe>"]
    assert shown.stream == ['<p id="a">', "1", *tags]
    assert shown.frames == ["3"]


def test_any_brief_is_read() -> None:
    shown = read_shown(brief_html(hostile_brief(), Extras(pictures())))
    assert len(shown.pictures) == 1
    assert "</script><script>window.hacked=1</script>" in " ".join(shown.texts)


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


@pytest.mark.parametrize(
    "text",
    [
        "<!--",
        "<a ",
        "</",
        "<![",
        "<a x='",
        '<a x="',
        "<script>",
        *only_whole("<p>"),
        "<p a>",
        "&",
        "<p a",
    ],
)
def test_a_hostile_page_is_read_in_one_go(text: str) -> None:
    assert "end" not in shown_text(text * 300_000)
    if text == "&":
        assert read_shown(HEAD + text * 300_000).texts == [text * 300_000]
        return
    if text in {"<p>", "<p a>"}:
        assert read_shown(HEAD + text * 300_000).texts == []
        return
    with pytest.raises(UnreadableError) as told:
        read_shown(HEAD + text * 300_000)
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
