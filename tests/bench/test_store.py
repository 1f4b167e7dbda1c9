"""How fast questions are answered, stores built and views opened: only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.core.package import ontology_folder
from monazite.data.filters import Filters
from monazite.data.iris import PREFIXES
from monazite.store.answers import Answer, to_answer
from monazite.store.cache import answers_of
from monazite.store.chunks import read_chunks
from monazite.store.opening import open_store
from monazite.store.queries import NamedQuery, read_queries, read_query
from monazite.store.store import Store
from tests.bench.conftest import seconds
from tests.bench.made import multiply

LIFE = ["-m", "monazite", "query", "facility-life", "-p", "facility=mountain-pass"]
LOOKUPS = {
    "query": LIFE,
    "show": ["-m", "monazite", "show", "mountain-pass", "--full"],
    "claims": ["-m", "monazite", "claims"],
    "ask": ["-m", "monazite", "ask", "who owns"],
}
IMPORTS = 2.0  # Bare imports that a lookup may take, whether somebody asked it before or not
BARE = ["-c", "import typer, pyoxigraph"]
BY_RDFLIB = """
import sys
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="turtle")
print(len(list(graph.query(open(sys.argv[2], encoding="utf-8").read()))))
"""
BUILD = "from monazite.store.opening import open_store; open_store().wait()"
FIRST = "from monazite.store.opening import open_store; len(open_store())"
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
    def __init__(self, *_: object) -> None:
        pass

    def begin(self) -> None:
        """Do nothing."""


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
    monkeypatch.setattr("monazite.store.store.Keeping", NotKept)
    loads, views = [], []
    for _ in range(7):
        loads.append(seconds(lambda: ox.Store().bulk_load(everything, ox.RdfFormat.N_QUADS)))
        views.append(seconds(lambda: open_store(filters=VIEWS[name])))
    view, load = statistics.median(views), statistics.median(loads)
    report(f"view {name} {view:.2f} s, all rows into memory {load:.2f} s: {view / load:.2f} times")
    assert view / load <= 1.5


TIMES = 10  # How many floors a query may take
EXPONENT, SHORT = 1.2, 0.05  # Of time by facilities; a query of fewer seconds is not asked for it
ROUNDS, LONG_ENOUGH = 5, 0.5
"""At the least so many rounds, and of short tasks as many as take so many seconds."""


def words_of(query: NamedQuery) -> str:
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))


def iri(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def ask(store: Store, text: str) -> Answer:
    return to_answer(store.select(text))


def read_all(quads: Iterable[ox.Quad]) -> None:
    for _ in quads:
        pass


def shortest(*tasks: Callable[[], object]) -> list[float]:
    """The fewest CPU seconds of each task, taken in turns: what slows one round slows all."""
    rounds: list[list[float]] = []
    while len(rounds) < ROUNDS or sum(map(sum, rounds)) < LONG_ENOUGH:
        rounds.append([])
        for do in tasks:
            started = time.process_time()
            do()
            rounds[-1].append(time.process_time() - started)
    return [min(taken) for taken in zip(*rounds, strict=True)]


def floors(query: NamedQuery, engine: ox.Store, rows: set[ox.NamedNode]) -> Callable[[], object]:
    """As many floors as a query may take, in a row: long tasks are disturbed as often."""
    words, kind = words_of(query), ox.NamedNode(PREFIXES["rdf"] + "type")
    classes = sorted(set(re.findall(r"\bmz:[A-Z]\w+", words)))
    first = re.search(r"\?\w+ ((?:mz|prov|rdfs|skos):[a-z]\w+)", words)
    wanted: list[tuple[ox.NamedNode | None, ...]] = [(None, kind, iri(name)) for name in classes]
    if not classes and first is not None:
        wanted.append((None, iri(first[1]), None))
    wanted += [(None, None, None, row) for row in rows]
    empty = ox.Store()

    def run() -> None:
        for _ in range(TIMES):
            empty.query(query.text, use_default_graph_as_union=True)
            for pattern in wanted:
                read_all(engine.quads_for_pattern(*pattern))

    return run


def engine_of(ontology: Path | None) -> ox.Store:
    """Open the files of a store as a command does, without what it answered before."""
    opened = open_store(ontology)
    opened.wait()
    assert opened.folder is not None
    return ox.Store.read_only(str(opened.folder))


def test_every_query_takes_ten_floors_at_most(report: Callable[[str], None]) -> None:
    engine = engine_of(None)
    store = Store(engine)
    found = {}
    for name, query in read_queries().items():
        answer = partial(ask, store, query.text)
        cells = {cell for row in answer().rows for cell in row}
        rows = {cell for cell in cells if isinstance(cell, ox.NamedNode)}
        taken, ten = shortest(answer, floors(query, engine, rows))
        found[name] = taken, ten / TIMES
    ratios = {name: taken / floor for name, (taken, floor) in found.items()}
    for name in sorted(ratios, key=lambda name: -ratios[name])[:12]:
        taken, floor = found[name]
        report(f"{name}: {1000 * taken:.1f} ms, floor {1000 * floor:.1f} ms: {ratios[name]:.1f}")
    assert {name: ratio for name, ratio in ratios.items() if ratio > TIMES} == {}


def test_no_query_grows_faster_than_the_facilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Callable[[str], None]
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    scales = (3, 10)
    stores = [Store(engine_of(multiply(tmp_path / str(times), times))) for times in scales]
    exponents = {}
    for name, query in read_queries().items():
        few, many = shortest(*(partial(ask, store, query.text) for store in stores))
        if many > SHORT:
            exponents[name] = math.log(many / few) / math.log(scales[1] / scales[0])
    for name in sorted(exponents, key=lambda name: -exponents[name])[:12]:
        report(f"{name}: exponent {exponents[name]:.2f}")
    assert {name: grows for name, grows in exponents.items() if grows >= EXPONENT} == {}


SCALES = (1, 3, 10)
MEASURE = """
import json, sys, time
from pathlib import Path
import monazite
from monazite.data.filters import Filters
from monazite.store.opening import open_store

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
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    env = {**os.environ, "MONAZITE_CACHE": str(tmp_path / "cache")}
    taken: list[dict[str, float]] = []
    for times in SCALES:
        words = [sys.executable, "-c", MEASURE, str(multiply(tmp_path / str(times), times))]
        done = subprocess.run(words, capture_output=True, check=True, env=env)
        taken.append(json.loads(done.stdout))
    exponents = {}
    for name in taken[0]:
        taken_seconds = [each[name] for each in taken]
        slopes = [
            math.log(more / less) / math.log(times / before)
            for (less, more), (before, times) in zip(
                pairwise(taken_seconds), pairwise(SCALES), strict=True
            )
        ]
        exponents[name] = max(slopes)
        shown = ", ".join(f"{each:.2f} s" for each in taken_seconds)
        report(f"{name}: {shown}: exponent {exponents[name]:.2f}")
    assert {name: grows for name, grows in exponents.items() if grows >= 1.2} == {}
