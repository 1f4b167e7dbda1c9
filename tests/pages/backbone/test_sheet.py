"""The chain on a sheet of paper: letters as large as printed, losses with their ranges."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.sheet import LEFT, RIGHT, sheet_svg
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone

NS = "{http://www.w3.org/2000/svg}"
ALL = [small_backbone(), unknown_backbone(), hostile_backbone()]
SEVEN_POINTS = 7 / 0.75
"""In pixels of CSS, at which the drawing is printed one to one."""


def texts(svg: str) -> list[str]:
    found = ElementTree.fromstring(svg).iter(f"{NS}text")
    return ["".join(each.itertext()) for each in found]


def test_a_bar_says_who_makes_how_much_and_what_is_lost_with_its_range() -> None:
    told = texts(sheet_svg(small_backbone()))
    assert "Mine" in told
    assert "Market" in told
    losses = [text for text in told if "lost if it stops" in text and text[0] != "1"]
    assert losses
    assert all("home" in text for text in told if re.search(r"\d % .*\(", text))
    assert "not known" in told  # the stage that no figure splits


@pytest.mark.parametrize("backbone", ALL)
def test_it_fits_its_width_and_no_letter_is_under_seven_points(backbone: Backbone) -> None:
    root = ElementTree.fromstring(sheet_svg(backbone))
    assert float(str(root.get("width"))) == LEFT + RIGHT <= 680
    assert float(str(root.get("height"))) < 380
    for rect in root.iter(f"{NS}rect"):
        if rect.get("x") is not None:
            assert float(str(rect.get("x"))) + float(str(rect.get("width"))) <= LEFT + RIGHT + 0.3
    sizes = re.findall(r"font-size:([\d.]+)px", sheet_svg(backbone))
    assert min(map(float, sizes)) >= SEVEN_POINTS


@pytest.mark.parametrize("backbone", ALL)
def test_it_needs_no_variable_and_no_rule_for_a_screen(backbone: Backbone) -> None:
    drawn = sheet_svg(backbone)
    assert "var(--" not in drawn
    assert "prefers-color-scheme" not in drawn
