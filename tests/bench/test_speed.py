"""How fast a question is answered: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.rows.filters import Filters
from monazite.shipped import ontology_folder
from monazite.triples.cache import answers_of
from monazite.triples.chunks import read_chunks
from monazite.triples.opening import open_store
from monazite.triples.queries import read_query

LIFE = ["-m", "monazite", "query", "facility-life", "-p", "facility=mountain-pass"]
LOOKUPS = {
    "query": LIFE,
    "show": ["-m", "monazite", "show", "mountain-pass"],
    "claims": ["-m", "monazite", "claims"],
    "ask": ["-m", "monazite", "ask", "who owns"],
}
IMPORTS = 2.0
"""Bare imports that a lookup may take, whether somebody asked it before or not."""
BARE = ["-c", "import typer, pyoxigraph"]
BY_RDFLIB = """
import sys
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="turtle")
print(len(list(graph.query(open(sys.argv[2], encoding="utf-8").read()))))
"""
BUILD = "from monazite.triples.opening import open_store; open_store().wait()"
FIRST = "from monazite.triples.opening import open_store; len(open_store())"
BULK = """
import sys, pyoxigraph as ox
ox.Store(sys.argv[2]).bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
"""
SPENT = """
import os
from pathlib import Path
times = os.times()
lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
most = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
print(times.user + times.system, int(most) / 1024, flush=True)
os._exit(0)
"""
"""The kernel's other count of memory, of a process that ended, begins with its parent's."""
PARSE = "from rdflib import Dataset; Dataset().parse({!r}, format='nquads')"


@pytest.fixture(scope="module")
def warm() -> None:
    """The store is built, and every lookup was asked once: its answers are kept."""
    open_store().wait()
    for words in LOOKUPS.values():
        seconds_of(words)


def seconds_of(words: list[str]) -> float:
    """Wall-clock seconds of a whole process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def seconds_within(code: str) -> float:
    """Wall-clock seconds of some code in a process of its own, without Python's own start."""
    return seconds_of(["-c", code]) - seconds_of(["-c", "pass"])


def medians(*commands: list[str], runs: int = 9) -> list[float]:
    """Median seconds of commands, run in turns so that a busy moment meets all of them."""
    rounds = [[seconds_of(words) for words in commands] for _ in range(runs)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def test_a_lookup_is_ten_times_as_fast_as_rdflib_from_turtle(
    warm: None, tmp_path: Path, report: Callable[[str], None]
) -> None:
    turtle, question = tmp_path / "all.ttl", tmp_path / "life.rq"
    triples = {quad.triple for quad in open_store().quads()}
    ox.serialize(triples, str(turtle), format=ox.RdfFormat.TURTLE)
    question.write_text(read_query("facility-life").text, encoding="utf-8")
    ours = statistics.median(seconds_of(LIFE) for _ in range(5))
    theirs = seconds_of(["-c", BY_RDFLIB, str(turtle), str(question)])
    report(f"lookup {ours:.3f} s, rdflib from Turtle {theirs:.3f} s: {theirs / ours:.1f} times")
    assert theirs / ours >= 10


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_takes_few_bare_imports(
    warm: None, name: str, report: Callable[[str], None]
) -> None:
    ours, bare = medians(LOOKUPS[name], BARE)
    report(f"{name} {ours:.3f} s, import typer, pyoxigraph {bare:.3f} s: {ours / bare:.2f} times")
    assert ours / bare <= IMPORTS


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_that_nobody_asked_before_takes_few_bare_imports(
    warm: None, name: str, report: Callable[[str], None]
) -> None:
    """Nothing is kept of it: ``query`` opens the engine, the others read what lies beside it."""
    folder = open_store().folder
    assert folder is not None
    firsts, bares = [], []
    for _ in range(9):
        shutil.rmtree(answers_of(folder), ignore_errors=True)
        firsts.append(seconds_of(LOOKUPS[name]))
        bares.append(seconds_of(BARE))
    first, bare = statistics.median(firsts), statistics.median(bares)
    report(f"{name}, the first time {first:.3f} s, bare imports {bare:.3f} s: {first / bare:.2f}")
    assert first / bare <= IMPORTS


def test_building_is_twice_as_fast_as_parsing_by_rdflib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Callable[[str], None]
) -> None:
    quads = tmp_path / "all.nq"
    open_store(cache=False).dump(quads)
    ours, theirs = [], []
    for turn in range(3):
        monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / f"cache-{turn}"))
        ours.append(seconds_within(BUILD))
        theirs.append(seconds_within(PARSE.format(str(quads))))
    build, parse = statistics.median(ours), statistics.median(theirs)
    report(f"build {build:.2f} s, rdflib parses {parse:.2f} s: {parse / build:.2f} times")
    assert parse / build >= 2


def spent_by(code: str, *words: str) -> tuple[float, ...]:
    """Wall-clock and processor seconds, and the most memory in MB, of a process."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + SPENT, *words], check=True, stdout=subprocess.PIPE
    )
    return time.perf_counter() - started, *map(float, done.stdout.split())


def test_a_build_and_a_first_answer_beside_the_bulk_load_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Callable[[str], None]
) -> None:
    """In turns; memory of the bulk load is that of reading a file, so ours is asked beside it."""
    quads = tmp_path / "all.nq"
    open_store(cache=False).dump(quads)
    rounds = []
    for turn in range(3):
        runs = []
        for name, words in {
            "bulk": [BULK, str(quads), str(tmp_path / f"bulk-{turn}")],
            "build": [BUILD],
            "first": [FIRST],
        }.items():
            monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / f"{name}-{turn}"))
            runs.append(spent_by(*words))
        rounds.append(runs)
    bulk, build, first = (
        [statistics.median(each) for each in zip(*spent, strict=True)]
        for spent in zip(*rounds, strict=True)
    )
    for name, spent in {"bulk load": bulk, "build": build, "first answer": first}.items():
        report(f"{name} {spent[0]:.2f} s, processor {spent[1]:.2f} s, {spent[2]:.0f} MB")
    report(
        f"processor: build {build[1] / bulk[1]:.2f} times, first answer {first[1] / bulk[1]:.2f} "
        f"times; memory: {build[2] / bulk[2]:.2f} times"
    )
    assert build[1] / bulk[1] <= 1.5
    assert first[1] / bulk[1] <= 1.2
    assert build[2] / bulk[2] <= 0.9


VIEWS = {
    "valid 2025-05-15": Filters(valid="2025-05-15"),
    "known 2025-05-20": Filters(known="2025-05-20"),
    "tier 2": Filters(tier=2),
    "without table:baci": Filters(without=("table:baci",)),
    "all of them": Filters("2025-05-15", "2025-05-20", 2, ("table:baci",)),
}


class NotKept:
    """A view that nobody writes to the cache."""

    def __init__(self, *_: object) -> None:
        pass

    def begin(self) -> None:
        """Do nothing."""


def seconds_to(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


@pytest.mark.parametrize("name", VIEWS)
def test_a_new_view_takes_one_and_a_half_loads_of_all_rows(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, report: Callable[[str], None]
) -> None:
    """In turns with loading all rows into memory from the same text; nothing is kept meanwhile."""
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path))
    opened = open_store()
    opened.wait()
    assert opened.folder is not None
    everything = read_chunks(opened.folder, ontology_folder()).text
    monkeypatch.setattr("monazite.triples.opening.Keeping", NotKept)
    loads, views = [], []
    for _ in range(7):
        loads.append(seconds_to(lambda: ox.Store().bulk_load(everything, ox.RdfFormat.N_QUADS)))
        views.append(seconds_to(lambda: open_store(filters=VIEWS[name])))
    view, load = statistics.median(views), statistics.median(loads)
    report(f"view {name} {view:.2f} s, all rows into memory {load:.2f} s: {view / load:.2f} times")
    assert view / load <= 1.5


def test_a_view_seen_before_opens_like_the_store(warm: None, report: Callable[[str], None]) -> None:
    filters = VIEWS["valid 2025-05-15"]
    open_store(filters=filters).wait()
    pairs = [
        (seconds_to(lambda: open_store(filters=filters)), seconds_to(open_store)) for _ in range(9)
    ]
    view, store = (statistics.median(times) for times in zip(*pairs, strict=True))
    report(f"kept view {view:.3f} s, store {store:.3f} s: {view / store:.2f} times")
    assert view / store <= 1.5


def test_help_takes_two_bare_imports(report: Callable[[str], None]) -> None:
    helped, bare = medians(["-m", "monazite", "--help"], BARE)
    report(f"--help {helped:.3f} s, import typer, pyoxigraph {bare:.3f} s")
    assert helped / bare <= 2


def test_help_imports_none_of_the_slow(report: Callable[[str], None]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "monazite", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    imported = {}
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        with suppress(ValueError):
            imported[parts[-1].strip()] = int(parts[1])
    slowest = sorted(imported, key=lambda name: -imported[name])[:5]
    report("--help imports: " + ", ".join(f"{n} {imported[n] / 1000:.0f} ms" for n in slowest))
    assert {"networkx", "pyvis", "rdflib", "pyshacl", "scipy", "pydantic"} & set(imported) == set()
