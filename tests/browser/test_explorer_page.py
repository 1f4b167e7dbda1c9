"""The explorer in a real browser: quiet, whole without script, by keys, by address, on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.explorer.page import ExplorerParts, explorer_html
from monazite.pages.graph.iframe import iframe
from tests.browser.conftest import eventually
from tests.browser.test_backbone_page import SCREENS, SHIFT, boxes, screen
from tests.browser.test_graph_page_parts import violations
from tests.pages.explorers import hostile_parts, parts
from tests.sharing import only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenFile

pytestmark = pytest.mark.browser
OpenExplorer = Callable[..., "Page"]


@pytest.fixture
def open_explorer(open_file: OpenFile, tmp_path: Path) -> OpenExplorer:
    """Open an explorer."""

    def open_it(held: ExplorerParts | None = None, **options: Any) -> Page:
        path = tmp_path / "explorer.html"
        path.write_text(explorer_html(held or parts()), encoding="utf-8")
        return open_file(path, **options)

    return open_it


def says(page: Page, text: str) -> bool:
    """Tell whether the headline comes to say something."""
    return eventually(page, lambda: text in page.locator("#view h1").inner_text())


def has_card(page: Page, text: str) -> bool:
    """Tell whether a card comes to say something."""
    return eventually(page, lambda: text in page.locator("#entity-card").inner_text())


@pytest.mark.parametrize("size", SCREENS)
def test_the_first_screen_has_headline_and_first_loss(
    open_explorer: OpenExplorer, size: str
) -> None:
    page = open_explorer(**screen(size))
    wide, high = SCREENS[size]
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    for name in ("#view h1", "svg.wide .buyer" if size == "1440" else "svg.stack .f-all"):
        box = boxes(page, name)[0]
        assert box[0] >= 0
        assert box[2] <= wide
        assert box[3] <= high
    assert page.evaluate(SHIFT) < 0.1


def test_another_element_and_market_and_back(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("1440"))
    page.locator("#market").select_option("JPN")
    assert says(page, "Japan would lose half")
    assert page.evaluate("location.hash") == "#element=Dy&market=JPN"
    page.locator("#element").select_option("Sc")  # which is not shown for Japan
    assert says(page, "scandium is not known")
    assert page.locator("#market").input_value() == "USA"
    assert page.title() == "Scandium for the United States: Monazite"
    page.go_back()
    assert says(page, "Japan would lose half")
    assert page.locator("#market").input_value() == "JPN"
    page.go_back()
    assert says(page, "The United States would lose all")
    page.go_forward()
    assert says(page, "Japan would lose half")


def test_the_address_alone_brings_view_sources_card_and_comparison(
    open_explorer: OpenExplorer,
) -> None:
    page = open_explorer(
        anchor="#element=Dy&market=USA&tier=1&with=Dy/JPN&card=organisation/mp", **screen("1440")
    )
    assert says(page, "scandium is not known")  # the made-up view at this tier
    assert has_card(page, "MP Materials")
    assert page.locator("#tier").input_value() == "1"
    assert page.locator("#compared").is_visible()
    assert page.locator("#compared tbody tr").count() > 3
    assert "not in this view" in page.locator("#compared").inner_text()


def test_the_foot_says_the_data_of_the_tier(open_explorer: OpenExplorer) -> None:
    page = open_explorer()
    foot = page.locator("#data")
    assert foot.inner_text() == "Data: all."
    page.evaluate("location.hash = '#element=Dy&market=USA&tier=1'")
    assert eventually(page, lambda: foot.inner_text() == "Data: tier 1.")
    page.go_back()
    assert eventually(page, lambda: foot.inner_text() == "Data: all.")


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        (
            "#element=Xx&tier=9&with=a/b&tab=c",
            "does not hold element Xx, tier 9, with a/b, tab c: it shows Dysprosium for",
        ),
        ("#market=%E2%80%AE%3Cb", "does not hold market ??b: it shows Dysprosium for the United"),
        ("#elment=Nd&element=Dy", "does not hold elment Nd: it shows Dysprosium for"),
        ("#card-0-list", ""),
        ("#=&&=%", ""),
        ("#market=JPN&element=", ""),
    ],
)
def test_an_address_that_names_nothing_brings_a_view_and_says_so(
    open_explorer: OpenExplorer, anchor: str, said: str
) -> None:
    page = open_explorer(anchor=anchor)
    assert eventually(page, lambda: page.locator("#view h1").is_visible())
    trouble = page.locator("#trouble")
    assert eventually(page, lambda: trouble.is_visible() == bool(said))
    assert said in trouble.inner_text()
    if said:
        assert page.locator(".bar").get_by_role("alert").inner_text() == trouble.inner_text()


def test_by_keys_alone_from_search_to_source(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("1440"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("materials")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() == 1)
    assert "MP Materials" in page.locator("#hits [aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    assert has_card(page, "MP Materials")
    assert eventually(page, lambda: page.evaluate("document.activeElement.tagName") == "H2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href") == "https://a.org/18"
    page.keyboard.press("Escape")
    assert eventually(page, lambda: not page.locator("#entity").is_visible())
    assert page.evaluate("document.activeElement.id") == "search"


def test_from_card_to_card_by_keys_and_back(open_explorer: OpenExplorer) -> None:
    page = open_explorer(anchor="#card=organisation/mp", **screen("1440"))
    assert has_card(page, "MP Materials")
    assert eventually(page, lambda: page.evaluate("document.activeElement.tagName") == "H2")
    link = page.locator("#entity-card a[data-card='facility/Lovozero']")
    for _ in range(3):
        page.keyboard.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert has_card(page, "Lovozero mine")
    assert eventually(page, lambda: page.evaluate("document.activeElement.tagName") == "H2")
    assert page.evaluate("location.hash") == "#element=Dy&market=USA&card=facility/Lovozero"
    page.go_back()
    assert eventually(page, lambda: "MP Materials" in page.locator("#entity h2").inner_text())
    there = "document.activeElement.dataset.card"
    assert eventually(page, lambda: page.evaluate(there) == "facility/Lovozero")
    page.go_forward()
    assert eventually(page, lambda: "Lovozero" in page.locator("#entity h2").inner_text())


@pytest.mark.parametrize("group", ["marks", "lanes"])
def test_marks_are_one_stop_of_the_tab_key_and_arrows_go_on(
    open_explorer: OpenExplorer, group: str
) -> None:
    page = open_explorer(**screen("1440"))
    marks = page.locator(f"#{group} .site")
    assert page.locator(f"#{group} [tabindex='0']").count() == 1
    assert all(each.get_attribute("aria-label") for each in marks.all())
    marks.first.focus()
    names = [marks.first.get_attribute("aria-label")]
    assert page.locator(f"#{group}-said").inner_text() == names[0]
    for _ in range(marks.count() - 1):
        page.keyboard.press("ArrowRight")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len({*names}) == marks.count()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == names[0]
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == names[-1]
    assert page.locator(f"#{group} [tabindex='0']").count() == 1
    page.keyboard.press("Home")
    card = page.evaluate("document.activeElement.dataset.card")
    page.keyboard.press("Enter")
    assert eventually(page, lambda: page.locator("#entity h2").is_visible())
    page.keyboard.press("Escape")
    assert eventually(page, lambda: not page.locator("#entity").is_visible())
    assert page.evaluate("document.activeElement.dataset.card") == card


def test_the_rules_are_those_of_the_sources_that_were_chosen(open_explorer: OpenExplorer) -> None:
    page = open_explorer(anchor="#tab=rules", **screen("1440"))
    rules, count = page.locator("#rules"), page.locator("#rules-count")
    assert eventually(page, lambda: "Rules in force on 24 Nov 2026 (1)" in rules.inner_text())
    assert count.inner_text() == "1"
    assert "Rules that may be in force on 24 Nov 2026 (1)" in rules.inner_text()
    assert "We found none" not in rules.inner_text()
    page.evaluate("location.hash = '#tab=rules&tier=1'")
    assert eventually(page, lambda: count.inner_text() == "0")
    assert "We found none in the data used" in rules.inner_text()
    page.go_back()
    assert eventually(page, lambda: count.inner_text() == "1")


def test_labels_of_the_pictures_can_be_read_on_a_phone(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("360"))
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.map text, svg.lanes text')].map(each => "
        "parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"
    )
    assert sizes
    assert min(sizes) >= 9.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_rules_fit_a_phone(open_explorer: OpenExplorer) -> None:
    page = open_explorer(anchor="#tab=rules", **screen("360"))
    assert eventually(page, lambda: page.locator("#rules .acts").first.is_visible())
    for box in boxes(page, "#rules .acts tbody td, #rules .acts tbody th"):
        assert box[2] <= 360
        assert box[2] - box[0] > 200
    assert page.locator("#rules [role=rowheader]").first.is_visible()


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("洛沃", "Lovozero mine"),
        ("LOVO", "Lovozero mine"),
        ("announcement 18", "Controls on seven elements"),
        ("ministry", "Notice 18"),
        ("a ministry notice", "Notice 18"),
        ("mp", "MP Materials"),
    ],
)
def test_the_search_finds_firms_aliases_chinese_names_acts_and_sources(
    open_explorer: OpenExplorer, asked: str, first: str
) -> None:
    page = open_explorer()
    page.locator("#search").fill(asked)
    hits = page.locator("#hits [role=option]")
    assert eventually(page, lambda: hits.count() > 0)
    assert first in hits.first.inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    hits.first.click()
    assert has_card(page, first)


def test_a_search_that_finds_nothing_says_so(open_explorer: OpenExplorer) -> None:
    page = open_explorer()
    page.locator("#search").fill("nosuchthing")
    assert eventually(page, lambda: page.locator("#said").inner_text() == "0 found")
    assert not page.locator("#hits").is_visible()


def test_card_chain_map_and_events_are_linked(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("1440"))
    page.locator("#marks .site[data-card='facility/Lovozero']").click()
    assert has_card(page, "Lovozero mine")
    lit = page.locator(".lit")
    assert eventually(page, lambda: lit.count() >= 4)
    for name in ("#marks .site.lit", "#lanes .site.lit", "#view .card.lit", "#behind-it a.lit"):
        assert page.locator(name).count() >= 1, name
    page.locator("#close").click()
    assert eventually(page, lambda: lit.count() == 0)
    page.locator("svg.wide [data-opens=card-3]").click()
    page.locator("#behind-it a[data-card='facility/Lovozero']").click()
    assert has_card(page, "Lovozero mine")
    page.locator("#entity-card a[data-element=Dy]").click()
    assert eventually(page, lambda: not page.locator("#entity").is_visible())


def test_two_views_are_compared_line_by_line(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("1440"))
    page.locator("#tools > summary").click()
    page.locator("#other-element").select_option("Dy")
    assert eventually(page, lambda: page.locator("#compared tbody tr").count() > 3)
    page.locator("#other-market").select_option("JPN")
    heads = page.locator("#compared thead th").all_inner_texts()
    assert heads[2:4] == ["Dysprosium for the United States", "Dysprosium for Japan"]
    assert page.locator("#compared tbody tr").first.locator("svg").count() == 2
    page.locator("#other-element").select_option("")
    assert eventually(page, lambda: not page.locator("#compared").is_visible())


def test_a_tab_shows_the_scenarios_of_the_market_alone(open_explorer: OpenExplorer) -> None:
    page = open_explorer(**screen("1440"))
    section = page.locator("#behind-it > .scenarios")
    assert not section.is_visible()
    page.locator("#tab-scenarios").click()
    assert eventually(page, section.is_visible)
    assert "A border closes" in section.inner_text()
    assert page.locator("#view h1").is_visible()
    for name in ("svg.wide", "#places", "#behind-it details", "#tools", "#rules"):
        assert not page.locator(name).first.is_visible(), name
    current = page.locator(".tabs [aria-current=page]")
    assert current.all_inner_texts() == ["Scenarios"]
    assert page.title().startswith("Scenarios, ")
    assert "tab=scenarios" in page.url
    assert violations(page) == []
    page.locator("#market").select_option("JPN")
    assert eventually(page, lambda: "No scenario is worked out" in section.inner_text())
    assert section.is_visible(), "the tab stays when the market is another"
    page.locator("#tab-chain").click()
    assert eventually(page, page.locator("#places").is_visible)
    assert not section.is_visible()
    assert current.all_inner_texts() == ["Chain"]
    page.go_back()
    assert eventually(page, section.is_visible)


def test_a_tab_lists_the_rules_in_force(open_explorer: OpenExplorer) -> None:
    page = open_explorer()
    page.locator("#tab-rules").click()
    assert eventually(page, lambda: page.locator("#rules").is_visible())
    assert not page.locator("#chain").is_visible()
    assert page.locator("#tab-rules").get_attribute("aria-current") == "page"
    assert page.locator("#tab-chain").get_attribute("aria-current") is None
    page.go_back()
    assert eventually(page, lambda: page.locator("#chain").is_visible())


@pytest.mark.whole
@pytest.mark.parametrize("size", ["1440", *only_whole("360")])
@pytest.mark.parametrize("scheme", ["light", *only_whole("dark")])
def test_axe_finds_nothing(open_explorer: OpenExplorer, size: str, scheme: str) -> None:
    page = open_explorer(color_scheme=scheme, **screen(size))
    for summary in page.locator("#chain details > summary").all():
        summary.click()
    assert violations(page) == []
    page.locator("#other-element").select_option("Dy")
    page.locator("#search").fill("m")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() > 0)
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert eventually(page, lambda: page.locator("#entity h2").is_visible())
    assert violations(page) == []
    page.locator("#close").click()
    page.locator("#tab-rules").click()
    assert eventually(page, lambda: page.locator("#rules").is_visible())
    assert violations(page) == []


def test_with_scripts_off_the_first_view_is_whole(open_explorer: OpenExplorer) -> None:
    page = open_explorer(java_script_enabled=False, **screen("1440"))
    assert page.locator("svg.wide .card").count() == 10
    assert page.locator("#marks .site").count() == 2
    assert page.locator("#lanes .site").count() == 4
    assert page.locator("#rules").is_visible()
    assert page.locator("#behind-it > .scenarios").is_visible()
    assert not page.locator("#search").is_visible()
    assert "Scripts are off" in page.locator(".bar").inner_text()
    page.locator("svg.wide [data-opens=card-3]").click()
    assert eventually(page, lambda: page.locator("#card-3-list").is_visible())


def test_a_browser_that_cannot_unpack_says_so(open_explorer: OpenExplorer) -> None:
    page = open_explorer()
    page.evaluate("delete window.DecompressionStream")
    page.locator("#market").select_option("JPN")
    assert eventually(page, lambda: page.locator("#trouble").is_visible())
    assert "cannot unpack" in page.locator("#trouble").inner_text()
    assert page.locator("#view").inner_text() == "This view could not be worked out"
    assert not page.locator("#places").is_visible()


@pytest.mark.parametrize("size", ["1440", "360"])
def test_hostile_labels_run_nothing_and_break_no_width(
    open_explorer: OpenExplorer, size: str
) -> None:
    page = open_explorer(hostile_parts(), **screen(size))
    for summary in page.locator("details > summary").all():
        summary.click()
    page.locator("#other-element").select_option("Dy")
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[size][0]
    page.locator("#search").fill("a")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() > 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[size][0]
    page.keyboard.press("Enter")
    assert eventually(page, lambda: page.locator("#entity h2").is_visible())
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[size][0]
    assert page.evaluate("window.hacked") is None


def test_print_forced_colours_dark_and_200_percent(open_explorer: OpenExplorer) -> None:
    # 1280 pixels at 200 % are 640 pixels of the page.
    page = open_explorer(anchor="#card=organisation/mp", viewport={"width": 640, "height": 400})
    assert has_card(page, "MP Materials")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.emulate_media(media="print")
    assert page.locator("svg.wide").is_visible()
    assert page.locator("#entity-card").is_visible()
    assert not page.locator(".bar").is_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") in range(1, 6)
    page.emulate_media(media="screen", forced_colors="active")
    step = "getComputedStyle(document.querySelector('svg.stack .f-all')).fill"
    assert page.evaluate(step) == "rgb(143, 47, 5)"
    page.emulate_media(forced_colors="none", color_scheme="dark")
    assert page.evaluate(step) == "rgb(255, 183, 132)"


@pytest.mark.parametrize("market", ["USA", "JPN"])
def test_each_view_prints_on_few_pages(open_explorer: OpenExplorer, market: str) -> None:
    page = open_explorer(anchor=f"#market={market}", **screen("1440"))
    assert says(page, {"USA": "United States", "JPN": "Japan"}[market])
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") in range(1, 4)


def test_paper_gets_the_sources_and_no_hints_and_the_page_stays_as_it_was(
    open_explorer: OpenExplorer,
) -> None:
    page = open_explorer(**screen("1440"))
    folds = page.locator("#behind-it details[open]")
    assert folds.count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert {each.get_attribute("id") for each in folds.all()} <= {"controls", "sources"}
    assert folds.count() >= 1
    assert not page.locator("#marks-said").is_visible()
    assert page.locator("#marks .site").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert folds.count() == 0


@pytest.mark.parametrize("held", ["src", "srcdoc"])
def test_in_a_frame_it_goes_from_view_to_view(
    open_file: OpenFile, tmp_path: Path, held: str
) -> None:
    inner = explorer_html(parts())
    (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
    more = {"src": "inner.html"} if held == "src" else {"page": inner}
    frame = iframe("Dy", (1300, 700), **more)
    (tmp_path / "outer.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
    page = open_file(tmp_path / "outer.html", watch=False, **screen("1440"))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    inside = page.frame_locator("iframe").first
    inside.locator("#market").select_option("JPN")
    assert eventually(page, lambda: "Japan" in inside.locator("#view h1").inner_text())
    inside.locator("#search").fill("lovo")
    inside.locator("#hits [role=option]").first.click()
    assert eventually(page, lambda: inside.get_by_text("Makes oxide").is_visible())
