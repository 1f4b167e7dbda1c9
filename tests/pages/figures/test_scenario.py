"""A scenario as a figure: SVG and PNG from one drawing, in the width asked for."""

from __future__ import annotations

from monazite.findings.scenarios.headline import scenario_finding
from monazite.pages.figures.scenario import ScenarioFigure
from tests.pages.outcomes import small_outcome

FOUND = small_outcome()


def test_svg_and_png_have_the_width_that_is_asked_for() -> None:
    figure = ScenarioFigure(FOUND, width=600)
    assert ' width="600" height="' in figure.svg()
    assert figure.pixels(96).size[0] == 600
    assert figure.pixels(192, "dark").size[0] == 1200


def test_light_and_dark_are_painted_on_their_paper() -> None:
    figure = ScenarioFigure(FOUND)
    assert figure.pixels(48).getpixel((1, 1)) == (251, 250, 247)
    assert figure.pixels(48, "dark").getpixel((1, 1)) == (21, 23, 27)


def test_title_and_words_are_those_of_the_finding() -> None:
    figure = ScenarioFigure(FOUND, source="Sources: A survey.")
    assert figure.title == scenario_finding(FOUND)
    assert "Japan would lack 75 %" in figure.alt
    assert "Sources: A survey." in figure.svg()
