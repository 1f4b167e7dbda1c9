"""The Sankey picture: heights that add up, nothing on top of anything, and text that stays text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from monazite.pages.drawing.palette import DARK, LIGHT
from monazite.pages.sankey.geometry import (
    BAR,
    place_bands,
)
from monazite.pages.sankey.page import (
    Sankey,
    sankey_css,
    sankey_html,
    sankey_svg,
)
from tests.pages.elements import Reader
from tests.pages.sankeys import (
    crowded_sankey,
    hostile_sankey,
    hostile_table,
    small_sankey,
    small_table,
)

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


@pytest.mark.whole
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


def test_a_page_without_bars_says_so_and_draws_no_frame() -> None:
    page = sankey_html(Sankey("Dy in 1995", "t", ("Mined", "Used"), (), (), ()), [], "View: all.")
    assert "there is nothing to draw" in page
    assert "<svg" not in page
