"""Margins as a table and as JSON."""

from __future__ import annotations

import json

import pytest

from monazite.findings.events.event import Event
from monazite.findings.responses.marginal_value_tables import margin_table, margins_dict
from monazite.findings.responses.marginal_values import find_marginal_values
from monazite.tables import to_json
from tests.findings.small_chains import one_mine, study_of

HALF = Event(output={("mine", "A"): 0.5})


def test_margins_tell_the_market_beside_the_world_only_where_one_is_asked() -> None:
    table = margin_table(find_marginal_values(study_of(one_mine()), HALF), "half of A's mine stops")
    assert table.heading == "What one tonne changes if half of A's mine stops"
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
