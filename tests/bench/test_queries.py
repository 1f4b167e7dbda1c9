"""Every named query beside its floor, and at ten times the facilities: ratios are asserted.

The floor of a query is what any way of answering it must do at the least, in the same store and
run: parse and plan it (the query itself, asked of an empty store); find the things of each class
that it names, by one look-up of their types (where it names none, the triples of the first
property it names); and read whole each row that the answer shows. So it does not depend on how
the query joins, and grows with the answer.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_queries.py
"""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.rows.iris import PREFIXES
from monazite.triples.answers import Answer, to_answer
from monazite.triples.opening import open_store
from monazite.triples.queries import NamedQuery, read_queries
from monazite.triples.store import Store
from tests.bench.multiplied import multiply

TIMES = 10
"""How many floors a query may take."""
EXPONENT, SHORT = 1.2, 0.05
"""Of time by facilities; a query of fewer seconds is not asked for it."""
ROUNDS, SPENT = 5, 0.5
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
    while len(rounds) < ROUNDS or sum(map(sum, rounds)) < SPENT:
        rounds.append([])
        for do in tasks:
            started = time.process_time()
            do()
            rounds[-1].append(time.process_time() - started)
    return [min(taken) for taken in zip(*rounds, strict=True)]


def floors(query: NamedQuery, engine: ox.Store, rows: set[ox.NamedNode]) -> Callable[[], object]:
    """As many floors as a query may take, in a row: a long task is disturbed as often as another.

    Of a short task and a long one, the short one sooner finds a moment without any disturbance.
    """
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


def test_every_query_takes_ten_floors_at_most(capsys: pytest.CaptureFixture[str]) -> None:
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
    with capsys.disabled():
        for name in sorted(ratios, key=lambda name: -ratios[name])[:12]:
            taken, floor = found[name]
            sys.stderr.write(
                f"\n{name}: {1000 * taken:.1f} ms, floor {1000 * floor:.1f} ms: {ratios[name]:.1f}"
            )
    assert {name: ratio for name, ratio in ratios.items() if ratio > TIMES} == {}


def test_no_query_grows_faster_than_the_facilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    scales = (3, 10)
    stores = [Store(engine_of(multiply(tmp_path / str(times), times))) for times in scales]
    exponents = {}
    for name, query in read_queries().items():
        few, many = shortest(*(partial(ask, store, query.text) for store in stores))
        if many > SHORT:
            exponents[name] = math.log(many / few) / math.log(scales[1] / scales[0])
    with capsys.disabled():
        for name in sorted(exponents, key=lambda name: -exponents[name])[:12]:
            sys.stderr.write(f"\n{name}: exponent {exponents[name]:.2f}")
    assert {name: grows for name, grows in exponents.items() if grows >= EXPONENT} == {}
