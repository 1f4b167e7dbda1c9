"""How long a reader's own data takes: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables
from monazite.shipped import ontology_folder

HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"
ROWS = 17_571


def read_own(file: Path, row: str) -> tuple[float, Tables]:
    """Seconds in which our tables are read with many rows of the reader's own."""
    rows = "".join(row.format(number) for number in range(ROWS))
    file.write_text(HEADER + rows, encoding="utf-8")
    ontology = ontology_folder()
    schema = read_schema(ontology)
    started = time.perf_counter()
    tables = read_tables(ontology / "tables", schema, file)
    return time.perf_counter() - started, tables


def test_many_faults_take_no_longer_than_as_many_good_rows(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    file = tmp_path / "ownership.csv"
    end = "10,stated,2026-02,monazite-compilation\n"
    good, tables = read_own(file, "own-{0},lynas,mountain-pass," + end)
    assert tables.faults == []
    for name in ("mountain-paz", "mountain-paz-{0}"):
        bad, tables = read_own(file, f"own-{{0}},lynas,{name},{end}")
        assert sum(fault.count for fault in tables.faults) == ROWS
        report(f"{ROWS:,} rows: {good:.2f} s; as many faults of {name}: {bad:.2f} s")
        assert bad < 5 * good
