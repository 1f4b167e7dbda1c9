"""What a reader does on a graph page beside opening it: sliders, filters, folds, keys, frames."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from monazite.pages.graph.iframe import iframe
from monazite.pages.graph.page import MAX_SCALE, graph_html
from monazite.pages.graph.source_tiers import stage_figures
from monazite.pages.graph.stage_panel import stage_line
from monazite.pages.graph.svg import draw
from tests.browser.conftest import eventually, redrawn, settled
from tests.browser.test_graph_page import click_card, colours, drawn_nodes
from tests.pages.networks import (
    add_arc,
    add_policy,
    add_stage_figures,
    large_network,
    small_findings,
    small_network,
)
from tests.sharing import only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import OpenFile, OpenPage

pytestmark = pytest.mark.browser
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def full_network() -> nx.MultiDiGraph[str]:
    """A network with everything that a page can show."""
    network = add_stage_figures(small_network())
    add_policy(network, "separation/CHN", "metal/VNM")
    for node, status in (("mine/Pangwa", "suspended"), ("mine/Lynas Mt Weld", "operating")):
        network.nodes[node].update(status=status, status_sure="perhaps", status_rows=("s/chn",))
    return network


def cells_of(page: Page, stage: str) -> list[str]:
    row = page.locator(f'#figures tr[data-stage="{stage}"] td')
    return [text.strip() for text in row.all_text_contents()]


def expected(network: nx.MultiDiGraph[str], stage: str, tier: int) -> list[str]:
    [found] = [each for each in stage_figures(network) if each.stage == stage]
    line = stage_line(found, tier)
    return [line[key] for key in ("year", "leader", "share", "hhi", "countries", "base")]


def slide(slider: Locator, keys: str, times: int = 1) -> None:
    slider.focus()
    for _ in range(times):
        slider.press(keys)


def test_the_slider_recomputes_as_python_does(open_page: OpenPage) -> None:
    network = full_network()
    page = open_page(network, findings=small_findings())
    whole = settled(page)
    for tier in (3, 2, 1):
        slide(page.get_by_label("Sources", exact=True), "ArrowLeft")
        for stage in ("mine", "separation"):
            assert cells_of(page, stage) == expected(network, stage, tier), (stage, tier)
    assert cells_of(page, "separation")[3] == "not known"  # Malaysia's line is part of the base
    redrawn(page, whole)
    slide(page.get_by_label("Sources", exact=True), "End")
    assert cells_of(page, "separation") == expected(network, "separation", 4)


@pytest.mark.whole
def test_filters_by_country_element_material_and_status(open_page: OpenPage) -> None:
    network = full_network()
    for number, (*_, cells) in enumerate(network.edges(data=True)):
        cells["elements"] = (("Dy",), ("Tb",), ("Dy", "Tb"))[number % 3]
    page = open_page(network)
    page.locator(".more > summary").click()

    def is_drawn(card: str) -> bool:
        return eventually(page, lambda: colours(page, card) > 10)

    def is_gone(card: str) -> bool:
        return eventually(page, lambda: colours(page, card) == 1)

    def uncheck(label: str) -> None:
        page.locator(".more").get_by_label(label, exact=True).uncheck()

    for label, card in (("suspended", "Pangwa@mine"), ("Myanmar", "Myanmar@mine")):
        assert is_drawn(card)
        uncheck(label)
        assert is_gone(card)
    page.get_by_role("button", name="Country: none").click()
    assert is_gone("China@separation")
    page.get_by_role("button", name="Country: all").click()
    assert is_drawn("China@separation")
    shown = [settled(page)]
    for element in ("Dy", "Tb"):  # a link of both goes with the last of them
        uncheck(element)
        shown.append(redrawn(page, shown[-1]))
    assert shown[0] != shown[2]
    page.get_by_role("button", name="Element: all").click()
    before = redrawn(page, shown[-1])
    uncheck("Dy oxide")
    redrawn(page, before)


def test_the_panel_has_the_path_to_the_market_and_what_binds_a_link(open_page: OpenPage) -> None:
    page = open_page(full_network(), findings=small_findings())
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
    row = page.locator("#links tr", has_text="Licence <b>18</b>")
    row.get_by_role("button").click()
    text = page.locator("#panel").inner_text()
    for part in ("Vietnam 越南", "Licence <b>18</b>", "Binds this: export licence, in force"):
        assert part in text
    assert "Would bind this: export licence, suspended" in text
    assert text.index("Licence") < text.index("Sleeping ban")
    assert "The rule of policy/a." not in text
    page.locator("#panel .bound summary").click()
    assert "The rule of policy/a." in page.locator("#panel").inner_text()
    assert page.locator("#panel .bound").count() == 1


def crowded_network() -> nx.MultiDiGraph[str]:
    network = large_network(300)
    sites = [node for node, cells in network.nodes(data=True) if cells["kind"] == "site"]
    for place in range(0, len(sites) - 1, 2):
        add_arc(network, sites[place], sites[(place * 7 + 3) % len(sites)], "observed")
    return network


@pytest.mark.whole
def test_a_crowded_page_unfolds_where_the_reader_asks(open_page: OpenPage) -> None:
    network = crowded_network()
    page = open_page(network)
    drawn = drawn_nodes(page)
    assert len(drawn) < 150
    assert page.locator("#nodes tbody tr").count() == 300
    heads = [name for name, node in drawn.items() if node.get("behind")]
    settled(page)
    before = page.locator("#canvas").bounding_box()
    click_card(page, heads[0])
    button = page.locator("#panel").get_by_role("button", name="Fold")
    assert button.is_visible()
    assert page.locator("#canvas").bounding_box() != before
    button.click()
    assert eventually(page, lambda: page.locator("#canvas").bounding_box() == before)
    page.keyboard.press("Escape")
    page.get_by_label("Find a country").fill("mine works 71")
    page.get_by_label("Find a country").press("Enter")
    assert "mine works 71" in page.locator("#panel-title").inner_text()
    assert page.locator("#canvas").bounding_box() != before


@pytest.mark.whole
def test_the_picture_is_walked_with_arrow_keys(open_page: OpenPage) -> None:
    page = open_page(small_network(), findings=small_findings())
    page.get_by_role("button", name="Whole").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "stage":
            break
    said = []
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
        said.append(page.locator("#stage-said").text_content())
    assert [str(text).split(", ")[0] for text in said[:3]] == [
        *("China", "China", "Southern Rare Earth")
    ]
    assert "loss 99" in str(said[1])
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "stage"


def violations(page: Page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: dict[str, Any] = axe.run(page, options={"runOnly": list(LEVELS), "preload": False})
    found = found.response  # type: ignore[attr-defined]
    assert len(found["passes"]) > 20
    return [f"{each['id']}: {each['nodes'][0]['html'][:90]}" for each in found["violations"]]


@pytest.mark.whole
@pytest.mark.parametrize("scheme", ["light", *only_whole("dark")])
def test_axe_finds_nothing(open_page: OpenPage, scheme: str) -> None:
    page = open_page(full_network(), findings=small_findings(), color_scheme=scheme)
    for summary in page.locator("details > summary").all():
        summary.click()
    click_card(page, "China@separation")
    assert page.locator("#panel").is_visible()
    assert violations(page) == []


@pytest.mark.whole
def test_print_forced_colours_and_200_percent(open_page: OpenPage) -> None:
    # 1280 pixels at 200 % are 640 pixels of the page.
    page = open_page(
        full_network(), findings=small_findings(), viewport={"width": 640, "height": 400}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.emulate_media(forced_colors="active")
    assert page.locator("#canvas canvas").is_visible()
    pdf = page.pdf(format="A4", landscape=True)
    assert pdf[:5] == b"%PDF-"
    assert pdf.count(b"/Type /Page\n") in range(1, 8)
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator(".stagebox > svg").is_visible()
    assert not page.locator("#canvas").is_visible()
    assert not page.locator(".sliders").is_visible()


@pytest.mark.parametrize("held", ["src", *only_whole("srcdoc")])
def test_in_a_frame_the_page_draws_and_its_policy_holds(
    open_file: OpenFile, tmp_path: Path, held: str
) -> None:
    inner = graph_html(small_network())
    inner = inner.replace("<main>", "<main><img src='x' onerror='window.hacked = 2'>")
    (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
    more = {"src": "inner.html"} if held == "src" else {"page": inner}
    title = '"Dy" <graph>'
    frame = iframe(title, (1400, 700), **more)
    assert f'title="{escape(title)}"' in frame
    (tmp_path / "outer.html").write_text(f"<!doctype html><p>Text</p>{frame}", encoding="utf-8")
    page = open_file(tmp_path / "outer.html", watch=False)
    page.locator("iframe").scroll_into_view_if_needed()
    inside = page.frame_locator("iframe")
    inside.locator("html.drawn").wait_for(state="attached")
    assert inside.locator("#canvas canvas").is_visible()
    assert page.frames[1].evaluate("window.hacked") is None
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(700 * 1120 / 1400 + 620)
    needed = page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert box["height"] >= needed * 0.8


@pytest.mark.parametrize("scripts", [True, False])
def test_a_part_of_few_cards_is_drawn_at_most_a_quarter_larger(
    scripts: bool, open_page: OpenPage
) -> None:
    """However wide the screen: one stage of a network is one column."""
    whole = full_network()
    part = whole.subgraph([x for x, cells in whole.nodes(data=True) if cells["stage"] == "mine"])
    width = draw(part).layout.width
    page = open_page(
        part.copy(), viewport={"width": 1440, "height": 900}, java_script_enabled=scripts
    )
    shown = page.locator("#canvas" if scripts else "#stage svg.picture").bounding_box()
    assert shown is not None
    assert shown["width"] <= MAX_SCALE * width + 1
    assert shown["width"] > width
