"""Of the points of a facility the most exact is taken, then that with more decimals."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monazite.findings.plants import points
from monazite.triples.records import QueryRecord


def point(facility: str, precision: str, lat: str, lon: str, row: str) -> QueryRecord:
    return QueryRecord(
        {"facility": facility, "precision": precision, "lat": lat, "lon": lon, "row": row}
    )


def test_the_most_exact_point_is_taken_then_that_with_more_decimals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [
        point("mine", "town", "41.123456", "109.123456", "row/a"),
        point("mine", "site", "41.7", "109.9", "row/b"),
        point("mine", "site", "41.78", "109.97", "row/c"),
        point("mine", "site", "41.78", "109.98", "row/d"),
        point("plant", "", "1.0", "2.0", "row/e"),
    ]
    for order in (given, given[::-1]):
        monkeypatch.setattr(points, "ask", lambda *_, order=order: order)
        found = points.best_points(None)  # type: ignore[arg-type]
        assert {name: each["row"] for name, each in found.items()} == {
            "mine": "row/c",
            "plant": "row/e",
        }


def test_what_rules_ask_of_findings_loads_no_graph_library() -> None:
    asked = "import monazite.findings.rule_lines, sys; print('networkx' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
