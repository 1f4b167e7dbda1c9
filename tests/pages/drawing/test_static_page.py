"""The view that a picture was made from is recorded in it, as text."""

from __future__ import annotations

from xml.etree import ElementTree

from monazite.pages.drawing.static_page import record_view


def test_the_view_stands_last_in_the_outer_picture() -> None:
    text = "<svg><g><svg></svg></g></svg>\n"
    root = ElementTree.fromstring(record_view(text, "View: </svg> \u202e"))
    assert [child.tag for child in root] == ["g", "metadata"]
    assert root[-1].text == "View: </svg> \N{REPLACEMENT CHARACTER}"
    assert record_view(text, "a").endswith("</svg>\n")
