"""The timeline's page in a real browser: quiet, offline, readable, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.timeline.page import timeline_html
from tests.browser.conftest import OpenFile, eventually
from tests.pages.timelines import crowded_timeline, hostile_timeline, small_timeline
from tests.sharing import only_whole

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from monazite.findings.timeline.timeline import Timeline

pytestmark = pytest.mark.browser

OpenTimeline = Callable[..., "Page"]


@pytest.fixture
def open_timeline(open_file: OpenFile, tmp_path: Path) -> OpenTimeline:
    """Open a timeline's page."""

    def open_it(timeline: Timeline, **options: Any) -> Page:
        path = tmp_path / "timeline.html"
        path.write_text(timeline_html(timeline, "View: all rows"), encoding="utf-8")
        return open_file(path, **options)

    return open_it


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    return page.locator(selector).evaluate_all(  # type: ignore[no-any-return]  # playwright says Any
        "all => all.map(one => { const b = one.getBoundingClientRect();"
        " return {left: b.left, right: b.right, top: b.top, bottom: b.bottom}; })"
    )


def assert_apart(found: list[dict[str, float]]) -> None:
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            beside = one["right"] <= other["left"] or other["right"] <= one["left"]
            above = one["bottom"] <= other["top"] + 2 or other["bottom"] <= one["top"] + 2
            assert beside or above, (one, other)


def test_the_page_opens_without_a_request_or_a_word(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    assert page.locator("svg.strip").is_visible()
    lines = len(small_timeline().events)
    assert page.locator("tbody tr").count() == lines
    assert page.get_by_role("heading", name=f"All lines ({lines})").is_visible()
    assert page.get_by_role("img", name="Works: timeline").count() == 1


@pytest.mark.parametrize("timeline", [*only_whole(small_timeline()), crowded_timeline()])
def test_labels_as_the_browser_sets_them_cover_no_other(
    timeline: Timeline, open_timeline: OpenTimeline
) -> None:
    page = open_timeline(timeline)
    labels = boxes(page, "svg.strip .label")
    assert len(labels) >= len(timeline.events) // 3
    assert_apart(labels)
    assert_apart(boxes(page, "svg.strip .year"))
    assert_apart(boxes(page, "svg.strip .name"))
    (strip,) = boxes(page, "svg.strip")
    for label in labels:
        assert strip["left"] <= label["left"]
        assert label["right"] <= strip["right"]


def test_the_style_reaches_the_strip(open_timeline: OpenTimeline) -> None:
    """A policy that forbids inline style blocks a style attribute: the rules must do."""
    page = open_timeline(small_timeline())
    fill = "all => all.map(one => getComputedStyle(one).fill)"
    marks = page.locator(".item.event .mark").evaluate_all(fill)
    assert set(marks) == {"rgb(0, 158, 115)"}
    (fade, *_) = page.locator(".item.ownership .fade-out").evaluate_all(fill)
    assert "fade-out-ownership" in fade


@pytest.mark.whole
def test_dark_screens_get_dark_paper(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(21, 23, 27)"
    ink = page.locator(".label").first.evaluate("one => getComputedStyle(one).fill")
    assert ink == "rgb(236, 234, 228)"


def test_a_number_leads_to_its_source(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    page.locator("tbody a", has_text="2").first.click()
    assert page.url.endswith("#source-2")
    assert "A blog: Notes, undated, tier 4" in page.locator("#source-2").inner_text()


@pytest.mark.whole
def test_a_phone_scrolls_the_strip_and_reads_the_lines(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    strip = page.locator(".stripbox")
    assert strip.evaluate("box => box.scrollWidth > box.clientWidth")
    strip.focus()
    assert eventually(
        page,
        lambda: strip.evaluate("box => box.scrollLeft") > 0,
        again=lambda: page.keyboard.press("ArrowRight"),
    )
    for row in boxes(page, "tbody tr"):
        assert row["right"] <= 360
    sizes = page.locator("tbody td").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


@pytest.mark.whole
def test_paper_takes_the_whole_strip(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), viewport={"width": 700, "height": 900})
    page.emulate_media(media="print")
    (strip,) = boxes(page, "svg.strip")
    assert strip["right"] <= 700
    assert page.locator("thead").is_visible()


def test_hostile_text_does_nothing(open_timeline: OpenTimeline) -> None:
    page = open_timeline(hostile_timeline())
    assert page.evaluate("window.hacked") is None
    assert page.locator("tbody tr").count() == len(hostile_timeline().events)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.locator("script").count() == 0


def test_each_heading_and_region_has_a_name(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    assert page.get_by_role("region", name="Timeline as a picture").is_visible()
    assert page.get_by_role("table", name="All lines").is_visible()
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
