"""The page of a timeline: one file, a strict policy, every line with its numbered sources."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

from monazite.pages.timeline.page import timeline_html
from tests.pages.elements import Reader
from tests.pages.timelines import hostile_timeline, small_timeline


def test_the_policy_allows_the_one_style_and_nothing_else() -> None:
    page = timeline_html(small_timeline())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(m["content"] for m in Reader(page).all("meta") if "http-equiv" in m)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


def test_nothing_in_it_reaches_out() -> None:
    reader = Reader(timeline_html(small_timeline()))
    assert {"script", "img", "iframe", "object", "embed"} & {
        tag for tag, _ in reader.elements
    } == set()
    assert [link["href"] for link in reader.all("link")] == ["data:,"]
    addresses = [a["href"] or "" for a in reader.all("a")]
    assert {a for a in addresses if not a.startswith("#")} == {"https://example.org/a"}


def test_the_short_list_is_on_top_and_every_line_behind_it_with_numbered_sources() -> None:
    timeline = small_timeline()
    page = timeline_html(timeline, "View: all")
    short, whole = (part.split("</tbody>")[0] for part in page.split("<tbody>")[1:])
    assert short.count("<tr>") == len(timeline.short) < whole.count("<tr>") == len(timeline.events)
    assert page.index("<details") < page.index(whole)
    assert f"All lines ({len(timeline.events)})" in page
    for dated_event in timeline.events:
        assert dated_event.rows[0] in whole
    ids = {li["id"] for li in Reader(page).all("li") if "id" in li}
    linked = {a["href"] for a in Reader(page).all("a") if (a["href"] or "").startswith("#")}
    assert {f"#{name}" for name in ids} == linked == {"#source-1", "#source-2"}
    assert "A survey" in page
    assert "undated, weak" in page
    assert "View: all" in page
    assert "3 rows are left out." in page
    assert "year known" in short
    assert timeline.finding in page
    assert f"{len(timeline.events) - len(timeline.short)} more lines" in page


def test_what_is_shown_whole_has_nothing_behind_it() -> None:
    few = replace(small_timeline(), events=small_timeline().events[:4])
    assert "<details" not in timeline_html(few)


def test_hostile_text_stays_text() -> None:
    page = timeline_html(hostile_timeline(), hostile_timeline().title)
    reader = Reader(page)
    assert "script" not in {tag for tag, _ in reader.elements}
    assert "img" not in {tag for tag, _ in reader.elements}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href") or "").lower().startswith("javascript")
    assert "{{ 7 * 7 }}" in page
    assert "49" not in re.findall(r">(49)<", page)


def test_same_timeline_same_bytes() -> None:
    assert timeline_html(small_timeline()) == timeline_html(small_timeline())
