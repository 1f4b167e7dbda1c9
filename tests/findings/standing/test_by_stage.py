"""Concentration: the reconciled year leads each stage, and a series of years stays as printed."""

from __future__ import annotations

from monazite.findings.shares.by_year import find_concentration
from monazite.findings.standing.by_stage import PRINTED_YEARS, with_reconciled
from monazite.findings.standing.stages import PRINTED
from tests.conftest import view_in_memory


def test_the_report_and_concentration_say_the_same() -> None:
    view = view_in_memory()
    report = {each.stage: each for each in view.chokepoints("NdPr", "JPN").stages}
    lines = [line for line in view.concentration("NdPr") if not line.why]
    assert [line.stage for line in lines] == ["mine", "separation", "metal", "magnet"]
    for line in lines:
        own = report[line.stage]
        assert (line.leader_label, line.share, line.hhi) == (own.leader, own.share, own.hhi)
        assert line.then == own.then
        assert line.rows == own.rows


def test_only_the_stage_that_was_asked_for() -> None:
    found = view_in_memory().concentration("Dy", stage="metal")
    assert [(line.stage, bool(line.why)) for line in found] == [("metal", False), ("metal", True)]


def test_years_and_groups_without_a_year_stay_as_printed_and_say_so() -> None:
    facts = view_in_memory().facts("Dy")
    series = find_concentration(facts, "mine", series=True)
    assert with_reconciled(series, facts, "mine").lines == series.lines
    assert with_reconciled(series, facts, "mine").notes == (PRINTED_YEARS,)
    found = view_in_memory().concentration("TREO")
    assert found.notes[-1] == PRINTED
    assert all(not line.why for line in found)
