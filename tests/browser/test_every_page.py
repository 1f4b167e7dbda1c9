"""Every page in a real browser: quiet, whole without scripts, readable at any width and colour.

A page is opened once and asked many things; whatever a page shall never do is asked of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from monazite.report.brief.page import Extras, brief_html
from monazite.report.chain_diagram.page import backbone_html
from monazite.report.explorer.page import explorer_html
from monazite.report.exposure_page import exposure_html
from monazite.report.figures.centrality import centrality_html
from monazite.report.graph.network_page import graph_html
from monazite.report.sankey.page import sankey_html
from monazite.report.scenario import scenario_html
from monazite.report.timeline import timeline_html
from tests.bom.bills import example, hostile_exposure
from tests.browser.conftest import eventually
from tests.browser.looks import (
    CONTRAST,
    GROUND,
    HACKED,
    WIDE,
    assert_apart,
    boxes,
    unfold,
    violations,
)
from tests.report.briefs import hostile_brief, pictures, small_brief
from tests.report.diagrams import hostile_backbone, small_backbone, unknown_backbone
from tests.report.explorers import hostile_parts, parts
from tests.report.hostile import HOSTILE, hostile_network
from tests.report.measured import hostile_centrality, small_centrality
from tests.report.networks import small_findings, small_network
from tests.report.outcomes import hostile_outcome, small_outcome
from tests.report.sankeys import crowded_sankey, hostile_sankey, hostile_table, small_table
from tests.report.timelines import PAPER, crowded_timeline, hostile_timeline, small_timeline
from tests.sharing import THOROUGH, only_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Show

pytestmark = [pytest.mark.browser, pytest.mark.whole]
TEXT = "td:visible, th:visible, caption, li:visible, p:visible, h1, h2:visible"
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Kind:
    """A page: its text, the same of hostile findings, and where to look."""

    small: Callable[[], str]
    hostile: Callable[[], str]
    shown: str
    """What is seen without scripts, and on paper."""
    words: tuple[str, ...] = ()
    """Words of the picture; those of a kind cover no other and stand out from the paper."""
    frame: str = ""
    """The picture that holds them all."""


KINDS = {
    "backbone": Kind(
        lambda: backbone_html(small_backbone()),
        lambda: backbone_html(hostile_backbone()),
        "svg.wide",
    ),
    "backbone not known": Kind(
        lambda: backbone_html(unknown_backbone()),
        lambda: backbone_html(unknown_backbone()),
        "svg.wide",
    ),
    "bill": Kind(
        lambda: exposure_html(example()),
        lambda: exposure_html(hostile_exposure()),
        ".grams",
        (".grams text",),
    ),
    "brief": Kind(
        lambda: brief_html(small_brief(), Extras(pictures())),
        lambda: brief_html(hostile_brief(), Extras(pictures())),
        "#answer-3",
    ),
    "centrality": Kind(
        lambda: centrality_html(small_centrality(), "View: all rows"),
        lambda: centrality_html(hostile_centrality(HOSTILE[0])),
        "svg.central",
        tuple(f"svg.central {look}" for look in (".label", ".number", ".head", ".unit")),
    ),
    "explorer": Kind(
        lambda: explorer_html(parts()), lambda: explorer_html(hostile_parts()), "svg.wide"
    ),
    "network": Kind(
        lambda: graph_html(small_network(), findings=small_findings()),
        lambda: graph_html(hostile_network()),
        ".stagebox > svg",
    ),
    "sankey": Kind(
        lambda: sankey_html(crowded_sankey(), [small_table()], "View: all rows"),
        lambda: sankey_html(hostile_sankey(), [hostile_table()], ""),
        "svg.sankey",
        tuple(f"svg.sankey {look}" for look in (".label", ".number", ".head", ".key", ".unit")),
    ),
    "scenario": Kind(
        lambda: scenario_html(small_outcome(), [PAPER]),
        lambda: scenario_html(hostile_outcome()),
        ".wide svg",
        tuple(f"svg {look}" for look in (".name", ".words", ".tick", ".aside")),
        "svg",
    ),
    "timeline": Kind(
        lambda: timeline_html(crowded_timeline(), "View: all rows"),
        lambda: timeline_html(hostile_timeline()),
        ".stripbox",
        (".stripbox .words", ".stripbox .date", ".stripbox .year"),
        ".stripbox svg.timeline",
    ),
    "timeline with more": Kind(
        lambda: timeline_html(small_timeline(), "View: all rows"),
        lambda: timeline_html(hostile_timeline()),
        ".stripbox",
    ),
}
AXE = ("backbone", "timeline with more")
SCRIPTED = {"explorer", "network"}
CUT_ON_PAPER = {"centrality"}  # Known to be wider than a sheet
WIDENED = {"brief", "network"}  # Known to grow with a word of ten thousand letters
PLAIN = sorted({*KINDS} - {"timeline with more", "backbone not known"})


def assert_words_stand_apart(page: Page, kind: Kind) -> None:
    """Words as this browser and its fonts set them cover no other and stay in their picture."""
    for selector in kind.words:
        found = boxes(page, selector)
        assert_apart(found)
        for frame in boxes(page, kind.frame)[:1] if kind.frame else ():
            assert all(frame["left"] - 1 <= each["left"] for each in found), selector
            assert all(each["right"] <= frame["right"] + 1 for each in found), selector


def assert_words_stand_out(page: Page, kind: Kind) -> None:
    for words in (*kind.words, TEXT):
        assert min(page.locator(words).evaluate_all(CONTRAST)) >= 4.5, words


@pytest.mark.parametrize("name", PLAIN)
def test_it_is_quiet_and_readable_on_a_screen_a_phone_and_paper(name: str, show: Show) -> None:
    kind = KINDS[name]
    page = show(kind.small())
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    light = page.evaluate(GROUND)
    assert_words_stand_out(page, kind)
    page.emulate_media(color_scheme="dark")
    assert eventually(page, lambda: page.evaluate(GROUND) != light)
    assert_words_stand_out(page, kind)
    page.emulate_media(color_scheme="light", forced_colors="active")
    forced = page.evaluate(GROUND)
    for words in kind.words:
        ink = page.locator(words).first.evaluate("one => getComputedStyle(one).fill")
        assert ink != forced
    page.emulate_media(forced_colors="none")
    assert page.evaluate(WIDE) <= 1280
    assert_words_stand_apart(page, kind)
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDE) <= PHONE["width"]
    assert_words_stand_apart(page, kind)
    page.set_viewport_size({"width": 690, "height": 900})
    page.emulate_media(media="print")
    assert page.locator(kind.shown).first.is_visible()
    assert page.evaluate(WIDE) <= 690 or name in CUT_ON_PAPER


@pytest.mark.parametrize("name", PLAIN)
def test_hostile_text_runs_nothing_and_widens_nothing(name: str, show: Show) -> None:
    page = show(KINDS[name].hostile())
    unfold(page)
    assert page.evaluate(HACKED) is None
    if name not in WIDENED:
        assert page.evaluate(WIDE) <= 1280
        page.set_viewport_size(PHONE)
        assert page.evaluate(WIDE) <= PHONE["width"]
    if name not in SCRIPTED | {"backbone"}:
        assert page.locator("script").count() == 0


@pytest.mark.parametrize("name", PLAIN)
def test_without_scripts_it_is_whole_and_a_planted_script_does_not_run(
    name: str, show: Show
) -> None:
    text = KINDS[name].small()
    page = show(text, java_script_enabled=False)
    assert page.locator(KINDS[name].shown).first.is_visible()
    planted = "<script>window.hacked = 1</script><img src='x' onerror='window.hacked = 2'>"
    assert "<main" in text
    page = show(text.replace("</h1>", f"</h1>{planted}", 1), watch=False)
    assert page.locator("h1").is_visible()
    assert page.evaluate(HACKED) is None


@pytest.mark.parametrize("name", [*AXE, *only_whole(*sorted({*KINDS} - {*AXE}))])
def test_axe_finds_nothing(name: str, show: Show) -> None:
    page = show(KINDS[name].small())
    unfold(page)
    assert violations(page) == []
    if THOROUGH:
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        assert violations(page) == []
