"""Which conflicts are those of some rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.findings.conflicts.conflicts import find_conflicts
from monazite.findings.conflicts.own_conflicts import find_own_conflicts
from monazite.rows.reader import Tables, read_tables
from monazite.shipped import ontology_folder

ROW = "facility_events/bukit-merah-1992-closed"


def test_conflicts_of_a_row_are_those_that_name_it(shipped: Tables) -> None:
    found = find_own_conflicts(shipped.rows, shipped.schema, {ROW})
    every = find_conflicts(shipped.rows, shipped.schema)
    assert found == [each for each in every if ROW in each.rows]
    assert [each.kind for each in found] == ["real"]
    assert find_own_conflicts(shipped.rows, shipped.schema, ()) == []


OURS = "capacity/mountain-pass-separation-ndpr-oxide-actual-output-2024"


@pytest.mark.parametrize(
    ("number", "unit", "as_of", "contradicts"),
    [
        ("9999", "t-per-year", "2024", True),
        ("9999", "t", "2024", True),
        ("9.999", "kt", "2024", True),
        ("9999000", "kg-per-year", "2024", True),
        ("1294", "t", "2024", False),
        ("9999", "t-per-quarter", "2024", False),
        ("9999", "t", "2024-06", False),
    ],
)
def test_tonnes_of_a_year_are_tonnes_per_year(
    shipped: Tables, tmp_path: Path, number: str, unit: str, as_of: str, *, contradicts: bool
) -> None:
    (tmp_path / "capacity.csv").write_text(
        "row,facility,stage,material,kind,as_of,value,unit,basis\n"
        f"own,mountain-pass,separation,ndpr-oxide,actual-output,{as_of},{number},{unit},oxide\n",
        encoding="utf-8",
    )
    rows = read_tables(ontology_folder() / "tables", shipped.schema, tmp_path).rows
    found = find_own_conflicts(rows, shipped.schema, {"capacity/own"})
    real = [each.rows for each in found if each.kind == "real"]
    assert real == ([(OURS, "capacity/own")] if contradicts else [])
