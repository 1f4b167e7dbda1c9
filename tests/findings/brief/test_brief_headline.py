"""Whom and which stage a headline is about, by hand: a stage, a whole country, a plant, no loss."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.brief.brief_headline import headline_subject, leads_in_words
from tests.findings.brief.test_brief import LINE, REPORT, SHARES, found_of

MAGNETS = replace(SHARES, stage="magnet", share=0.95)
MINES = replace(SHARES, stage="mine", leader="Australia", share=0.6)
STAGES = (MINES, SHARES, MAGNETS)


def test_a_line_of_a_stage_is_about_that_stage_whatever_else_is_larger() -> None:
    report = replace(REPORT, stages=STAGES)
    found = headline_subject(report)
    assert (found.country, found.stage, found.stages) == ("China", "separation", (SHARES,))
    assert leads_in_words(found_of(report), found) == (
        "China has 90 % of the world's separation of dysprosium"
    )


def test_a_whole_country_is_about_the_stages_that_it_leads() -> None:
    line = replace(LINE, id="country/CHN", label="China", stage="", limited_at="magnet")
    report = replace(REPORT, stages=STAGES, chokepoints=(line,))
    found = headline_subject(report)
    assert (found.country, found.stage, found.stages) == ("China", "", (SHARES, MAGNETS))
    assert leads_in_words(found_of(report), found) == (
        "China leads separation (90 %) and magnet making (95 %)"
    )


def test_a_plant_names_no_country_and_without_a_loss_the_largest_share_speaks() -> None:
    line = replace(LINE, kind="site", label="Kuantan", stage="", country="MYS")
    assert headline_subject(replace(REPORT, chokepoints=(line,))).country == ""
    unknown = replace(REPORT, base=None, stages=STAGES, chokepoints=(replace(LINE, loss=None),))
    found = headline_subject(unknown)
    assert (found.country, found.stage) == ("China", "magnet")
    assert leads_in_words(found_of(unknown), headline_subject(replace(unknown, stages=()))) == ""
