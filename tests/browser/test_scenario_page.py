"""The page of a scenario in a real browser: quiet, readable on a screen, a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.scenarios.page import scenario_html
from tests.browser.conftest import OpenFile
from tests.browser.test_graph_page_parts import violations
from tests.browser.test_timeline_page import assert_apart, boxes
from tests.pages.outcomes import hostile_outcome, small_outcome
from tests.pages.timelines import PAPER
from tests.sharing import only_whole

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from monazite.findings.scenarios.outcome import ScenarioResult

pytestmark = pytest.mark.browser

OpenScenario = Callable[..., "Page"]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_scenario(open_file: OpenFile, tmp_path: Path) -> OpenScenario:
    """Open a scenario's page."""

    def open_it(found: ScenarioResult | None = None, **options: Any) -> Page:
        path = tmp_path / "scenario.html"
        page = scenario_html(found or small_outcome(), [PAPER])
        path.write_text(page, encoding="utf-8")
        return open_file(path, **options)

    return open_it


def test_the_page_opens_without_a_request_and_shows_one_picture(
    open_scenario: OpenScenario,
) -> None:
    page = open_scenario()
    assert page.locator(".wide svg").is_visible()
    assert not page.locator(".narrow svg").is_visible()
    assert page.get_by_role("img", name="month by month").count() == 1
    assert page.locator("h1").inner_text().startswith("Japan would lack 75 %")


@pytest.mark.parametrize("size", [1280, 390])
def test_words_as_the_browser_sets_them_cover_no_other(
    size: int, open_scenario: OpenScenario
) -> None:
    page = open_scenario(viewport={"width": size, "height": 844})
    shown = ".wide svg" if size > 700 else ".narrow svg"
    (frame,) = boxes(page, shown)
    for selector in (".name", ".words", ".tick", ".cell", ".aside"):
        found = boxes(page, f"{shown} {selector}")
        assert found
        assert_apart(found)
        for each in found:
            assert frame["left"] - 1 <= each["left"]
            assert each["right"] <= frame["right"] + 1


def test_a_phone_gets_a_picture_of_its_own_with_letters_to_read(
    open_scenario: OpenScenario,
) -> None:
    page = open_scenario(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".narrow svg").is_visible()
    assert not page.locator(".wide svg").is_visible()
    heights = [box["bottom"] - box["top"] for box in boxes(page, ".narrow svg .small")]
    assert min(heights) >= 11


def test_the_style_reaches_the_picture_in_both_themes(open_scenario: OpenScenario) -> None:
    fill = "one => getComputedStyle(one).fill"
    for theme, hue in (("light", "rgb(143, 47, 5)"), ("dark", "rgb(255, 183, 132)")):
        page = open_scenario(color_scheme=theme)
        cell = page.locator(".wide .step-all").first
        assert cell.evaluate(fill) == hue


def test_tables_below_open_by_keyboard(open_scenario: OpenScenario) -> None:
    page = open_scenario()
    folded = page.locator("details").first
    assert not folded.locator("table").is_visible()
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.locator("table").is_visible()


@pytest.mark.whole
@pytest.mark.parametrize("size", [1280, *only_whole(390)])
@pytest.mark.parametrize("theme", ["light", *only_whole("dark")])
def test_axe_finds_nothing(open_scenario: OpenScenario, size: int, theme: str) -> None:
    page = open_scenario(viewport={"width": size, "height": 800}, color_scheme=theme)
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []


def test_it_is_whole_without_scripts(open_scenario: OpenScenario) -> None:
    page = open_scenario(java_script_enabled=False)
    assert page.locator(".wide svg").is_visible()
    assert page.locator("script").count() == 0


def test_paper_takes_the_whole_picture(open_scenario: OpenScenario) -> None:
    page = open_scenario(viewport={"width": 690, "height": 900})
    page.emulate_media(media="print")
    (frame,) = boxes(page, ".wide svg")
    assert 0 < frame["right"] <= 690


def test_forced_colours_keep_lines_and_cells(open_scenario: OpenScenario) -> None:
    page = open_scenario(forced_colors="active")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    line = page.locator(".wide .supplied").first.evaluate("one => getComputedStyle(one).stroke")
    edge = page.locator(".wide .step-all").first.evaluate("one => getComputedStyle(one).stroke")
    assert paper not in {line, edge}


def test_hostile_text_does_nothing(open_scenario: OpenScenario) -> None:
    page = open_scenario(hostile_outcome())
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
