"""Acts by whether they are in force: rules alone stand under that heading."""

from __future__ import annotations

import re

from monazite.findings.policies.status_values import IN_FORCE, MAY_BE
from monazite.pages.explorer.rules import rules_in_force, rules_markup
from tests.conftest import view_in_memory
from tests.pages.explorers import ACTS, DAY, rules


def group(markup: str, heading: str) -> str:
    """What stands under a heading."""
    return re.split("<h2|<details", markup.partition(f">{heading}")[2])[0]


def test_each_group_has_its_acts() -> None:
    markup, count = rules(*ACTS)
    assert count == 1
    told = [
        re.findall(r"<bdi>(Controls on seven elements|Gac-61|A-Loan|Quota-2014)<", group(markup, x))
        for x in ("Rules in force", "Rules that may be", "Agreements, support", "Not in force")
    ]
    assert told == [["Controls on seven elements"], ["Gac-61"], ["A-Loan"], ["Quota-2014"]]
    assert "Rules in force on 24 Nov 2026 (1)" in markup
    assert "since 4 Apr 2025" in markup
    assert "2025-04-04" not in markup


def test_a_link_leads_to_a_card_that_is_there() -> None:
    markup, _ = rules(*ACTS)
    assert re.findall('data-card="([^"]*)"', markup) == ["policy/gac-18"]


def test_of_the_shipped_acts_only_rules_are_rules_in_force() -> None:
    lines = view_in_memory().policies().policies
    held = {line.policy for line in rules_in_force(lines)}
    assert {"mofcom-gac-2025-18", "us-301-magnets-2026", "mofcom-2026-1"} <= held
    assert not held & {
        *("mountain-pass-closure", "china-export-tax-end-2015", "busan-2025"),
        *("us-dod-mp-2025-equity", "mountain-pass-permits-2010", "us-critical-list-2025"),
    }
    markup = group(rules_markup(lines, DAY, ()), "Rules that may be in force")
    may_be = [line for line in lines if line.rule and line.status.value == MAY_BE]
    assert len(re.findall("<tr", markup)) == len(may_be) + 1 > 1
    assert all(line.status.value == IN_FORCE for line in lines if line.policy in held)


def test_without_any_it_says_so() -> None:
    assert rules_markup((), DAY, ()).count("We found none in the data used") == 2
