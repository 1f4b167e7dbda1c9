"""The figure of a replacement: its words and its bars are the finding's."""

from __future__ import annotations

import re

from monazite.pages.drawing.lettering import percent
from monazite.pages.figures.replacement import replacement_alt, replacement_drawing
from tests.conftest import view_in_memory


def test_each_year_of_each_stage_has_a_bar_that_says_its_number() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    drawing = replacement_drawing(found, 760)
    assert len(drawing.tips) == len(found.years) * len(found.stages)
    separation = found.asked.stages[found.stages.index("separation")]
    part = percent(separation.covered.value)
    assert drawing.tips["cover-separation-2028"].startswith(f"2028: separation {part}")
    svg = drawing.svg()
    assert all(f'id="replacement-{name}"' in svg for name in drawing.tips)
    assert drawing.svg() == svg


def test_the_title_is_the_answer_and_the_alt_text_tells_three_years() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    drawing = replacement_drawing(found, 760)
    part = percent(found.asked.covered.value)
    assert drawing.title == (
        f"By the end of 2028, {part} of the Dy that Germany needs is likely to come from outside "
        "China"
    )
    assert re.findall(r"(20\d\d): mine", replacement_alt(found)) == ["2026", "2028", "2035"]
