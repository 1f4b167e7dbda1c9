"""How build, view, timeline and graph grow with the facilities: exponents are asserted.

The shipped ontology with 1, 3 and 10 times the facilities, firms and rows about them, each in a
process of its own; CPU seconds. The exponent is the steepest slope between two sizes, so that
what does not grow cannot hide what does. A graph draws the sites that it shows by default.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_growth.py
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.bench.multiplied import multiply

SCALES = (1, 3, 10)
MEASURE = """
import json, sys, time
from pathlib import Path
import monazite
from monazite.rows.filters import Filters
from monazite.triples.opening import open_store

ontology, taken = Path(sys.argv[1]), {}

def measure(name, do):
    started = time.process_time()
    do()
    taken[name] = time.process_time() - started

measure("build", lambda: open_store(ontology))
measure("view", lambda: open_store(ontology, filters=Filters(valid="2025-05-15")).wait())
view = monazite.load(ontology=ontology)
measure("timeline", lambda: view.timeline(stage="mine").to_text())
measure("graph", lambda: view.graph("Dy", "USA").html)
print(json.dumps(taken))
"""


def test_time_grows_no_faster_than_the_facilities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env = {**os.environ, "MONAZITE_CACHE": str(tmp_path / "cache")}
    taken: list[dict[str, float]] = []
    for times in SCALES:
        words = [sys.executable, "-c", MEASURE, str(multiply(tmp_path / str(times), times))]
        done = subprocess.run(words, capture_output=True, check=True, env=env)
        taken.append(json.loads(done.stdout))
    exponents = {}
    for name in taken[0]:
        seconds = [each[name] for each in taken]
        slopes = [
            math.log(more / less) / math.log(times / before)
            for (less, more), (before, times) in zip(
                pairwise(seconds), pairwise(SCALES), strict=True
            )
        ]
        exponents[name] = max(slopes)
        with capsys.disabled():
            shown = ", ".join(f"{each:.2f} s" for each in seconds)
            sys.stderr.write(f"\n{name}: {shown}: exponent {exponents[name]:.2f}")
    assert {name: grows for name, grows in exponents.items() if grows >= 1.2} == {}
