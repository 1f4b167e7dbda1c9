"""The palette: both themes name the same colours, and no look is taken twice."""

from __future__ import annotations

import re

import pytest

from monazite.pages.drawing.palette import (
    DARK,
    KINDS,
    LIGHT,
    LINES,
    OTHER_KIND,
    OTHER_LINE,
    css_variables,
    kind_of,
    line_of,
    without_variables,
)


def test_both_themes_name_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)
    for hue in (*LIGHT.values(), *DARK.values()):
        assert re.fullmatch(r"#[0-9a-fA-F]{6}", hue), hue
    assert all(css_variables().count(f"--{name}:") == 2 for name in LIGHT)


def test_each_kind_has_a_look_and_what_nobody_has_drawn_yet_one_of_its_own() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert len({line.code for line in LINES}) == len(LINES)
    assert kind_of(KINDS[0].code) is KINDS[0]
    assert line_of(LINES[0].code) is LINES[0]
    assert (kind_of("new"), line_of(None)) == (OTHER_KIND, OTHER_LINE)


def test_a_style_without_variables_has_the_colours_of_a_theme() -> None:
    style = "".join(f".{name}{{fill:var(--{name})}}" for name in DARK)
    assert "var(" not in without_variables(style, DARK)
    with pytest.raises(KeyError):
        without_variables(".a{fill:var(--no-such)}", DARK)
