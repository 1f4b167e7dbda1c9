"""Customs records are summed about as fast as by the bare engine, in memory that does not grow.

One and ten million records in one Parquet file, each run in a process of its own. The bare engine
adds its ordinary sums of binary numbers, which depend on the order, and counts; it checks none of
them and names nothing. Ours also hashes the file, which is its source: they are compared with the
bare engine beside the bare hash, and with the engine alone. CPU seconds without imports, the least
of five paired runs: the clock tells more of what else the machine does.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_records.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SIZES = (1_000_000, 10_000_000)
MOST_TIMES, MOST_ALONE = 1.5, 1.75
"""Of the bare engine and the bare hash, and of the engine alone, at the larger size; at the smaller
one the start weighs more."""
MOST_MB = 2_000
RUNS = 5
MADE = """
import sys, duckdb
duckdb.execute("SET enable_progress_bar = false")
places = "['CHN','USA','MMR','DEU','JPN','VNM','MYS','FRA','GBR','KOR','IND','THA','AUS','BRA']"
duckdb.sql(f'''COPY (SELECT
  ['850511','284690','280530','284610','850519'][1 + (hash(i) % 5)::INT] code,
  {places}[1 + (hash(i * 3) % 14)::INT] exporter, {places}[1 + (hash(i * 7) % 14)::INT] importer,
  DATE '2015-01-01' + (hash(i * 11) % 3650)::INT date,
  (hash(i * 13) % 10000000)::DOUBLE / 1000 kg, (hash(i * 17) % 100000000)::DOUBLE / 100 usd
  FROM range({sys.argv[1]}) r(i)) TO '{sys.argv[2]}' (FORMAT parquet)''')
"""
MEASURED = """
import hashlib, json, resource, sys, time
import duckdb
import narwhals._duckdb.namespace, narwhals._duckdb.dataframe
import monazite
import monazite.customs.aggregation
file, kind = sys.argv[1:]
started = time.process_time()
if kind != "ours":
    sums = duckdb.connect(config={"memory_limit": "1GB"})
    sums.execute("SET enable_progress_bar = false")
    sums = sums.execute(
        "SELECT code, exporter, importer, year(date), count(*), count(kg), count(usd),"
        " sum(kg), sum(usd)"
        " FROM read_parquet(?) GROUP BY ALL", [file]).fetchall()
    count = sum(row[4] for row in sums)
    if kind == "hashed":
        with open(file, "rb") as opened:
            hashlib.file_digest(opened, "sha256").hexdigest()
else:
    count = monazite.aggregate_trade(file, system="hs2022").count
taken = time.process_time() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([taken, memory, count]))
"""


def measured(*words: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[float] = json.loads(done.stdout)
    return found


def test_records_are_summed_about_as_fast_as_by_the_bare_engine(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    pytest.importorskip("duckdb")
    times, alone, memory = {}, {}, {}
    for size in SIZES:
        file = str(tmp_path / f"{size}.parquet")
        subprocess.run([sys.executable, "-c", MADE, str(size), file], check=True)
        runs = {"bare": [], "hashed": [], "ours": []}  # type: dict[str, list[list[float]]]
        for _ in range(RUNS):
            for name, found in runs.items():
                found.append(measured(MEASURED, file, name))
                assert found[-1][2] == size
        bare, hashed, ours = (min(run[0] for run in each) for each in runs.values())
        times[size], alone[size] = ours / hashed, ours / bare
        memory[size] = max(run[1] for run in runs["ours"])
        report(
            f"{size:,} records: {ours:.2f} s, {memory[size]:.0f} MB; bare engine and hash "
            f"{hashed:.2f} s, {times[size]:.2f} times; engine alone {bare:.2f} s, {alone[size]:.2f}"
        )
    assert times[SIZES[-1]] <= MOST_TIMES
    assert alone[SIZES[-1]] <= MOST_ALONE
    assert max(memory.values()) < MOST_MB
    assert memory[SIZES[-1]] < 2 * memory[SIZES[0]]
