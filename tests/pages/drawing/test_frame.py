"""The frame: title, legend, remarks and source of a picture that leaves its page."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from monazite.pages.drawing.frame import PictureFrame, file_style, frame_css, legend_rows
from monazite.pages.drawing.palette import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
FRAME = PictureFrame(
    "mine",
    "A finding",
    "What is seen",
    "A survey. 24 Nov 2026.",
    subtitle="Under it",
    legend=[("<path/>", 12.0, "operating")],
    notes=["A remark"],
)


def texts(
    frame: PictureFrame, size: tuple[float, float] = (300.0, 100.0)
) -> list[tuple[float, str]]:
    root = ElementTree.fromstring(frame.document("<path/>", size, file_style(frame_css("mine"))))
    return [(float(e.get("y", 0)), e.text or "") for e in root.iter(f"{SVG}text")]


def test_everything_stands_in_it_and_nothing_over_the_picture() -> None:
    found = {word: y for y, word in texts(FRAME)}
    assert set(found) == {
        "A finding",
        "Under it",
        "operating",
        "A remark",
        "A survey. 24 Nov 2026.",
    }
    assert found["A finding"] < found["Under it"]
    assert found["Under it"] + 100 < found["A remark"] < found["A survey. 24 Nov 2026."]


def test_long_words_wrap_and_the_document_grows() -> None:
    long = replace(FRAME, title="A finding that is long " * 5, notes=["A remark " * 30])
    short, tall = (ElementTree.fromstring(x.document("", (300, 100), "")) for x in (FRAME, long))
    assert float(tall.get("height", 0)) > float(short.get("height", 0))
    lowest = max(y for y, _ in texts(long))
    assert lowest < float(tall.get("height", 0))


def test_a_legend_wraps_into_rows() -> None:
    pieces = [("<path/>", 12.0, f"a mark with words {number}") for number in range(9)]
    assert legend_rows([], 600) == ("", 0)
    assert legend_rows(pieces, 5000)[1] == 1
    assert legend_rows(pieces, 300)[1] > 3


def test_a_theme_has_plain_colours() -> None:
    rules = frame_css("mine")
    assert LIGHT["paper"] in file_style(rules, theme="light")
    assert DARK["paper"] in file_style(rules, theme="dark")
    assert "var(" not in file_style(rules)
    assert file_style(rules).count("@media") == 1


def test_hostile_words_stay_words() -> None:
    hostile = replace(FRAME, title="<script>a()</script>", source="]]>&\u202e")
    root = ElementTree.fromstring(hostile.document("", (10, 10), ""))
    assert not list(root.iter(f"{SVG}script"))
