"""A Chromium for the page tests, and a page that fails on any noise or request."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monazite.report.graph.svg import iframe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Show = Callable[..., "Page"]
OpenFile = Callable[..., "Page"]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there: the shell draws the same pages, and starts one in a quarter of the time
that a whole browser takes."""


def find_chromium() -> str:
    """The path of a Chromium; without one the test skips, or fails where one is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("MONAZITE_REQUIRE_BROWSER") == "1":
        pytest.fail("MONAZITE_REQUIRE_BROWSER=1, but no chromium or google-chrome is on PATH.")
    if found is None:
        pytest.skip("No chromium or google-chrome is on PATH; install one to run this test.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_file(browser: Browser) -> Iterator[OpenFile]:
    """Open a page from its file; any request, console line or error fails the test at its end."""
    noise: list[str] = []
    contexts = []

    def open_it(path: Path, *, anchor: str = "", watch: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if watch:
            page.on("request", lambda request: noise.append(f"request {request.url}"))
            page.on("console", lambda line: noise.append(f"console {line.type}: {line.text}"))
            page.on("pageerror", lambda error: noise.append(f"error {error}"))
        page.goto(path.as_uri() + anchor)
        if watch:
            assert noise.pop(0) == f"request {path.as_uri()}"
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert noise == []


def eventually(
    page: Page, holds: Callable[[], bool], again: Callable[[], object] = lambda: None
) -> bool:
    """Tell whether something comes true of a page within ten seconds."""
    for _ in range(200):
        again()
        if holds():
            return True
        page.wait_for_timeout(50)
    return False


@pytest.fixture
def show(open_file: OpenFile, tmp_path: Path) -> Show:
    """Open a page from its text."""

    def open_it(text: str, *, ending: str = "html", **options: Any) -> Page:
        path = tmp_path / f"page.{ending}"
        path.write_text(text, encoding="utf-8")
        return open_file(path, **options)

    return open_it


@pytest.fixture
def show_framed(open_file: OpenFile, tmp_path: Path) -> Show:
    """Open a page that holds another in a frame, by its address or whole."""

    def open_it(inner: str, held: str, *, size: tuple[int, int], **options: Any) -> Page:
        (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
        frame = iframe('"Dy"', size, **{held: "inner.html" if held == "src" else inner})
        (tmp_path / "outer.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
        page = open_file(tmp_path / "outer.html", watch=False, **options)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        return page

    return open_it
