"""Pairs, margins and shifts as tables and as JSON."""

from __future__ import annotations

import json

import pytest

from monazite.findings.events.event import NO_EVENT, Event
from monazite.findings.responses.joint_failure_tables import pair_table
from monazite.findings.responses.joint_failures import pairs_in
from monazite.findings.responses.marginal_value_tables import margin_table, margins_dict
from monazite.findings.responses.marginal_values import find_marginal_values
from monazite.findings.responses.rerouting import find_shifts
from monazite.findings.responses.rerouting_tables import shift_table, shifts_dict
from monazite.tables import to_json, write_tables
from tests.findings.small_chains import candidate, one_mine, study_of, two_sellers

HALF = Event(output={("mine", "A"): 0.5})


def test_pairs_say_how_many_were_screened() -> None:
    things = [candidate("separation/A"), candidate("separation/C")]
    pairs = pairs_in(study_of(two_sellers(), trade=2.0, plants=2.0), things)
    table = pair_table(pairs)
    (row,) = table.rows
    assert row[:5] == ["separation/A", "separation/C", "100 %", "0 %", "100"]
    assert "to each other: 1; 1 (100 %) of them" in table.remarks[0]
    found = json.loads(pairs.to_json())
    assert found["pairs"][0]["excess"] == 1.0
    assert (found["screened"], found["superadditive"]) == (1, 1)


def test_margins_tell_the_market_beside_the_world_only_where_one_is_asked() -> None:
    table = margin_table(find_marginal_values(study_of(one_mine()), HALF), "half of A's mine stops")
    assert table.heading == "What a tonne is worth if half of A's mine stops"
    assert table.rows == [
        ["mine", "ore", "A", "made there", "100", "50", "50", "t of magnets per t of Dy in ore"]
    ]
    margins = find_marginal_values(study_of(one_mine(), "B"), HALF)
    table = margin_table(margins)
    assert table.columns[7:10] == ("market: more", "market: less", "known to")
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert json.loads(to_json(margins_dict(margins)))["margins"][0]["resolution"] == pytest.approx(
        1.2
    )
    assert margin_table(()).rows == []


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
