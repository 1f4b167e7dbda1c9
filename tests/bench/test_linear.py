"""Contingencies from one basis, on made-up chains: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from math import log
from pathlib import Path

import pytest
from joblib import Parallel, delayed

from monazite.findings.linear_programme import LinearProgramme
from tests.bench.synthetic import Change, Synthetic

Values = list[float] | None
Say = Callable[[str], None]

COUNT = 150


@cache
def chain(columns: int) -> Synthetic:
    if columns == 5_000:
        return Synthetic(countries=12, users=10, sites=3, sellers=6)
    return Synthetic(countries=40, users=34, sites=6, sellers=12)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print a line even where pytest captures."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="")  # noqa: T201

    return line


def hot(programme: LinearProgramme, changes: Sequence[Change]) -> list[Values]:
    session = programme.open(maximise=True)
    return [
        session.solve(upper=change.upper, row_upper=change.row_upper, cost=change.cost)
        for change in changes
    ]


def changed(programme: LinearProgramme, change: Change) -> LinearProgramme:
    """The same programme, built with the change."""
    other = LinearProgramme()
    vars(other).update({name: numbers[:] for name, numbers in vars(programme).items()})
    for numbers, wanted in (
        (other.upper, change.upper),
        (other.row_upper, change.row_upper),
        (other.cost, change.cost),
    ):
        for place, number in wanted.items():
            numbers[place] = number
    return other


def value(programme: LinearProgramme, values: Values) -> float:
    assert values is not None
    return sum(cost * amount for cost, amount in zip(programme.cost, values, strict=True))


def times_as_fast(say: Say, name: str, made: Synthetic, changes: Sequence[Change]) -> float:
    """Solve changes hot and cold; say how long each took and return the ratio."""
    started = time.perf_counter()
    found = hot(made.programme, changes)
    seconds_hot = time.perf_counter() - started
    seconds_cold = 0.0
    for change, values in zip(changes, found, strict=True):
        other = changed(made.programme, change)
        started = time.perf_counter()
        cold = other.solve(maximise=True)
        seconds_cold += time.perf_counter() - started
        assert value(other, values) == pytest.approx(value(other, cold), rel=1e-9)
    ratio = seconds_cold / seconds_hot
    say(
        f"{len(changes)} {name}, {len(made.programme.cost):,} columns: hot {seconds_hot:.2f} s, "
        f"cold {seconds_cold:.2f} s, {ratio:.1f} times as fast"
    )
    return ratio


@pytest.mark.parametrize(
    ("columns", "outages", "all_kinds"),  # measured: 4.5 and 3.0, 8.3 and 5.6 at least
    [(5_000, 3.0, 2.0), (20_000, 6.0, 4.0)],
)
def test_contingencies_from_a_kept_basis(
    columns: int, outages: float, all_kinds: float, say: Say
) -> None:
    made = chain(columns)
    assert len(made.programme.cost) == pytest.approx(columns, rel=0.02)
    assert times_as_fast(say, "outages", made, made.outages(COUNT)) >= outages
    assert times_as_fast(say, "of all kinds", made, made.contingencies(COUNT)) >= all_kinds


def test_seconds_grow_slower_than_arcs_to_the_power_of_1_7(say: Say) -> None:
    sizes = (
        {"countries": 12, "users": 10, "sites": 3, "sellers": 6},
        {"countries": 40, "users": 34, "sites": 8, "sellers": 20},
        {"countries": 120, "users": 100, "sites": 10, "sellers": 86},
    )
    arcs, built, solved = [], [], []
    for size in sizes:
        tries = []
        for _ in range(3):
            started = time.perf_counter()
            made = Synthetic(**size)
            between = time.perf_counter()
            assert made.programme.solve(maximise=True) is not None
            tries.append((between - started, time.perf_counter() - between))
        arcs.append(made.arcs)
        built.append(min(build for build, _ in tries))
        solved.append(min(solve for _, solve in tries))
        say(
            f"{made.arcs:,} arcs, {len(made.programme.cost):,} columns: "
            f"built in {built[-1]:.3f} s, solved in {solved[-1]:.3f} s"
        )
    assert arcs[0] < 1_100
    assert arcs[-1] > 95_000
    for name, seconds in (("building", built), ("solving", solved)):
        power = log(seconds[-1] / seconds[0]) / log(arcs[-1] / arcs[0])
        say(f"{name} grows with arcs to the power of {power:.2f}")
        assert power <= 1.7


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_in_parallel_the_serial_numbers(backend: str, say: Say) -> None:
    made = chain(5_000)
    changes = made.contingencies(COUNT)
    started = time.perf_counter()
    serial = hot(made.programme, changes)
    between = time.perf_counter()
    odd, even = Parallel(n_jobs=2, backend=backend)(
        delayed(hot)(made.programme, changes[half::2]) for half in (1, 0)
    )
    seconds = time.perf_counter() - between
    say(f"{COUNT} contingencies serial {between - started:.2f} s, {backend} {seconds:.2f} s")
    assert even == serial[0::2]  # to the last bit
    assert odd == serial[1::2]


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process that starts the measured one: a child begins with the memory of who starts it."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its unit is of Linux: kibibytes")
def test_memory_of_a_run_by_default_with_an_empty_cache(say: Say, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "monazite", "chokepoints"]
    place = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=place)
    assert run.returncode == 0, run.stderr
    megabytes = int(run.stdout) * 1024 / 1e6
    say(f"monazite chokepoints: {megabytes:.0f} MB at most")
    assert megabytes < 500
