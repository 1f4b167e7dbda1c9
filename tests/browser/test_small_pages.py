"""What a reader does on other pages in a browser: keys, links, frames, paper, filters, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monazite.model.facilities.mapped_sites import MappedFlow, MappedSites
from monazite.report.brief.page import Extras, brief_html
from monazite.report.brief.seal import FORMAT, seal_page
from monazite.report.chain_diagram.page import backbone_html
from monazite.report.exposure_page import exposure_html
from monazite.report.figures.sites_map import map_drawing
from monazite.report.graph.network_page import graph_html
from monazite.report.graph.svg import graph_svg
from monazite.report.sankey.page import sankey_html
from monazite.report.scenario import scenario_html
from monazite.report.timeline import timeline_html, timeline_svg
from tests.bom.bills import example
from tests.browser.conftest import eventually
from tests.browser.looks import (
    GROUND,
    HACKED,
    SCREENS,
    SHIFT,
    WIDE,
    assert_apart,
    boxes,
    printed,
    screen,
)
from tests.conftest import view_in_memory
from tests.report.briefs import pictures, small_brief
from tests.report.diagrams import small_backbone
from tests.report.hostile import HOSTILE, hostile_network
from tests.report.networks import small_findings, small_network
from tests.report.outcomes import small_outcome
from tests.report.sankeys import small_sankey, small_table
from tests.report.test_map import LABELS, SITE
from tests.report.test_reference import KEPT
from tests.report.timelines import PAPER, hostile_timeline, small_timeline
from tests.sharing import only_whole

if TYPE_CHECKING:
    from tests.browser.conftest import Show

pytestmark = [pytest.mark.browser, pytest.mark.whole]

# The backbone


def backbone_page() -> str:
    whole = graph_html(small_network(), findings=small_findings())
    return backbone_html(small_backbone(), view={"text": "View"}, network=whole)


@pytest.mark.parametrize("size", SCREENS)
def test_market_and_first_loss_are_on_the_first_screen(show: Show, size: str) -> None:
    page = show(backbone_page(), **screen(size))
    wide, high = SCREENS[size]
    seen = [*boxes(page, "h1"), *boxes(page, "svg.wide .buyer"), *boxes(page, "svg.stack .buyer")]
    assert len(seen) == 2
    for box in (*seen, *boxes(page, "svg.wide .card")):
        assert box["left"] >= 0
        assert box["right"] <= wide
        assert box["bottom"] <= high
    assert page.evaluate(SHIFT) < 0.1


def test_the_shipped_page_is_whole_on_the_first_screen(show: Show) -> None:
    page = show(view_in_memory().graph("Dy", "USA").html, **screen("1440"))
    for box in boxes(page, "svg.wide .card"):
        assert box["bottom"] <= 900
        assert box["right"] <= 1440
    assert page.evaluate(SHIFT) < 0.1
    assert "China stopped separating" in page.locator("h1").inner_text()


def test_sites_open_by_keys_and_all_links_are_drawn_when_asked_for(show: Show) -> None:
    page = show(backbone_page(), watch=False, **screen("1440"))
    noise: list[str] = []
    page.on("console", lambda line: noise.append(line.text))
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
    assert page.locator("#network iframe").get_attribute("srcdoc") is None
    page.locator("#network > summary").click()
    inside = page.frame_locator("#network iframe")
    inside.locator("html.drawn").wait_for(state="attached")
    assert inside.locator("#canvas canvas").is_visible()
    assert noise == []


def test_with_scripts_off_a_link_opens_the_sites(show: Show) -> None:
    page = show(backbone_page(), java_script_enabled=False, **screen("1440"))
    assert page.locator("svg.wide .card").count() == 10
    page.locator("svg.wide [data-opens=card-3]").click()
    assert eventually(page, lambda: page.get_by_text("Lovozero").is_visible())
    page.locator("#network > summary").click()
    assert "monazite graph --network" in page.locator("#network").inner_text()


def test_print_forced_colours_dark_and_200_percent(show: Show) -> None:
    page = show(backbone_page(), viewport={"width": 640, "height": 400})  # of 1280 at 200 %
    assert page.locator("svg.stack").is_visible()
    page.emulate_media(media="print")
    assert page.locator("svg.wide").is_visible()
    assert not page.locator("svg.stack").is_visible()
    assert not page.locator("#network").is_visible()
    assert printed(page) in range(1, 3)
    page.emulate_media(media="screen", forced_colors="active")
    step = "getComputedStyle(document.querySelector('svg.stack .f-all')).fill"
    assert page.evaluate(step) == "rgb(143, 47, 5)"
    page.emulate_media(forced_colors="none", color_scheme="dark")
    assert page.evaluate(step) == "rgb(255, 183, 132)"


@pytest.mark.parametrize("held", ["src", *only_whole("page")])
def test_in_a_frame_it_is_drawn_and_opens_its_sites(show_framed: Show, held: str) -> None:
    page = show_framed(backbone_page(), held, size=(1300, 700), **screen("1440"))
    inside = page.frame_locator("iframe").first
    inside.locator("svg.wide [data-opens=card-3]").click()
    assert inside.get_by_text("Lovozero").is_visible()
    inside.locator("#network > summary").click()
    network = inside.frame_locator("#network iframe")
    network.locator("html.drawn").wait_for(state="attached")


# A brief, a bill, a scenario


def test_a_brief_answers_and_the_network_in_it_lives(show: Show) -> None:
    extras = Extras(pictures(), graph=graph_html(small_network()))
    text = brief_html(small_brief(), extras)
    page = show(seal_page(text, {"format": FORMAT, "says": "</script>"}, ""))
    assert page.get_by_role("heading", level=1).inner_text().startswith("The United States would")
    assert page.locator("#network").is_visible()
    assert not page.locator("iframe").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#network").is_visible()
    assert not page.locator("iframe").is_visible()
    page.emulate_media(media="screen")
    page.get_by_text("All sites and links").click()
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("canvas").wait_for()
    page.get_by_role("link", name="sources 1 to 3").click()
    assert page.url.endswith("#source-1")
    assert page.locator("#source-1").is_visible()


def test_keys_reach_what_rolls_and_opens_in_a_bill_and_paper_has_every_line(show: Show) -> None:
    page = show(exposure_html(example()))
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[:3] == [
        "What stops first",
        "Grams by kind of evidence",
        "Line by rule, with the arithmetic",
    ]
    second = page.locator("details").nth(1)
    assert not second.locator("table").is_visible()
    second.locator("summary").focus()
    page.keyboard.press("Enter")
    assert second.locator("table").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    page.get_by_role("link", name="What to ask next").click()
    assert page.url.endswith("#questions")
    page.emulate_media(media="print")
    assert page.locator("details table").last.is_visible()
    assert printed(page) in range(5, 13)


def test_a_scenario_has_a_picture_for_a_screen_and_one_for_a_phone(show: Show) -> None:
    page = show(scenario_html(small_outcome(), [PAPER]))
    wide, narrow = page.locator(".wide svg"), page.locator(".narrow svg")
    assert (wide.is_visible(), narrow.is_visible()) == (True, False)
    assert page.get_by_role("img", name="month by month").count() == 1
    folded = page.locator("details").first
    assert not folded.locator("table").is_visible()
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.locator("table").is_visible()
    cell = page.locator(".wide .step-all").first
    for scheme, hue in (("light", "rgb(143, 47, 5)"), ("dark", "rgb(255, 183, 132)")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert cell.evaluate("one => getComputedStyle(one).fill") == hue
    page.emulate_media(forced_colors="active")
    for look in (".supplied", ".step-all"):
        line = page.locator(f".wide {look}").first
        assert line.evaluate("one => getComputedStyle(one).stroke") != page.evaluate(GROUND)
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 390, "height": 844})
    assert (wide.is_visible(), narrow.is_visible()) == (False, True)
    heights = [box["bottom"] - box["top"] for box in boxes(page, ".narrow svg .small")]
    assert min(heights) >= 11


# A timeline, a Sankey


def test_the_list_of_a_timeline_opens_by_keys_and_a_number_leads_to_its_source(show: Show) -> None:
    page = show(timeline_html(small_timeline(), "View: all rows"))
    assert page.get_by_role("img", name="Works: timeline").count() == 1
    assert page.get_by_role("table", name="The events of the picture").is_visible()
    fill = "all => all.map(one => getComputedStyle(one).fill)"
    assert set(page.locator(".stripbox .solid").evaluate_all(fill)) == {"rgb(0, 104, 74)"}
    assert page.locator("tbody tr:visible").count() == len(small_timeline().short)
    page.locator("#all summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#all tbody tr:visible").count() == len(small_timeline().events)
    page.locator("tbody a", has_text="2").first.click()
    assert page.url.endswith("#source-2")
    assert "A blog: Notes, undated, weak" in page.locator("#source-2").inner_text()


def test_a_phone_reads_the_events_of_a_timeline_as_a_list(show: Show) -> None:
    page = show(timeline_html(small_timeline()), viewport={"width": 360, "height": 740})
    assert page.evaluate(WIDE) <= 360
    assert not page.locator(".stripbox").is_visible()
    rows = boxes(page, "tbody tr")
    assert len(rows) == len(small_timeline().short)
    assert max(row["right"] for row in rows) <= 360
    sizes = page.locator("tbody td").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


def test_a_phone_moves_the_sankey_and_its_table_by_keys(show: Show) -> None:
    page = show(
        sankey_html(small_sankey(), [small_table()], "View"), viewport={"width": 390, "height": 800}
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "stripbox"
    assert eventually(
        page,
        lambda: page.evaluate("document.querySelector('.stripbox').scrollLeft") > 0,
        again=lambda: page.keyboard.press("ArrowRight"),
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "tablebox"
    assert min(box["bottom"] - box["top"] for box in boxes(page, "svg.sankey .label")) >= 10
    fills = page.locator(".bar.gap rect").evaluate_all(
        "all => all.map(one => getComputedStyle(one).fill)"
    )
    assert all("sankey-hatch" in fill for fill in fills)


# The reference


def test_the_filter_of_the_reference_shows_what_has_all_the_words(show: Show) -> None:
    page = show(KEPT.read_text(encoding="utf-8"))
    filtered = page.get_by_label("Filter terms, columns and codes")

    def shown() -> list[str]:
        found: list[str] = page.locator("article:visible").evaluate_all("x => x.map(y => y.id)")
        return found

    whole = len(shown())
    filtered.fill("MERCHANT exempt")
    assert page.locator("#said").inner_text() == "0 terms"
    filtered.fill("exempts covers")
    found = shown()
    assert "PolicyScope" in found
    assert len(found) < 10
    assert page.locator("#said").inner_text() in {f"{len(found)} terms", "1 term"}
    assert not page.locator("#picture").is_visible()
    page.keyboard.press("Escape")
    assert len(shown()) == whole
    filtered.fill("recalledFrom")
    assert "Stage" not in shown()
    page.evaluate("location.hash = '#Stage'")  # a link to what is hidden shows it
    place = "document.getElementById('Stage').getBoundingClientRect().top"
    assert eventually(page, lambda: 0 <= page.evaluate(place) < 200)
    assert page.locator("#Stage h3").is_visible()


def test_a_click_selects_a_question_and_an_address_leads_to_its_term(show: Show) -> None:
    page = show(KEPT.read_text(encoding="utf-8"), anchor="#scheme-stage-mine")
    box = page.locator("#scheme-stage-mine").bounding_box()
    assert box is not None
    assert 40 <= box["y"] < 400, "below the filter, not behind it"
    line = page.locator(".paste").first
    line.click()
    selected = page.evaluate("getSelection().toString()")
    assert selected.strip() == line.inner_text().strip()
    assert selected.startswith("monazite query 'SELECT")


def test_the_picture_of_the_reference_leads_to_sections_and_paper_has_all_terms(show: Show) -> None:
    page = show(KEPT.read_text(encoding="utf-8"))
    page.locator("svg.classmap a[href='#Policy'] text").first.click()
    assert page.evaluate("location.hash") == "#Policy"
    claim = page.locator("svg.classmap .claim").filter(has=page.locator("a[href='#SupplyLink']"))
    colour = "one => getComputedStyle(one.querySelector('path')).stroke"
    before = claim.evaluate(colour)
    claim.locator("rect").hover()
    assert claim.evaluate(colour) != before
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(WIDE) <= 390
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert page.locator("#Policy").is_visible()
    page = show(KEPT.read_text(encoding="utf-8"), java_script_enabled=False)
    assert page.locator("svg.classmap").is_visible()
    assert page.locator("article").count() > 380


# Pictures as files

STATES = ("operating", "partly operating", "planned", "suspended", "closed", "not known")
FLOW = MappedFlow("A", "B", (120.0, -20.0), (-100.0, 40.0), 0.25, "A to B", ("baci/a",))


def map_of(labels: tuple[str, ...], states: tuple[str, ...]) -> str:
    sites = tuple(
        replace(
            SITE,
            facility=label,
            label=label,
            latitude=-35.0 + 4 * number,
            state=states[number % len(states)],
            tonnes=None,
        )
        for number, label in enumerate(labels)
    )
    found = MappedSites(sites, (), labels[0], flows=(FLOW,))
    return map_drawing(found, LABELS, "2026-11-24", 1096).svg()


FILES: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "map": (
        lambda: map_of(tuple(f"Site number {number}" for number in range(6)), STATES),
        lambda: map_of(HOSTILE, STATES),
    ),
    "timeline": (lambda: timeline_svg(small_timeline()), lambda: timeline_svg(hostile_timeline())),
    "network": (
        lambda: graph_svg(small_network(), small_findings()),
        lambda: graph_svg(hostile_network()),
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_picture_as_a_file_follows_the_screen_and_asks_for_nothing(kind: str, show: Show) -> None:
    page = show(FILES[kind][0](), ending="svg")
    paper = "getComputedStyle(document.querySelector('.paper')).fill"
    for scheme, hue in (("light", "rgb(251, 250, 247)"), ("dark", "rgb(21, 23, 27)")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(paper) == hue
    page.emulate_media(forced_colors="active")
    ink = page.evaluate("getComputedStyle(document.querySelector('.headline')).fill")
    assert ink != page.evaluate(paper)
    page.emulate_media(media="print", forced_colors="none")
    assert page.evaluate("document.documentElement.getBoundingClientRect().width") > 500
    if kind == "map":
        names = boxes(page, ".name")
        assert len(names) == len(STATES)
        assert_apart(names)
        assert page.locator(".strike").count() == 1
    page = show(FILES[kind][1](), ending="svg")
    assert page.evaluate(HACKED) is None
    assert page.evaluate("document.querySelectorAll('script, image, foreignObject').length") == 0
