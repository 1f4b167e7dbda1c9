from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import eventually, redrawn, settled
from tests.pages.hostile import HOSTILE, hostile_network
from tests.pages.networks import (
    large_network,
    small_findings,
    small_network,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def drawn_nodes(page: Page) -> dict[str, dict[str, Any]]:
    """The cards of a page by their labels."""
    drawing = json.loads(page.locator("#drawing").text_content() or "{}")
    return {node["label"] + "@" + node["stage"]: node for node in drawing["nodes"]}


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the layout is on the screen at the default zoom."""
    size = json.loads(page.locator("#drawing").text_content() or "{}")["size"]
    box = page.locator("#canvas canvas").bounding_box()
    assert box is not None
    scale = box["width"] / size["width"]
    return box["x"] + x * scale, box["y"] + y * scale


def click_card(page: Page, name: str) -> None:
    node = drawn_nodes(page)[name]
    page.locator("#canvas").scroll_into_view_if_needed()
    page.mouse.click(*on_screen(page, node["x"], node["y"]))


def colours(page: Page, name: str) -> int:
    """How many colours the canvas has in a card's area: 1 where nothing is drawn."""
    node = drawn_nodes(page)[name]
    size = json.loads(page.locator("#drawing").text_content() or "{}")["size"]
    return int(
        page.evaluate(
            """([left, top, wide, high, whole]) => {
              const canvas = document.querySelector("#canvas canvas");
              const scale = canvas.width / whole;
              const copy = document.createElement("canvas");
              copy.width = canvas.width;
              copy.height = canvas.height;
              const ctx = copy.getContext("2d", { willReadFrequently: true });
              ctx.drawImage(canvas, 0, 0);
              const area = [left, top, wide, high].map((part) => Math.round(part * scale));
              return new Set(new Uint32Array(ctx.getImageData(...area).data.buffer)).size;
            }""",
            [
                node["x"] - node["wide"] / 2 + 8,
                node["y"] - node["high"] / 2 + 3,
                node["wide"] - 16,
                node["high"] - 6,
                size["width"],
            ],
        )
    )


def test_a_page_opens_without_a_request_or_a_word_on_the_console(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings())
    assert page.locator("html.drawn").count() == 1
    assert page.locator("#canvas canvas").is_visible()
    assert not page.locator(".stagebox > svg").is_visible()
    assert "99" in page.locator(".answer").inner_text()


def test_a_picture_of_few_cards_is_not_blown_up(open_page: OpenPage) -> None:
    whole = small_network()
    part = whole.subgraph([node for node in whole if str(node).startswith("metal/")])
    page = open_page(part, viewport={"width": 1600, "height": 900})
    size = json.loads(page.locator("#drawing").text_content() or "{}")["size"]
    box = page.locator("#canvas canvas").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(1.25 * size["width"], abs=2)
    assert box["height"] <= 1.25 * size["height"] + 2


def test_the_canvas_shows_cards_where_the_layout_put_them(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings())
    assert eventually(page, lambda: colours(page, "China@separation") > 20)
    first = settled(page)
    page.wait_for_timeout(300)
    assert page.locator("#canvas").screenshot() == first


@pytest.mark.whole
def test_a_large_network_opens_quietly(open_page: OpenPage) -> None:
    page = open_page(large_network())
    assert page.locator("#canvas canvas").is_visible()
    assert page.locator("#nodes tbody tr").count() == 150


def test_a_click_on_a_card_opens_its_facts_and_sources(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings())
    click_card(page, "China@separation")
    panel = page.locator("#panel")
    assert panel.is_visible()
    text = panel.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for part in ("China", "中国", "Separation", "2,877 t REO", "contained Dy oxide", "99 %"):
        assert part in text
    assert "99 % (from 95 % to 99 %)" in text
    assert "Separation recovers 92 % of the dysprosium." in text
    link = panel.locator("a").first
    assert link.get_attribute("href") == (
        "https://pubs.usgs.gov/periodicals/mcs2025/mcs2025-rare-earths.pdf"
    )
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_a_click_on_a_line_opens_the_link(open_page: OpenPage) -> None:
    page = open_page(small_network())
    nodes = drawn_nodes(page)
    source, target = nodes["Vietnam@metal"], nodes["Japan@alloy"]
    start, end = source["x"] + source["wide"] / 2, target["x"] - target["wide"] / 2
    edges = json.loads(page.locator("#drawing").text_content() or "{}")["edges"]
    [way] = [e["way"] for e in edges if (e["from"], e["to"]) == (source["id"], target["id"])]
    numbers = [float(n) for n in way.replace("M", "").replace("C", " ").split()]
    page.mouse.click(*on_screen(page, (start + end) / 2 - 3, (numbers[1] + numbers[-1]) / 2))
    panel = page.locator("#panel").inner_text()
    for part in ("Vietnam", "Japan", "Dy oxide", "Trade (customs)"):
        assert part in panel


def test_search_selects_the_first_match(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings())
    page.get_by_label("Find a country").fill("LYNAS")
    assert page.locator("#search-said").inner_text() == "2 matches"
    page.get_by_label("Find a country").press("Enter")
    assert page.locator("#panel-title").inner_text() == "Lynas Mt Weld"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search"
    page.get_by_label("Find a country").fill("日本")
    page.get_by_label("Find a country").press("Enter")
    assert page.locator("#panel-title").inner_text().startswith("Japan")
    page.get_by_label("Find a country").fill("nowhere")
    assert page.locator("#search-said").inner_text() == "no match"


@pytest.mark.whole
def test_the_legend_hides_kinds_links_and_stages(open_page: OpenPage) -> None:
    page = open_page(small_network())
    assert eventually(page, lambda: colours(page, "Pangwa@mine") > 10)
    page.get_by_label("Site", exact=True).uncheck()
    assert eventually(page, lambda: colours(page, "Pangwa@mine") == 1)
    assert colours(page, "Myanmar@mine") > 10
    page.get_by_label("Site", exact=True).check()
    page.get_by_label("Mine", exact=True).uncheck()
    assert eventually(page, lambda: colours(page, "Myanmar@mine") == 1)
    assert colours(page, "Vietnam@metal") > 10


def test_the_table_opens_the_panel_from_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(small_network())
    page.locator("#nodes > summary").press("Enter")
    button = page.get_by_role("button", name="Myanmar", exact=True)
    button.press("Enter")
    assert page.locator("#panel-title").inner_text() == "Myanmar 缅甸"
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Myanmar"


@pytest.mark.whole
def test_hostile_text_is_shown_and_does_not_run(open_page: OpenPage) -> None:
    page = open_page(hostile_network())
    page.locator("#nodes > summary").click()
    page.locator("#links > summary").click()
    page.locator("#facts > summary").click()
    for button in page.locator("button.name").all():
        button.click()
        assert page.locator("#panel-title").inner_text()
    assert page.evaluate("window.hacked") is None
    page.get_by_label("Find a country").fill("<img src=x")
    page.get_by_label("Find a country").press("Enter")
    assert page.locator("#panel-title").inner_text().strip().startswith(HOSTILE[1])
    assert page.locator("#panel img, #panel script, .vis-tooltip img").count() == 0


@pytest.mark.whole
def test_a_hovered_label_is_text(open_page: OpenPage) -> None:
    page = open_page(hostile_network())
    name = next(name for name in drawn_nodes(page) if name.startswith("<img"))
    node = drawn_nodes(page)[name]
    page.mouse.move(*on_screen(page, node["x"] - 3, node["y"]))
    page.mouse.move(*on_screen(page, node["x"], node["y"]))
    page.locator(".vis-tooltip").wait_for(state="visible")
    assert page.locator(".vis-tooltip").inner_text() == HOSTILE[1]
    assert page.evaluate("window.hacked") is None


def test_the_policy_stops_a_script_that_got_in(open_page: OpenPage) -> None:
    page = open_page(
        small_network(),
        watch=False,
        change=lambda text: text.replace(
            "<main>",
            "<main><script>window.hacked = 1</script><img src='x' onerror='window.hacked = 2'>",
        ),
    )
    assert page.locator("html.drawn").count() == 1
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hacked = 3";
          document.body.append(script);
        }"""
    )
    assert page.evaluate("window.hacked") is None


def test_without_scripts_the_picture_and_the_tables_are_there(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings(), java_script_enabled=False)
    assert page.locator(".stagebox > svg").is_visible()
    assert page.locator("noscript p").is_visible()
    assert not page.locator("#search").is_visible()
    page.locator("#nodes > summary").click()
    assert page.locator("#nodes tbody tr").count() == len(small_network())
    assert page.locator("#nodes tbody tr").first.is_visible()


@pytest.mark.whole
def test_a_dark_screen_gets_a_dark_picture(open_page: OpenPage) -> None:
    page = open_page(small_network(), color_scheme="dark")
    light = "rgb(251, 250, 247)"
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) != light
    before = settled(page)
    page.emulate_media(color_scheme="light")
    assert eventually(page, lambda: page.evaluate(ground) == light)
    redrawn(page, before)


@pytest.mark.whole
def test_on_a_phone_the_page_does_not_scroll_sideways(open_page: OpenPage) -> None:
    page = open_page(
        small_network(),
        findings=small_findings(),
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('#stage').scrollWidth") > 1000


@pytest.mark.whole
def test_the_wheel_scrolls_the_page_and_zooms_only_with_ctrl(open_page: OpenPage) -> None:
    page = open_page(small_network(), viewport={"width": 1280, "height": 700})
    first = settled(page)
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(640, 600)
    assert eventually(
        page,
        lambda: page.evaluate("window.scrollY") > 50,
        again=lambda: page.mouse.wheel(0, 100),
    )
    page.mouse.move(2, 2)
    page.evaluate("window.scrollTo(0, 0)")
    assert settled(page) == first
    page.mouse.move(640, 400)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    closer = redrawn(page, first)
    page.get_by_role("button", name="Whole").click()
    page.mouse.move(2, 2)
    assert redrawn(page, closer) == first
