"""Where bars and bands stand: heights that add up, nothing on top of anything, few crossings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from monazite.errors import UndrawableError
from monazite.pages.sankey.folding import MAX_BARS, folded
from monazite.pages.sankey.geometry import (
    LINE,
    _NumberedPicture,
    _weighed,
    place_bands,
)
from monazite.pages.sankey.page import (
    Sankey,
    SankeyLink,
    SankeyNode,
)
from tests.pages.sankeys import (
    in_columns,
    link,
    node,
    sankeys,
    small_sankey,
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
