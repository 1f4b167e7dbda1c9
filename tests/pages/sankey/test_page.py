"""The Sankey picture: heights that add up, nothing on top of anything, and text that stays text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import UndrawableError
from monazite.pages.drawing.palette import DARK, LIGHT
from monazite.pages.sankey.folding import MAX_BARS, folded
from monazite.pages.sankey.geometry import (
    BAR,
    LINE,
    Bar,
    SankeyLayout,
    _NumberedPicture,
    _weighed,
    place_bands,
)
from monazite.pages.sankey.page import (
    Sankey,
    SankeyLink,
    SankeyNode,
    sankey_css,
    sankey_html,
    sankey_svg,
)
from tests.pages.elements import Reader
from tests.pages.sankeys import (
    crowded_sankey,
    hostile_sankey,
    hostile_table,
    link,
    node,
    small_sankey,
    small_table,
)

SVG = "{http://www.w3.org/2000/svg}"


def in_columns(placed: SankeyLayout) -> dict[float, list[Bar]]:
    columns: dict[float, list[Bar]] = defaultdict(list)
    for bar in placed.bars:
        columns[bar.x].append(bar)
    return columns


@st.composite
def sankeys(draw: st.DrawFn) -> Sankey:
    """Draw bars in up to four columns, and bands between any two of them, back ones too."""
    count = draw(st.integers(1, 40))
    value = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))
    kinds = st.sampled_from(["country", "rest", "use", "gap"])
    nodes = tuple(
        node(f"n{i}", draw(st.integers(0, 3)), draw(kinds), draw(st.none() | value))
        for i in range(count)
    )
    ends = st.integers(0, count - 1)
    links = tuple(
        link(f"n{a}", f"n{b}", draw(value), draw(st.sampled_from(["domestic", "trade", "gap"])))
        for a, b in draw(st.lists(st.tuples(ends, ends), max_size=40))
    )
    return Sankey("T", "t", ("A", "B", "C", "D"), nodes, links, ())


@given(sankeys())
def test_bars_and_bands_keep_the_quantities_and_their_places(picture: Sankey) -> None:
    placed = place_bands(picture)
    for bars in in_columns(placed).values():
        assert len(bars) <= MAX_BARS
        for above, below in pairwise(bars):
            assert above.y + above.high < below.y
            assert below.middle - above.middle >= LINE - 1e-6
        gaps = [bar.node.kind == "gap" for bar in bars]
        assert gaps == sorted(gaps)
    assert all(bar.y + bar.high <= placed.height for bar in placed.bars)
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for band in placed.bands:
        assert band.high == pytest.approx(band.link.value * placed.scale)
        out[band.source.node.id] += band.high
        into[band.target.node.id] += band.high
        for bar, top in ((band.source, band.leaves), (band.target, band.meets)):
            assert bar.y - 1e-6 <= top
            assert top + band.high <= bar.y + bar.high + 1e-6
    for bar in placed.bars:
        value = (bar.node.value or 0.0) * placed.scale
        most = max(value, into[bar.node.id], out[bar.node.id])
        assert bar.high == pytest.approx(most, abs=1e-9)


@given(sankeys())
def test_folding_loses_nothing(picture: Sankey) -> None:
    placed = place_bands(picture)
    drawn: dict[str, float] = defaultdict(float)
    asked: dict[str, float] = defaultdict(float)
    for band in placed.bands:
        drawn[band.link.kind] += band.link.value
    for one in picture.links:
        asked[one.kind] += one.value
    assert drawn == pytest.approx(asked)


@given(sankeys())
def test_sweeps_never_add_crossings(picture: Sankey) -> None:
    flow = _NumberedPicture.of(folded(picture))
    assert flow.crossings(flow.ordered()) <= flow.crossings(flow.by_size())


def test_the_crossings_are_those_of_every_pair() -> None:
    links = [(0, 1, 2.0), (1, 0, 3.0), (1, 2, 5.0), (2, 1, 7.0), (0, 0, 1.0)]
    pairs = sum(
        one[2] * other[2]
        for one in links
        for other in links
        if one[0] < other[0] and one[1] > other[1]
    )
    assert _weighed(links) == pairs == 2 * 3 + 5 * 7


def test_the_largest_stands_first_and_what_does_not_close_last() -> None:
    first, second, third = in_columns(place_bands(small_sankey())).values()
    assert [bar.node.id for bar in first] == ["a", "b", "feed"]
    assert [bar.node.id for bar in second] == ["c", "d", "alloy"]
    assert [bar.node.id for bar in third] == ["motors", "lost"]
    assert third[0].high == pytest.approx(10 * place_bands(small_sankey()).scale)


def test_a_crowded_column_is_folded_and_says_so() -> None:
    placed = place_bands(crowded_sankey())
    (mines, _) = in_columns(placed).values()
    assert len(mines) <= MAX_BARS
    labels = [bar.node.label for bar in mines]
    assert sorted(labels[-3:]) == ["6 other gaps", "Mine number 4", "Mine number 9"]
    others = next(bar for bar in mines if bar.node.label == "22 others")
    assert "Mine number 39" not in others.node.title  # it is a gap
    assert "Mine number 38" in others.node.title
    whole = sum(bar.high for bar in mines) / placed.scale
    assert whole == pytest.approx(sum(100 / (i + 1) for i in range(40)))


def test_gap_and_fact_differ_in_form_and_in_words() -> None:
    root = ElementTree.fromstring(sankey_svg(small_sankey()))
    css = sankey_css(place_bands(small_sankey()))
    gap_rule = next(rule for rule in css.split("\n") if rule.startswith(".sankey .bar.gap rect,"))
    assert "url(#sankey-hatch)" in gap_rule
    assert "stroke-dasharray" in gap_rule
    groups = [g for g in root.iter(f"{SVG}g") if (g.get("class") or "").startswith("bar gap")]
    words = ["".join(g.itertext()) for g in groups]
    assert sum("? " in text for text in words) == 3
    assert any("not known" in text for text in words)
    assert any("Does not close" in text for text in words)
    desc = root.find(f"{SVG}desc")
    assert desc is not None
    assert "What does not close: Feed that no row prints 1, Shares of alloy not known" in str(
        desc.text
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"links": (link("a", "x", 1.0, "trade"),)}, "'x', which is no node"),
        ({"columns": ("Mine",)}, "stands in column 1"),
        ({"links": (link("a", "c", -1.0, "trade"),)}, "no quantity"),
        ({"nodes": (node("a", 0, "country", float("nan")),), "links": ()}, "no quantity"),
        ({"nodes": (node("a", 0, "gap", 1.0),) * 2, "links": ()}, "one id"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(UndrawableError, match=said):
        place_bands(replace(small_sankey(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "picture",
    [
        hostile_sankey(),
        crowded_sankey(),
        Sankey("", "", (), (), (), ()),
        Sankey("", "", ("a",), (), (), ()),
    ],
)
def test_the_svg_is_well_formed_whatever_it_holds(picture: Sankey) -> None:
    root = ElementTree.fromstring(sankey_svg(picture))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {
        *("svg", "title", "desc", "style", "defs", "pattern", "g", "path", "rect", "text", "tspan"),
    }
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert "style" not in element.attrib  # a page's policy would block it
    assert "nan" not in re.sub(r">[^<]*<", "><", sankey_svg(picture))


def test_hostile_text_stays_text_in_the_page() -> None:
    page = sankey_html(hostile_sankey(), [hostile_table()], hostile_sankey().title)
    reader = Reader(page)
    assert {"script", "img"} & {tag for tag, _ in reader.elements} == set()
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert "autofocus" not in attributes
    assert "{{ 7 * 7 }}" in page
    (policy,) = (m["content"] for m in reader.all("meta") if "http-equiv" in m)
    assert policy is not None
    assert "unsafe" not in policy


def test_the_page_holds_the_figures_as_a_table() -> None:
    reader = Reader(page := sankey_html(small_sankey(), [small_table()], "View: all"))
    assert [th["scope"] for th in reader.all("th")] == ["col"] * 3 + ["row"] * 6
    assert len(reader.all("caption")) == 1
    for words in ("View: all", "A remark.", "In Dy.", "<h1><bdi>Dy: what flows</bdi></h1>"):
        assert words in page
    links = [a.get("href") for tag, a in reader.elements if "href" in a or "src" in a]
    assert links == ["data:,"]


def test_every_colour_is_one_of_both_themes() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", sankey_css(place_bands(small_sankey()))))
    assert used <= set(LIGHT)
    assert used <= set(DARK)


def test_bands_touch_the_bars_they_join() -> None:
    placed = place_bands(small_sankey())
    (band,) = (band for band in placed.bands if band.link.source == "feed")
    text = sankey_svg(small_sankey())
    assert f"M{round(band.source.x + BAR, 2):g} {round(band.leaves, 2):g}C" in text


SHOW = (
    "import sys\n"
    "from tests.pages.sankeys import *\n"
    "for one in (small_sankey(), crowded_sankey(), hostile_sankey()):\n"
    "    sys.stdout.buffer.write(sankey_html(one, [small_table()], 'View').encode())\n"
)


def test_same_picture_same_bytes_under_any_hash_seed() -> None:
    code = SHOW.replace("import sys\n", "import sys\nfrom monazite.pages.sankey.page import *\n")
    shown = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "4711")
    ]
    assert len(shown[0]) > 10_000
    assert shown[0] == shown[1]


def test_a_hundred_bars_and_a_thousand_bands_are_placed_at_once() -> None:
    nodes = tuple(
        SankeyNode(f"{c}/{i}", str(i), c, "country", None, "") for c in range(5) for i in range(20)
    )
    links = tuple(
        SankeyLink(f"{c}/{i}", f"{c + 1}/{(i * j + j) % 20}", 1.0 + j, "trade", "")
        for c in range(4)
        for i in range(20)
        for j in range(12)
    )
    placed = place_bands(Sankey("", "t", ("a", "b", "c", "d", "e"), nodes, links, ()))
    assert len(placed.bars) <= 5 * MAX_BARS


def test_a_page_without_bars_says_so_and_draws_no_frame() -> None:
    page = sankey_html(Sankey("Dy in 1995", "t", ("Mined", "Used"), (), (), ()), [], "View: all.")
    assert "there is nothing to draw" in page
    assert "<svg" not in page
