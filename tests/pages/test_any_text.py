"""Whatever text stands in the cells: pages, pictures and frames keep their shape, and run none."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.drawing.png import to_png
from monazite.pages.graph.document import graph_svg
from monazite.pages.graph.folding import fold
from monazite.pages.graph.iframe import iframe
from monazite.pages.graph.page import graph_html
from monazite.safe_text import reveal
from tests.pages.hostile import HOSTILE, hostile_network
from tests.pages.networks import add_policy, add_stage_figures, large_network, small_network

TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(HOSTILE),
    st.text(alphabet="<>&\"'/!-={}%\\`\u202e\x00\u2028\ud800", max_size=30),
)
CELLS = ("label", "label_zh", "country_label", "unit", "basis", "note", "text", "status")


def hidden_in(text: str) -> list[str]:
    """Characters that nobody sees."""
    return [old for old, new in zip(text, reveal(text), strict=True) if old != new]


class Shape(HTMLParser):
    """Which elements a page has, with which attributes, leaving out what scripts hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: Counter[tuple[str, ...]] = Counter()
        self.json: list[str] = []
        self._reading = False
        self.hidden = hidden_in(text)
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[(tag, *sorted(name for name, _ in attrs))] += 1
        self._reading = ("type", "application/json") in attrs

    def handle_data(self, data: str) -> None:
        if self._reading:
            self.json.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._reading = False


def filled(text: str) -> nx.MultiDiGraph[str]:
    """A network with this text in every cell that a reader may see."""
    text = f"x{text}"  # an empty cell rightly leaves elements out
    network = add_stage_figures(small_network())
    add_policy(network, "separation/CHN", "metal/VNM")
    for node, cells in network.nodes(data=True):
        cells.update(dict.fromkeys(CELLS, text), status_sure=text)
        cells["label"] = f"{text}{node}"
    for *_, cells in network.edges(data=True):
        cells.update(material=text, note=text, unit=text)
    for policy in network.graph["policies"].values():
        policy.update(title=text, kind=text, state=text, remarks=(text,))
    network.graph.update(element_label=text, market_label=text, view={"text": text})
    for found in network.graph["evidence"].values():
        found["text"] = text
        for source in found["sources"]:
            source.update(publisher=text, title=f"{source['title']} {text}", published=text)
    return network


@pytest.fixture(scope="module")
def plain() -> Shape:
    return Shape(graph_html(filled("Plain")))


def without_optional(shape: Shape) -> Counter[tuple[str, ...]]:
    """Names beside names stand only where they say something."""
    optional = {"bdi", "span", "p", "td", "label", "input", "em", "text", "option"}
    return Counter({key: n for key, n in shape.found.items() if key[0] not in optional})


@given(TEXT)
def test_a_page_keeps_its_elements_whatever_the_text(plain: Shape, text: str) -> None:
    page = graph_html(filled(text))
    page.encode()
    assert hidden_in(page) == plain.hidden  # the library that draws has some
    shape = Shape(page)
    assert without_optional(shape) == without_optional(plain)
    assert set(shape.found) <= set(plain.found) | {("h1",), ("bdi",)}
    view, drawing, details = map(json.loads, shape.json)
    assert len(drawing["nodes"]) == len(small_network())
    assert len(details) == len(small_network()) + len(drawing["edges"])
    assert isinstance(view, dict)


@given(TEXT)
def test_a_picture_is_a_document_and_a_frame_is_one_element(text: str) -> None:
    svg = graph_svg(filled(text), title=text)
    assert reveal(svg) == svg
    root = ElementTree.fromstring(svg.encode())
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "rect", "g", "path", "text")
    }
    shape = Shape(iframe(text, (1400, 700), page=f"<p>{text}</p>"))
    assert [key[0] for key in shape.found.elements()] == ["iframe"]


def test_hostile_text_becomes_a_png() -> None:
    for network in (hostile_network(), filled(HOSTILE[5])):
        svg = graph_svg(network, title=HOSTILE[0])
        assert to_png(svg, width=400)[:4] == b"\x89PNG"
        assert re.findall("[\u202a-\u202e\x00-\x08]", svg) == []


def test_a_crowd_is_folded_and_nothing_is_lost() -> None:
    network = large_network(400)
    folded = fold(network)
    behind = {node for group in folded.members.values() for node in group}
    assert len(folded.network) <= 150
    assert set(network) == (set(folded.network) | behind) & set(network)
    assert not behind & set(folded.network)
    held = sum(len(group) for group in folded.holds.values())
    drawn = sum(1 for *_, cells in folded.network.edges(data=True) if not cells.get("joined"))
    assert held + drawn == network.number_of_edges()
    page = graph_html(network)
    for node in sorted(map(str, behind))[:20]:
        assert str(network.nodes[node]["label"]) in page
    assert fold(large_network(150)).members == {}


def test_what_joins_adds_up_only_within_one_unit() -> None:
    network = large_network(160)
    sites = [node for node, cells in network.nodes(data=True) if cells["kind"] == "site"]
    of = {n: (network.nodes[n]["stage"], network.nodes[n]["country"]) for n in sites}
    first = sites[0]
    twin = next(n for n in sites[1:] if of[n] == of[first])
    far = next(n for n in sites if of[n][0] != of[first][0])
    network.add_edge(first, far, key="1", kind="observed", quantity=2.0, unit="t", rows=("a",))
    network.add_edge(twin, far, key="2", kind="observed", quantity=3.0, unit="t", rows=("b",))

    def joined() -> dict[str, object]:
        arcs = fold(network).network.edges(data=True)
        [found] = [cells for *_, cells in arcs if cells.get("joined")]
        return found

    assert (joined()["quantity"], joined()["unit"], joined()["rows"]) == (5.0, "t", ("a", "b"))
    assert joined()["label"] == "2 links"
    network.edges[twin, far, "2"]["unit"] = "t REO"
    assert joined()["quantity"] is None
