"""How soon the served explorer shows a warm view, against a view that the page holds already.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_served_explorer.py
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import FLAGS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MARKETS = ("USA", "JPN", "DEU", "KOR", "FRA", "IND")
ROUNDS = 5
DEAREST = 4.0
"""A view that the server has ready costs at most so many views that the page holds."""
SWITCH = """async (market) => {
  const headline = () => document.querySelector("#view h1")?.textContent;
  const [before, began] = [headline(), performance.now()];
  location.hash = `#element=Dy&market=${market}`;
  while (headline() === before) await new Promise(requestAnimationFrame);
  document.body.offsetHeight; // laid out
  return performance.now() - began;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of its own, as a reader starts it."""
    command = [sys.executable, "-m", "monazite", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "http://" in line:
                break
        yield line.partition("http://")[2].partition("/")[0]
        process.terminate()
        process.stderr.read()


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(300_000)
    page.goto(f"http://{address}/#element=Dy&market=WLD")
    page.locator("#view .picture").wait_for()
    return page


def test_a_warm_view_costs_little_more_than_one_that_is_held(
    browser: Browser, address: str, report: Callable[[str], None]
) -> None:
    page = opened(browser, address)
    for market in MARKETS:  # the server works them out
        page.evaluate(SWITCH, market)
    page.close()
    asked: list[float] = []
    held: list[float] = []
    for _ in range(ROUNDS):
        page = opened(browser, address)
        asked += [page.evaluate(SWITCH, market) for market in MARKETS]
        held += [page.evaluate(SWITCH, market) for market in MARKETS]
        page.close()
    report(
        f"warm view of the server: median {median(asked):.0f} ms, longest {max(asked):.0f} ms; "
        f"held by the page: median {median(held):.0f} ms; ratio {median(asked) / median(held):.2f}"
    )
    assert median(asked) <= DEAREST * median(held)
