"""The page of a scenario: one file, a strict policy, the same in tables, sources, any text."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

from monazite.findings.scenarios.headline import use_lines, use_sentence
from monazite.pages.scenarios.page import scenario_html
from monazite.result import Assumption
from tests.pages.elements import Reader
from tests.pages.outcomes import hostile_outcome, small_outcome
from tests.pages.timelines import BLOG, PAPER

ASSUMED = Assumption("assumptions/stock", "Stock of firms", 30.0, 14.0, 90.0, "days", "A survey")


def small_page() -> str:
    return scenario_html(replace(small_outcome(), assumptions=(ASSUMED,)), [PAPER, BLOG])


def test_the_policy_allows_the_one_style_and_nothing_else() -> None:
    page = small_page()
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(m["content"] for m in Reader(page).all("meta") if "http-equiv" in m)
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "script" not in policy
    assert " style=" not in page


def test_nothing_in_it_reaches_out() -> None:
    reader = Reader(small_page())
    assert not {"script", "img", "iframe"} & {tag for tag, _ in reader.elements}
    assert [a["href"] for a in reader.all("a")] == ["https://example.org/a"]


def test_what_the_picture_shows_is_told_in_sentences_and_tables() -> None:
    found, page = small_outcome(), small_page()
    for line in use_lines(found):
        assert use_sentence(line) in page
    assert page.count("<table>") == len(found.tables())
    for month in found.supply:
        assert f"{month.supplied.middle:,.1f}" in page


def test_it_says_what_is_assumed_not_known_and_by_whom() -> None:
    page = small_page()
    assert "Stock of firms</bdi>: 30 days (14 to 90)" in page
    assert "What firms hold is assumed." in page
    assert "Sources (2)" in page
    assert "undated, weak" in page


def test_tables_name_places_and_goods_as_a_reader_does() -> None:
    reader = re.sub(r"<svg.*?</svg>", "", small_page(), flags=re.DOTALL)
    assert "<bdi>Japan</bdi>" in reader
    assert "<bdi>heavy magnets</bdi>" in reader
    assert "<bdi>JPN</bdi>" not in reader
    assert "<bdi>magnets without</bdi>" not in reader


def test_a_note_gives_no_advice_on_commands() -> None:
    noted = replace(small_outcome(), notes=("Range not drawn: --draws 100 draws it.",))
    page = scenario_html(noted)
    assert "<bdi>Range not drawn.</bdi>" in page
    assert "--draws" not in page


def test_what_is_empty_has_no_heading() -> None:
    bare = scenario_html(replace(small_outcome(), notes=()))
    for heading in ("What is not known", "What is assumed", "Sources ("):
        assert heading not in bare


def test_hostile_text_stays_text() -> None:
    page = scenario_html(hostile_outcome())
    reader = Reader(page)
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]


def test_same_outcome_same_bytes() -> None:
    assert small_page() == small_page()
