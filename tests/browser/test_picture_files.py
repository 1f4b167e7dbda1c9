"""Pictures as files in a real browser: map, timeline and network, quiet and readable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monazite.findings.plants.mapped_sites import MappedFlow, MappedSites
from monazite.pages.figures.worldmap import map_drawing
from monazite.pages.graph.document import graph_svg
from monazite.pages.timeline.svg import timeline_svg
from tests.browser.conftest import OpenFile
from tests.browser.test_timeline_page import assert_apart, boxes
from tests.pages.test_map import LABELS, SITE
from tests.pages.hostile import HOSTILE, hostile_network
from tests.pages.networks import small_findings, small_network
from tests.pages.timelines import hostile_timeline, small_timeline

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STATES = ("operating", "partly operating", "planned", "suspended", "closed", "not known")


def small_map() -> str:
    sites = tuple(
        replace(
            SITE,
            facility=f"s{number}",
            label=f"Site number {number}",
            latitude=-35.0 + 4 * number,
            state=state,
            tonnes=None,
        )
        for number, state in enumerate(STATES)
    )
    flow = MappedFlow("A", "B", (120.0, -20.0), (-100.0, 40.0), 0.25, "A to B", ("baci/a",))
    found = MappedSites(sites, (), "Dysprosium", flows=(flow,))
    return map_drawing(found, LABELS, "2026-11-24", 1096).svg()


def hostile_map() -> str:
    sites = tuple(
        replace(SITE, facility=text, label=text, country=text, latitude=number * 6.0 - 40)
        for number, text in enumerate(HOSTILE)
    )
    return map_drawing(MappedSites(sites, (), HOSTILE[0]), LABELS, "2026-11-24", 1096).svg()


FILES: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "map": (small_map, hostile_map),
    "timeline": (
        lambda: timeline_svg(small_timeline()),
        lambda: timeline_svg(hostile_timeline()),
    ),
    "network": (
        lambda: graph_svg(small_network(), small_findings()),
        lambda: graph_svg(hostile_network()),
    ),
}


def opened(open_file: OpenFile, folder: Path, text: str, **options: object) -> Page:
    path = folder / "picture.svg"
    path.write_text(text, encoding="utf-8")
    return open_file(path, **options)


PAPER = "getComputedStyle(document.querySelector('.paper')).fill"


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(21, 23, 27)")]
)
def test_a_file_follows_the_screen_and_asks_for_nothing(
    kind: str, scheme: str, paper: str, open_file: OpenFile, tmp_path: Path
) -> None:
    page = opened(open_file, tmp_path, FILES[kind][0](), color_scheme=scheme)
    assert page.evaluate(PAPER) == paper
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.getBoundingClientRect().width") > 500


@pytest.mark.parametrize("kind", FILES)
def test_hostile_words_in_a_file_do_nothing(kind: str, open_file: OpenFile, tmp_path: Path) -> None:
    page = opened(open_file, tmp_path, FILES[kind][1]())
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('script, image, foreignObject').length") == 0


@pytest.mark.parametrize("kind", FILES)
def test_ink_and_paper_differ_where_colours_are_forced(
    kind: str, open_file: OpenFile, tmp_path: Path
) -> None:
    page = opened(open_file, tmp_path, FILES[kind][0](), forced_colors="active")
    ink = page.evaluate("getComputedStyle(document.querySelector('.headline')).fill")
    assert ink != page.evaluate(PAPER)


def test_no_name_on_the_map_covers_another(open_file: OpenFile, tmp_path: Path) -> None:
    page = opened(open_file, tmp_path, small_map())
    names = boxes(page, ".name")
    assert len(names) == len(STATES)
    assert_apart(names)
    assert page.locator(".strike").count() == 1
