"""Scenarios in the explorer: a line each, the worst first, with the months drawn small."""

from __future__ import annotations

import re
from dataclasses import replace

from monazite.pages.explorer.scenario_lines import HIGH, WIDE, scenario_lines
from monazite.pages.explorer.view_parts import view_markup
from tests.findings.scenarios.test_released import DAY, HARD, SPARED
from tests.pages.backbones import small_backbone
from tests.pages.elements import Reader
from tests.pages.hostile import HOSTILE


def test_a_line_has_part_range_month_and_what_is_lacking() -> None:
    markup = scenario_lines([HARD, SPARED], DAY)
    cells = re.findall(r"<td>(?:<bdi>)?([^<]*)", markup)
    assert cells[:3] == ["50 %", "40 to 70 %", "Feb 2027"]
    assert cells[3:6] == ["Feb 2027 (Jan 2027 to Feb 2027)", "heavy magnets", "35 %"]
    assert "Jan 2027 to Feb 2027" in markup
    assert "Nothing is short while assumed stocks last: <bdi>A mine closes</bdi>." in markup
    assert "Ranges rest on 20 random trials." in markup
    assert "(past)" not in markup


def test_what_is_set_before_the_day_stands_last_and_is_marked() -> None:
    old = replace(HARD, title="The quota of 2010", months=("2010-07", "2010-08"))
    markup = scenario_lines([old, HARD], DAY)
    assert markup.index("A border closes") < markup.index("The quota of 2010")
    assert markup.count("(past)") == 1
    assert markup.index("The quota of 2010") < markup.index("(past)")


def test_the_months_are_drawn_from_nothing_lacking_at_the_foot_to_all_at_the_top() -> None:
    (line,) = re.findall(r'class="middle" d="M([^"]*)"', scenario_lines([HARD], DAY))
    points = [tuple(map(float, each.split())) for each in line.split("L")]
    foot, room = HIGH - 1, HIGH - 2
    assert points == [(0.0, round(foot - 0.2 * room, 1)), (WIDE, foot - 0.5 * room)]


def test_without_outcomes_the_section_says_so() -> None:
    """A tab leads to it whatever market is chosen."""
    markup = scenario_lines([], DAY)
    assert "No scenario is worked out for this market with these data." in markup
    assert "Supposed" not in markup
    assert "<table" not in markup
    assert "No scenario is" not in scenario_lines([SPARED], DAY)


def test_it_stands_behind_the_view_and_any_text_stays_text() -> None:
    hostile = [replace(HARD, title=text, product=text) for text in HOSTILE]
    markup = view_markup(small_backbone(), {}, scenario_lines(hostile, DAY))
    assert markup.count("<section") == markup.count("</section>")
    assert markup.endswith("</section>")
    tags = {tag for tag, _ in Reader(markup).elements}
    assert not {"script", "img"} & tags
