"""The chain from above, for narrow screens: every stage has a bar, the market ends it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.cards import cards_of
from monazite.pages.backbone.stack import BAR, WIDE, stack_svg
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone

NS = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> dict[float, list[tuple[float, float]]]:
    """Where the bars of each height begin and how wide they are."""
    found: dict[float, list[tuple[float, float]]] = {}
    for rect in ElementTree.fromstring(svg).iter(f"{NS}rect"):
        if rect.get("height") == f"{BAR:g}" and "edged" in str(rect.get("class")):
            at = float(str(rect.get("y")))
            found.setdefault(at, []).append(
                (float(str(rect.get("x"))), float(str(rect.get("width"))))
            )
    return found


def test_bars_fill_the_width_and_do_not_overlap() -> None:
    for backbone in (small_backbone(), unknown_backbone(), hostile_backbone()):
        for spans in bars(stack_svg(cards_of(backbone))).values():
            ends = 0.0
            for x, wide in spans:
                assert x >= ends - 0.2
                ends = x + wide
            assert ends <= WIDE + 0.2


def test_the_largest_bar_names_its_stage_and_the_market_is_there() -> None:
    drawn = stack_svg(cards_of(small_backbone()))
    told = ["".join(each.itertext()) for each in ElementTree.fromstring(drawn).iter(f"{NS}text")]
    assert told[0].startswith("Mine China")
    assert "Alloy: not known" in told
    assert told[-1] == "United States"


@pytest.mark.parametrize("backbone", [small_backbone(), unknown_backbone(), hostile_backbone()])
def test_it_is_well_formed_and_fits_a_first_screen(backbone: Backbone) -> None:
    root = ElementTree.fromstring(stack_svg(cards_of(backbone)))
    assert float(str(root.get("height"))) < 330
