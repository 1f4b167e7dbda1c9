from __future__ import annotations

import pytest

from monazite.errors import UnreadableError
from monazite.pages.drawing import png as raster
from monazite.pages.drawing.png import to_png
from monazite.pages.graph.document import graph_svg
from tests.pages.networks import small_findings, small_network

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_png_has_the_size_that_was_asked_for() -> None:
    assert size_of(to_png(SQUARE.format(""), scale=3)) == (120, 60)
    assert size_of(to_png(SQUARE.format(""), width=10)) == (10, 5)
    with pytest.raises(UnreadableError, match="too large"):
        to_png(SQUARE.format(""), width=20_001)


def test_a_network_is_drawn_with_its_colours_and_its_text() -> None:
    svg = graph_svg(small_network(), small_findings())
    whole = to_png(svg, scale=1)
    assert whole == to_png(svg, scale=1)
    for part in ("China", "#D55E00", "stroke-dasharray:9 6"):
        assert part in svg
        assert to_png(svg.replace(part, "#ffffff" if "#" in part else ""), scale=1) != whole


def test_without_a_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_installed", lambda: None)
    with pytest.raises(UnreadableError, match="no font is found; install one"):
        to_png(SQUARE.format("<text>M</text>"))
    assert size_of(to_png(SQUARE.format(""))) == (80, 40)
