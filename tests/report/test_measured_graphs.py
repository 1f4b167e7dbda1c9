"""The page and picture of a measured graph: areas are the measure, columns the stages."""

from __future__ import annotations

from math import pi
from xml.etree import ElementTree

import pytest

from monazite.report.figures.centrality import LARGEST, LEAST, centrality_html, centrality_svg
from tests.conftest import view_in_memory
from tests.report.measured import small_centrality

SVG = "{http://www.w3.org/2000/svg}"


def circles(text: str) -> dict[str, tuple[float, float, float]]:
    """Place and radius of each node, by its title up to the colon."""
    root = ElementTree.fromstring(text)
    found = {}
    for group in root.iter(f"{SVG}g"):
        title, circle = group.find(f"{SVG}title"), group.find(f"{SVG}circle")
        assert title is not None
        assert circle is not None
        name = (title.text or "").partition(":")[0]
        x, y, r = (float(circle.get(each, "")) for each in ("cx", "cy", "r"))
        found[name] = (x, y, r)
    return found


def test_the_area_of_a_circle_is_the_measure() -> None:
    found = circles(centrality_svg(small_centrality("tonnes_out")))
    whole = pi * LARGEST**2
    assert found["China mining"][2] == LARGEST
    assert pi * found["China separation"][2] ** 2 == pytest.approx(0.8 * whole, rel=0.01)
    assert found["United States use"][2] == LEAST


def test_nodes_without_any_of_the_measure_are_small_rings() -> None:
    text = centrality_svg(small_centrality())
    found = circles(text)
    assert found["China mining"][2] == LEAST
    assert text.count('class="node none"') == 3
    assert found["China separation"][2] == LARGEST


def test_stages_run_from_left_to_right_and_no_two_circles_touch() -> None:
    found = circles(centrality_svg(small_centrality()))
    mine, separation, use = (
        found[x][0] for x in ("China mining", "China separation", "United States use")
    )
    assert mine < separation < use
    (_, high, one), (_, low, other) = (
        found[x] for x in ("China separation", "Malaysia separation")
    )
    assert low - high >= one + other


def test_links_are_as_wide_as_what_they_carry() -> None:
    root = ElementTree.fromstring(centrality_svg(small_centrality()))
    links = [each for each in root.iter(f"{SVG}path") if "link" in each.get("class", "")]
    wide = [float(each.get("stroke-width", "")) for each in links]
    assert len(links) == 4
    assert max(wide) > 3 * min(wide)
    assert [each.get("class") for each in links].count("link home") == 1


def test_the_loss_stands_in_the_words_of_a_circle() -> None:
    text = centrality_svg(small_centrality())
    assert "China separation: betweenness 0.167; loss without it 90 %" in text
    assert "4 nodes and 4 links; largest by betweenness: China separation" in text


def test_picture_sentences_and_tables_stand_on_it() -> None:
    found = small_centrality()
    page = centrality_html(found, "View: all rows")
    assert "<h1><bdi>Dysprosium for the United States: centrality of flows, 2024</bdi></h1>" in page
    assert page.count("<svg ") == 1
    assert page.count("<table>") == 2
    assert all(said in page for said in found.said)
    assert "View: all rows" in page


@pytest.mark.whole
def test_each_kind_of_graph_says_what_its_links_are() -> None:
    assert "as wide as the tonnes they carry" in centrality_html(small_centrality())
    for kind, said in (
        ("firms", "as how many records say so"),
        ("policy", "how many are in force"),
    ):
        found = view_in_memory().centrality("Dy", "USA", kind=kind)
        page = centrality_html(found)
        assert said in page
        assert "stay in a country" not in page
