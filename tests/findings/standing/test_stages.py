"""Who leads each stage: the reconciled year first, what records print as other figures."""

from __future__ import annotations

from monazite.findings.shares.concentration import stage_shares
from monazite.findings.standing.makers import read_known_year
from monazite.findings.standing.stages import AS_PRINTED, stage_standings
from monazite.findings.wording import RECONCILED
from tests.conftest import view_in_memory


def test_without_a_year_the_printed_shares_stay_as_they_are() -> None:
    view = view_in_memory()
    network = view.network("TREO")
    assert stage_standings(network, view.facts("TREO")) == stage_shares(network)


def test_the_year_leads_and_says_why_the_print_differs() -> None:
    view = view_in_memory()
    network, facts = view.network("Y"), view.facts("Y")
    model, _ = read_known_year(facts)
    found = {each.stage: each for each in stage_standings(network, facts, model)}
    printed = {each.stage: each for each in stage_shares(network)}
    mine = found["mine"]
    assert (mine.basis, mine.why) == (RECONCILED, "")
    (other,) = mine.others
    assert other.share == printed["mine"].share
    assert "proxy of rare earths" in other.why
    assert found["metal"].others == ()
    assert found["metal"].note.endswith(AS_PRINTED)
    assert found["metal"].share == printed["metal"].share
    assert found["alloy"] == printed["alloy"]


def test_a_stage_that_no_row_splits_is_told_by_the_year_alone() -> None:
    view = view_in_memory()
    model, _ = read_known_year(view.facts("Sm"))
    stages = stage_standings(view.network("Sm"), view.facts("Sm"), model)
    magnet = {each.stage: each for each in stages}["magnet"]
    assert (magnet.leader, magnet.others) == ("China", ())


def test_shares_that_are_not_of_the_year_that_was_asked_say_so() -> None:
    view = view_in_memory()
    old = view.chokepoints("Dy", "USA", year=1990)
    assert old.base is None
    told = {each.stage: each.note for each in old.stages if each.leader}
    assert told["mine"].startswith("The share is of 2023, not of 1990. ")
    assert all(note.startswith("The share is of 20") for note in told.values())
    metal = {each.stage: each for each in view.chokepoints("Y").stages}["metal"]
    assert metal.note.startswith("The share is of 2022, not of 2024. ")
