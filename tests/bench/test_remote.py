"""How fast a store elsewhere is loaded and asked, against its own engine on the same machine.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_remote.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from monazite.rows.view_filters import Filters
from monazite.shipped import VERSION
from monazite.triples.remote.endpoint import Endpoint
from monazite.triples.remote.manifest import Manifest
from monazite.triples.remote.pushing import push
from monazite.triples.store import Extent, Store, store_of
from monazite.view import load
from tests.triples.remote.servers import oxigraph_server

QUADS = 1_000_000
BULK = 2.0
"""Times of the server's own bulk load that a push may take."""
ASKED = 3.0
"""Times of the embedded store that a view on a store elsewhere may take."""


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@pytest.fixture(scope="module")
def many() -> Store:
    """Quads as ours are: about sixteen to a graph, texts, numbers and names."""
    base = "https://w3id.org/monazite"
    lines = []
    for row in range(QUADS // 16):
        graph = f"<{base}/row/capacity/plant-{row:06}-2025>"
        named = f"<{base}/id/facility/plant-{row % 999}>"
        lines += [
            f"{graph} <{base}/ns#property-{n}> "
            + (f'"a text of the row {row} {n}"' if n % 3 else named)
            + f" {graph} ."
            for n in range(16)
        ]
    return store_of(("\n".join(lines) + "\n").encode())


def record(digest: str, quads: int, exact: tuple[str, ...]) -> Manifest:
    return Manifest(VERSION, "0" * 12, digest, quads, Filters(), Extent(), None, exact)


def test_a_push_takes_at_most_twice_a_bulk_load(
    many: Store, tmp_path: Path, report: Callable[[str], None]
) -> None:
    nquads = many.nquads()
    folders = [tmp_path / name for name in ("bulk", "push")]
    for folder in folders:
        folder.mkdir()
    with oxigraph_server(folders[0]) as server:
        place = server.query.replace("/query", "/store?no_transaction")
        head = {"Content-Type": "application/n-quads"}
        bulk = seconds(lambda: httpx.post(place, content=nquads, headers=head, timeout=900))
    with oxigraph_server(folders[1]) as server:
        pushed = seconds(lambda: push(many, Endpoint(server.query), record))
    report(
        f"{len(many):,} quads: bulk {bulk:.1f} s, push {pushed:.1f} s, {pushed / bulk:.2f} times"
    )
    assert pushed <= BULK * bulk


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph_server(tmp_path_factory.mktemp("server")) as server:
        load().push(server.query)
        yield server.query


ASKS = """
import json, sys, time
from monazite.shipped import ontology_folder
from monazite.triples.queries import read_queries
from monazite.view import load
given = json.loads(sys.argv[1])
load(**given).store.wait()
texts = [each.text for each in read_queries(ontology_folder() / "queries").values()]
def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
opened = min(seconds(lambda: load(**given).query("policies-in-force")) for _ in range(3))
store = load(**given).store
asked = min(seconds(lambda: [*map(store.serialize, texts)]) for _ in range(2))
print(json.dumps([opened, asked]))
"""
"""Asks in a process of its own, as a command does: what a test holds open would be asked faster."""


def test_a_view_takes_at_most_three_times_as_long(
    remote: str, report: Callable[[str], None]
) -> None:
    def took(**given: object) -> list[float]:
        command = [sys.executable, "-c", ASKS, json.dumps(given)]
        took = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [float(each) for each in json.loads(took)]

    chosen: list[dict[str, object]] = [{}, {"tier": 2}]
    for filters in chosen:
        took(**filters)  # built, and read, for the first time
        took(endpoint=remote, **filters)
        here, there = took(**filters), took(endpoint=remote, **filters)
        for what, one, other in zip(("opened", "asked"), here, there, strict=True):
            report(f"view {filters} {what}: {one:.3f} s, {other:.3f} s, {other / one:.2f} times")
            assert other <= ASKED * one


def test_the_first_opening_takes_at_most_three_times_as_long(
    remote: str,
    report: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def took(name: str, **given: Any) -> float:
        monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / name))
        return seconds(lambda: load(**given).store.wait())

    here, there = took("here"), took("there", endpoint=remote)
    report(f"first: {here:.1f} s, {there:.1f} s, {there / here:.2f} times")
    assert there <= ASKED * here
