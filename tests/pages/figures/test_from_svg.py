"""Pictures written by hand as figures: one description, the light theme, the size asked for."""

from __future__ import annotations

from xml.etree import ElementTree

from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.palette import LIGHT
from monazite.pages.figures.from_svg import SvgFigure, TimelineFigure, timeline_alt
from tests.pages.drawings import SVG
from tests.pages.timelines import small_timeline

INNER = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="a b" width="300" '
    'height="40"><title id="a">old</title>\n<desc id="b">old</desc>'
    '<rect width="300" height="40" fill="var(--ink)"/></svg>\n'
)


def test_the_outer_picture_alone_is_named_and_described() -> None:
    root = ElementTree.fromstring(SvgFigure("balance", "Who & what", "All <of> it", INNER).svg())
    (inner,) = root.findall(f"{SVG}svg")
    assert [each.text for each in root.iter(f"{SVG}title")] == ["Who & what"]
    assert [each.text for each in root.iter(f"{SVG}desc")] == ["All <of> it"]
    assert "role" not in inner.attrib
    assert float(inner.get("y", 0)) > 40


def test_a_width_scales_the_whole() -> None:
    own, twice = (
        ElementTree.fromstring(SvgFigure("balance", "T", "A", INNER, width).svg())
        for width in (None, 600)
    )
    assert own.get("width") == "300"
    assert twice.get("viewBox") == own.get("viewBox")
    assert float(twice.get("height", 0)) == 2 * float(own.get("height", 0))


def test_a_picture_is_painted_in_the_light_theme() -> None:
    image = SvgFigure("balance", "T", "A", INNER).pixels(96)
    ink = tuple(int(LIGHT["ink"][place : place + 2], 16) for place in (1, 3, 5))
    assert image.size[0] == 300
    assert image.getpixel((150, 62 + 10)) == ink


def test_a_timeline_says_what_it_finds_and_names_each_event_of_its_picture() -> None:
    timeline = small_timeline()
    figure = TimelineFigure(timeline)
    assert figure.title == timeline.finding
    assert figure.alt.startswith(f"{timeline.finding} ")
    for turn in timeline.short:
        assert turn.event.what in figure.alt
    assert f"Of all {len(timeline.events)} lines by kind" in figure.alt
    empty = Timeline("A mine", None, None, "1960-01-01", None, (), ())
    assert timeline_alt(empty) == "No dated record speaks of A mine."


def test_a_timeline_is_scaled_and_painted() -> None:
    figure = TimelineFigure(small_timeline(), 600)
    assert ElementTree.fromstring(figure.svg()).get("width") == "600"
    image = figure.pixels(96)
    assert image.size[0] == 600
    assert image.getpixel((2, 2)) == tuple(
        int(LIGHT["paper"][place : place + 2], 16) for place in (1, 3, 5)
    )
