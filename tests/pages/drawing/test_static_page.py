"""What a picture records of its view: in the document, whole, and never as markup."""

from __future__ import annotations

from xml.etree import ElementTree

from monazite.pages.drawing.static_page import LICENCE, record_view


def test_the_view_is_the_last_thing_in_the_picture_and_only_text() -> None:
    svg = "<svg><svg></svg><text>a</text></svg>"
    root = ElementTree.fromstring(record_view(svg, 'View: <script> & "x"'))
    assert [element.tag for element in root] == ["svg", "text", "metadata"]
    assert root[-1].text == 'View: <script> & "x"'


def test_the_licence_is_said_in_a_line() -> None:
    assert "CC BY 4.0" in LICENCE
    assert "\n" not in LICENCE
