"""The timeline's page in a real browser: quiet, offline, readable, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.timeline.page import timeline_html
from tests.browser.conftest import OpenFile
from tests.browser.test_graph_page_parts import violations
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
    assert page.locator("svg.timeline").first.is_visible()
    assert page.locator("tbody tr:visible").count() == len(small_timeline().short)
    assert page.get_by_role("img", name="Works: timeline").count() == 1


@pytest.mark.parametrize("timeline", [*only_whole(small_timeline()), crowded_timeline()])
def test_words_as_the_browser_sets_them_cover_no_other(
    timeline: Timeline, open_timeline: OpenTimeline
) -> None:
    page = open_timeline(timeline)
    for selector in ("svg .words", "svg .date", "svg .year"):
        found = boxes(page, selector)
        assert len(found) >= 1
        assert_apart(found)
    (strip,) = boxes(page, ".stripbox svg.timeline")
    for label in (*boxes(page, "svg .words"), *boxes(page, "svg .date")):
        assert strip["left"] - 1 <= label["left"]
        assert label["right"] <= strip["right"] + 1


def test_the_style_reaches_the_picture(open_timeline: OpenTimeline) -> None:
    """A policy that forbids inline style blocks a style attribute: the rules must do."""
    page = open_timeline(small_timeline())
    fill = "all => all.map(one => getComputedStyle(one).fill)"
    assert set(page.locator(".stripbox .solid").evaluate_all(fill)) == {"rgb(0, 104, 74)"}


def test_the_whole_list_opens_by_keyboard_and_at_a_number(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    assert not page.locator("#all table").is_visible()
    page.locator("#all summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#all tbody tr:visible").count() == len(small_timeline().events)


@pytest.mark.whole
def test_dark_screens_get_dark_paper(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(21, 23, 27)"
    ink = page.locator(".words").first.evaluate("one => getComputedStyle(one).fill")
    assert ink == "rgb(236, 234, 228)"


def test_forced_colours_keep_the_marks(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), forced_colors="active")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    for selector in (".stripbox .solid", ".words"):
        ink = page.locator(selector).first.evaluate("one => getComputedStyle(one).fill")
        assert ink != paper


def test_a_number_leads_to_its_source(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    page.locator("tbody a", has_text="2").first.click()
    assert page.url.endswith("#source-2")
    assert "A blog: Notes, undated, weak" in page.locator("#source-2").inner_text()


def test_a_phone_reads_the_events_as_a_list(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not page.locator(".stripbox").is_visible()
    rows = boxes(page, "tbody tr:visible")
    assert len(rows) == len(small_timeline().short)
    for row in rows:
        assert row["right"] <= 360
    sizes = page.locator("tbody td").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


@pytest.mark.whole
def test_paper_takes_the_whole_picture(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), viewport={"width": 690, "height": 900})
    page.emulate_media(media="print")
    (strip,) = boxes(page, ".stripbox svg.timeline")
    assert 0 < strip["right"] <= 690


@pytest.mark.parametrize("size", [1280, *only_whole(360)])
def test_axe_finds_nothing(open_timeline: OpenTimeline, size: int) -> None:
    page = open_timeline(small_timeline(), viewport={"width": size, "height": 800})
    page.locator("#all summary").click()
    assert violations(page) == []


def test_it_is_whole_without_scripts(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline(), java_script_enabled=False)
    assert page.locator(".stripbox").is_visible()
    assert page.locator("tbody tr:visible").count() == len(small_timeline().short)


def test_hostile_text_does_nothing(open_timeline: OpenTimeline) -> None:
    page = open_timeline(hostile_timeline())
    assert page.evaluate("window.hacked") is None
    assert page.locator("tbody tr:visible").count() == len(hostile_timeline().short)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.locator("script").count() == 0


def test_each_heading_and_region_has_a_name(open_timeline: OpenTimeline) -> None:
    page = open_timeline(small_timeline())
    assert page.get_by_role("region", name="Timeline as a picture").is_visible()
    assert page.get_by_role("table", name="The events of the picture").is_visible()
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
