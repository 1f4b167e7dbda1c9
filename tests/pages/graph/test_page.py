from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pytest

from monazite.findings.losses.result import Chokepoints
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.graph.page import graph_html
from monazite.safe_text import visible
from tests.pages.hostile import HOSTILE, hostile_network
from tests.pages.networks import (
    empty_network,
    large_network,
    small_findings,
    small_network,
)

ROOT = Path(__file__).parents[3]


class Page(HTMLParser):
    """The elements of a page, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.shown: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._open = (tag, dict(attrs))
            self.raw.append((*self._open, ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, attributes, text = self.raw[-1]
            self.raw[-1] = (tag, attributes, text + data)
        else:
            self.shown.append(data)

    @property
    def scripts(self) -> list[str]:
        return [text for tag, cells, text in self.raw if tag == "script" and "type" not in cells]

    def json(self, id: str) -> object:  # noqa: A002 - the attribute's name
        [text] = [text for _, cells, text in self.raw if cells.get("id") == id]
        return json.loads(text)

    @property
    def policy(self) -> str:
        [policy] = [
            cells["content"]
            for tag, cells in self.elements
            if tag == "meta" and cells.get("http-equiv") == "Content-Security-Policy"
        ]
        return str(policy)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(graph_html(small_network(), findings=small_findings()))


@pytest.fixture(scope="module")
def hostile_page() -> Page:
    return Page(graph_html(hostile_network(), title=HOSTILE[0]))


def test_nothing_in_the_page_is_fetched(page: Page, hostile_page: Page) -> None:
    for each in (page, hostile_page):
        for tag, cells in each.elements:
            assert "src" not in cells
            assert "srcset" not in cells
            if tag not in {"a", "link"}:
                assert "href" not in cells
        links = [cells for tag, cells in each.elements if tag == "link"]
        assert links == [{"rel": "icon", "href": "data:,"}]
        [style] = [text for tag, _, text in each.raw if tag == "style"]
        assert "url(" not in style
        assert "@import" not in style
        assert not any("sourceMappingURL" in script for script in each.scripts)


def test_the_policy_allows_these_scripts_and_this_style_and_nothing_else(page: Page) -> None:
    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    [style] = [text for tag, _, text in page.raw if tag == "style"]
    assert rules == {
        "default-src": "'none'",
        "script-src": " ".join(hashed(script) for script in page.scripts),
        "style-src": hashed(style),
        "img-src": "data:",
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(page.scripts) == 2
    assert not any("style" in cells for _, cells in page.elements)


def test_the_policy_stands_before_everything_it_governs(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert tags[: tags.index("link")].count("meta") >= 2
    assert tags.index("meta") < tags.index("link") < tags.index("style") < tags.index("script")


def test_hostile_text_makes_no_element_and_no_attribute(hostile_page: Page) -> None:
    tags = {tag for tag, _ in hostile_page.elements}
    assert not tags & {"img", "iframe", "object", "b", "embed"}
    assert len([tag for tag, *_ in hostile_page.raw if tag == "script"]) == 5
    for _, cells in hostile_page.elements:
        assert not [name for name in cells if name.startswith("on") or name == "autofocus"]
        href = cells.get("href") or "#"
        assert href.startswith(("#", "https://", "data:,"))
    assert not any("hacked" in script for script in hostile_page.scripts)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_labels_are_whole_in_the_panel(hostile_page: Page, text: str) -> None:
    details = hostile_page.json("details")
    assert isinstance(details, list)
    titles = {entry["title"] for entry in details}
    assert not text or visible(text) in titles


def test_the_picture_shortens_what_the_panel_has_whole(hostile_page: Page) -> None:
    drawing = hostile_page.json("drawing")
    assert isinstance(drawing, dict)
    assert max(len(node["label"]) for node in drawing["nodes"]) < 40
    assert not [node for node in drawing["nodes"] if "\u202e" in json.dumps(node)]


def test_no_character_that_turns_or_hides_text_is_left() -> None:
    text = graph_html(hostile_network())
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text) == []


def test_pyvis_holds_every_node_and_link_in_its_place(page: Page) -> None:
    drawing = page.json("drawing")
    network = small_network()
    assert isinstance(drawing, dict)
    assert len(drawing["nodes"]) == len(network)
    assert len(drawing["edges"]) == network.number_of_edges()
    for node in drawing["nodes"]:
        assert node["physics"] is False
        assert node["fixed"] is True
        assert node["x"] > 0
        assert node["y"] > 0
    assert all(edge["arrows"] == "to" for edge in drawing["edges"])


def test_facts_are_numbered_once_with_their_sources(page: Page) -> None:
    listed = [str(cells["id"]) for tag, cells in page.elements if tag == "li" and "id" in cells]
    facts = [name for name in listed if name.startswith("fact-")]
    assert facts == [f"fact-{number}" for number in range(1, len(facts) + 1)]
    assert listed == [*facts, "source-1"]
    cited = {cells["href"] for tag, cells in page.elements if tag == "a" and "ref" in str(cells)}
    assert "#source-1" in cited
    out = [cells for tag, cells in page.elements if tag == "a" and "target" in cells]
    assert out
    for cells in out:
        assert cells["rel"] == "noopener noreferrer"
        assert str(cells["href"]).startswith("https://")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://a b",
        "https://a\u202eb.example",
        None,
        7,
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: object) -> None:
    network = empty_network(evidence={"r": {"text": "t", "sources": [{"title": "x", "url": url}]}})
    network.add_node("a", rows=("r",))
    links = [cells for tag, cells in Page(graph_html(network)).elements if "target" in cells]
    assert links == []


def test_view_and_licence_stand_in_the_footer(page: Page) -> None:
    shown = "".join(page.shown)
    assert "View: valid 2026-11-24; tier 2" in shown
    assert LICENCE in shown
    block = next(text for tag, cells, text in page.raw if cells.get("id") == "view")
    assert json.loads(block) == {
        "text": "View: valid 2026-11-24; tier 2",
        "valid": "2026-11-24",
        "tier": 2,
    }


def test_an_empty_network_is_a_page() -> None:
    assert "<h1>" in graph_html(nx.MultiDiGraph())
    none = Chokepoints("Dy", "Dysprosium", "USA", "United States", (), ())
    assert "not known" in graph_html(empty_network(), findings=none)


PRINT_DIGEST = """
import hashlib
from monazite.pages.graph.page import graph_html
from tests.pages.networks import large_network, small_findings, small_network
text = graph_html(small_network(), findings=small_findings()) + graph_html(large_network())
print(hashlib.sha256(text.encode()).hexdigest())
"""


def run_python(code: str, seed: str = "0") -> str:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "graph")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.whole
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    here = graph_html(small_network(), findings=small_findings()) + graph_html(large_network())
    digest = sha256(here.encode()).hexdigest()
    assert run_python(PRINT_DIGEST, "1") == run_python(PRINT_DIGEST, "2") == digest


def test_pyvis_is_imported_only_when_a_page_is_made() -> None:
    code = "import sys, monazite.pages.graph.page; print('pyvis' in sys.modules)"
    assert run_python(code) == "False"
