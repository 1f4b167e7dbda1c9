from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import networkx as nx
import pytest

from monazite.pages.drawing.palette import DARK, KINDS, LIGHT, LINES, OTHER_KIND, OTHER_LINE
from monazite.pages.graph.document import graph_svg
from monazite.pages.graph.page import graph_html
from monazite.pages.graph.svg import draw, drawn_parts
from tests.pages.hostile import HOSTILE, hostile_network
from tests.pages.networks import large_network, small_network


def test_kinds_differ_by_more_than_their_hue() -> None:
    marks = [(kind.shape, kind.dashed) for kind in (*KINDS, OTHER_KIND)]
    assert len(set(marks)) == len(marks)
    dashes = {line.code: line.dash for line in (*LINES, OTHER_LINE)}
    three = [dashes[code] for code in ("observed", "captive", "possible")]
    assert len(set(three)) == 3


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(theme: dict[str, str]) -> None:
    for text in ("ink", "muted", "link"):
        for ground in ("paper", "card", "band"):
            dark, light = sorted((luminance(theme[text]), luminance(theme[ground])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
    for one, other in combinations(("arc-observed", "arc-captive", "arc-possible"), 2):
        assert theme[one] != theme[other]


@pytest.mark.parametrize("network", [small_network(), large_network(), hostile_network()])
def test_the_svg_is_a_document_of_its_own(network: nx.MultiDiGraph[str]) -> None:
    text = graph_svg(network, title=HOSTILE[0])
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert root[0].text == HOSTILE[0]
    cards = [group for group in root.iter(f"{space}g") if group.get("class", "").startswith("card")]
    assert len(cards) == len(network)
    assert not list(root.iter(f"{space}script"))
    assert "href" not in text


def test_the_page_holds_the_same_picture_as_the_svg() -> None:
    network = small_network()
    document = drawn_parts(draw(network))
    assert document in graph_svg(network)
    inside = re.findall(r'<g class="(?:card|arc) .*?</g>', document, re.DOTALL)
    page = graph_html(network)
    assert len(inside) == len(network) + network.number_of_edges()
    assert all(part in page for part in inside)
