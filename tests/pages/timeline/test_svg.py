"""The picture: its few events, a frame with a finding, and text that stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from monazite.findings.timeline.consequential import MOST, NEWEST, RULE
from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.palette import DARK, LIGHT
from monazite.pages.timeline.svg import (
    credit,
    legend,
    mark_of,
    timeline_css,
    timeline_drawing,
    timeline_svg,
)
from monazite.result import ViewSummary
from monazite.safe_text import NOT_KNOWN
from tests.pages.timelines import (
    BLOG,
    crowded_timeline,
    dated_event,
    hostile_timeline,
    small_timeline,
)

SVG = "{http://www.w3.org/2000/svg}"


def words(text: str) -> str:
    return " ".join("".join(e.itertext()) for e in ElementTree.fromstring(text).iter(f"{SVG}text"))


def test_each_event_of_the_short_list_is_drawn_once() -> None:
    timeline = small_timeline()
    root = ElementTree.fromstring(timeline_svg(timeline))
    drawn = [group for group in root.iter(f"{SVG}g") if group.get("class") == "event"]
    assert len(drawn) == len(timeline.short) <= MOST < len(timeline.events)


def test_the_document_has_title_legend_rule_source_and_date() -> None:
    timeline = small_timeline()
    said = words(timeline_svg(timeline))
    assert timeline.finding in said
    assert "on 30 Jun 2012." in said
    for _, _, key in legend(timeline):
        assert key in said
    assert RULE in said
    hidden = len(timeline.events) - len(timeline.short)
    assert f"{hidden} more lines" in said
    assert "Sources: A survey" in said
    assert "Release of 30 Jun 2012." in said
    assert "CC BY 4.0" in said


def test_a_picture_of_all_events_says_nothing_of_more() -> None:
    timeline = replace(small_timeline(), events=small_timeline().events[:3])
    assert "more line" not in words(timeline_svg(timeline))
    assert RULE not in words(timeline_svg(timeline))


def test_the_credit_names_who_says_most_and_nobody_who_is_not_known() -> None:
    unknown = replace(BLOG, publisher="Author not known, file in a repository")
    event = dated_event("event", "1952", "Opened", sources=(unknown,))
    told = credit(Timeline("Works", None, None, "2012-06-30", None, (event,), ()))
    assert "Author" not in told
    assert told.startswith("Release of 30 Jun 2012.")
    assert credit(small_timeline()).startswith("Sources: A survey")


def test_the_credit_tells_a_release_and_another_day_apart() -> None:
    seen = ViewSummary("Data", {"release": "2026-11-24"})
    told = credit(replace(small_timeline(), view=seen))
    assert "Release of 24 Nov 2026, as of 30 Jun 2012." in told
    unknown = ViewSummary("Data", {"release": NOT_KNOWN})
    assert " As of 30 Jun 2012." in credit(replace(small_timeline(), view=unknown))


def test_the_mark_follows_what_happened() -> None:
    marks = {x.event.what: mark_of(x) for x in small_timeline().short}
    assert marks["Opened"] == "operating"
    assert marks["Closed"] == "closed"
    assert marks["Suspended until 2008"] == "changes"
    assert marks["2009 USD"] == "price"
    assert {mark_of(x) for x in crowded_timeline().short if x.why == NEWEST} == {"other"}


def test_the_svg_is_well_formed_and_says_what_it_shows() -> None:
    root = ElementTree.fromstring(timeline_drawing(small_timeline()))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "strip-title strip-desc"
    title, desc = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert title.text == "Works: timeline"
    assert desc is not None
    assert desc.text is not None
    assert "1998-03-04, Closed" in desc.text


def test_hostile_text_stays_text() -> None:
    root = ElementTree.fromstring(timeline_svg(hostile_timeline()))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "style", "g", "path", "rect", "text", "circle"}
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert "style" not in element.attrib  # a page's policy would block it


def test_same_timeline_same_bytes() -> None:
    assert timeline_svg(small_timeline()) == timeline_svg(small_timeline())


def test_every_colour_is_one_of_both_themes() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", timeline_css()))
    assert used <= set(LIGHT)
    assert used <= set(DARK)
    light, dark = (timeline_svg(small_timeline(), theme=theme) for theme in ("light", "dark"))
    assert LIGHT["paper"] in light
    assert DARK["paper"] in dark
    assert "var(" not in light + dark
    assert "@media" not in light + dark
    assert "prefers-color-scheme:dark" in timeline_svg(small_timeline())


def test_the_credit_tells_what_chose_the_rows() -> None:
    chosen: dict[str, object] = {
        "release": "2012-06-30",
        "known": "2012-01-31",
        "tier": 2,
        "data": "own",
    }
    chosen["without"] = ["a", "b"]
    told = credit(replace(small_timeline(), view=ViewSummary("Data", chosen)))
    said = "known by 31 Jan 2012, tier 2 or better, without 2 names, with own tables."
    assert f"Release of 30 Jun 2012, {said}" in told
