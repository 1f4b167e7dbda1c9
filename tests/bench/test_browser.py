"""How soon pages stand still and views are shown in a browser, as ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
from pyvis.network import Network as Drawing  # type: ignore[import-untyped]  # it ships no types

from monazite.report.graph.network_page import graph_html
from tests.report.networks import add_arc, large_network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


LONGEST = 120.0
POSITIONS = "JSON.stringify(network.getPositions())"


def crowded(size: int) -> nx.MultiDiGraph[str]:
    network = large_network(size)
    sites = [node for node, cells in network.nodes(data=True) if cells["kind"] == "site"]
    for place in range(0, len(sites) - 1, 2):
        add_arc(network, sites[place], sites[(place * 7 + 3) % len(sites)], "observed")
    return network


def plain_page(network: nx.MultiDiGraph[str], path: Path) -> None:
    """The same nodes and links as pyvis draws them when nobody says anything."""
    drawing = Drawing(directed=True, cdn_resources="in_line")
    for node, cells in network.nodes(data=True):
        drawing.add_node(node, label=cells.get("label", node))
    for source, target in network.edges():
        drawing.add_edge(source, target)
    path.write_text(drawing.generate_html(notebook=False), encoding="utf-8")


def open_page(browser: Browser, path: Path) -> tuple[Page, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(LONGEST * 1000)
    page.route("http*://**", lambda route: route.abort())
    started = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    return page, started


def seconds_to_stand_still(browser: Browser, path: Path) -> float:
    """Until no node of plain pyvis moved for half a second; that half second is not counted."""
    page, started = open_page(browser, path)
    page.wait_for_load_state("load")
    before, since = "", time.perf_counter()
    while time.perf_counter() - started < LONGEST:
        now = page.evaluate(POSITIONS)
        if now != before:
            before, since = now, time.perf_counter()
        elif time.perf_counter() - since > 0.5:
            break
        page.wait_for_timeout(50)
    page.close()
    return since - started


def seconds_to_be_drawn(browser: Browser, path: Path) -> float:
    """Until our page is drawn; that nothing moves after it is checked."""
    page, started = open_page(browser, path)
    page.locator("html.drawn").wait_for(state="attached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done(1)))")
    seconds = time.perf_counter() - started
    page.wait_for_timeout(300)
    first = page.locator("#canvas").screenshot()
    page.wait_for_timeout(500)
    assert page.locator("#canvas").screenshot() == first
    page.close()
    return seconds


def test_a_page_stands_still_ten_times_sooner_than_plain_pyvis(
    browser: Browser, tmp_path: Path, report: Callable[[str], None]
) -> None:
    network = crowded(300)
    ours, plain, large = (tmp_path / f"{name}.html" for name in ("ours", "plain", "large"))
    text = graph_html(network)
    ours.write_text(text, encoding="utf-8")
    plain_page(network, plain)
    large.write_text(graph_html(crowded(5000)), encoding="utf-8")
    best = min(seconds_to_be_drawn(browser, ours) for _ in range(3))
    theirs = seconds_to_stand_still(browser, plain)
    of_5000 = min(seconds_to_be_drawn(browser, large) for _ in range(2))
    size = len(text.encode()) / 1e6
    report(
        f"300 nodes: {best:.2f} s and {size:.2f} MB, plain pyvis {theirs:.2f} s "
        f"({theirs / best:.0f} times as long); 5,000 nodes: {of_5000:.2f} s, "
        f"{large.stat().st_size / 1e6:.1f} MB"
    )
    assert size < 1.2
    assert theirs / best >= 10
    assert of_5000 < theirs
