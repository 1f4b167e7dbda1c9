"""Text in a picture: measured, cut to its room, broken between words."""

from __future__ import annotations

from monazite.pages.drawing.lettering import fitted, text_width, wrap


def test_text_is_measured_and_cut_to_its_room() -> None:
    text = "Brazil mining = Serra Verde (Pela Ema) = Serra Verde Group"
    for room in (40, 90, 200, 1000):
        assert text_width(fitted(text, room)) <= room
    assert fitted(text, 1000) == text
    lines = wrap(text, 150, 12)
    assert len(lines) == 3
    assert all(text_width(line) <= 150 for line in lines)
