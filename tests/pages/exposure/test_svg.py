"""The bars: their lengths by hand, each kind of evidence below its element."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from monazite.pages.exposure.svg import grams_css, grams_drawing
from tests.findings.exposure.bills import example

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_the_grams() -> None:
    found = example()
    root = ElementTree.fromstring(grams_drawing(found))
    labels = [each.text for each in root.iter(f"{SVG}text") if "value" not in each.attrib["class"]]
    assert labels == [
        *("Nd, by material", "Pr, by material", "Dy", "tested", "by grade"),
        *("Sm, by grade", "Tb, tested"),
    ]
    (nd,) = (each for each in found.elements if each.element == "Nd")
    bars = [each for each in root.iter(f"{SVG}rect") if each.attrib["class"] != "track"]
    least, most = (float(each.attrib["width"].rstrip("%")) for each in bars[:2])
    assert abs(least - 100 * nd.low / nd.high) < 0.01
    assert abs(least + most - 100) < 0.02
    assert [each.attrib["class"] for each in bars[-2:]] == ["least grade", "least bill"]


def test_looks_are_those_of_the_style() -> None:
    used = set(re.findall(r'class="([^"]*)"', grams_drawing(example())))
    styled = set(re.findall(r"\.([a-z]+)", grams_css()))
    assert {name for each in used for name in each.split()} - {"family"} <= styled


def test_without_grams_there_are_no_bars() -> None:
    assert grams_drawing(replace(example(), elements=())) == ""
