"""Shifts as a table and as JSON."""

from __future__ import annotations

import json

from monazite.findings.events.event import NO_EVENT, Event
from monazite.findings.responses.rerouting import find_shifts
from monazite.findings.responses.rerouting_tables import shift_table, shifts_dict
from monazite.tables import to_json, write_tables
from tests.findings.small_chains import one_mine, study_of


def test_shifts_tell_what_changes_and_that_it_is_not_unique_below() -> None:
    event = Event(output={("metal", "B"): 0.5})
    shifts = find_shifts(study_of(one_mine()), event)
    table = shift_table(shifts, "half of B's metal stops")
    assert ["separation", "Dy", "A", "B", "60", "30", "-30"] in table.rows
    assert ["mine", "ore", "A", "made there", "100", "70", "-30"] in table.rows
    assert "not unique" in table.remarks[1]
    assert "not unique" in write_tables([table], "table")
    found = json.loads(to_json(shifts_dict(shifts)))
    assert len(found["shifts"]) == len(table.rows)
    nothing = shift_table(find_shifts(study_of(one_mine()), NO_EVENT))
    assert nothing.rows == []
    assert "Nothing changes" in nothing.remarks[0]
