"""A brief in a real browser: quiet, offline, the network alive in it, on a phone and on paper."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from monazite.pages.brief.page import Extras, brief_html
from monazite.pages.brief.pictures import BriefPicture
from monazite.pages.brief.seal import FORMAT, seal_page
from monazite.pages.graph.page import graph_html
from tests.browser.conftest import OpenFile
from tests.pages.briefs import hostile_brief, pictures, small_brief
from tests.pages.networks import small_network
from tests.sharing import only_whole

if TYPE_CHECKING:
    from pathlib import Path

    from monazite.findings.brief.document import Brief

pytestmark = pytest.mark.browser


def write(path: Path, brief: Brief, shown: tuple[BriefPicture, ...] = ()) -> Path:
    """A sealed page with a network in it."""
    extras = Extras(shown or pictures(), graph=graph_html(small_network()))
    page = seal_page(brief_html(brief, extras), {"format": FORMAT, "says": "</script>"}, "")
    path.write_text(page, encoding="utf-8")
    return path


def test_the_page_answers_and_the_network_in_it_lives(open_file: OpenFile, tmp_path: Path) -> None:
    page = open_file(write(tmp_path / "brief.html", small_brief()))
    assert page.get_by_role("heading", level=1).inner_text().startswith("The United States would")
    assert page.locator("#network").is_visible()
    assert not page.locator("iframe").is_visible()
    page.get_by_text("All sites and links").click()
    frame = page.frame_locator("iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    frame.locator("canvas").wait_for()
    page.get_by_role("link", name="sources 1 to 3").click()
    assert page.url.endswith("#source-1")
    assert page.locator("#source-1").is_visible()


def test_nothing_that_a_table_says_can_run(open_file: OpenFile, tmp_path: Path) -> None:
    page = open_file(write(tmp_path / "brief.html", hostile_brief()))
    assert page.evaluate("window.hacked") is None
    lines = sum(len(part.lines) for part in hostile_brief().all_parts)
    assert page.locator("tbody tr").count() == lines


def test_a_script_that_was_put_in_does_not_run(open_file: OpenFile, tmp_path: Path) -> None:
    path = write(tmp_path / "brief.html", small_brief())
    text = path.read_text(encoding="utf-8").replace(
        "</h1>", "</h1><script>window.hacked=1</script>"
    )
    path.write_text(text, encoding="utf-8")
    page = open_file(path, watch=False)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("width", [*only_whole(320, 640), 390])
def test_a_phone_scrolls_only_downwards(open_file: OpenFile, tmp_path: Path, width: int) -> None:
    page = open_file(
        write(tmp_path / "brief.html", small_brief()), viewport={"width": width, "height": 700}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#answer-3").is_visible()


@pytest.mark.whole
def test_on_paper_the_network_is_a_picture(open_file: OpenFile, tmp_path: Path) -> None:
    page = open_file(write(tmp_path / "brief.html", small_brief()))
    page.emulate_media(media="print")
    assert page.locator("#network").is_visible()
    assert not page.locator("iframe").is_visible()
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(BytesIO(page.pdf()))
    assert "What can stop dysprosium" in reader.pages[0].extract_text()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.whole)])
def test_no_rule_of_level_a_or_aa_is_broken(
    open_file: OpenFile, tmp_path: Path, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.base")
    path = tmp_path / "brief.html"
    shown = tuple(replace(each, titled=True) for each in pictures())
    path.write_text(brief_html(small_brief(), Extras(shown)), encoding="utf-8")
    page = open_file(path, color_scheme=scheme, bypass_csp=True)
    page.add_script_tag(content=axe.AXE_FILE_PATH.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
