"""The picture as a file: title, legend, source and date; the same bytes; whatever the texts."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.cards import STATUSES, cards_of
from monazite.pages.backbone.layout import lay_out
from monazite.pages.backbone.svg import alt_text, backbone_svg, column_svg, page_svg, plain_svg
from monazite.pages.drawing.png import to_png
from monazite.safe_text import first_hidden
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone

NS = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return "\n".join(" ".join("".join(each.itertext()).split()) for each in root.iter(f"{NS}text"))


def test_a_file_carries_title_legend_source_and_date() -> None:
    told = texts(backbone_svg(small_backbone())).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "The United States would lose all of its heavy magnets",
        "3,331 t of heavy magnets used in 2024",
        "where nine in ten trials lie",
        "Release of 24 Nov 2026. Data: CC BY 4.0",
        *(words for _, words in STATUSES),
    ):
        assert part in told
    assert "var(" not in backbone_svg(small_backbone())
    assert "prefers-color-scheme" not in plain_svg(small_backbone())


def test_where_no_loss_is_known_the_file_says_what_is() -> None:
    told = texts(backbone_svg(unknown_backbone()))
    assert "Known. Separation: China leads" in told
    assert "Missing. No assay gives" in told
    assert "Loss not known" in told


def test_a_column_has_no_headline_and_tells_ranges_on_a_line_of_their_own() -> None:
    told = texts(column_svg(small_backbone())).splitlines()
    assert not any("would lose" in line for line in told)
    assert "2" in told
    assert "controls in force" in told
    assert any(line.replace("\N{NO-BREAK SPACE}", " ") == "90\N{EN DASH}95 %" for line in told)
    root = ElementTree.fromstring(column_svg(small_backbone()))
    assert float(str(root.get("width"))) < 940


def test_who_does_not_see_it_hears_each_card() -> None:
    heard = alt_text(small_backbone()).replace("\N{NO-BREAK SPACE}", " ")
    assert "Separation, China: 100 % in all trials lost if it stops, 100 %* of world" in heard
    assert heard.count(";") == 8


def test_a_flow_is_shaded_by_the_loss_of_its_seller() -> None:
    root = ElementTree.fromstring(backbone_svg(small_backbone()))
    found = {
        str(path.findtext(f"{NS}title")).partition(":")[0]: path.get("class")
        for path in root.iter(f"{NS}path")
        if "flow" in str(path.get("class")) and path.find(f"{NS}title") is not None
    }
    assert found["China (separation) to China (metal)"] == "flow f-all band"
    assert found["Myanmar (mine) to China (separation)"] == "flow f-half band"
    assert found["Rest of the world (metal) to Japan (magnet)"] == "flow f-unknown band"
    assert found["China (metal) to Japan (magnet)"] == "flow f-all line"


def test_a_page_links_each_card_to_its_sites_and_a_file_links_nothing() -> None:
    drawn = page_svg(lay_out(cards_of(small_backbone())))
    assert 'data-opens="card-3"' in drawn
    assert 'data-opens="controls"' in drawn
    assert "<a " not in backbone_svg(small_backbone())


@pytest.mark.parametrize("backbone", [small_backbone, unknown_backbone, hostile_backbone])
def test_it_parses_hides_nothing_and_becomes_a_png(backbone: Callable[[], Backbone]) -> None:
    drawn = plain_svg(backbone())
    ElementTree.fromstring(drawn)
    assert first_hidden(drawn) == ""
    assert "<script" not in drawn
    assert to_png(drawn, scale=0.2)[1:4] == b"PNG"
    assert backbone_svg(backbone()) == backbone_svg(backbone())
