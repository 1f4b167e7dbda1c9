"""The SVG of the plotting library made ours: no style, no date, names and words of its own."""

from __future__ import annotations

from xml.etree import ElementTree

from monazite.pages.drawing.svg_cleaning import clean_svg, named

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
PLOTTED = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 version="1.1" width="9pt"><metadata>today</metadata><style>*{}</style>
<defs><path id="m" d="M 1.23456 2.0004 L 3 4"/></defs>
<g id="loss-a"><use xlink:href="#m" style="fill: #111; stroke: none"/>
<text style="font: 700 12px 'DejaVu Sans'; fill: red" transform="rotate(-0 1 2)">x</text>
<path id="c" d="M 0 0" clip-path="url(#m)"/></g></svg>"""


def cleaned() -> ElementTree.Element:
    words, tips = {"title": "Losses", "desc": "China\x00"}, {"loss-a": "A & B"}
    return ElementTree.fromstring(clean_svg(PLOTTED, "losses", (480.0, 100.5), words, tips))


def part(name: str) -> ElementTree.Element:
    return next(each for each in cleaned().iter() if each.get("id") == name)


def test_nothing_of_the_library_and_of_the_day_is_left() -> None:
    root = cleaned()
    assert {"metadata", "style"}.isdisjoint(each.tag.removeprefix(SVG) for each in root.iter())
    assert not [each for each in root.iter() if "style" in each.attrib]
    assert root.get("version") is None
    assert (root.get("width"), root.get("height")) == ("480", "100.5")
    assert root.get("viewBox") == "0 0 480 100.5"


def test_styles_are_attributes_of_their_own() -> None:
    use, text = (next(cleaned().iter(f"{SVG}{tag}")) for tag in ("use", "text"))
    assert (use.get("fill"), use.get("stroke")) == ("#111", "none")
    assert (text.get("font-size"), text.get("font-weight")) == ("12", "700")
    assert text.get("transform") is None


def test_every_name_and_whatever_leads_to_it_begins_with_the_kind() -> None:
    assert next(cleaned().iter(f"{SVG}use")).get(LINK) == "#losses-m"
    assert part("losses-c").get("clip-path") == "url(#losses-m)"
    assert part("losses-m").get("d") == "M 1.23 2 L 3 4"


def test_words_and_tips_are_text() -> None:
    root = cleaned()
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[1].text == "China␀"
    assert part("losses-loss-a")[0].text == "A & B"
    assert root.get("aria-labelledby") == "losses-title losses-desc"


def test_a_name_has_no_character_that_an_id_may_not_have() -> None:
    assert named('a b"<镝>/C.D_1-') == "a-b----/C.D_1-"
    assert len(named("x" * 999) or "") == 200
