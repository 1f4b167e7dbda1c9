"""Conflicts as tables: one line a row, what is not listed, and nothing that a cell can run."""

from __future__ import annotations

import json

from monazite.findings.conflicts.conflicts import Conflict, ConflictLine
from monazite.findings.conflicts.tables import conflict_dict, conflict_tables, csv_table, differ_by
from monazite.rows.roots import SourceAttribution

COUNTS = {"real": 1, "basis": 2, "definition": 0, "year": 0, "edition": 0, "rounding": 3}


def line(row: str, text: str, *, stands: bool = True, remark: str = "") -> ConflictLine:
    source = SourceAttribution(1, (), "s", "USGS", "2025", "s", "USGS", "2025-12-31")
    return ConflictLine(
        row, text, 1.0, 1.0, 1.0, "REO", "planned", "2024", (source,), stands, remark
    )


CONFLICT = Conflict(
    "real",
    "production",
    "China; Mine",
    0.953,
    "part",
    (
        line("production/a", "130 t"),
        line("production/b", "5,120 t", stands=False, remark="superseded by production/a"),
    ),
)


def test_a_conflict_is_one_line_a_row_with_the_fact_on_the_first() -> None:
    (table,) = conflict_tables([CONFLICT], COUNTS, "China")
    assert table.heading == "Sources that disagree: China (1 fact)"
    assert [row[0] for row in table.rows] == ["China; Mine", ""]
    assert [row[1] for row in table.rows] == ["95 %", ""]
    assert [row[5] for row in table.rows] == ["yes", "no, superseded"]
    assert table.rows[0][6] == "USGS 2025, official or company"
    assert table.remarks == ("Not listed: 2 by basis, 3 by rounding; --kind all lists them.",)


def test_nothing_to_list_says_so_and_what_there_is_of_other_kinds() -> None:
    (table,) = conflict_tables([], COUNTS | {"real": 0}, "Mount Nowhere")
    assert table.heading == "No sources disagree on Mount Nowhere"
    assert list(table.rows) == []
    assert "2 by basis" in table.remarks[0]
    (bare,) = conflict_tables([], dict.fromkeys(COUNTS, 0))
    assert bare.remarks == ()


def test_differences_in_their_measure() -> None:
    def of(size: float | None, measure: str) -> str:
        return differ_by(Conflict("real", "t", "f", size, measure, ()))

    assert [of(0.003, "part"), of(1.0, "part"), of(384, "days"), of(30.6, "kilometres")] == [
        "<1 %",
        "100 %",
        "384 days",
        "31 km",
    ]
    assert of(None, "") == ""


def test_json_has_numbers_and_the_root_of_each_source() -> None:
    found = json.loads(json.dumps(conflict_dict(CONFLICT)))
    assert list(found) == ["kind", "table", "fact", "difference", "measure", "rows"]
    first = found["rows"][0]
    assert (first["row"], first["value"], first["stands"]) == ("production/a", 1.0, True)
    assert first["sources"] == [
        {"id": "s", "publisher": "USGS", "published": "2025", "tier": 1, "root": "s"}
    ]


def test_csv_has_every_cell_filled_on_every_line() -> None:
    table = csv_table([CONFLICT])
    assert len(table.rows) == 2
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert [row[1] for row in table.rows] == ["China; Mine", "China; Mine"]
    assert table.rows[1][table.columns.index("stands")] == "false"
