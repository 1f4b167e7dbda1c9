"""What pages and pictures share: frame, letters, colours, policy, templates, SVG and PNG."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import combinations
from runpy import run_path
from xml.etree import ElementTree

import pytest

from monazite.core.errors import UnreadableError
from monazite.report.drawing import frame, templates
from monazite.report.drawing.frame import PictureFrame, legend_rows, to_png
from monazite.report.drawing.lettering import fitted, text_width, wrap
from monazite.report.drawing.palette import DARK, KINDS, LIGHT, LINES, css_variables, mark_path
from monazite.report.drawing.plotting import clean_svg, named
from monazite.report.drawing.templates import (
    TEMPLATES,
    fill_template,
    framing_policy,
    page_policy,
    page_style,
    record_view,
    template,
)

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
    root = ElementTree.fromstring(frame.document("<path/>", size, ""))
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


def test_a_legend_wraps_into_rows() -> None:
    pieces = [("<path/>", 12.0, f"a mark with words {number}") for number in range(9)]
    assert legend_rows([], 600) == ("", 0)
    assert legend_rows(pieces, 5000)[1] == 1
    assert legend_rows(pieces, 300)[1] > 3


def test_text_is_measured_and_cut_to_its_room() -> None:
    text = "Brazil mining = Serra Verde (Pela Ema) = Serra Verde Group"
    for room in (40, 90, 200, 1000):
        assert text_width(fitted(text, room)) <= room
    assert fitted(text, 1000) == text
    lines = wrap(text, 150, 12)
    assert len(lines) == 3
    assert all(text_width(line) <= 150 for line in lines)


def test_both_themes_have_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)
    assert all(re.fullmatch(r"#[0-9A-Fa-f]{3,8}", hue) for hue in (*LIGHT.values(), *DARK.values()))


def brightness(hue: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(hue[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(x * weight for x, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(theme: dict[str, str]) -> None:
    for text, least in (("ink", 7), ("muted", 4.5), ("link", 4.5)):
        for ground in ("paper", "card", "band"):
            one, other = sorted(brightness(theme[each]) for each in (text, ground))
            assert (other + 0.05) / (one + 0.05) >= least, (text, ground)
    arcs = {theme[f"arc-{kind}"] for kind in ("observed", "captive", "possible")}
    assert len(arcs) == 3


def test_no_two_kinds_look_alike_without_colour() -> None:
    for one, other in combinations(KINDS, 2):
        assert (one.shape, one.dashed) != (other.shape, other.dashed)
        assert mark_path(one.shape, 6) != mark_path(other.shape, 6) or one.shape == other.shape
    for style, another in combinations(LINES, 2):
        looks = [(x.dash, x.width, x.arrow, x.opacity) for x in (style, another)]
        assert looks[0] != looks[1]


def test_the_variables_name_each_colour_in_both_themes() -> None:
    text = css_variables()
    light, _, dark = text.partition("@media (prefers-color-scheme:dark)")
    for name in LIGHT:
        assert f"--{name}:{LIGHT[name]}" in light
        assert f"--{name}:{DARK[name]}" in dark


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_png_has_the_size_that_was_asked_for() -> None:
    assert size_of(to_png(SQUARE.format(""), scale=3)) == (120, 60)
    assert size_of(to_png(SQUARE.format(""), width=10)) == (10, 5)
    with pytest.raises(UnreadableError, match="too large"):
        to_png(SQUARE.format(""), width=20_001)


def test_without_a_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = run_path(frame.__file__)["to_png"]
    monkeypatch.setattr("resvg_py.svg_to_bytes", lambda **_: b"no trace of a letter")
    with pytest.raises(UnreadableError, match="no font is found; install one"):
        fresh(SQUARE.format("<text>M</text>"))
    assert fresh(SQUARE.format("")) == b"no trace of a letter"


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rules(policy: str) -> dict[str, list[str]]:
    parts = [rule.split() for rule in policy.split("; ")]
    assert len({part[0] for part in parts}) == len(parts)
    return {name: allowed for name, *allowed in parts}


def test_each_script_is_named_and_none_may_connect() -> None:
    found = rules(page_policy("p{}", ["f()", "镝()"]))
    assert found["script-src"] == [hashed("f()"), hashed("镝()")]
    assert found["connect-src"] == ["'none'"]
    assert "unsafe" not in page_policy("p{}", ["f()"])


def test_a_page_with_another_in_a_frame_allows_what_that_has() -> None:
    inner = page_policy("i{}", ["f()"])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(inner)}">'
    found = rules(framing_policy("o{}", meta))
    assert found["style-src"] == [hashed("i{}"), hashed("o{}")]
    assert found["script-src"] == [hashed("f()")]
    assert found["font-src"] == ["data:"]
    assert found["default-src"] == ["'none'"]


def test_the_view_stands_last_in_the_outer_picture() -> None:
    text = "<svg><g><svg></svg></g></svg>\n"
    root = ElementTree.fromstring(record_view(text, "View: </svg> \u202e"))
    assert [child.tag for child in root] == ["g", "metadata"]
    assert root[-1].text == "View: </svg> \N{REPLACEMENT CHARACTER}"
    assert record_view(text, "a").endswith("</svg>\n")


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


def cleaned_part(name: str) -> ElementTree.Element:
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
    assert cleaned_part("losses-c").get("clip-path") == "url(#losses-m)"
    assert cleaned_part("losses-m").get("d") == "M 1.23 2 L 3 4"


def test_words_and_tips_are_text() -> None:
    root = cleaned()
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[1].text == "China␀"
    assert cleaned_part("losses-loss-a")[0].text == "A & B"
    assert root.get("aria-labelledby") == "losses-title losses-desc"


def test_a_name_has_no_character_that_an_id_may_not_have() -> None:
    assert named('a b"<镝>/C.D_1-') == "a-b----/C.D_1-"
    assert len(named("x" * 999) or "") == 200


NAMES = sorted(each.name for each in TEMPLATES.iterdir() if each.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_the_line_ends_of_an_html_parser(name: str) -> None:
    assert template(name).strip()
    assert "\r" not in template(name)


def test_what_is_not_marked_safe_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{% if a %}\n<p title='{{ a }}'>{{ a|loud }}</p>\n{% endif %}\n"
    monkeypatch.setattr(templates, "template", lambda _: text)
    filters = {"loud": str.upper}
    shown = fill_template("x", {"a": "<b>'"}, filters=filters, trimmed=True)
    assert shown == "<p title='&lt;b&gt;&#39;'>&lt;B&gt;&#39;</p>\n"
    assert fill_template("x", {"a": ""}, filters=filters) == ""
    assert fill_template("x", {"a": "b"}, filters=filters).startswith("\n<p")


@pytest.mark.parametrize("trimmed", [True, False])
def test_templates_take_in_the_head_that_they_share(
    monkeypatch: pytest.MonkeyPatch, *, trimmed: bool
) -> None:
    held = {
        "a.html": '{% set title = "A <" %}{% include "head.html" +%}\n</head>\n',
        "b.html": '{% set title = "B" %}{% set about = "C" %}{% include "head.html" +%}\n</head>\n',
        "head.html": template("head.html"),
    }
    monkeypatch.setattr(templates, "template", held.__getitem__)
    fields = {"page": {"policy": "default-src 'none'", "style": "a>b{}"}}
    plain, told = (
        fill_template(name, fields, filters={"loud": str.upper}, trimmed=trimmed)
        for name in ("a.html", "b.html")
    )
    assert plain.startswith('<!doctype html>\n<html lang="en">\n<head>\n')
    assert "default-src &#39;none&#39;" in plain
    assert "<title>A &lt;</title>" in plain
    assert plain.endswith("<style>a>b{}</style>\n</head>")
    about = '<meta name="description" content="C">\n'
    assert told.replace(about, "").replace("B</", "A &lt;</") == plain


def test_a_style_has_both_themes_then_the_drawing_then_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(templates, "template", lambda name: f"/*{name}*/")
    style = page_style("a", "b", drawing=".d{}")
    assert "prefers-color-scheme:dark" in style.partition(".d{}")[0]
    assert style.endswith("/*a*//*b*/")
