"""The picture: its finding, its parts on one time axis, what it leaves out, and any text."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from monazite.findings.scenarios.headline import scenario_finding, use_lines, use_sentence
from monazite.findings.uncertainty.spans import Span
from monazite.pages.drawing.png import to_png
from monazite.pages.scenarios.calendar import NARROW, WIDE
from monazite.pages.scenarios.svg import (
    SHOWN,
    describe,
    legend,
    picture_notes,
    scenario_drawing,
    scenario_svg,
    shown_uses,
)
from tests.pages.outcomes import hostile_outcome, small_outcome, with_supply

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
    told = describe(other, beside=found)
    assert f"{found.title.rstrip('.')}: {use_sentence(first)}" in told
    assert "which has the same lines" not in words(scenario_svg(other, beside=found))


def test_it_is_told_in_words() -> None:
    told = describe(small_outcome())
    assert "Japan would lack 75 %" in told
    assert "No magnets to Japan: 10 May 2025 to 20 Jul 2025." in told


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_drawing_for_a_page_is_one_element_with_names_of_its_own(width: float) -> None:
    root = ElementTree.fromstring(scenario_drawing(small_outcome(), width))
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert ids == {f"scenario-{width:g}-title", f"scenario-{width:g}-desc"}


def test_hostile_text_stays_text_and_becomes_a_png() -> None:
    text = scenario_svg(hostile_outcome(), theme="light")
    tags = {each.tag.removeprefix(SVG) for each in ElementTree.fromstring(text).iter()}
    assert not {"script", "img", "foreignObject"} & tags
    assert to_png(text, scale=0.5)[1:4] == b"PNG"


def test_a_scenario_without_months_is_a_document_too() -> None:
    empty = replace(with_supply(small_outcome(), ()), months=(), firms=(), stocks=(), rules=())
    assert "not known" in words(scenario_svg(empty))


def test_same_outcome_same_bytes() -> None:
    assert scenario_svg(small_outcome()) == scenario_svg(small_outcome())
