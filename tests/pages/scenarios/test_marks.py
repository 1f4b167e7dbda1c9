"""Texts, blocks and cells: what is drawn is what was given."""

from __future__ import annotations

import re

from monazite.pages.scenarios.calendar import NARROW, WIDE, Calendar
from monazite.pages.scenarios.marks import PicturePart, axis, cells, heading, stacked, text
from tests.pages.outcomes import MONTHS


def test_a_cell_is_as_dark_as_its_part_is_large_and_says_it() -> None:
    drawn = cells(Calendar(MONTHS, WIDE), {0: 0.0, 3: 0.75, 4: 1.0}, ["none", "three", "all"])
    assert re.findall(r'class="(step-\w+)"', drawn) == ["step-none", "step-all", "step-all"]
    assert re.findall(r">(\d+)</text>", drawn) == ["0", "75", "100"]
    assert drawn.count("<title>") == 3


def test_narrow_cells_have_no_number_but_still_a_tip() -> None:
    many = tuple(f"2025-{month:02}" for month in range(1, 13)) * 3
    drawn = cells(Calendar(many, NARROW), {0: 0.5}, ["half"])
    assert "</text>" not in drawn
    assert "<title>half</title>" in drawn


def test_blocks_without_height_leave_no_gap() -> None:
    assert stacked([PicturePart("", 0), PicturePart("<path/>", 10)], 4).height == 10
    assert stacked([]).height == 0


def test_markup_in_a_text_is_text() -> None:
    assert "&lt;b&gt;" in text("name", 0, 0, "<b>")
    assert "<script" not in heading(Calendar(MONTHS), "<script>", "<script>").svg


def test_the_last_name_of_a_month_stays_inside() -> None:
    calendar = Calendar(MONTHS, NARROW)
    for x in map(float, re.findall(r'<text class="tick[^"]*" x="([\d.]+)"', axis(calendar).svg)):
        assert x <= calendar.end
