"""Laws of all pages and pictures: whatever text stands in the cells, they keep their shape.

They run and load nothing but what their policy names, are the same bytes each time, and show what
was found without finding anything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.core.formats import reveal
from monazite.report.brief.page import Extras, brief_html
from monazite.report.chain_diagram.page import backbone_html
from monazite.report.chain_diagram.svg import backbone_svg
from monazite.report.drawing.frame import to_png
from monazite.report.entity_page import entity_html
from monazite.report.explorer.page import explorer_html, live_html, waiting_html
from monazite.report.exposure_page import exposure_html
from monazite.report.figures.centrality import centrality_html, centrality_svg
from monazite.report.graph.network_page import graph_html
from monazite.report.graph.svg import graph_svg, iframe
from monazite.report.sankey.page import sankey_html, sankey_svg
from monazite.report.scenario import scenario_html, scenario_svg
from monazite.report.timeline import timeline_html, timeline_svg
from monazite.store.cards import SourceLine
from tests.bom.bills import example, hostile_exposure, with_texts
from tests.report.briefs import hostile_brief, pictures, small_brief
from tests.report.diagrams import hostile_backbone, small_backbone
from tests.report.elements import Reader
from tests.report.explorers import hostile_parts, parts
from tests.report.hostile import HOSTILE, hostile_network
from tests.report.measured import hostile_centrality, small_centrality
from tests.report.networks import add_policy, add_stage_figures, small_findings, small_network
from tests.report.outcomes import hostile_outcome, small_outcome
from tests.report.sankeys import hostile_sankey, hostile_table, small_sankey, small_table
from tests.report.test_explorer import index
from tests.report.test_things import asking_page, entity_page
from tests.report.timelines import PAPER, hostile_timeline, small_timeline

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


TEXTS = {f"E{number}": text for number, text in enumerate(HOSTILE)}
EVIL = {"first": ("E0", "E1"), "data": HOSTILE[0]}
Make = Callable[[], str]
Many = Callable[[], Iterator[str]]
PAGES: dict[str, tuple[Make, Many]] = {
    "backbone": (
        lambda: backbone_html(small_backbone(), view={"text": "View"}),
        lambda: iter([backbone_html(hostile_backbone(), view={"text": HOSTILE[0]})]),
    ),
    "bill": (lambda: exposure_html(example()), lambda: iter([exposure_html(hostile_exposure())])),
    "brief": (
        lambda: brief_html(small_brief(), Extras(pictures())),
        lambda: iter([brief_html(hostile_brief(), Extras(pictures()))]),
    ),
    "centrality": (
        lambda: centrality_html(small_centrality()),
        lambda: (centrality_html(hostile_centrality(text), text) for text in HOSTILE),
    ),
    "entity": (
        lambda: entity_html(entity_page()),
        lambda: (
            entity_html(replace(entity_page(text, SourceLine(*(text,) * 7)), name=text, kind=text))
            for text in HOSTILE
        ),
    ),
    "explorer": (lambda: explorer_html(parts()), lambda: iter([explorer_html(hostile_parts())])),
    "explorer of a server": (
        lambda: live_html(index()),
        lambda: iter(
            [
                live_html(
                    index(first=("E0", "E1"), elements=TEXTS, markets=TEXTS, data=HOSTILE[0])
                ),
                *map(waiting_html, HOSTILE),
            ]
        ),
    ),
    "network": (
        lambda: graph_html(small_network(), findings=small_findings()),
        lambda: iter([graph_html(hostile_network(), title=HOSTILE[0])]),
    ),
    "questions": (asking_page, lambda: map(asking_page, HOSTILE)),
    "sankey": (
        lambda: sankey_html(small_sankey(), [small_table()], "View"),
        lambda: iter([sankey_html(hostile_sankey(), [hostile_table()], HOSTILE[0])]),
    ),
    "scenario": (
        lambda: scenario_html(small_outcome(), [PAPER]),
        lambda: iter([scenario_html(hostile_outcome())]),
    ),
    "timeline": (
        lambda: timeline_html(small_timeline()),
        lambda: iter([timeline_html(hostile_timeline(), HOSTILE[0])]),
    ),
}
"""Each page of small made-up findings, and with hostile text in every place."""
PICTURES: dict[str, tuple[Make, Many]] = {
    "backbone": (
        lambda: backbone_svg(small_backbone()),
        lambda: iter([backbone_svg(hostile_backbone())]),
    ),
    "centrality": (
        lambda: centrality_svg(small_centrality()),
        lambda: (centrality_svg(hostile_centrality(text)) for text in HOSTILE),
    ),
    "network": (
        lambda: graph_svg(small_network(), small_findings()),
        lambda: iter([graph_svg(hostile_network(), title=HOSTILE[0])]),
    ),
    "sankey": (lambda: sankey_svg(small_sankey()), lambda: iter([sankey_svg(hostile_sankey())])),
    "scenario": (
        lambda: scenario_svg(small_outcome(), theme="light"),
        lambda: iter([scenario_svg(hostile_outcome(), theme="light")]),
    ),
    "timeline": (
        lambda: timeline_svg(small_timeline()),
        lambda: iter([timeline_svg(hostile_timeline())]),
    ),
}
ACTIVE = {*("script", "img", "iframe", "object", "embed", "form"), *("meta", "link", "base", "b")}
"""Elements that run, load, send or overrule; no made-up page has a bold word."""
SVG_TAGS = {
    *("svg", "title", "desc", "metadata", "style", "defs", "pattern", "g", "path", "rect"),
    *("text", "tspan", "circle", "line", "use"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_text_stays_text(kind: str) -> None:
    small, hostile = PAGES[kind]
    tame = Shape(small())
    for page in hostile():
        shape = Shape(page)
        assert {key for key in shape.found if key[0] in ACTIVE} <= {*tame.found}
        for tag, attributes in Reader(page).elements:
            names = [name for name in attributes if name.startswith("on")]
            assert not names, (tag, names)
            assert not {"autofocus", "style"} & {*attributes}, tag
            address = str(attributes.get("href") or "#")
            assert re.match(r"#|/|https?://|data:,", address), address
        if kind not in {"entity", "questions"}:  # whose texts a server reveals before
            assert shape.hidden == tame.hidden, "the library that draws has some"


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_runs_and_loads_what_its_policy_names_and_is_the_same_each_time(kind: str) -> None:
    page = PAGES[kind][0]()
    reader = Reader(page)
    [policy] = [str(each["content"]) for each in reader.all("meta") if "http-equiv" in each]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    texts = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(x.encode()).digest()).decode()}'" for x in texts}
    assert hashes == {*re.findall(r"'sha256-[^']*'", policy)}
    assert ("script-src" in policy) == ("<script>" in page)
    if "explorer of" not in kind and kind != "questions":
        assert "connect-src 'self'" not in policy
    assert [tag for tag, _ in reader.elements][:3] == ["html", "head", "meta"]
    for tag, attributes in reader.elements:
        assert str(attributes.get("src") or "data:").startswith("data:")
        assert "srcset" not in attributes
        if tag == "link" and attributes["rel"] != "alternate":
            assert attributes["href"] == "data:,"
    assert not re.search(r"@import|url\((?![\"']?(?:data:|#))", "".join(texts[:1]))
    assert page == PAGES[kind][0]()


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_a_quiet_document_whatever_the_text(kind: str) -> None:
    small, hostile = PICTURES[kind]
    assert small() == small()
    for text in hostile():
        assert reveal(text) == text
        root = ElementTree.fromstring(text)
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= SVG_TAGS
        for each in root.iter():
            assert not [name for name in each.attrib if name.startswith("on") or "href" in name]
            assert "style" not in each.attrib, "the policy of a page would block it"
    assert to_png(text, width=300)[1:4] == b"PNG"


DIGEST = """
import hashlib
from tests.report.test_any_text import PAGES, PICTURES
for small, _ in (*PAGES.values(), *PICTURES.values()):
    print(hashlib.sha256(small().encode()).hexdigest())
"""


@pytest.mark.whole
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4711")
    ]
    assert told[0] == told[1]
    assert len(told[0].split()) == len(PAGES) + len(PICTURES)


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


@settings(max_examples=4)
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
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SVG_TAGS
    shape = Shape(iframe(text, (1400, 700), page=f"<p>{text}</p>"))
    assert [key[0] for key in shape.found.elements()] == ["iframe"]


@cache
def plain_bill() -> Shape:
    return Shape(exposure_html(with_texts("Plain")))


@given(TEXT)
def test_the_page_of_a_bill_keeps_its_elements_whatever_the_text(text: str) -> None:
    page = exposure_html(with_texts(f"x{text}"))
    page.encode()
    shape = Shape(page)
    assert shape.hidden == []
    assert shape.found == plain_bill().found
