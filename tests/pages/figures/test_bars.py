"""Bars of concentration: text in them is drawn as it is, in nobody's settings."""

from __future__ import annotations

from xml.etree import ElementTree

from monazite.findings.shares.concentration import StageShares
from monazite.pages.figures.bars import concentration_drawing
from tests.pages.drawings import SVG


def test_a_dollar_is_a_dollar() -> None:
    stage = StageShares("mine", None, "US$ and A$", 0.5, 2500.0, "", "", 2020, ())
    svg = concentration_drawing([stage], {"mine": "$x^2$ mine"}, "Dy", 760).svg()
    assert "US$ and A$ 50" in svg
    assert ">$x^2$ mine<" in svg


def test_what_the_font_lacks_is_a_box_in_the_picture_and_itself_in_the_words() -> None:
    stage = StageShares("mine", None, "中国", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    texts = [
        "".join(e.itertext()) for e in ElementTree.fromstring(drawing.svg()).iter(f"{SVG}text")
    ]
    assert any(text.startswith("□□ 50") for text in texts)
    assert "中国" in drawing.alt


def test_nothing_of_the_readers_settings_gets_in_or_is_changed() -> None:
    import matplotlib as mpl

    stage = StageShares("mine", None, "China", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    plain = drawing.svg()
    with mpl.rc_context({"svg.fonttype": "path", "lines.linewidth": 9, "svg.hashsalt": None}):
        before = dict(mpl.rcParams)
        assert drawing.svg() == plain
        assert dict(mpl.rcParams) == before
