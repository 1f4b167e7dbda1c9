"""The page of a measured graph in a browser: quiet, within the window, readable in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monazite.pages.centrality.page import centrality_html
from tests.browser.conftest import OpenFile
from tests.browser.test_sankey_page import CONTRAST
from tests.browser.test_timeline_page import assert_apart, boxes
from tests.pages.hostile import HOSTILE
from tests.pages.measured import hostile_centrality, small_centrality
from tests.sharing import only_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from monazite.findings.centrality.result import Centrality

pytestmark = pytest.mark.browser


@pytest.fixture
def open_graph(open_file: OpenFile, tmp_path: Path) -> Callable[..., Page]:
    """Open the page of a measured graph."""

    def open_it(found: Centrality, width: int = 1280, **options: Any) -> Page:
        path = tmp_path / "centrality.html"
        path.write_text(centrality_html(found, "View: all rows"), encoding="utf-8")
        return open_file(path, viewport={"width": width, "height": 800}, **options)

    return open_it


@pytest.mark.parametrize("width", [390, *only_whole(1280)])
def test_nothing_is_wider_than_the_window(width: int, open_graph: Callable[..., Page]) -> None:
    page = open_graph(small_centrality(), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("table").count() == 2
    assert_apart(boxes(page, "svg.central .label"))


def test_hostile_text_runs_nothing(open_graph: Callable[..., Page]) -> None:
    page = open_graph(hostile_centrality(HOSTILE[0]))
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper(scheme: str, open_graph: Callable[..., Page]) -> None:
    page = open_graph(small_centrality(), color_scheme=scheme)
    for words in (".label", ".number", ".head", ".unit"):
        assert min(page.locator(f"svg.central {words}").evaluate_all(CONTRAST)) >= 4.5
    assert page.get_by_role("region", name="A graph as a picture").is_visible()
