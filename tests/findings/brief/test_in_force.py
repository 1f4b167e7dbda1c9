"""Since when a country leads, as far back as figures go, and since when its rules stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.in_force import aimed_acts, since_answer
from monazite.findings.shares.by_year import ConcentrationYear
from tests.findings.brief.shipped import found_for
from tests.findings.brief.test_brief import found_of


def led(year: int, leader: str = "China", share: float = 0.9) -> ConcentrationYear:
    """Who led separation in a year."""
    return ConcentrationYear(
        stage="separation", rank=1, material="dysprosium-oxide", year=year, hhi=None, hhi_low=None,
        hhi_high=None, hhi_countries=None, top3=None, leader=leader[:3].upper(),
        leader_label=leader, share=share, countries=2, rest=0.0, denominator="world", basis="reo",
        series=("a",), rows=(f"production/{year}",), shares={leader[:3].upper(): share},
    )  # fmt: skip


def since(*years: ConcentrationYear) -> str:
    found = found_of()
    told = since_answer(replace(found, led=years), Footnotes(found.cards)).text
    return told.removesuffix(" We found no rule on its export that is in force.")


def test_a_lead_goes_back_as_far_as_figures_do_and_no_farther() -> None:
    assert since(led(2012, share=0.99), led(2023)) == (
        "China has led separation of dysprosium since 2012 at the latest (99 % then); we found no "
        "earlier figures."
    )
    assert since(led(2005), led(2010, "Australia"), led(2012), led(2023)) == (
        "China has led separation of dysprosium since 2012 at the latest (90 % then); in 2010 "
        "Australia led separation."
    )
    assert (
        since(led(2023, "Australia"))
        == since()
        == ("Since when China leads is not known: we found no figures by year.")
    )


@pytest.mark.whole
@pytest.mark.parametrize(
    ("element", "market", "told"),
    [
        ("Dy", "USA", ["mofcom-2024-46", "mofcom-2026-us-ten"]),
        ("Y", "JPN", ["mofcom-2026-1", "china-japan-informal-2026"]),
        ("Sc", "WLD", []),
    ],
)
def test_acts_of_the_leader_that_name_the_market_stand_beside_its_rule(
    element: str, market: str, told: list[str]
) -> None:
    found = found_for(element, market)
    assert [act.line.policy for act in aimed_acts(found)] == told
    answer = since_answer(found, Footnotes(found.cards))
    assert "has been in force since 4 Apr 2025" in answer.text
    assert "on record" not in answer.text
    rows = {row for act in aimed_acts(found) for row in act.rows}
    assert rows <= found.cards.keys()


def test_a_rule_that_does_not_name_the_element_says_so() -> None:
    """Announcement 18 lists seven elements, neodymium not among them."""
    found = found_for("Nd", "EUE")
    text = since_answer(found, Footnotes(found.cards)).text
    assert "since 4 Apr 2025; neodymium is not on its list." in text
    assert "China has led mining and separation since 2023 at the latest and magnet" in text
