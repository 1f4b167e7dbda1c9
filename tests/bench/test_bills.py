"""Bills of materials: reading, matching and weighing grow no faster than the lines.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_bills.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from monazite.view import load
from tests.bench.large_bill import large_bill

FEW, MANY = 2_000, 20_000
MOST = 1.5
"""Times as long for a line of many as for one of few."""


def test_a_line_of_many_takes_no_longer_than_one_of_few(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    view = load()
    taken = {}
    for lines in (FEW, FEW, MANY):  # the first opens the store
        file = tmp_path / f"{lines}.csv"
        file.write_text(large_bill(lines), encoding="utf-8")
        started = time.process_time()
        found = view.exposure(file, "EUE")
        taken[lines] = time.process_time() - started
        assert len(found.lines) == lines
    report(f"{MANY:,} lines of a bill: {taken[MANY]:.2f} s, {FEW:,}: {taken[FEW]:.2f} s")
    assert taken[MANY] / MANY < MOST * taken[FEW] / FEW
