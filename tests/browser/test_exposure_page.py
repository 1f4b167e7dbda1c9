"""The page of a bill in a browser: quiet, whole without scripts, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.exposure.page import exposure_html
from tests.browser.conftest import OpenFile
from tests.browser.test_graph_page_parts import violations
from tests.browser.test_sankey_page import CONTRAST
from tests.findings.exposure.bills import example, hostile_exposure
from tests.sharing import only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from monazite.findings.exposure.exposure import Exposure

pytestmark = pytest.mark.browser
OpenBill = Callable[..., "Page"]


@pytest.fixture
def open_bill(open_file: OpenFile, tmp_path: Path) -> OpenBill:
    """Open the page of a bill."""

    def open_it(found: Exposure, width: int = 1280, **options: Any) -> Page:
        path = tmp_path / "bill.html"
        path.write_text(exposure_html(found), encoding="utf-8")
        return open_file(path, viewport={"width": width, "height": 800}, **options)

    return open_it


@pytest.mark.parametrize("width", [390, *only_whole(320, 1280)])
def test_hostile_names_run_nothing_and_widen_nothing(width: int, open_bill: OpenBill) -> None:
    page = open_bill(hostile_exposure(), width)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("scheme", ["dark", *only_whole("light")])
def test_it_is_whole_without_scripts_and_stands_out(scheme: str, open_bill: OpenBill) -> None:
    page = open_bill(example(), color_scheme=scheme, java_script_enabled=False)
    assert page.get_by_role("img", name="Grams of each rare earth in one product").is_visible()
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[:3] == [
        "What stops first",
        "Grams by kind of evidence",
        "Line by rule, with the arithmetic",
    ]
    for words in (".grams text", "td:visible, th:visible, caption, li, p, h1, h2, summary, a"):
        assert min(page.locator(words).evaluate_all(CONTRAST)) >= 4.5


def test_keys_reach_what_rolls_and_opens(open_bill: OpenBill) -> None:
    page = open_bill(example())
    second = page.locator("details").nth(1)
    assert not second.locator("table").is_visible()
    second.locator("summary").focus()
    page.keyboard.press("Enter")
    assert second.locator("table").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    page.get_by_role("link", name="What to ask next").click()
    assert page.url.endswith("#questions")


@pytest.mark.whole
@pytest.mark.parametrize("width", [390, *only_whole(1280)])
def test_axe_finds_nothing(width: int, open_bill: OpenBill) -> None:
    page = open_bill(example(), width)
    for summary in page.locator("details > summary").all()[1:]:
        summary.click()
    assert violations(page) == []


def test_paper_has_every_line_and_forced_colours_every_bar(open_bill: OpenBill) -> None:
    page = open_bill(example(), 690)
    page.emulate_media(media="print")
    assert page.locator("details table").last.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") in range(5, 13)
    page.emulate_media(media="screen", forced_colors="active")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    for bar in (".grams .least", ".grams text"):
        ink = page.locator(bar).first.evaluate("one => getComputedStyle(one).fill")
        assert ink != paper
