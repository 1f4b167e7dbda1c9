"""A network's page in a real browser: its canvas, panel, search, sliders, filters, keys, frames."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from monazite.report.graph.details import stage_figures, stage_line
from monazite.report.graph.network_page import MAX_SCALE, graph_html
from monazite.report.graph.svg import draw
from tests.browser.conftest import eventually
from tests.browser.looks import FOCUSED, HACKED, WIDE, printed, unfold, violations
from tests.report.hostile import HOSTILE, hostile_network
from tests.report.networks import (
    add_arc,
    add_policy,
    add_stage_figures,
    large_network,
    small_findings,
    small_network,
)
from tests.sharing import only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Show

pytestmark = pytest.mark.browser


def small_page() -> str:
    return graph_html(small_network(), findings=small_findings())


def full_network() -> nx.MultiDiGraph[str]:
    """A network with everything that a page can show."""
    network = add_stage_figures(small_network())
    add_policy(network, "separation/CHN", "metal/VNM")
    for node, status in (("mine/Pangwa", "suspended"), ("mine/Lynas Mt Weld", "operating")):
        network.nodes[node].update(status=status, status_sure="perhaps", status_rows=("s/chn",))
    return network


def drawing_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("#drawing").text_content() or "{}")
    return found


def drawn_nodes(page: Page) -> dict[str, dict[str, Any]]:
    """The cards of a page by their labels."""
    return {node["label"] + "@" + node["stage"]: node for node in drawing_of(page)["nodes"]}


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the layout is on the screen at the default zoom."""
    box = page.locator("#canvas canvas").bounding_box()
    assert box is not None
    scale = box["width"] / drawing_of(page)["size"]["width"]
    return box["x"] + x * scale, box["y"] + y * scale


def click_card(page: Page, name: str) -> None:
    node = drawn_nodes(page)[name]
    page.locator("#canvas").scroll_into_view_if_needed()
    page.mouse.click(*on_screen(page, node["x"], node["y"]))


def settled(page: Page) -> bytes:
    """The drawing as a picture, once it no longer changes."""
    shots = [page.locator("#canvas").screenshot()]

    def is_still() -> bool:
        page.wait_for_timeout(100)
        shots.append(page.locator("#canvas").screenshot())
        return shots[-1] == shots[-2]

    assert eventually(page, is_still), "the drawing keeps changing"
    return shots[-1]


def redrawn(page: Page, before: bytes) -> bytes:
    """The drawing as a picture, once it is another one."""
    other = eventually(page, lambda: page.locator("#canvas").screenshot() != before)
    assert other, "the drawing stays as it was"
    return settled(page)


COLOURS = """([left, top, wide, high, whole]) => {
  const canvas = document.querySelector("#canvas canvas");
  const scale = canvas.width / whole;
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const ctx = copy.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(canvas, 0, 0);
  const area = [left, top, wide, high].map((part) => Math.round(part * scale));
  return new Set(new Uint32Array(ctx.getImageData(...area).data.buffer)).size;
}"""


def colours(page: Page, name: str) -> int:
    """How many colours the canvas has in a card's area: 1 where nothing is drawn."""
    node, whole = drawn_nodes(page)[name], drawing_of(page)["size"]["width"]
    left, top = node["x"] - node["wide"] / 2 + 8, node["y"] - node["high"] / 2 + 3
    area = [left, top, node["wide"] - 16, node["high"] - 6, whole]
    return int(page.evaluate(COLOURS, area))


def is_drawn(page: Page, card: str) -> bool:
    return eventually(page, lambda: colours(page, card) > 10)


def is_gone(page: Page, card: str) -> bool:
    return eventually(page, lambda: colours(page, card) == 1)


def test_cards_stand_where_the_layout_put_them_and_a_click_opens_facts_and_sources(
    show: Show,
) -> None:
    page = show(small_page())
    assert page.locator("html.drawn").count() == 1
    assert not page.locator(".stagebox > svg").is_visible()
    assert "99" in page.locator(".answer").inner_text()
    assert is_drawn(page, "China@separation")
    first = settled(page)
    page.wait_for_timeout(300)
    assert page.locator("#canvas").screenshot() == first
    click_card(page, "China@separation")
    panel = page.locator("#panel")
    text = panel.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        *("China", "中国", "Separation", "2,877 t REO", "contained Dy oxide"),
        *("99 % (from 95 % to 99 %)", "Separation recovers 92 % of the dysprosium."),
    ):
        assert part in text
    link = panel.locator("a").first
    assert str(link.get_attribute("href")).endswith("/mcs2025/mcs2025-rare-earths.pdf")
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_a_click_on_a_line_opens_the_link(show: Show) -> None:
    page = show(small_page())
    nodes = drawn_nodes(page)
    source, target = nodes["Vietnam@metal"], nodes["Japan@alloy"]
    start, end = source["x"] + source["wide"] / 2, target["x"] - target["wide"] / 2
    edges = drawing_of(page)["edges"]
    [way] = [e["way"] for e in edges if (e["from"], e["to"]) == (source["id"], target["id"])]
    numbers = [float(n) for n in way.replace("M", "").replace("C", " ").split()]
    page.mouse.click(*on_screen(page, (start + end) / 2 - 3, (numbers[1] + numbers[-1]) / 2))
    panel = page.locator("#panel").inner_text()
    for part in ("Vietnam", "Japan", "Dy oxide", "Trade (customs)"):
        assert part in panel


def test_search_and_table_open_the_panel_by_keys(show: Show) -> None:
    page = show(small_page())
    search = page.get_by_label("Find a country")
    said, title = page.locator("#search-said"), page.locator("#panel-title")
    search.fill("LYNAS")
    assert said.inner_text() == "2 matches"
    search.press("Enter")
    assert title.inner_text() == "Lynas Mt Weld"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "search"
    search.fill("日本")
    search.press("Enter")
    assert title.inner_text().startswith("Japan")
    search.fill("nowhere")
    assert said.inner_text() == "no match"
    page.locator("#nodes > summary").press("Enter")
    page.get_by_role("button", name="Myanmar", exact=True).press("Enter")
    assert title.inner_text() == "Myanmar 缅甸"
    assert page.evaluate(FOCUSED) == "panel"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Myanmar"


def test_the_slider_recomputes_as_python_does(show: Show) -> None:
    network = full_network()
    figures = {each.stage: each for each in stage_figures(network)}
    page = show(graph_html(network, findings=small_findings()))

    def is_as_in_python(stage: str, tier: int) -> bool:
        row = page.locator(f'#figures tr[data-stage="{stage}"] td')
        line = stage_line(figures[stage], tier)
        columns = ("year", "leader", "share", "hhi", "countries", "base")
        return [text.strip() for text in row.all_text_contents()] == [line[x] for x in columns]

    whole = settled(page)
    slider = page.get_by_label("Sources", exact=True)
    for tier in (3, 2, 1):
        slider.focus()
        slider.press("ArrowLeft")
        for stage in ("mine", "separation"):
            assert is_as_in_python(stage, tier), (stage, tier)
    assert stage_line(figures["separation"], 1)["hhi"] == "not known"  # a line is of tier 2
    redrawn(page, whole)
    slider.press("End")
    assert is_as_in_python("separation", 4)


@pytest.mark.whole
def test_the_legend_hides_kinds_links_and_stages(show: Show) -> None:
    page = show(small_page())
    assert is_drawn(page, "Pangwa@mine")
    page.get_by_label("Site", exact=True).uncheck()
    assert is_gone(page, "Pangwa@mine")
    assert colours(page, "Myanmar@mine") > 10
    page.get_by_label("Site", exact=True).check()
    page.get_by_label("Mine", exact=True).uncheck()
    assert is_gone(page, "Myanmar@mine")
    assert colours(page, "Vietnam@metal") > 10


@pytest.mark.whole
def test_filters_by_country_element_material_and_status(show: Show) -> None:
    network = full_network()
    for number, (*_, cells) in enumerate(network.edges(data=True)):
        cells["elements"] = (("Dy",), ("Tb",), ("Dy", "Tb"))[number % 3]
    page = show(graph_html(network))
    page.locator(".more > summary").click()

    def uncheck(label: str) -> None:
        page.locator(".more").get_by_label(label, exact=True).uncheck()

    for label, card in (("suspended", "Pangwa@mine"), ("Myanmar", "Myanmar@mine")):
        assert is_drawn(page, card)
        uncheck(label)
        assert is_gone(page, card)
    page.get_by_role("button", name="Country: none").click()
    assert is_gone(page, "China@separation")
    page.get_by_role("button", name="Country: all").click()
    assert is_drawn(page, "China@separation")
    shown = [settled(page)]
    for element in ("Dy", "Tb"):  # a link of both goes with the last of them
        uncheck(element)
        shown.append(redrawn(page, shown[-1]))
    assert shown[0] != shown[2]
    page.get_by_role("button", name="Element: all").click()
    before = redrawn(page, shown[-1])
    uncheck("Dy oxide")
    redrawn(page, before)


def test_the_panel_has_the_path_to_the_market_and_what_binds_a_link(show: Show) -> None:
    page = show(graph_html(full_network(), findings=small_findings()))
    click_card(page, "Myanmar@mine")
    route = [line.strip() for line in page.locator(".route li").all_inner_texts()]
    assert [line.split(" to ")[1] for line in route] == [
        *("China at separation", "China at metal", "China at alloy", "China at magnet"),
        "United States at use",
    ]
    page.locator(".route li").first.get_by_role("button", name="China").click()
    assert page.locator("#panel-title").inner_text() == "China 中国"
    assert "Dy at separation" in page.locator("#panel").inner_text()
    page.keyboard.press("Escape")
    page.locator("#links > summary").click()
    page.locator("#links tr", has_text="Licence <b>18</b>").get_by_role("button").click()
    text = page.locator("#panel").inner_text()
    for part in ("Vietnam 越南", "Licence <b>18</b>", "Binds this: export licence, in force"):
        assert part in text
    assert "Would bind this: export licence, suspended" in text
    assert text.index("Licence") < text.index("Sleeping ban")
    assert "The rule of policy/a." not in text
    page.locator("#panel .bound summary").click()
    assert "The rule of policy/a." in page.locator("#panel").inner_text()
    assert page.locator("#panel .bound").count() == 1


@pytest.mark.whole
def test_a_crowded_page_unfolds_where_the_reader_asks(show: Show) -> None:
    network = large_network(300)
    sites = [node for node, cells in network.nodes(data=True) if cells["kind"] == "site"]
    for place in range(0, len(sites) - 1, 2):
        add_arc(network, sites[place], sites[(place * 7 + 3) % len(sites)], "observed")
    page = show(graph_html(network))
    canvas, drawn = page.locator("#canvas"), drawn_nodes(page)
    assert len(drawn) < 150
    assert page.locator("#nodes tbody tr").count() == 300
    settled(page)
    before = canvas.bounding_box()
    click_card(page, next(name for name, node in drawn.items() if node.get("behind")))
    assert canvas.bounding_box() != before
    page.locator("#panel").get_by_role("button", name="Fold").click()
    assert eventually(page, lambda: canvas.bounding_box() == before)
    page.keyboard.press("Escape")
    page.get_by_label("Find a country").fill("mine works 71")
    page.get_by_label("Find a country").press("Enter")
    assert "mine works 71" in page.locator("#panel-title").inner_text()
    assert canvas.bounding_box() != before


@pytest.mark.whole
def test_the_picture_is_walked_with_arrow_keys(show: Show) -> None:
    page = show(small_page())
    page.get_by_role("button", name="Whole").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == "stage":
            break
    said = []
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
        said.append(str(page.locator("#stage-said").text_content()))
    assert [text.split(", ")[0] for text in said[:3]] == ["China", "China", "Southern Rare Earth"]
    assert "for good" in said[1]
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "panel"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "stage"


@pytest.mark.whole
def test_hostile_text_is_shown_and_does_not_run(show: Show) -> None:
    page = show(graph_html(hostile_network()))
    for name in ("nodes", "links", "facts"):
        page.locator(f"#{name} > summary").click()
    for button in page.locator("button.name").all():
        button.click()
        assert page.locator("#panel-title").inner_text()
    page.get_by_label("Find a country").fill("<img src=x")
    page.get_by_label("Find a country").press("Enter")
    assert page.locator("#panel-title").inner_text().strip().startswith(HOSTILE[1])
    page.keyboard.press("Escape")
    node = next(each for name, each in drawn_nodes(page).items() if name.startswith("<img"))
    page.locator("#canvas").scroll_into_view_if_needed()
    page.mouse.move(*on_screen(page, node["x"] - 3, node["y"]))
    page.mouse.move(*on_screen(page, node["x"], node["y"]))
    page.locator(".vis-tooltip").wait_for(state="visible")
    assert page.locator(".vis-tooltip").inner_text() == HOSTILE[1]
    assert page.locator("#panel img, #panel script, .vis-tooltip img").count() == 0
    assert page.evaluate(HACKED) is None


@pytest.mark.whole
def test_the_wheel_scrolls_the_page_and_zooms_only_with_ctrl(show: Show) -> None:
    page = show(graph_html(small_network()), viewport={"width": 1280, "height": 700})
    first = settled(page)
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(640, 600)
    assert eventually(
        page, lambda: page.evaluate("window.scrollY") > 50, again=lambda: page.mouse.wheel(0, 100)
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


@pytest.mark.whole
def test_a_full_page_on_a_phone_on_paper_and_by_axe(show: Show) -> None:
    page = show(
        graph_html(full_network(), findings=small_findings()),
        viewport={"width": 640, "height": 400},  # 1280 pixels at 200 %
    )
    assert page.evaluate(WIDE) <= 640
    assert page.evaluate("document.querySelector('#stage').scrollWidth") > 1000
    page.emulate_media(forced_colors="active")
    assert page.locator("#canvas canvas").is_visible()
    assert printed(page) in range(1, 8)
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator(".stagebox > svg").is_visible()
    assert not page.locator("#canvas").is_visible()
    assert not page.locator(".sliders").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    unfold(page)
    assert violations(page) == []


@pytest.mark.parametrize("held", ["src", *only_whole("page")])
def test_in_a_frame_the_page_draws_and_its_policy_holds(show_framed: Show, held: str) -> None:
    inner = graph_html(small_network())
    inner = inner.replace("<main>", "<main><img src='x' onerror='window.hacked = 2'>")
    page = show_framed(inner, held, size=(1400, 700))
    page.locator("iframe").scroll_into_view_if_needed()
    inside = page.frame_locator("iframe")
    inside.locator("html.drawn").wait_for(state="attached")
    assert inside.locator("#canvas canvas").is_visible()
    assert page.frames[1].evaluate(HACKED) is None
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(700 * 1120 / 1400 + 620)
    needed = page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert box["height"] >= needed * 0.8


@pytest.mark.parametrize("scripts", [True, False])
def test_a_part_of_few_cards_is_drawn_at_most_a_quarter_larger(scripts: bool, show: Show) -> None:
    """However wide the screen: one stage of a network is one column."""
    whole = full_network()
    part = whole.subgraph([x for x, cells in whole.nodes(data=True) if cells["stage"] == "mine"])
    width = draw(part).layout.width
    options = {"viewport": {"width": 1440, "height": 900}, "java_script_enabled": scripts}
    page = show(graph_html(part.copy()), **options)
    shown = page.locator("#canvas" if scripts else "#stage svg.picture").bounding_box()
    assert shown is not None
    assert width < shown["width"] <= MAX_SCALE * width + 1
