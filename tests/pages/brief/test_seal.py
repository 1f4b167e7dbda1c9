"""Seal, blocks and verdict: what is altered is told, what is hostile is only read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import UnreadableError
from monazite.exchange.evidence_rows import read_enclosed
from monazite.pages.brief.page import Extras, brief_dict, brief_html
from monazite.pages.brief.seal import FORMAT, open_page, seal_page, shown_text
from monazite.pages.brief.verification import RecomputedBrief, compare
from tests.pages.briefs import hostile_brief, pictures, small_brief
from tests.pages.hostile import HOSTILE

ROW = "https://w3id.org/monazite/row/prices/a"
TRIG = f'<{ROW}> {{ <{ROW}> <urn:says> "3 </script><!-- t" }}\n'


def sealed(**changes: Any) -> str:
    record: dict[str, Any] = {
        "format": FORMAT,
        "version": "1",
        "code": "c",
        "tables": "aaa",
        "says": brief_dict(small_brief()),
        "left_out": [],
        **changes,
    }
    return seal_page(brief_html(small_brief(), Extras(pictures())), record, TRIG)


def verdict(page: str, **changes: Any) -> tuple[bool, str]:
    opened = open_page(page, "a page")
    now = RecomputedBrief(
        content=changes.get("content", brief_dict(small_brief())),
        rows=changes.get("rows", read_enclosed(TRIG)),
        version=changes.get("version", "1"),
        code=changes.get("code", "c"),
        tables=changes.get("tables", "aaa"),
    )
    same, sentences = compare(opened, read_enclosed(opened.trig), now)
    return same, " ".join(sentences)


def resealed(page: str, change: Callable[[str], str]) -> str:
    """A page altered by one who makes the seal fit again."""
    opened = open_page(page, "a page")
    body = change(page.split('<script type="application/trig"')[0])
    return seal_page(f"{body}</body></html>\n", opened.record, opened.trig)


def test_an_untouched_page_is_the_same() -> None:
    same, told = verdict(sealed())
    assert same
    assert told == "Same: every number follows from the 1 row it carries, as the tables have them."


def test_line_ends_of_another_system_are_no_change() -> None:
    assert verdict(sealed().replace("\n", "\r\n"))[0]


def test_newer_tables_that_change_nothing_are_the_same() -> None:
    same, told = verdict(sealed(), tables="bbb", version="2")
    assert same
    assert "The tables are others: it was written from aaa, these are bbb." in told
    assert "None of that changes what the page says." in told
    assert "written by Monazite 1; this is 2" in told


@pytest.mark.parametrize(("old", "new"), [("69 %", "96 %"), ("3,890", "3,980"), ("China", "Chile")])
def test_an_altered_number_is_told_by_the_seal_and_by_the_text(old: str, new: str) -> None:
    page = sealed()
    same, told = verdict(page.replace(old, new, 1))
    assert not same
    assert "its seal does not fit" in told


def test_an_altered_page_with_a_new_seal_does_not_show_what_it_records() -> None:
    page = resealed(sealed(), lambda text: text.replace("69 %", "96 %"))
    assert open_page(page, "a page").fits
    same, told = verdict(page)
    assert not same
    assert 'does not show what it records: "China 69 %"' in told


def test_an_altered_record_differs_from_the_tables() -> None:
    content = json.loads(json.dumps(brief_dict(small_brief())).replace("69 %", "96 %"))
    page = seal_page(
        brief_html(small_brief()).replace("69 %", "96 %"),
        {"format": FORMAT, "version": "1", "code": "c", "tables": "aaa", "says": content},
        TRIG,
    )
    same, told = verdict(page)
    assert not same
    assert (
        'What would be lost, line 2: the page says "China | 96 %", the tables say "China | 69 %"'
        in told
    )
    assert "Tables and code are the same: the record was altered" in told


def test_rows_that_changed_or_went_are_named() -> None:
    same, told = verdict(sealed(), rows={"prices/a": frozenset({"x"})}, tables="bbb")
    assert not same
    assert "prices/a says something else in the tables." in told
    assert "The tables are others: it was written from aaa, these are bbb." in told
    assert "prices/a is not in the tables." in verdict(sealed(), rows={}, tables="bbb")[1]


def test_rows_that_were_taken_out_of_the_page_are_named() -> None:
    opened = open_page(sealed(), "a page")
    page = seal_page(brief_html(small_brief(), Extras(pictures())), opened.record, "")
    same, told = verdict(page)
    assert not same
    assert "prices/a is missing among the rows that the page carries." in told
    assert "the rows that it carries were altered" in told


def test_other_code_of_one_version_is_no_reproach() -> None:
    changed = brief_dict(replace(small_brief(), question="What else?"))
    same, told = verdict(sealed(), content=changed, code="d")
    assert not same
    assert "written by other code of Monazite 1: this is d" in told
    assert "altered" not in told


def test_another_version_that_says_something_else_is_named() -> None:
    changed = brief_dict(replace(small_brief(), question="What else?"))
    same, told = verdict(sealed(), content=changed, version="2")
    assert not same
    assert 'Question: the page says "What can stop' in told
    assert "written by Monazite 1; this is 2" in told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "<html></html>",
        sealed().replace('id="monazite-rows"', 'id="rows"'),
        sealed() + sealed(),
        sealed().replace(f'"format":{FORMAT}', '"format":99'),
        sealed().replace('{"code"', '{{"code"'),
        sealed().replace('{"code"', "[" * 100_000 + '{"code"'),
        seal_page("<body></body>", {"a": 1}, ""),
    ],
)
def test_what_is_no_brief_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as told:
        open_page(text, "page.html")
    assert str(told.value).startswith("page.html ")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("trig", ["<", "@prefix a", "x" * 1000, "<urn:a> { <urn:b> }", "\x00"])
def test_rows_that_are_no_trig_are_refused(trig: str) -> None:
    with pytest.raises(UnreadableError, match="no TriG"):
        read_enclosed(trig)


@pytest.mark.parametrize("content", [None, [], {"parts": 3, "answers": [1], "sources": {"a": 1}}])
def test_a_record_of_the_wrong_shape_differs(content: object) -> None:
    same, told = verdict(sealed(says=content))
    assert not same
    assert told


@pytest.mark.parametrize(
    "text", ["<!--", "<a ", "</", "<![", "<a x='", "<script>", "<sup>", "<", "&", "<?", "<p <p"]
)
def test_a_hostile_page_is_read_in_one_go(text: str) -> None:
    assert "end" not in shown_text(text * 300_000)


def test_shown_text_leaves_out_what_is_not_seen() -> None:
    page = "<!-- <p>no</p> --><P>one <b>two</b><sup>3</sup></P><STYLE>p{}</STYLE>four &lt;5"
    assert shown_text(page) == "one two four <5"


def test_hostile_text_cannot_end_a_block() -> None:
    record = {"format": FORMAT, "says": brief_dict(hostile_brief()), "more": list(HOSTILE)}
    page = seal_page(brief_html(hostile_brief()), record, TRIG)
    assert page.count("</script>") == 2
    opened = open_page(page, "a page")
    assert opened.fits
    assert opened.record["more"] == list(HOSTILE)
    assert read_enclosed(opened.trig) == read_enclosed(TRIG)


@given(st.text(), st.text())
def test_a_seal_fits_and_any_other_page_does_not(text: str, other: str) -> None:
    def page(said: str) -> str:
        kept = said.replace("\r", "").replace("<", "").encode("utf-8", "replace").decode()
        return seal_page(f"<body>{kept}</body>", {"format": FORMAT}, "")

    assert open_page(page(text), "a page").fits
    one, two = page(text), page(other)
    head, tail = one.split("<script", 1)[0], two.split("<script", 1)[1]
    assert open_page(f"{head}<script{tail}", "a page").fits == (one == two)
