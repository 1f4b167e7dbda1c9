"""The palette: both themes have every colour, and no kind is told by its hue alone."""

from __future__ import annotations

import re
from itertools import combinations

from monazite.pages.drawing.palette import DARK, KINDS, LIGHT, LINES, css_variables, mark_path


def test_both_themes_have_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)
    assert all(re.fullmatch(r"#[0-9A-Fa-f]{3,8}", hue) for hue in (*LIGHT.values(), *DARK.values()))


def brightness(hue: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(hue[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(x * weight for x, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_text_stands_out_from_paper_and_cards() -> None:
    for theme in (LIGHT, DARK):
        for ground in ("paper", "card"):
            one, other = sorted(brightness(theme[each]) for each in ("ink", ground))
            assert (other + 0.05) / (one + 0.05) >= 7


def test_no_two_kinds_look_alike_without_colour() -> None:
    for one, other in combinations(KINDS, 2):
        assert (one.shape, one.dashed) != (other.shape, other.dashed)
        assert mark_path(one.shape, 6) != mark_path(other.shape, 6) or one.shape == other.shape
    for style, another in combinations(LINES, 2):
        looks = [(x.dash, x.width, x.arrow, x.opacity) for x in (style, another)]
        assert looks[0] != looks[1]


def test_a_mark_is_as_large_as_it_is_asked_for() -> None:
    for kind in KINDS:
        small, large = (mark_path(kind.shape, size) for size in (3, 9))
        assert small != large
        assert "nan" not in large


def test_the_variables_name_each_colour_in_both_themes() -> None:
    text = css_variables()
    light, _, dark = text.partition("@media (prefers-color-scheme:dark)")
    for name in LIGHT:
        assert f"--{name}:{LIGHT[name]}" in light
        assert f"--{name}:{DARK[name]}" in dark
