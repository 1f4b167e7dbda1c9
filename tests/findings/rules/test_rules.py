"""The list of rules: every condition with its source, chosen by element and issuer."""

from __future__ import annotations

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.rules.rules import read_documents
from monazite.triples.opening import open_store
from monazite.view import load
from tests.conftest import view_in_memory

FOUND = view_in_memory().rules()


def test_every_condition_has_a_source_and_a_rule_of_the_list() -> None:
    assert [line.condition.row for line in FOUND if not line.sources] == []
    assert {line.condition.rule for line in FOUND} == {
        *("mofcom-18", "mofcom-61", "china-lists", "us-affiliates", "dfars-7052", "us-301"),
        *("crma-24", "crma-28", "crma-29"),
    }
    # by hand: 7 clauses of announcement 18, 10 of 61, 8 of lists, 1 of the affiliates, 8 of DFARS,
    # 1 of section 301, 4 of the act of the Union
    assert FOUND.headline().startswith("2026-11-24: 9 rules, 39 clauses, ")


def test_an_element_chooses_the_clauses_that_weigh_it_or_none() -> None:
    clauses = {
        (line.condition.rule, line.condition.clause) for line in view_in_memory().rules("Nd")
    }
    assert ("crma-24", "map") in clauses
    assert ("dfars-7052", "old") in clauses  # weighs none
    assert ("mofcom-18", "magnet") not in clauses
    assert ("mofcom-18", "smco") in clauses


def test_an_issuer_chooses_its_acts() -> None:
    found = view_in_memory().rules(by="EUE")
    assert {line.condition.policy for line in found} == {"eu-crma-2024"}
    assert {start.rule for start in found.starts} == {"crma-28", "crma-29"}
    assert found.documents == ()


def test_whether_a_clause_binds_is_that_of_the_view_s_day() -> None:
    lines = {line.condition.clause: line for line in load(valid="2027-06-01").rules(by="CHN")}
    assert (lines["magnet"].binds, lines["magnet"].status) == (
        "yes",
        "in force: since 2025-04-04",
    )
    assert lines["origin-ndfeb"].binds == "may"
    assert lines["mofcom-2025-13"].binds == "no"


def test_names_that_mean_nothing_are_all_said_at_once() -> None:
    with pytest.raises(UnknownNameError) as told:
        view_in_memory().rules("Xq", by="Atlantis")
    assert all(word in str(told.value) for word in ("Xq", "Atlantis"))


def test_a_source_that_is_left_out_takes_its_conditions_with_it() -> None:
    kept = {
        line.condition.clause for line in load(without=("mainrich-export-control-2026",)).rules()
    }
    assert "tested-low" not in kept
    assert "magnet" in kept


def test_the_documents_of_announcement_18() -> None:
    documents = {each.row: each for each in read_documents(open_store())}
    use = documents["rule_documents/mofcom-18-end-use-certificate"]
    assert (use.given_by, use.forms, use.translated, use.places) == (
        *("end-user", ("original",)),
        *(True, ()),
    )
    india = documents["rule_documents/mofcom-18-india-stamps"]
    assert india.places == ("IND",)
