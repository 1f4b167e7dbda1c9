"""Lettering: text measured and cut to its room, and only what the shipped font can draw."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.drawing.lettering import accessible_text, drawable, fitted, text_width, wrap


def test_text_is_measured_and_cut_to_its_room() -> None:
    text = "Brazil at mine = Serra Verde (Pela Ema) = Serra Verde Group"
    for room in (40, 90, 200, 1000):
        assert text_width(fitted(text, room)) <= room
    assert fitted(text, 1000) == text
    lines = wrap(text, 150, 12)
    assert len(lines) == 3
    assert all(text_width(line) <= 150 for line in lines)


@given(st.text())
def test_what_is_drawn_is_in_the_font_and_may_stand_in_xml(text: str) -> None:
    assert drawable(drawable(text)) == drawable(text)
    assert not {"\ufffe", "\uffff"} & {*accessible_text(text)}
