"""The reference in a real browser: no request, no noise, and a filter that finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import OpenFile, eventually
from tests.pages.test_reference import KEPT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OpenReference = Callable[..., "Page"]


@pytest.fixture
def open_reference(open_file: OpenFile, tmp_path: Path) -> OpenReference:
    """Open the kept page, with markup planted or at an anchor."""

    def open_it(anchor: str = "", *, planted: str = "", **options: Any) -> Page:
        path = tmp_path / "ontology.html"
        text = KEPT.read_text(encoding="utf-8").replace("<main>", "<main>" + planted)
        path.write_text(text, encoding="utf-8")
        return open_file(path, anchor=anchor, **options)

    return open_it


def shown(page: Page) -> list[str]:
    return page.locator("article:visible").evaluate_all("all => all.map(one => one.id)")  # type: ignore[no-any-return]  # playwright says Any


def test_the_filter_shows_what_has_all_the_words(open_reference: OpenReference) -> None:
    page = open_reference()
    whole = len(shown(page))
    page.get_by_label("Filter terms, columns and codes").fill("MERCHANT exempt")
    assert page.locator("#said").inner_text() == "0 terms"
    page.get_by_label("Filter terms, columns and codes").fill("exempts covers")
    found = shown(page)
    assert "PolicyScope" in found
    assert len(found) < 10
    assert page.locator("#said").inner_text() in {f"{len(found)} terms", "1 term"}
    assert not page.locator("#picture").is_visible()
    page.keyboard.press("Escape")
    assert len(shown(page)) == whole


def test_a_click_selects_a_question_to_paste(open_reference: OpenReference) -> None:
    page = open_reference("#questions-to-paste")
    line = page.locator(".paste").first
    line.click()
    selected = page.evaluate("getSelection().toString()")
    assert selected.strip() == line.inner_text().strip()
    assert selected.startswith("monazite query 'SELECT")
    page.get_by_label("Filter terms, columns and codes").fill("exempts")
    assert not page.locator("#questions-to-paste").is_visible()


def test_a_link_to_a_hidden_term_shows_it(open_reference: OpenReference) -> None:
    page = open_reference()
    page.get_by_label("Filter terms, columns and codes").fill("recalledFrom")
    assert "Stage" not in shown(page)
    page.evaluate("location.hash = '#Stage'")
    place = "document.getElementById('Stage').getBoundingClientRect().top"
    assert eventually(page, lambda: 0 <= page.evaluate(place) < 200)
    assert page.locator("#Stage h3").is_visible()


def test_an_address_leads_to_the_term(open_reference: OpenReference) -> None:
    page = open_reference("#scheme-stage-mine")
    box = page.locator("#scheme-stage-mine").bounding_box()
    assert box is not None
    assert 40 <= box["y"] < 400, "below the filter, not behind it"


@pytest.mark.whole
def test_a_box_of_the_picture_leads_to_its_section(open_reference: OpenReference) -> None:
    page = open_reference()
    page.locator("svg.classmap a[href='#Policy'] text").first.click()
    assert page.evaluate("location.hash") == "#Policy"
    assert page.locator("#Policy h3").is_visible()


@pytest.mark.whole
def test_a_claim_under_the_pointer_shows_its_lines(open_reference: OpenReference) -> None:
    page = open_reference()
    claim = page.locator("svg.classmap .claim").filter(has=page.locator("a[href='#SupplyLink']"))
    colour = "one => getComputedStyle(one.querySelector('path')).stroke"
    before = claim.evaluate(colour)
    claim.locator("rect").hover()
    assert claim.evaluate(colour) != before


@pytest.mark.whole
def test_the_policy_stops_a_script_that_got_in(open_reference: OpenReference) -> None:
    page = open_reference(
        planted="<script>window.hacked = 1</script><img src='x' onerror='window.hacked = 2'>",
        watch=False,
    )
    assert page.locator("#filter").is_visible()
    assert page.evaluate("window.hacked") is None


@pytest.mark.whole
def test_without_scripts_everything_is_there(open_reference: OpenReference) -> None:
    page = open_reference(java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert page.locator("svg.classmap").is_visible()
    assert page.locator("article").count() > 380


@pytest.mark.whole
def test_a_dark_screen_gets_a_dark_page(open_reference: OpenReference) -> None:
    page = open_reference(color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == "rgb(251, 250, 247)"
    assert dark != "rgb(251, 250, 247)"


@pytest.mark.whole
def test_on_a_phone_the_page_does_not_scroll_sideways(open_reference: OpenReference) -> None:
    page = open_reference(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('#picture .wide').scrollWidth") >= 900


@pytest.mark.whole
def test_on_paper_the_tools_are_gone_and_the_terms_are_there(
    open_reference: OpenReference,
) -> None:
    page = open_reference()
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("#Policy").is_visible()
