"""Judgements say why: the conditions that decide, the arithmetic, and why an act does not bind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.rules.case import Between, Case
from monazite.findings.rules.compiled import compile_rules
from monazite.findings.rules.judgements import Judgement, explain
from monazite.findings.rules.truth import OUTCOMES, REASONS
from monazite.triples.opening import open_store
from tests.findings.rules.cases import LOOSE, MOUNTED, cases_known_less, known_cases

DAYS = ("2025-10-10", "2026-12-02", "2027-01-02")
RULES = compile_rules(open_store(), DAYS)


def why(case: Case, rule: str, layer: str = "text", day: str = "2026-12-02") -> Judgement:
    (found,) = [x for x in explain(RULES, case, day) if (x.rule, x.layer) == (rule, layer)]
    return found


def test_what_is_caught_says_each_condition_with_its_arithmetic() -> None:
    found = why(LOOSE, "mofcom-18")
    assert (found.outcome, found.reasons) == ("caught", ())
    assert found.because == (
        "Dy + Tb above 0 % of mass; here 2 to 3 %: yes.",
        "NdFeB magnet; here NdFeB: yes.",
        "Shipped from China to elsewhere; here from China to Germany: yes.",
    )
    assert set(found.rows) == {
        f"rule_conditions/mofcom-18-magnet-{test}" for test in ("content", "family", "leaves")
    }


def test_what_is_taken_out_says_by_what() -> None:
    found = why(MOUNTED, "mofcom-18", "guidance")
    assert (found.outcome, found.reasons) == ("not", ("guidance differs",))
    assert found.because[-1] == (
        "Taken out where: Crosses the border as assembly or product (by guidance); "
        "here assembly: yes."
    )


def test_what_is_not_met_says_only_what_fails() -> None:
    light = replace(LOOSE, content={"Dy": Between(0, 0), "Tb": Between(0, 0)})
    assert why(light, "mofcom-18").because == ("Dy + Tb above 0 % of mass; here 0 %: no.",)


def test_an_act_that_does_not_bind_says_why() -> None:
    sold = replace(LOOSE, ships_from=frozenset({"DEU"}), destination=frozenset({"JPN"}))
    found = why(sold, "mofcom-61")
    assert (found.outcome, found.reasons) == ("may", ("status unknown",))
    assert found.because[-1].startswith(
        "Announcement 61 of 2025 on 2026-12-02: may be in force or suspended: its suspension ended"
    )
    label = why(replace(LOOSE, classes=frozenset({"article-28-vehicles"})), "crma-28")
    assert label.outcome == "not"
    assert any("none was found up to 2026-11-28" in said for said in label.because)


def test_what_is_open_says_what_is_missing() -> None:
    found = why(LOOSE, "dfars-7052")
    assert (found.outcome, found.reasons) == ("may", ("fact missing", "text unread"))  # waiver
    assert "For US defence; here not known: open." in found.because


def test_a_clause_out_of_its_days_says_so() -> None:
    civil = dict.fromkeys(("cots", "electronic-device", "use-abroad", "waiver"), False)
    case = replace(LOOSE, facts={"us-defence": True, "recycled-us": False, **civil})
    assert why(case, "dfars-7052", day="2026-12-02").outcome == "caught"
    assert why(case, "dfars-7052", day="2027-01-02").outcome == "caught"


@given(known_cases(), st.data())
def test_every_judgement_has_an_outcome_a_reason_where_it_is_open_and_a_sentence(
    more: Case, data: st.DataObject
) -> None:
    case = data.draw(cases_known_less(more))
    for day in DAYS:
        for found in explain(RULES, case, day):
            assert found.outcome in OUTCOMES
            assert set(found.reasons) <= {*REASONS.values()}
            assert found.reasons or found.outcome in ("caught", "not")
            assert found.because
            assert all(said.endswith(".") for said in found.because)


def test_a_day_that_was_not_compiled_is_refused() -> None:
    with pytest.raises(ValueError, match="not"):
        explain(RULES, LOOSE, "2024-01-01")
