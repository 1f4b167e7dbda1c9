"""A timeline as a page and as a picture: its events, where they stand, who says so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.timeline.result import MOST, NEWEST, RULE, Timeline
from monazite.core.formats import NOT_KNOWN
from monazite.core.results import ViewSummary
from monazite.report.drawing.lettering import text_width
from monazite.report.timeline import (
    DATES,
    LINE,
    SIZE,
    STRIP,
    WIDTH,
    WORDS,
    credit,
    lay_out,
    legend,
    mark_of,
    scale_of,
    timeline_html,
    timeline_svg,
)
from tests.report.elements import Reader
from tests.report.timelines import (
    BLOG,
    crowded_timeline,
    dated_event,
    hostile_timeline,
    small_timeline,
)


def assert_rows_stand_apart(timeline: Timeline) -> None:
    layout = lay_out(timeline)
    assert len(layout.rows) == len(timeline.short)
    for above, below in pairwise(layout.rows):
        assert above.y + LINE * len(above.words) <= below.y
    for row in layout.rows:
        assert DATES < row.ends[0] <= row.middle <= row.ends[1] <= STRIP
        assert row.y + LINE * (len(row.words) - 1) < layout.height
        for line in row.words:
            assert text_width(line, SIZE) <= WIDTH - WORDS


@pytest.mark.parametrize("make", [small_timeline, crowded_timeline, hostile_timeline])
def test_rows_stand_apart_inside_the_picture(make: object) -> None:
    assert callable(make)
    assert_rows_stand_apart(make())


EVENTS = st.lists(
    st.builds(
        lambda year, month, length, kind: dated_event(
            kind, f"{year}-{month:02}-11"[:length], "Something happened to it " * 9, event="Opened"
        ),
        st.integers(1950, 2026),
        st.integers(1, 12),
        st.sampled_from([4, 7, 10]),
        st.sampled_from(["event", "plan", "policy", "statement", "price", "share"]),
    ),
    min_size=1,
    max_size=20,
)


@given(EVENTS)
def test_whatever_happens_rows_stand_apart(events: list) -> None:  # type: ignore[type-arg]
    ordered = tuple(sorted(events, key=lambda event: (event.earliest, event.latest)))
    assert_rows_stand_apart(Timeline("Works", None, None, "2026-11-24", None, ordered, ()))


def test_the_axis_names_round_years_with_room_between() -> None:
    timeline = small_timeline()
    years = scale_of(timeline.short, timeline.day).years
    assert all(year % 10 == 0 for year in years)
    assert 3 <= len(years) <= 8


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


def test_the_short_list_is_on_top_and_every_line_behind_it_with_numbered_sources() -> None:
    timeline = small_timeline()
    page = timeline_html(timeline, "View: all")
    short, whole = (part.split("</tbody>")[0] for part in page.split("<tbody>")[1:])
    assert short.count("<tr>") == len(timeline.short) < whole.count("<tr>") == len(timeline.events)
    assert page.index("<details") < page.index(whole)
    assert f"All lines ({len(timeline.events)})" in page
    for event in timeline.events:
        assert event.rows[0] in whole
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
