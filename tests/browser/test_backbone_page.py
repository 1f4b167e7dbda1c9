"""The backbone in a real browser: quiet, whole at every width, by keys, on paper, in a frame."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.backbone.page import backbone_html
from monazite.pages.graph.iframe import iframe
from monazite.pages.graph.page import graph_html
from tests.browser.conftest import eventually
from tests.browser.test_graph_page_parts import violations
from tests.conftest import view_in_memory
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone
from tests.pages.networks import small_findings, small_network
from tests.sharing import only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from monazite.findings.backbone.result import Backbone
    from tests.browser.conftest import OpenFile

pytestmark = pytest.mark.browser
OpenBackbone = Callable[..., "Page"]
SCREENS = {"1440": (1440, 900), "768": (768, 1024), "360": (360, 640)}
SHIFT = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) moved += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""
BOXES = """(name) => [...document.querySelectorAll(name)].filter((each) => each.checkVisibility())
  .map((each) => { const at = each.getBoundingClientRect();
    return [at.left, at.top, at.right, at.bottom]; })"""


@pytest.fixture
def open_backbone(open_file: OpenFile, tmp_path: Path) -> OpenBackbone:
    """Open the page of a backbone, with a network inside."""

    def open_it(backbone: Backbone | None = None, **options: Any) -> Page:
        whole = graph_html(small_network(), findings=small_findings())
        page = backbone_html(backbone or small_backbone(), view={"text": "View"}, network=whole)
        path = tmp_path / "backbone.html"
        path.write_text(page, encoding="utf-8")
        return open_file(path, **options)

    return open_it


def screen(name: str) -> dict[str, object]:
    wide, high = SCREENS[name]
    return {"viewport": {"width": wide, "height": high}}


def boxes(page: Page, name: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(BOXES, name)
    return found


@pytest.mark.parametrize("size", SCREENS)
def test_market_and_first_loss_are_on_the_first_screen(
    open_backbone: OpenBackbone, size: str
) -> None:
    page = open_backbone(**screen(size))
    wide, high = SCREENS[size]
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    [headline] = boxes(page, "h1")
    market = "svg.wide .buyer" if size == "1440" else "svg.stack .buyer"
    [drawn] = boxes(page, market)
    for box in (headline, drawn):
        assert box[0] >= 0
        assert box[2] <= wide
        assert box[3] <= high
    if size == "1440":
        [*_, last] = boxes(page, "svg.wide .card")
        assert last[3] <= high
    assert page.evaluate(SHIFT) < 0.1


def test_the_shipped_page_is_whole_on_the_first_screen(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "dy.html"
    view_in_memory().graph("Dy", "USA").write(path)
    page = open_file(path, **screen("1440"))
    assert all(box[3] <= 900 and box[2] <= 1440 for box in boxes(page, "svg.wide .card"))
    assert page.evaluate(SHIFT) < 0.1
    assert "China stopped separating" in page.locator("h1").inner_text()


@pytest.mark.parametrize("backbone", [small_backbone, unknown_backbone])
@pytest.mark.parametrize("size", ["1440", *only_whole("360")])
@pytest.mark.parametrize("scheme", ["light", *only_whole("dark")])
def test_axe_finds_nothing(
    open_backbone: OpenBackbone, backbone: Callable[[], Backbone], size: str, scheme: str
) -> None:
    page = open_backbone(backbone(), color_scheme=scheme, **screen(size))
    for summary in page.locator("details:not(#network) > summary").all():
        summary.click()
    assert violations(page) == []


def test_sites_open_by_keyboard_and_escape_goes_back(open_backbone: OpenBackbone) -> None:
    page = open_backbone(**screen("1440"))
    link = page.locator("svg.wide [data-opens=card-3]")
    assert "7 sites: 1 operating" in str(link.get_attribute("aria-label"))
    link.focus()
    page.keyboard.press("Enter")
    assert page.locator("#card-3").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.parentElement.id") == "card-3"
    assert page.get_by_text("Lovozero").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#card-3").get_attribute("open") is None
    assert page.evaluate("document.activeElement.dataset.opens") == "card-3"
    page.locator("svg.wide [data-opens=controls]").first.click()
    assert page.locator("#controls-list").is_visible()


def test_all_sites_and_links_are_drawn_when_asked_for(open_backbone: OpenBackbone) -> None:
    page = open_backbone(watch=False)
    noise: list[str] = []
    page.on("console", lambda line: noise.append(line.text))
    assert page.locator("#network iframe").get_attribute("srcdoc") is None
    page.locator("#network > summary").click()
    inside = page.frame_locator("#network iframe")
    inside.locator("html.drawn").wait_for(state="attached")
    assert inside.locator("#canvas canvas").is_visible()
    assert noise == []


def test_with_scripts_off_a_link_opens_the_sites(open_backbone: OpenBackbone) -> None:
    page = open_backbone(java_script_enabled=False, **screen("1440"))
    assert page.locator("svg.wide .card").count() == 10
    page.locator("svg.wide [data-opens=card-3]").click()
    assert eventually(page, lambda: page.get_by_text("Lovozero").is_visible())
    page.locator("#network > summary").click()
    assert "monazite graph --network" in page.locator("#network").inner_text()


@pytest.mark.parametrize("size", ["1440", "360"])
def test_hostile_labels_run_nothing_and_break_no_width(
    open_backbone: OpenBackbone, size: str
) -> None:
    page = open_backbone(hostile_backbone(), **screen(size))
    for summary in page.locator("details:not(#network) > summary").all():
        summary.click()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[size][0]


def test_print_forced_colours_dark_and_200_percent(open_backbone: OpenBackbone) -> None:
    # 1280 pixels at 200 % are 640 pixels of the page.
    page = open_backbone(viewport={"width": 640, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert page.locator("svg.stack").is_visible()
    page.emulate_media(media="print")
    assert page.locator("svg.wide").is_visible()
    assert not page.locator("svg.stack").is_visible()
    assert not page.locator("#network").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") in range(1, 3)
    page.emulate_media(media="screen", forced_colors="active")
    step = "getComputedStyle(document.querySelector('svg.stack .f-all')).fill"
    assert page.evaluate(step) == "rgb(143, 47, 5)"
    page.emulate_media(forced_colors="none", color_scheme="dark")
    assert page.evaluate(step) == "rgb(255, 183, 132)"


@pytest.mark.parametrize("held", ["src", *only_whole("srcdoc")])
def test_in_a_frame_it_is_drawn_and_opens_its_sites(
    open_file: OpenFile, tmp_path: Path, held: str
) -> None:
    inner = backbone_html(small_backbone(), network=graph_html(small_network()))
    (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
    more = {"src": "inner.html"} if held == "src" else {"page": inner}
    frame = iframe("Dy", (1300, 700), **more)
    (tmp_path / "outer.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
    page = open_file(tmp_path / "outer.html", watch=False, **screen("1440"))
    page.on("pageerror", lambda error: pytest.fail(escape(str(error))))
    inside = page.frame_locator("iframe").first
    inside.locator("svg.wide [data-opens=card-3]").click()
    assert inside.get_by_text("Lovozero").is_visible()
    inside.locator("#network > summary").click()
    network = inside.frame_locator("#network iframe")
    network.locator("html.drawn").wait_for(state="attached")
