"""The pages of a server in a real browser: live views, pages of things, and the page to ask on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import monazite
from monazite.data.filters import Filters
from tests.browser.looks import HACKED, WIDE, violations
from tests.browser.served import comes, opened_page
from tests.server.near import listening, near_application, shipped_view

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from monazite.view.view import View

pytestmark = [pytest.mark.browser, pytest.mark.whole]
Opened = Callable[..., AbstractContextManager["Page"]]
START = "/#element=Sc&market=USA"
EVIL = "<img src=x onerror=window.hacked=1>"
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Opened]:
    """Open pages of the shipped tables; what is worked out once stays."""
    with pytest.MonkeyPatch.context() as patch:

        def late_at_tier_3(filters: Filters) -> View:
            if filters.tier == 3:
                time.sleep(3)
            return shipped_view(filters)

        with listening(near_application(patch, late_at_tier_3)) as address:
            yield partial(opened_page, browser, address)


@pytest.fixture(scope="module")
def own(browser: Browser, cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open pages of a cut of the tables with rows of a reader's own, of hostile names."""
    data = tmp_path_factory.mktemp("own")
    (data / "organisations.csv").write_text(
        f"id,name,kind,country,source\nevil-co,{EVIL},company,USA,mp-10k-2021\n", encoding="utf-8"
    )

    @lru_cache
    def load(filters: Filters) -> View:
        return monazite.load(
            ontology=cut, data=data, tier=filters.tier, known=filters.known, cache=False
        )

    patch = pytest.MonkeyPatch()
    with listening(near_application(patch, load, ontology=cut)) as address:
        yield partial(opened_page, browser, address)
    patch.undo()


def says(page: Page, text: str) -> bool:
    """Tell whether the headline comes to say something."""
    return comes(page, lambda: text in "".join(page.locator("#view h1").all_inner_texts()))


def has_card(page: Page, text: str) -> bool:
    """Tell whether a card comes to say something."""
    return comes(page, lambda: text in "".join(page.locator("#entity-card").all_inner_texts()))


# The explorer


def test_live_views_by_the_address_of_a_file_and_back(opened: Opened) -> None:
    with opened(START) as page:
        assert says(page, "loss of scandium is not known")
        page.locator("#market").select_option("BRA")  # which no file holds
        assert says(page, "Brazil")
        assert page.evaluate("location.hash") == "#element=Sc&market=BRA"
        page.locator("#element").select_option("Ho")
        assert says(page, "holmium")
        page.go_back()
        assert says(page, "scandium")
        assert page.locator("#market").input_value() == "BRA"
        assert page.title() == "Scandium for Brazil: Monazite"


def test_sources_card_comparison_and_rules_by_the_address(opened: Opened) -> None:
    asked = f"{START}&tier=1&with=Sc/JPN&card=facility/mountain-pass"
    with opened(asked) as page:
        assert has_card(page, "Mountain Pass")
        assert says(page, "candium")
        assert page.locator("#tier").input_value() == "1"
        assert comes(page, lambda: "tier 1" in page.locator("#data").inner_text())
        assert page.locator("#compared").is_visible()
        assert page.locator("#card-page").get_attribute("href") == "/id/facility/mountain-pass"
        page.locator("#close").click()
        page.locator("#tab-rules").click()
        assert comes(page, lambda: page.locator("#rules .acts").first.is_visible())
        count = page.locator("#rules-count").inner_text()
        assert f"Rules in force on 24 Nov 2026 ({count})" in page.locator("#rules").inner_text()


FAILED = "This view could not be worked out"


def test_a_day_that_is_none_is_said_and_no_other_picture_stands(opened: Opened) -> None:
    with opened(f"{START}&valid=2025-13", refused=6) as page:
        trouble = page.locator(".bar").get_by_role("alert")
        assert comes(page, lambda: '"2025-13" is not a date' in trouble.inner_text())
        assert page.locator("#view").inner_text() == FAILED
        assert page.locator("#behind-it").inner_text() == ""
        assert not page.locator("#places").is_visible()
        page.locator("#tab-rules").click()
        assert comes(page, lambda: "could not be worked out" in page.locator("#rules").inner_text())
        page.locator("#tab-chain").click()
        page.locator("#valid").fill("")
        page.locator("#valid").press("Tab")
        assert says(page, "scandium")
        assert comes(page, lambda: not trouble.is_visible())
        assert page.locator("#places").is_visible()


def test_words_that_are_not_known_are_said_and_none_is_run(opened: Opened) -> None:
    with opened("/") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.evaluate(f"location.hash = '{START[2:]}&horizon=never&draws=7'")
        said = "This page does not hold horizon never, draws 7: it shows Scandium for the United"
        assert comes(page, lambda: said in page.locator("#trouble").inner_text())
        assert says(page, "scandium")
        assert not [each for each in asked if "draws" in each or "never" in each]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (None, "", "The server does not answer"),
        (500, '{"detail": "The work was ended."}', "The work was ended."),
    ],
)
def test_a_view_that_fails_leaves_no_other_under_its_name(
    opened: Opened, status: int | None, body: str, said: str
) -> None:
    with opened(START, refused=2) as page:
        assert says(page, "scandium")
        answer = (
            (lambda route: route.abort())
            if status is None
            else (lambda route: route.fulfill(status=status, body=body))
        )
        page.route("**/explorer/parts/view?*", answer)
        page.locator("#market").select_option("JPN")
        assert says(page, FAILED)
        assert said in page.locator("#trouble").inner_text()
        assert page.locator("#view").inner_text() == FAILED
        page.unroute("**/explorer/parts/view?*")
        page.locator("#market").select_option("USA")
        assert says(page, "scandium")
        assert not page.locator("#trouble").is_visible()


def test_what_is_not_there_yet_is_said_in_words(opened: Opened) -> None:
    with opened(START) as page:
        assert says(page, "scandium")
        page.evaluate("location.hash = '#element=Sc&market=JPN&tier=3'")
        waiting = page.locator("#waiting")
        assert comes(page, lambda: waiting.is_visible())
        said = re.compile(r"Working out Scandium for Japan: \d+ s so far\.")
        assert comes(page, lambda: said.search(waiting.inner_text()) is not None)
        assert "scandium" in page.locator("#view h1").inner_text()  # what was there stays
        assert comes(page, lambda: not waiting.is_visible())
        assert says(page, "Japan")


def test_the_foot_says_the_data_of_the_picture_above_it(opened: Opened) -> None:
    with opened(START) as page:
        assert says(page, "scandium")
        foot = page.locator("#data")
        assert comes(page, lambda: "all dates;" in foot.inner_text())
        page.route(
            "**/explorer/parts/view?*",
            lambda route: route.fulfill(status=202, body='{"seconds": 1}'),
        )
        count = page.locator("#rules-count")
        before = count.inner_text()
        page.evaluate("location.hash = '#element=Sc&market=USA&tier=1'")
        assert comes(page, lambda: page.locator("#waiting").is_visible())
        assert comes(page, lambda: count.inner_text() != before)  # the rules are there
        assert "tier 1" not in foot.inner_text()  # what was there stays
        page.locator("#tab-rules").click()
        assert comes(page, lambda: "tier 1" in foot.inner_text())
        page.locator("#tab-chain").click()
        page.reload()
        assert page.locator("#view").inner_text() == "Scandium for the United States"
        assert comes(page, lambda: "tier 1" in foot.inner_text())
        page.unroute("**/explorer/parts/view?*")
        assert comes(page, lambda: not page.locator("#waiting").is_visible())
        assert "tier 1" in foot.inner_text()


def test_the_search_finds_what_is_live_and_opens_its_page(opened: Opened) -> None:
    with opened(START) as page:
        page.locator("#search").fill("白云鄂博")
        hits = page.locator("#hits [role=option]")
        assert comes(page, lambda: hits.count() > 0)
        hits.first.click()
        assert has_card(page, "Bayan Obo")
        page.locator("#card-page").click()
        page.wait_for_url("**/id/facility/bayan-obo")
        assert "Bayan Obo" in page.locator("h1").inner_text()


def test_axe_finds_nothing_in_the_live_explorer(opened: Opened) -> None:
    with opened(f"{START}&card=facility/mountain-pass") as page:
        assert has_card(page, "Mountain Pass")
        page.locator("#tools > summary").click()
        assert violations(page) == []


# Pages of things


@pytest.mark.parametrize(
    "path",
    [
        "/id/facility/mountain-pass",
        "/row/ownership/mp-materials-mountain-pass-2017",
        "/source/mp-10k-2021",
    ],
)
def test_axe_finds_nothing_in_the_page_of_a_thing(opened: Opened, path: str) -> None:
    with opened(path, color_scheme="dark", **PHONE) as page:
        assert page.locator("h1").inner_text()
        assert violations(page) == []
        assert page.evaluate(WIDE) <= 390


def test_from_thing_to_neighbour_to_record_to_source(opened: Opened) -> None:
    with opened("/id/facility/mountain-pass") as page:
        page.get_by_role("link", name="MP Materials Corp.").first.click()
        page.wait_for_url("**/id/organisation/mp-materials")
        assert page.locator("h1").inner_text() == "MP Materials Corp."
        page.get_by_role("link", name="Record 1 of ownership").click()
        page.wait_for_url("**/row/ownership/**")
        page.locator("#sources + ol a").first.click()
        page.wait_for_url("**/source/**")
        assert page.locator(".kind").inner_text() == "Source"


def test_what_is_not_there_leads_to_what_comes_near(opened: Opened) -> None:
    with opened("/id/facility/mountain-pas", refused=1) as page:
        assert "There is no facility" in page.locator("main").inner_text()
        assert violations(page) == []
        page.locator("main li a").first.click()
        page.wait_for_url("**/id/facility/mountain-pass")


# The page to ask on


def ask(page: Page, query: str) -> None:
    page.locator("#text").fill(query)
    page.locator("#run").click()


def test_by_keys_alone_from_word_to_answer(opened: Opened) -> None:
    with opened("/query") as page:
        text = page.locator("#text")
        text.focus()
        page.keyboard.type("SELECT ?plant { ?plant mz:mineralof")
        page.keyboard.press("Backspace")
        for _ in "mineralo":
            page.keyboard.press("Backspace")
        page.keyboard.type("operatedB")
        options = page.locator("#words [role=option]")
        assert comes(page, lambda: options.count() > 0)
        assert "words fit" in page.locator("#said").inner_text()
        page.keyboard.press("ArrowDown")
        assert options.first.get_attribute("aria-selected") == "true"
        assert text.get_attribute("aria-activedescendant") == "word-0"
        page.keyboard.press("Enter")
        page.keyboard.type(" organisation:mp-materials }")
        assert "mz:operatedBy organisation:mp-materials" in text.input_value()
        page.keyboard.press("Escape")
        assert not page.locator("#words").is_visible()
        page.keyboard.press("Control+Enter")
        link = page.locator("#answer a", has_text="facility:mountain-pass").first
        assert comes(page, lambda: link.is_visible())
        assert link.get_attribute("href") == "/id/facility/mountain-pass"
        page.reload()  # the address holds the query
        assert comes(page, lambda: link.is_visible())


def test_a_broken_query_is_a_sentence_and_leads_to_its_line(opened: Opened) -> None:
    with opened("/query", refused=2) as page:
        ask(page, "SELECT ?a {\n  ?a mz:tier\n}")
        said = page.locator("#trouble-said")
        assert comes(page, lambda: "The query cannot be parsed: line 3" in said.inner_text())
        page.locator("#to-line").click()
        chosen = "[document.activeElement.id, getSelection().toString()]"
        assert page.evaluate(chosen) == ["text", "}"]
        ask(page, "SELECT ?a { ?a nosuch:tier ?b }")
        assert comes(page, lambda: 'No prefix "nosuch"' in said.inner_text())
        ask(page, "")
        assert comes(page, lambda: "There is no query" in said.inner_text())


def test_a_question_with_its_parameters_and_its_download(opened: Opened) -> None:
    with opened("/query", accept_downloads=True, refused=1) as page:
        page.locator("#question").select_option("owners")
        page.get_by_label("entity").fill("mountain-pass")
        page.get_by_label("entity").press("Enter")
        table = page.locator("#answer table")
        assert comes(page, lambda: table.is_visible())
        assert "MP Materials" in table.inner_text()
        with page.expect_download() as started:
            page.get_by_role("button", name="Download as CSV").click()
        lines = Path(started.value.path()).read_text("utf-8").splitlines()
        assert lines[0].startswith("step,owned_name")
        assert started.value.suggested_filename == "owners.csv"
        assert len(lines) == table.locator("tbody tr").count() + 1
        page.locator("#question").select_option("policies-in-force")
        assert page.locator("#answer").inner_text() == ""  # it answered another question
        assert not page.locator("#downloads").is_visible()
        page.locator("#question").select_option("owners")
        page.get_by_label("entity").fill("nobody-at-all")
        page.get_by_label("entity").press("Enter")
        trouble = page.locator("#trouble")
        assert comes(page, lambda: 'no entity "nobody-at-all"' in trouble.inner_text())


def test_examples_run_and_graphs_and_yes_are_shown(opened: Opened) -> None:
    with opened("/query") as page:
        page.locator("#example").select_option("06-life-of-a-plant")
        assert comes(page, lambda: page.locator("#answer tbody tr").count() > 3)
        ask(page, "ASK { element:Dy mz:atomicNumber 66 }")
        assert comes(page, lambda: page.locator("#answer .yes").is_visible())
        ask(page, "DESCRIBE element:Dy")
        graph = page.locator("#answer pre")
        assert comes(page, lambda: graph.is_visible() and "@prefix" in graph.inner_text())


def test_hostile_answers_are_text(opened: Opened) -> None:
    with opened("/query") as page:
        query = (
            f'SELECT ("{EVIL}" AS ?a) ("a\\u202Eb" AS ?b) (<javascript:alert(1)> AS ?c) '
            "(<https://w3id.org/monazite/id/a%22%3E%3Cb/x> AS ?d) {}"
        )
        ask(page, query)
        cells = page.locator("#answer tbody td")
        assert comes(page, lambda: cells.count() == 4)
        assert cells.nth(0).inner_text() == EVIL
        assert "\\u202e" in cells.nth(1).inner_text()
        assert cells.nth(2).locator("a").count() == 0
        assert page.evaluate(HACKED) is None


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("wide", "light")])
def test_axe_finds_nothing_in_the_page_to_ask_on(opened: Opened, size: str, scheme: str) -> None:
    options = PHONE if size == "phone" else {}
    with opened("/query", color_scheme=scheme, **options) as page:
        assert violations(page) == []
        page.locator("#question").select_option("owners")
        page.locator("#text").fill("SELECT ?plant { ?plant mz:")
        page.locator("#text").press("Control+Space")
        assert comes(page, lambda: page.locator("#words [role=option]").count() > 3)
        assert violations(page) == []
        page.locator("#text").press("Escape")
        page.locator("#example").select_option("18-imports-of-magnets")
        assert comes(page, lambda: page.locator("#answer table").is_visible())
        assert violations(page) == []
        assert page.evaluate(WIDE) <= (390 if size == "phone" else 1280)


# Rows of a reader's own


def test_names_of_own_rows_are_text_wherever_they_stand(own: Opened) -> None:
    with own("/id/organisation/evil-co") as page:
        assert page.locator("h1").inner_text() == EVIL
        assert page.evaluate(HACKED) is None
    with own("/query") as page:
        page.locator("#text").fill("organisation:evil")
        page.locator("#text").press("End")
        page.locator("#text").press("Control+Space")
        words = page.locator("#words [role=option]")
        assert comes(page, lambda: words.count() > 0)
        assert EVIL in words.first.inner_text()
        assert page.evaluate(HACKED) is None
    with own("/#element=Dy&market=USA&card=organisation/evil-co") as page:
        assert has_card(page, EVIL)
        page.locator("#search").fill("img src")
        hits = page.locator("#hits [role=option]")
        assert comes(page, lambda: hits.count() > 0)
        assert EVIL in hits.first.inner_text()
        assert page.evaluate(HACKED) is None
