"""Which conflicts are those of some rows."""

from __future__ import annotations

from monazite.findings.conflicts.conflicts import find_conflicts
from monazite.findings.conflicts.own_conflicts import find_own_conflicts
from monazite.rows.reader import Tables

ROW = "facility_events/bukit-merah-1992-closed"


def test_conflicts_of_a_row_are_those_that_name_it(shipped: Tables) -> None:
    found = find_own_conflicts(shipped.rows, shipped.schema, {ROW})
    every = find_conflicts(shipped.rows, shipped.schema)
    assert found == [each for each in every if ROW in each.rows]
    assert [each.kind for each in found] == ["real"]
    assert find_own_conflicts(shipped.rows, shipped.schema, ()) == []
