"""The Sankey's page in a real browser: quiet, offline, within the window, readable in the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.sankey.page import Sankey, sankey_html
from tests.browser.conftest import OpenFile, eventually
from tests.browser.test_timeline_page import assert_apart, boxes
from tests.pages.sankeys import (
    crowded_sankey,
    hostile_sankey,
    hostile_table,
    small_sankey,
    small_table,
)
from tests.sharing import only_whole

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OpenSankey = Callable[..., "Page"]
CONTRAST = """all => all.map(one => {
    const light = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const style = getComputedStyle(one), paper = getComputedStyle(document.documentElement);
    const ink = light(one instanceof SVGElement ? style.fill : style.color);
    const ground = light(paper.backgroundColor);
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
})"""


@pytest.fixture
def open_sankey(open_file: OpenFile, tmp_path: Path) -> OpenSankey:
    """Open a picture's page."""

    def open_it(picture: Sankey, width: int = 1280, **options: Any) -> Page:
        path = tmp_path / "sankey.html"
        tables = [hostile_table() if picture == hostile_sankey() else small_table()]
        path.write_text(sankey_html(picture, tables, "View: all rows"), encoding="utf-8")
        return open_file(path, viewport={"width": width, "height": 800}, **options)

    return open_it


@pytest.mark.parametrize("width", [390, *only_whole(1280)])
@pytest.mark.parametrize(
    "picture", [*only_whole(small_sankey()), crowded_sankey(), hostile_sankey()]
)
def test_nothing_is_wider_than_the_window(
    picture: Sankey, width: int, open_sankey: OpenSankey
) -> None:
    page = open_sankey(picture, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.hacked") is None
    assert page.get_by_role("table").count() == 1
    if picture != hostile_sankey():
        assert_apart(boxes(page, "svg.sankey .label"))


def test_a_phone_moves_the_picture_and_the_table_by_keyboard(open_sankey: OpenSankey) -> None:
    page = open_sankey(small_sankey(), 390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "stripbox"
    assert eventually(
        page,
        lambda: page.evaluate("document.querySelector('.stripbox').scrollLeft") > 0,
        again=lambda: page.keyboard.press("ArrowRight"),
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "tablebox"
    sizes = page.locator("svg.sankey .label").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 10


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.whole)])
def test_words_stand_out_from_the_paper_and_gaps_are_hatched(
    scheme: str, open_sankey: OpenSankey
) -> None:
    page = open_sankey(small_sankey(), color_scheme=scheme)
    for words in (".label", ".number", ".head", ".key", ".unit"):
        assert min(page.locator(f"svg.sankey {words}").evaluate_all(CONTRAST)) >= 4.5
    assert min(page.locator("td, th, caption, li, p, h1").evaluate_all(CONTRAST)) >= 4.5
    fills = page.locator(".bar.gap rect").evaluate_all(
        "all => all.map(one => getComputedStyle(one).fill)"
    )
    assert all("sankey-hatch" in fill for fill in fills)
    assert page.get_by_role("region", name="Flows as a picture").is_visible()
