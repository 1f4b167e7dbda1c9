"""The verdict of a page: its seal, what differs and why, and which comparison was done."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import UnreadableError
from monazite.export.rdf import read_enclosed
from monazite.report.brief.house_style import HouseStyle
from monazite.report.brief.page import brief_dict, brief_html
from monazite.report.brief.seal import FORMAT, open_page, seal_page
from tests.report.briefs import hostile_brief, small_brief
from tests.report.hostile import HOSTILE
from tests.report.sealed import OLDER, RECORD, TRIG, page_of, resealed, sealed, told, verdict


def test_newer_tables_and_versions_that_change_nothing_are_the_same() -> None:
    found = verdict(sealed(**OLDER), tables="bbb")
    assert (found.same, found.compared) == (True, "sentences")
    assert found.sentences == (
        "Same in every number, sentence and link, as the tables have them, with the 1 record it "
        "carries; it could not be compared byte for byte.",
        "The tables are others: it was written from aaa, these are bbb.",
        "It was written by Monazite 0.9; this is 1.",
        "It was made with other versions than are here: python 3.10 (3.11).",
    )


@pytest.mark.parametrize("number", [1, 2])
def test_an_earlier_format_is_compared_text_by_text(number: int) -> None:
    record = {name: RECORD[name] for name in ("version", "code", "tables", "says", "left_out")}
    page = seal_page(page_of(), {**record, "format": number}, open_page(sealed(), "page").trig)
    same, said = told(page)
    assert same
    assert "by an earlier version, which did not record what it was made with" in said


def test_an_altered_record_differs_from_the_tables() -> None:
    content = json.loads(json.dumps(RECORD["says"]).replace("69 %", "96 %"))
    page = resealed(sealed(), lambda text: text.replace("69 %", "96 %"), says=content)
    same, said = told(page)
    assert not same
    assert (
        'What would be lost, line 2: the page says "China | 96 %", the tables say "China | 69 %"'
        in said
    )
    assert "Tables and code are the same: the record was altered" in said


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (("headline",), "Headline"),
        (("answers", 1, "text"), "Answer 2, How sure"),
        (("front", 0, "heading"), "Other heading, finding"),
        (("front", 0, "finding"), "The largest losses, finding"),
        (("front", 0, "lines", 0, "cells", 1), "The largest losses, line 1"),
        (("parts", 1, "sentences", 0, "text"), "What is not known, sentence 1"),
    ],
)
def test_whatever_the_tables_say_otherwise_of_the_first_page_is_named(
    place: tuple[str | int, ...], where: str
) -> None:
    content = json.loads(json.dumps(RECORD["says"]))
    held: Any = content
    for step in place[:-1]:
        held = held[step]
    held[place[-1]] = "Other heading" if place[-1] == "heading" else "Another text."
    same, said = told(sealed(says=content))
    assert not same
    assert f"{where}: the page says " in said


def test_a_record_that_says_what_the_page_does_not_is_altered() -> None:
    same, said = told(sealed(left_out=["One sentence."]))
    assert not same
    assert "Rendered anew it is another page from character" in said
    assert "the page was altered after the page was written" in said


def test_rows_that_changed_or_went_are_named() -> None:
    same, said = told(sealed(), rows={"prices/a": frozenset({"x"})}, tables="bbb")
    assert not same
    assert "prices/a says something else in the tables." in said
    assert "The tables are others: it was written from aaa, these are bbb." in said
    assert "prices/a is not in the tables." in told(sealed(), rows={}, tables="bbb")[1]


def test_rows_that_were_taken_out_of_the_page_are_named() -> None:
    same, said = told(sealed(trig=""))
    assert not same
    assert "prices/a is missing among the rows that the page carries." in said
    assert "the rows that it carries were altered" in said


def test_other_code_or_version_that_says_something_else_is_no_reproach() -> None:
    changed = brief_dict(replace(small_brief(), question="What else?"))
    for claimed, reason in (
        ({"code": "d"}, "written by other code of Monazite 1: this is d"),
        ({"version": "2"}, "written by Monazite 1; this is 2"),
    ):
        anew = page_of().replace("What can stop", "What may stop")
        same, said = told(sealed(), content=changed, anew=anew, **claimed)
        assert not same
        assert 'Question: the page says "What can stop' in said
        assert reason in said
        assert "altered" not in said


@pytest.mark.parametrize("content", [None, [], {"parts": 3, "answers": [1], "sources": {"a": 1}}])
def test_a_record_of_the_wrong_shape_differs(content: object) -> None:
    shapes: tuple[dict[str, Any], ...] = ({}, {"made_with": [1]}, {"version": {}}, {"house": [1]})
    for changes in shapes:
        assert not told(sealed(says=content, **changes))[0]


def test_a_house_style_is_named_or_only_sentences_are_compared() -> None:
    house = HouseStyle(css="h1{color:red}")
    own = page_of(house=house)
    page = sealed(own, house=house.digest)
    assert verdict(page, anew=own, house=house.digest).compared == "bytes"
    same, said = told(page)
    assert not same
    assert "It has a house style, which was not named: --template takes its folder." in said
    assert "Every number, sentence and link is the same, but its style is not what this" in said
    with pytest.raises(UnreadableError, match="was written with the house style"):
        told(page, house="other")
    with pytest.raises(UnreadableError, match="was written without a house style"):
        told(sealed(), house="other")


def test_words_of_a_house_that_is_not_named_cannot_be_told_from_false_ones() -> None:
    page = sealed(page_of().replace("<main>", "<main><p>The ministry agrees.</p>"), house="h")
    with pytest.raises(UnreadableError, match=r"name its folder with --template\. The page shows"):
        told(page)


def test_line_ends_of_another_system_are_no_change() -> None:
    assert told(sealed().replace("\n", "\r\n"))[0]


def test_an_altered_page_has_a_broken_seal() -> None:
    same, said = told(sealed().replace("69 %", "96 %", 1))
    assert not same
    assert "its seal does not fit" in said
    assert 'does not show what it records: "69 %"' in said
    assert "its seal does not fit" not in told(resealed(sealed(), lambda p: p + "\n"))[1]


def test_blocks_stand_where_no_browser_sees_them() -> None:
    """A block that a browser ends earlier, or that stands in a style, would show or hide text."""
    page = sealed()
    for old, new in (
        ('\n</script>\n<script type="application/json"', "</script ><p>It agrees.</p>"),
        (TRIG[:20], "# </script ><p>It agrees.</p>\n" + TRIG[:20]),
        (TRIG[:20], "# <!--<script>\n" + TRIG[:20]),
        ('"code"', '"a":"</script >It agrees.","code"'),
    ):
        assert old in page
        with pytest.raises(UnreadableError, match="page"):
            open_page(page.replace(old, new, 1), "page")
    opened = open_page(page, "page")
    blocks = page[len(opened.page.rpartition("</body>")[0]) : page.rindex("</body>")]
    moved = opened.page.replace("</style>", f"{blocks}</style>", 1)
    with pytest.raises(UnreadableError, match="where no briefing does"):
        open_page(moved, "page")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "<html></html>",
        sealed().replace('id="monazite-rows"', 'id="rows"'),
        sealed() + sealed(),
        sealed().replace(f'"format":{FORMAT}', '"format":99'),
        sealed().replace(f'"format":{FORMAT}', '"format":[3]'),
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
