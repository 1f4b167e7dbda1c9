"""The Sankey picture: heights that add up, nothing on top of anything, crowds folded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given

from monazite.report.sankey.balance_picture import MAX_BARS, Sankey, SankeyLink
from monazite.report.sankey.page import (
    BAR,
    LARGE,
    LINE,
    Bar,
    place_bands,
    sankey_css,
    sankey_html,
    sankey_svg,
)
from tests.report.elements import Reader
from tests.report.sankeys import (
    crowded_sankey,
    hostile_sankey,
    in_columns,
    link,
    node,
    sankeys,
    small_sankey,
    small_table,
)


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


def crossing(links: Iterable[SankeyLink], columns: dict[str, int], at: dict[str, float]) -> float:
    """The product of what crosses, over every pair of links between the same two columns."""
    return sum(
        one.value * other.value
        for one in links
        for other in links
        if (columns[one.source], columns[one.target])
        == (columns[other.source], columns[other.target])
        and at[one.source] < at[other.source]
        and at[one.target] > at[other.target]
    )


def placed_and_by_size(picture: Sankey) -> tuple[float, float]:
    """How much crosses as drawn, and where each column is ordered by size alone."""
    placed = place_bands(picture)
    links = [band.link for band in placed.bands]
    columns = {bar.node.id: bar.node.column for bar in placed.bars}
    by_size: dict[str, float] = {}
    for bars in in_columns(placed).values():
        large = LARGE * sum(bar.high for bar in bars)

        def place(bar: Bar, large: float = large) -> tuple[int, float, str]:
            group = {"gap": 3, "rest": 2}.get(bar.node.kind, 0 if bar.high >= large else 1)
            return group, -bar.high, bar.node.label

        by_size |= {bar.node.id: at for at, bar in enumerate(sorted(bars, key=place))}
    drawn = {bar.node.id: bar.y for bar in placed.bars}
    return crossing(links, columns, drawn), crossing(links, columns, by_size)


@given(sankeys())
def test_sweeps_never_add_crossings(picture: Sankey) -> None:
    drawn, by_size = placed_and_by_size(picture)
    assert drawn <= by_size * (1 + 1e-9)


def test_sweeps_uncross_what_is_small() -> None:
    """By hand: 4 t and 3 t cross where the smaller one has the larger plant."""
    nodes = (
        *(node("a", 0, "country", 90.0), node("b", 0, "country", 4.0)),
        *(node("c", 0, "country", 3.0), node("d", 1, "country", 90.0)),
        *(node("e", 1, "country", 5.0), node("f", 1, "country", 4.0)),
    )
    links = tuple(
        link(*ends, "trade") for ends in (("a", "d", 90.0), ("b", "f", 4.0), ("c", "e", 3.0))
    )
    picture = Sankey("", "t", ("A", "B"), nodes, links, ())
    assert placed_and_by_size(picture) == (0, 4 * 3)


def test_the_largest_stands_first_and_what_does_not_close_last() -> None:
    first, second, third = in_columns(place_bands(small_sankey())).values()
    assert [bar.node.id for bar in first] == ["a", "b", "feed"]
    assert [bar.node.id for bar in second] == ["c", "d", "alloy"]
    assert [bar.node.id for bar in third] == ["motors", "lost"]
    assert third[0].high == pytest.approx(10 * place_bands(small_sankey()).scale)


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


SVG = "{http://www.w3.org/2000/svg}"


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
    assert any("Unaccounted for" in text for text in words)
    desc = root.find(f"{SVG}desc")
    assert desc is not None
    assert "Unaccounted for: Feed that no row prints 1, Shares of alloy not known" in str(desc.text)


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
        *("svg", "title", "desc", "style", "defs", "pattern", "g", "path", "rect", "text", "tspan")
    }
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert "style" not in element.attrib  # a page's policy would block it
    assert "nan" not in re.sub(r">[^<]*<", "><", sankey_svg(picture))


def test_the_page_holds_the_figures_as_a_table() -> None:
    reader = Reader(page := sankey_html(small_sankey(), [small_table()], "View: all"))
    assert [th["scope"] for th in reader.all("th")] == ["col"] * 3 + ["row"] * 6
    assert len(reader.all("caption")) == 1
    for words in ("View: all", "A remark.", "In Dy.", "<h1><bdi>Dy: what flows</bdi></h1>"):
        assert words in page
    links = [a.get("href") for tag, a in reader.elements if "href" in a or "src" in a]
    assert links == ["data:,"]


def test_bands_touch_the_bars_they_join() -> None:
    placed = place_bands(small_sankey())
    (band,) = (band for band in placed.bands if band.link.source == "feed")
    text = sankey_svg(small_sankey())
    assert f"M{round(band.source.x + BAR, 2):g} {round(band.leaves, 2):g}C" in text


def test_a_page_without_bars_says_so_and_draws_no_frame() -> None:
    page = sankey_html(Sankey("Dy in 1995", "t", ("Mined", "Used"), (), (), ()), [], "View: all.")
    assert "there is nothing to draw" in page
    assert "<svg" not in page
