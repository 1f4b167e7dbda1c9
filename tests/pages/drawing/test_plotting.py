"""Drawings: the same bytes at any time."""

from __future__ import annotations

import re

from monazite.pages.drawing.plotting import Drawing


def test_a_drawing_holds_nothing_from_the_clock() -> None:
    drawing = Drawing("losses", "T", "", "A", 480, 100, lambda page: page.text(9, 90, "x"))
    assert drawing.svg() == drawing.svg()
    assert not re.search(r"20\d\d-\d\d-\d\d", drawing.svg())
