"""How build, view and report grow with yearly sums of one's own: exponents are asserted.

The shipped rows with no sums, and with 1 and 10 times as many sums as they have trade rows, each
in a process of its own; CPU seconds and memory. An exponent is of what the sums add, from each
size to the next. A hundred times is more than ``--data`` reads: records are summed first.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_trade_growth.py
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice, pairwise, permutations, product
from pathlib import Path

from monazite.customs.names import read_names
from monazite.customs.own_tables import to_tables
from monazite.customs.trade_sums import RecordSum, TradeSums
from monazite.folders import write_new_folder
from monazite.shipped import ontology_folder

TRADE_ROWS = 11_363
SCALES = (0, 1, 10)
MOST = 1.1
CODES = ("hs2022-284690", "hs2022-850511", "hs2022-280530")
MEASURE = """
import json, resource, sys, time
from pathlib import Path
import monazite
from monazite.triples.opening import open_store

data, taken = (Path(sys.argv[1]) if sys.argv[1] else None), {}

def measure(name, do):
    started = time.process_time()
    do()
    taken[name] = time.process_time() - started

measure("build", lambda: open_store(data=data).wait())
measure("view", lambda: monazite.load(data=data, valid="2025-05-15").line())
view = monazite.load(data=data)
measure("report", lambda: view.chokepoints("Dy", "USA").to_text())
taken["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(taken))
"""


def own_sums(folder: Path, count: int) -> Path:
    """Write a number of yearly sums as tables."""
    names = read_names(ontology_folder() / "tables")
    pairs = permutations(sorted({*names.countries.values()}), 2)
    places = ((*pair, year, code) for pair, year, code in product(pairs, range(2005, 2025), CODES))
    sums = tuple(
        RecordSum(code, exporter, importer, year, 2, 1_500_000 + place, 2, 90_000, 2)
        for place, (exporter, importer, year, code) in enumerate(islice(places, count))
    )
    whole = TradeSums("records-bench", ("a.parquet",), "0" * 64, "a bench", 2 * count, sums)
    write_new_folder(folder, to_tables(whole, names))
    return folder


def test_time_grows_no_faster_than_the_sums(tmp_path: Path, report: Callable[[str], None]) -> None:
    taken: dict[int, dict[str, float]] = {}
    for scale in SCALES:
        data = own_sums(tmp_path / f"own-{scale}", scale * TRADE_ROWS) if scale else ""
        env = {**os.environ, "MONAZITE_CACHE": str(tmp_path / f"cache-{scale}")}
        words = [sys.executable, "-c", MEASURE, str(data)]
        done = subprocess.run(words, capture_output=True, check=True, env=env)
        taken[scale] = json.loads(done.stdout)
        report(f"{scale} times: " + ", ".join(f"{k} {v:.1f}" for k, v in taken[scale].items()))
    steeper = {}
    for name, first in taken[0].items():
        for low, high in pairwise(SCALES[1:]):
            less, more = (max(taken[scale][name] - first, 0.05) for scale in (low, high))
            grows = math.log(more / less) / math.log(high / low)
            if grows > MOST:
                steeper[name, low, high] = grows
    assert steeper == {}
