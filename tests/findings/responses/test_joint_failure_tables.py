"""Pairs as a table and as JSON."""

from __future__ import annotations

import json

from monazite.findings.responses.joint_failure_tables import pair_table
from monazite.findings.responses.joint_failures import pairs_in
from tests.findings.small_chains import candidate, study_of, two_sellers


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
