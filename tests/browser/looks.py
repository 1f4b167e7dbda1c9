"""What is asked of a page in a browser: where things stand, what axe finds, when it is still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE = "document.documentElement.scrollWidth"  # How wide a page is
FOCUSED = "document.activeElement.id"
HACKED = "window.hacked"
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
SCREENS = {"1440": (1440, 900), "768": (768, 1024), "360": (360, 640)}
SHIFT = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) moved += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""
"""How far things move while the page is drawn."""
BOXES = """all => all.filter((each) => each.checkVisibility()).map((each) => {
  const b = each.getBoundingClientRect();
  return { left: b.left, right: b.right, top: b.top, bottom: b.bottom }; })"""
GROUND = """(() => {
  const [root, body] = [document.documentElement, document.body]
    .map((each) => getComputedStyle(each).backgroundColor);
  return root === "rgba(0, 0, 0, 0)" ? body : root; })()"""
"""The colour of the paper."""
CONTRAST = f"""all => {{
    const light = text => {{ const [r, g, b] = text.match(/[0-9.]+/g).map(Number)
        .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; }};
    const ground = light({GROUND});
    return all.map(one => {{
        const style = getComputedStyle(one);
        const ink = light(one instanceof SVGElement ? style.fill : style.color);
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05); }}); }}"""
"""How far words stand out from the paper."""


def screen(name: str) -> dict[str, object]:
    wide, high = SCREENS[name]
    return {"viewport": {"width": wide, "height": high}}


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """Where what is visible stands."""
    found: list[dict[str, float]] = page.locator(selector).evaluate_all(BOXES)
    return found


def assert_apart(found: list[dict[str, float]]) -> None:
    """The box of a font is taller than its letters, in some fonts by a third."""
    for place, one in enumerate(found):
        spare = 0.2 * (one["bottom"] - one["top"])
        for other in found[place + 1 :]:
            beside = one["right"] <= other["left"] or other["right"] <= one["left"]
            above = one["bottom"] <= other["top"] + spare or other["bottom"] <= one["top"] + spare
            assert beside or above, (one, other)


def unfold(page: Page, selector: str = "details:not(#network)") -> None:
    """Open what is folded, but for a network, which is drawn when it is opened."""
    page.locator(selector).evaluate_all("all => all.forEach(each => { each.open = true; })")


def violations(page: Page) -> list[str]:
    """What axe finds."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: dict[str, Any] = axe.run(
        page, options={"runOnly": list(LEVELS), "preload": False}
    ).response
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {each['nodes'][0]['html'][:90]}" for each in found["violations"]]


def printed(page: Page) -> int:
    """Sheets of paper that a page takes."""
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
