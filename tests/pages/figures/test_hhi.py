"""Lines of concentration: where a series breaks, the line and its sentence do."""

from __future__ import annotations

from dataclasses import replace

from monazite.pages.figures.hhi import hhi_drawing
from tests.pages.drawings import year

DAY = "2026-11-24"


LABELS = {"mine": "Mine", "separation": "Separation", "magnet": "Magnet"}


def test_a_line_breaks_where_the_series_does() -> None:
    lines = [year(year=when, hhi=5000.0 + when) for when in (2018, 2019, 2020, 2021)]
    whole = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760).svg()
    lines[2] = replace(lines[2], broken="series: a to b")
    parted = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760)
    solid = 'stroke="#009e73" stroke-width="1.6"'
    assert (whole.count(solid), parted.svg().count(solid)) == (1, 2)


def test_the_title_compares_within_one_series_alone() -> None:
    lines = [year(year=2018, hhi=4000.0), year(year=2019, hhi=9000.0), year(year=2020, hhi=5000.0)]
    same = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert same == "The HHI of mining of dysprosium peaked at 9,000 in 2019; in 2020 it is 5,000"
    lines[2] = replace(lines[2], broken="series: a to b")
    other = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert other == "The HHI of mining of dysprosium is 5,000 in 2020"
    lines.append(year(year=2021, hhi=5500.0))
    rising = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert rising.endswith("is 5,500 in 2021, its highest since 2020")
    assert "9,000" not in rising
