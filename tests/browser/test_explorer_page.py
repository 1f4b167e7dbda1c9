"""The explorer in a real browser: by choice, address and keys, with cards, on paper, in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monazite.report.explorer.page import explorer_html
from tests.browser.conftest import eventually
from tests.browser.looks import (
    FOCUSED,
    HACKED,
    SCREENS,
    SHIFT,
    WIDE,
    boxes,
    printed,
    screen,
    unfold,
    violations,
)
from tests.report.explorers import hostile_parts, parts

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Show

pytestmark = [pytest.mark.browser, pytest.mark.whole]
TAG, NAME = "document.activeElement.tagName", "document.activeElement.getAttribute('aria-label')"


def says(page: Page, text: str) -> bool:
    """Tell whether the headline comes to say something."""
    return eventually(page, lambda: text in page.locator("#view h1").inner_text())


def has_card(page: Page, text: str) -> bool:
    """Tell whether a card comes to say something."""
    return eventually(page, lambda: text in page.locator("#entity-card").inner_text())


def is_shown(page: Page, name: str, shown: bool = True) -> bool:
    """Tell whether something comes to be visible, or to be gone."""
    return eventually(page, lambda: page.locator(name).first.is_visible() == shown)


@pytest.mark.parametrize("size", SCREENS)
def test_the_first_screen_has_headline_and_first_loss(show: Show, size: str) -> None:
    page = show(explorer_html(parts()), **screen(size))
    wide, high = SCREENS[size]
    assert page.evaluate(WIDE) <= wide
    for name in ("#view h1", "svg.wide .buyer" if size == "1440" else "svg.stack .f-all"):
        box = boxes(page, name)[0]
        assert box["left"] >= 0
        assert box["right"] <= wide
        assert box["bottom"] <= high
    assert page.evaluate(SHIFT) < 0.1
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.map text, svg.lanes text')].map(each => "
        "parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"
    )
    assert min(sizes) >= 9.5


def test_another_element_and_market_and_back(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
    page.locator("#market").select_option("JPN")
    assert says(page, "Japan would lose half")
    assert page.evaluate("location.hash") == "#element=Dy&market=JPN"
    assert printed(page) in range(1, 4)
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


def test_the_address_alone_brings_view_data_card_and_comparison(show: Show) -> None:
    anchor = "#element=Dy&market=USA&tier=1&with=Dy/JPN&card=organisation/mp"
    page = show(explorer_html(parts()), anchor=anchor, **screen("1440"))
    assert says(page, "scandium is not known")  # the made-up view at this tier
    assert has_card(page, "MP Materials")
    assert page.locator("#tier").input_value() == "1"
    assert page.locator("#data").inner_text() == "Data: tier 1."
    assert page.locator("#compared tbody tr").count() > 3
    assert "not in this view" in page.locator("#compared").inner_text()
    page.evaluate("location.hash = '#element=Dy&market=USA'")
    assert eventually(page, lambda: page.locator("#data").inner_text() == "Data: all.")


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        (
            "#element=Xx&tier=9&with=a/b&tab=c",
            "does not hold element Xx, tier 9, with a/b, tab c: it shows Dysprosium for",
        ),
        ("#market=%E2%80%AE%3Cb", "does not hold market ??b: it shows Dysprosium for the United"),
        ("#elment=Nd&element=Dy", "does not hold elment Nd: it shows Dysprosium for"),
        ("#=&&=%", ""),
    ],
)
def test_an_address_that_names_nothing_brings_a_view_and_says_so(
    show: Show, anchor: str, said: str
) -> None:
    page = show(explorer_html(parts()), anchor=anchor)
    assert is_shown(page, "#view h1")
    trouble = page.locator("#trouble")
    assert is_shown(page, "#trouble", bool(said))
    assert said in trouble.inner_text()
    if said:
        assert page.locator(".bar").get_by_role("alert").inner_text() == trouble.inner_text()


def test_by_keys_alone_from_search_to_source_and_from_card_to_card(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "search"
    page.keyboard.type("materials")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() == 1)
    assert "MP Materials" in page.locator("#hits [aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    assert has_card(page, "MP Materials")
    assert eventually(page, lambda: page.evaluate(TAG) == "H2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href") == "https://a.org/18"
    link = page.locator("#entity-card a[data-card='facility/Lovozero']")
    for _ in range(3):
        page.keyboard.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert has_card(page, "Lovozero mine")
    assert eventually(page, lambda: page.evaluate(TAG) == "H2")
    assert page.evaluate("location.hash") == "#element=Dy&market=USA&card=facility/Lovozero"
    page.go_back()
    assert eventually(page, lambda: "MP Materials" in page.locator("#entity h2").inner_text())
    there = "document.activeElement.dataset.card"
    assert eventually(page, lambda: page.evaluate(there) == "facility/Lovozero")
    page.keyboard.press("Escape")
    assert is_shown(page, "#entity", shown=False)


@pytest.mark.parametrize("group", ["marks", "lanes"])
def test_marks_are_one_stop_of_the_tab_key_and_arrows_go_on(show: Show, group: str) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
    marks = page.locator(f"#{group} .site")
    assert page.locator(f"#{group} [tabindex='0']").count() == 1
    marks.first.focus()
    names = [marks.first.get_attribute("aria-label")]
    assert page.locator(f"#{group}-said").inner_text() == names[0]
    for _ in range(marks.count() - 1):
        page.keyboard.press("ArrowRight")
        names.append(page.evaluate(NAME))
    assert len({*names}) == marks.count()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(NAME) == names[0]
    page.keyboard.press("End")
    assert page.evaluate(NAME) == names[-1]
    page.keyboard.press("Home")
    card = page.evaluate("document.activeElement.dataset.card")
    page.keyboard.press("Enter")
    assert is_shown(page, "#entity h2")
    page.keyboard.press("Escape")
    assert is_shown(page, "#entity", shown=False)
    assert page.evaluate("document.activeElement.dataset.card") == card


def test_the_search_finds_firms_aliases_chinese_names_acts_and_sources(show: Show) -> None:
    page = show(explorer_html(parts()))
    hits = page.locator("#hits [role=option]")
    for asked, first in (
        ("洛沃", "Lovozero mine"),
        ("LOVO", "Lovozero mine"),
        ("announcement 18", "Controls on seven elements"),
        ("ministry", "Notice 18"),
        ("a ministry notice", "Notice 18"),
        ("mp", "MP Materials"),
    ):
        page.locator("#search").fill(asked)
        found = eventually(page, lambda first=first: first in "".join(hits.all_inner_texts()[:1]))  # type: ignore[misc]
        assert found, asked
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    hits.first.click()
    assert has_card(page, "MP Materials")
    page.locator("#search").fill("nosuchthing")
    assert eventually(page, lambda: page.locator("#said").inner_text() == "0 found")
    assert not page.locator("#hits").is_visible()


def test_card_chain_map_and_events_are_linked(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
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
    assert is_shown(page, "#entity", shown=False)


def test_two_views_are_compared_line_by_line(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
    page.locator("#tools > summary").click()
    page.locator("#other-element").select_option("Dy")
    assert eventually(page, lambda: page.locator("#compared tbody tr").count() > 3)
    page.locator("#other-market").select_option("JPN")
    heads = page.locator("#compared thead th").all_inner_texts()
    assert heads[2:4] == ["Dysprosium for the United States", "Dysprosium for Japan"]
    assert page.locator("#compared tbody tr").first.locator("svg").count() == 2
    page.locator("#other-element").select_option("")
    assert is_shown(page, "#compared", shown=False)


def test_a_tab_shows_the_scenarios_of_the_market_alone(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
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
    page.locator("#market").select_option("JPN")
    assert eventually(page, lambda: "No scenario is worked out" in section.inner_text())
    page.locator("#tab-chain").click()
    assert is_shown(page, "#places")
    assert not section.is_visible()
    assert current.all_inner_texts() == ["Chain"]
    page.go_back()
    assert eventually(page, section.is_visible)


def test_a_tab_lists_the_rules_of_the_sources_that_were_chosen_and_fits_a_phone(show: Show) -> None:
    page = show(explorer_html(parts()), **screen("1440"))
    page.locator("#tab-rules").click()
    rules, count = page.locator("#rules"), page.locator("#rules-count")
    assert eventually(page, lambda: "Rules in force on 24 Nov 2026 (1)" in rules.inner_text())
    assert eventually(page, lambda: not page.locator("#chain").is_visible())
    assert eventually(page, lambda: count.inner_text() == "1")
    assert "Rules that may be in force on 24 Nov 2026 (1)" in rules.inner_text()
    page.evaluate("location.hash = '#tab=rules&tier=1'")
    assert eventually(page, lambda: count.inner_text() == "0")
    assert "We found none in the data used" in rules.inner_text()
    page.go_back()
    assert eventually(page, lambda: count.inner_text() == "1")
    page.set_viewport_size({"width": 360, "height": 640})
    for box in boxes(page, "#rules .acts tbody td, #rules .acts tbody th"):
        assert box["right"] <= 360
        assert box["right"] - box["left"] > 200


@pytest.mark.parametrize(("size", "scheme"), [("1440", "light"), ("360", "dark")])
def test_axe_finds_nothing_wherever_a_reader_goes(show: Show, size: str, scheme: str) -> None:
    page = show(explorer_html(parts()), color_scheme=scheme, **screen(size))
    unfold(page)
    page.locator("#other-element").select_option("Dy")
    page.locator("#search").fill("m")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() > 0)
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert is_shown(page, "#entity h2")
    assert violations(page) == []
    page.locator("#close").click()
    for tab in ("rules", "scenarios"):
        page.locator(f"#tab-{tab}").click()
        assert is_shown(page, {"rules": "#rules", "scenarios": "#behind-it > .scenarios"}[tab])
        assert violations(page) == []


def test_with_scripts_off_the_first_view_is_whole(show: Show) -> None:
    page = show(explorer_html(parts()), java_script_enabled=False, **screen("1440"))
    for name, count in (("svg.wide .card", 10), ("#marks .site", 2), ("#lanes .site", 4)):
        assert page.locator(name).count() == count
    assert page.locator("#rules").is_visible()
    assert page.locator("#behind-it > .scenarios").is_visible()
    assert not page.locator("#search").is_visible()
    assert "Scripts are off" in page.locator(".bar").inner_text()
    page.locator("svg.wide [data-opens=card-3]").click()
    assert is_shown(page, "#card-3-list")


def test_a_browser_that_cannot_unpack_says_so(show: Show) -> None:
    page = show(explorer_html(parts()))
    page.evaluate("delete window.DecompressionStream")
    page.locator("#market").select_option("JPN")
    assert is_shown(page, "#trouble")
    assert "cannot unpack" in page.locator("#trouble").inner_text()
    assert page.locator("#view").inner_text() == "This view could not be worked out"
    assert not page.locator("#places").is_visible()


def test_hostile_names_in_search_card_and_comparison_run_nothing(show: Show) -> None:
    page = show(explorer_html(hostile_parts()), **screen("360"))
    unfold(page)
    page.locator("#other-element").select_option("Dy")
    page.locator("#search").fill("a")
    assert eventually(page, lambda: page.locator("#hits [role=option]").count() > 1)
    assert page.evaluate(WIDE) <= 360
    page.keyboard.press("Enter")
    assert is_shown(page, "#entity h2")
    assert page.evaluate(WIDE) <= 360
    assert page.evaluate(HACKED) is None


def test_paper_gets_the_sources_and_no_hints_and_the_page_stays_as_it_was(show: Show) -> None:
    page = show(explorer_html(parts()), anchor="#card=organisation/mp", **screen("1440"))
    assert has_card(page, "MP Materials")
    folds = page.locator("#behind-it details[open]")
    assert folds.count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert {each.get_attribute("id") for each in folds.all()} <= {"controls", "sources"}
    assert folds.count() >= 1
    for name, shown in (
        *((name, True) for name in ("svg.wide", "#entity-card", "#marks .site")),
        *((name, False) for name in (".bar", "#marks-said")),
    ):
        assert page.locator(name).first.is_visible() == shown, name
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert folds.count() == 0
    assert printed(page) in range(1, 6)


@pytest.mark.parametrize("held", ["src", "page"])
def test_in_a_frame_it_goes_from_view_to_view(show_framed: Show, held: str) -> None:
    page = show_framed(explorer_html(parts()), held, size=(1300, 700), **screen("1440"))
    inside = page.frame_locator("iframe").first
    inside.locator("#market").select_option("JPN")
    assert eventually(page, lambda: "Japan" in inside.locator("#view h1").inner_text())
    inside.locator("#search").fill("lovo")
    inside.locator("#hits [role=option]").first.click()
    assert eventually(page, lambda: inside.get_by_text("Makes oxide").is_visible())
