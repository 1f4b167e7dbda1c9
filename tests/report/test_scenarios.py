"""A scenario as a page and as a picture: months across, fans, rules, firms, and what is told."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from monazite.analysis.robustness.sampling import Span
from monazite.analysis.scenarios.outcome import USERS
from monazite.analysis.scenarios.result import scenario_finding, use_lines, use_sentence
from monazite.core.results import Assumption
from monazite.report.drawing.lettering import text_width
from monazite.report.scenario import (
    SHOWN,
    describe_scenarios,
    firm_rows,
    legend,
    picture_notes,
    rule_row,
    rule_words,
    scenario_drawing,
    scenario_html,
    scenario_svg,
    shown_uses,
)
from monazite.report.scenario_fans import (
    EDGE,
    HIGH,
    NARROW,
    SMALL,
    WIDE,
    Calendar,
    axis,
    cells,
    fan,
    stock_fan,
)
from tests.report.outcomes import HEAVY, MONTHS, PATH, small_outcome, with_supply
from tests.report.timelines import BLOG, PAPER

YEARS = tuple(f"{year}-{month:02}" for year in range(2025, 2030) for month in range(1, 13))


def test_a_day_lies_in_its_month_and_what_is_outside_at_the_edge() -> None:
    calendar = Calendar(("2024-02", "2024-03"), 226 + 58)
    assert calendar.day("2024-02-01") == calendar.left(0)
    assert calendar.day("2024-02-29", end=True) == calendar.left(1)
    assert calendar.left(0) < calendar.day("2024-02-15") < calendar.middle(0) + 1
    assert calendar.day("2020-01-01") == calendar.left(0)
    assert calendar.day("2029-01-01", end=True) == calendar.end


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 7, 12, 36, 60])
def test_the_names_of_months_stand_apart(width: float, count: int) -> None:
    calendar = Calendar(YEARS[3 : 3 + count], width)
    ticks = calendar.ticks
    assert ticks[0] == (0, "Apr 2025")
    ends = [calendar.left(place) + 3 + text_width(words, SMALL) for place, words in ticks]
    begins = [calendar.left(place) for place, _ in ticks]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


def test_months_fill_the_plot_and_a_phone_numbers_only_what_has_room() -> None:
    wide, phone = Calendar(YEARS[:36], WIDE), Calendar(YEARS[:36], NARROW)
    assert wide.left(36) == pytest.approx(wide.end)
    assert (wide.wide, phone.wide) == (True, False)


def test_a_cell_is_as_dark_as_its_part_is_large_and_says_it() -> None:
    drawn = cells(Calendar(MONTHS, WIDE), {0: 0.0, 3: 0.75, 4: 1.0}, ["none", "three", "all"])
    assert re.findall(r'class="(step-\w+)"', drawn) == ["step-none", "step-all", "step-all"]
    assert re.findall(r">(\d+)</text>", drawn) == ["0", "75", "100"]
    assert drawn.count("<title>") == 3


def test_the_last_name_of_a_month_stays_inside() -> None:
    calendar = Calendar(MONTHS, NARROW)
    for x in map(float, re.findall(r'<text class="tick[^"]*" x="([\d.]+)"', axis(calendar).svg)):
        assert x <= calendar.end


TOP = 8.0


def path(svg: str, look: str) -> list[tuple[float, float]]:
    (found,) = re.findall(rf'<path class="{look}" d="M([^"]*)"', svg)
    points = (each.split() for each in found.removesuffix("Z").split("L"))
    return [(float(x), float(y)) for x, y in points]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_line_is_what_is_supplied_of_all_that_is_wanted(width: float) -> None:
    calendar = Calendar(MONTHS, width)
    line = use_lines(small_outcome())[0]
    drawn = path(fan(calendar, line).svg, "supplied")
    expected = [TOP + HIGH * (1 - part) for part in PATH]
    assert [y for _, y in drawn] == pytest.approx(expected, abs=0.01)
    assert [x for x, _ in drawn] == [calendar.middle(place) for place in range(len(MONTHS))]


def test_the_band_goes_up_one_end_and_back_the_other() -> None:
    line = use_lines(small_outcome())[0]
    band = path(fan(Calendar(MONTHS), line).svg, "band")
    assert len(band) == 2 * len(MONTHS)
    assert all(
        high[1] <= low[1] for high, low in zip(band[: len(MONTHS)], band[::-1], strict=False)
    )


def test_the_worst_month_says_what_is_supplied_in_it() -> None:
    lines = use_lines(small_outcome())
    assert "25 % supplied" in fan(Calendar(MONTHS), lines[0]).svg
    spared = next(line for line in lines if line.market == "USA")
    assert "supplied</text>" not in fan(Calendar(MONTHS), spared).svg


def test_a_stock_says_the_least_that_lies_there() -> None:
    found = small_outcome()
    stocks = [each for each in found.stocks if each.where == USERS and each.what == HEAVY]
    drawn = stock_fan(Calendar(MONTHS), use_lines(found)[0], stocks).svg
    assert "least 0.5 months of use" in drawn


def test_the_bar_of_a_rule_begins_and_ends_on_its_days() -> None:
    calendar = Calendar(MONTHS)
    embargo = small_outcome().rules[1]
    (bar,) = re.findall(
        r'class="rule-bar" d="M([\d.]+) 0H([\d.]+)V', rule_row(calendar, embargo).svg
    )
    assert float(bar[0]) == calendar.day("2025-05-10")
    assert float(bar[1]) == calendar.day("2025-07-20", end=True)


def test_a_rule_without_an_end_has_an_arrow_and_says_so() -> None:
    licence, embargo = small_outcome().rules
    calendar = Calendar(MONTHS)
    assert rule_row(calendar, licence).svg.count('class="rule-bar"') == 2
    assert rule_row(calendar, embargo).svg.count('class="rule-bar"') == 1
    assert rule_words(licence) == "Licences for heavy magnets: 4 Apr 2025, no end known"
    assert rule_words(embargo) == "No magnets to Japan: 10 May 2025 to 20 Jul 2025"


def test_cells_say_what_is_held_back_where_something_is() -> None:
    embargo = small_outcome().rules[1]
    assert re.findall(r">(\d+)</text>", rule_row(Calendar(MONTHS), embargo).svg) == [
        "67",
        "100",
        "65",
    ]
    demand = replace(embargo, kind="demand", passes=(("2025-05", 1.4),))
    assert "step-" not in rule_row(Calendar(MONTHS), demand).svg


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_class_of_firms_has_its_row_by_days_of_stock(width: float) -> None:
    found = small_outcome()
    line = use_lines(found)[0]
    firms = [each for each in found.firms if each.product == HEAVY]
    drawn = firm_rows(Calendar(MONTHS, width), line, firms).svg
    assert drawn.count("<rect") == 2 * len(MONTHS)
    assert re.findall(r">(\d+) days", drawn) == ["14", "45"]
    assert "None stop with 120 days of stock (20 % of use)." in drawn
    assert re.findall(r">(\d+)</text>", drawn)[:4] == ["0", "10", "60", "75"]


SVG = "{http://www.w3.org/2000/svg}"


def words(text: str) -> str:
    return " ".join("".join(e.itertext()) for e in ElementTree.fromstring(text).iter(f"{SVG}text"))


def test_the_document_has_its_finding_parts_legend_and_licence() -> None:
    found = small_outcome()
    said = words(scenario_svg(found))
    assert scenario_finding(found) in said
    for part in ("What is supplied", "Rules and shocks", "Firms that stand still", "Stocks"):
        assert part in said
    for _, _, key in legend(found):
        assert key in said
    assert "5 to 95 % of 100 random trials" in said
    assert "CC BY 4.0" in said


def test_a_market_that_lacks_nothing_is_named_and_takes_no_room() -> None:
    found = small_outcome()
    assert {line.market for line in shown_uses(found)} == {"JPN", "WLD"}
    assert "Nothing would be lacking in any month: the United States (heavy magnets)." in (
        picture_notes(found)
    )


def test_each_market_has_its_worst_use_before_any_has_its_next() -> None:
    found = small_outcome()
    many = tuple(
        replace(x, market=f"M{number}")
        for number in range(SHOWN - 2)
        for x in found.supply
        if x.market == "JPN"
    )
    crowd = with_supply(found, (*many, *found.supply))
    shown = shown_uses(crowd)
    assert [line.market for line in shown] == ["M0", "M1", "M2", "M3", "JPN", "WLD"]
    assert "6 more uses in the tables of the page." in picture_notes(crowd)


def test_where_nothing_is_lacking_one_use_stands_for_all() -> None:
    found = small_outcome()
    spared = with_supply(found, tuple(x for x in found.supply if x.market == "USA"))
    assert [line.market for line in shown_uses(spared)] == ["USA"]
    assert scenario_finding(spared).startswith("No user would go short. Assumed stocks of heavy ")


def test_without_trials_rules_or_firms_their_parts_are_not_there() -> None:
    bare = replace(small_outcome(trials=False, rules=False), firms=(), stocks=())
    said = words(scenario_svg(bare))
    assert "No random trials were made" in said
    assert "in trials" not in said
    for part in ("Rules and shocks", "Firms that stand still", "Stocks"):
        assert part not in said


def test_another_scenario_is_named_and_drawn_beside() -> None:
    found = small_outcome()
    other = replace(found, title="An embargo")
    text = scenario_svg(found, beside=other)
    assert text.count('class="beside"') == len(shown_uses(found)) + 1
    assert "Dash-dotted: An embargo, which has the same lines." in words(text)
    later = with_supply(other, [x for x in other.supply if x.month > "2025-10"])
    assert scenario_svg(found, beside=later).count('class="beside"') == 5


def test_what_two_scenarios_differ_in_is_drawn_first_and_told() -> None:
    """Here markets lack the same of heavy magnets; only the other lacks the rest."""
    found = small_outcome()
    none = Span(0.0, 0.0, 0.0)
    first = use_lines(found)[0]
    spared = [
        replace(x, short=none, part_short=none)
        if (x.market, x.product) == (first.market, first.product)
        else x
        for x in found.supply
    ]
    other = with_supply(replace(found, title="Nothing happens"), spared)
    drawn = shown_uses(other, beside=found)
    assert (first.market, first.product) in {(x.market, x.product) for x in drawn}
    told = describe_scenarios(other, beside=found)
    assert f"{found.title.rstrip('.')}: {use_sentence(first)}" in told
    assert "which has the same lines" not in words(scenario_svg(other, beside=found))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_drawing_for_a_page_has_names_of_its_own_and_words_inside_it(width: float) -> None:
    root = ElementTree.fromstring(scenario_drawing(small_outcome(), width))
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert ids == {f"scenario-{width:g}-title", f"scenario-{width:g}-desc"}
    begins = [float(each.get("x", "")) for each in root.iter(f"{SVG}text")]
    assert min(begins) == EDGE >= 3, "a J of Noto Sans reaches back by two pixels"


def test_a_scenario_without_months_is_a_document_too() -> None:
    empty = replace(with_supply(small_outcome(), ()), months=(), firms=(), stocks=(), rules=())
    assert "not known" in words(scenario_svg(empty))


ASSUMED = Assumption("assumptions/stock", "Stock of firms", 30.0, 14.0, 90.0, "days", "A survey")


def small_page() -> str:
    return scenario_html(replace(small_outcome(), assumptions=(ASSUMED,)), [PAPER, BLOG])


def test_what_the_picture_shows_is_told_in_sentences_and_tables() -> None:
    found, page = small_outcome(), small_page()
    for line in use_lines(found):
        assert use_sentence(line) in page
    assert page.count("<table>") == len(found.tables())
    for month in found.supply:
        assert f"{month.supplied.middle:,.1f}" in page


def test_it_says_what_is_assumed_not_known_and_by_whom() -> None:
    page = small_page()
    assert "Stock of firms</bdi>: 30 days (14 to 90)" in page
    assert "What firms hold is assumed." in page
    assert "Sources (2)" in page
    assert "undated, weak" in page


def test_a_note_gives_no_advice_on_commands() -> None:
    noted = replace(small_outcome(), notes=("Range not drawn: --draws 100 draws it.",))
    page = scenario_html(noted)
    assert "<bdi>Range not drawn.</bdi>" in page
    assert "--draws" not in page
