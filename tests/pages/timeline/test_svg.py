"""The strip: places by time, lanes without a collision, and text that stays text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.palette import DARK, LIGHT
from monazite.pages.timeline.layout import scale_of
from monazite.pages.timeline.svg import MAX_LANES, timeline_css, timeline_svg
from tests.pages.timelines import dated_event, hostile_timeline, lanes, small_timeline

SVG = "{http://www.w3.org/2000/svg}"


def test_every_happening_is_drawn_once() -> None:
    timeline = small_timeline()
    drawn = [item.dated_event for lane in lanes(timeline) for item in lane.items]
    ended = [h for h in timeline.events if h.rows == ("ownership/a",) and h.edge == "end"]
    assert len(drawn) == len(timeline.events) - len(ended)
    assert set(drawn) == set(timeline.events) - set(ended)


def test_bars_are_soft_where_a_date_is_not_exact_and_fade_where_it_is_not_known() -> None:
    items = {i.dated_event.subject: i for lane in lanes(small_timeline()) for i in lane.items}
    scale = scale_of(small_timeline())
    closed = items["A firm in Works"]
    assert closed.left == scale.x("1952-01-01")
    assert closed.solid == (scale.x("1952-12-31"), scale.x("1977-05-01"))
    assert closed.right == scale.x("1977-05-31")
    still = items["B in Works"]
    assert still.solid == (scale.x("1978-01-01"), scale.x("2012-06-30"))  # solid to the day asked
    assert still.right > still.solid[1]
    ended = items["Works to Japan"]
    assert ended.left < ended.solid[0] == scale.x("1999-06-01")
    root = ElementTree.fromstring(timeline_svg(small_timeline()))
    looks = [rect.get("class") for rect in root.iter(f"{SVG}rect")]
    for look in ("soft", "bar", "fade-in", "fade-out", "run", "paused"):
        assert look in looks


def test_a_policy_runs_from_its_start_to_its_end() -> None:
    scale = scale_of(small_timeline())
    runs = {
        (item.dated_event.subject, item.dated_event.event): item.run
        for lane in lanes(small_timeline())
        for item in lane.items
        if item.dated_event.kind == "policy"
    }
    begin, end = scale.x("2001-01-01"), scale.x("2005-01-01")
    assert runs["A rule", "Effective"] == (begin, end, "run")
    assert runs["Another", "Effective"][2] == "fade-out"
    assert runs["Another", "Suspended"] == (
        scale.x("2007-01-01"),
        scale.x("2008-12-31"),
        "paused",
    )


def test_the_axis_names_round_years_with_room_between() -> None:
    years = scale_of(small_timeline()).years
    assert all(year % 5 == 0 for year in years)
    assert 5 <= len(years) <= 15


def test_the_svg_is_well_formed_and_says_what_it_shows() -> None:
    root = ElementTree.fromstring(timeline_svg(small_timeline()))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "strip-title strip-desc"
    title, desc = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert title.text == "Works: timeline"
    assert desc is not None
    assert desc.text is not None
    assert desc.text.startswith(f"{len(small_timeline().events)} lines from 1952 to 2030")
    titles = ["".join(t.itertext()) for t in root.iter(f"{SVG}title")]
    assert "1998-03-04: Works: Closed." in titles


def test_hostile_text_stays_text() -> None:
    root = ElementTree.fromstring(timeline_svg(hostile_timeline()))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {
        *("svg", "title", "desc", "style", "defs", "linearGradient", "stop", "g", "path"),
        *("rect", "text"),
    }
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert "style" not in element.attrib  # a page's policy would block it


def test_same_timeline_same_bytes() -> None:
    assert timeline_svg(small_timeline()) == timeline_svg(small_timeline())


def test_every_colour_is_one_of_both_themes() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", timeline_css()))
    assert used <= set(LIGHT)
    assert used <= set(DARK)


def test_more_lanes_than_fit_are_said() -> None:
    lines = tuple(
        dated_event("policy", "2020-01-01", "Effective", subject=f"Rule {number}")
        for number in range(MAX_LANES + 7)
    )
    text = timeline_svg(Timeline("All", None, None, "2021-01-01", None, lines, ()))
    assert "7 lanes are not drawn." in text
    assert f"Rule {MAX_LANES - 1}<" in text
    assert f"Rule {MAX_LANES + 1}<" not in text
