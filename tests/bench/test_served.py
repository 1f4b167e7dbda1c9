"""The served endpoint beside the engine's own server, in one run: named queries of 16 clients.

Both answer from the same store on disk and on the same processors, each from a process of its own,
in turns. The engine's server has no limits: it answers all at once, each in a thread. Ours sends
each query to a process that can be killed, up to eight for each processor. Nothing is kept in
memory, so that each answer is worked out; what kept answers make of it is printed beside it. Of the
rounds the one in the middle counts: others use the processors too.

Run by hand, on a quiet machine: python -m pytest -s tests/bench/test_served.py
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode, urlsplit

import pytest

from monazite.serve.server import Listening
from monazite.serve.settings import Settings
from monazite.shipped import ontology_folder
from monazite.triples.opening import open_store
from tests.serve.conftest import wait_until
from tests.serve.test_sparql import asked_text, questions

CLIENTS = 16
ROUNDS = 5
LEAST = 0.7
"""The part of the engine's speed that the endpoint has at the least."""
HEADERS = {
    "Accept": "application/sparql-results+json",
    "Content-Type": "application/x-www-form-urlencoded",
}
Place = tuple[str, int]
Round = tuple[float, list[float], int]
"""Seconds of it all, of each query, and rows."""


@contextmanager
def engine_server(folder: Path) -> Iterator[Place]:
    """The server of the engine itself, on the files of a store."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    words = ("serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("oxigraph")), *words, "--union-default-graph"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers_at(port))
        yield "127.0.0.1", port
    finally:
        process.kill()
        process.wait()


@contextmanager
def our_server(settings: Settings) -> Iterator[Place]:
    """The served graph."""
    apart = get_context("spawn")
    told, tell = apart.Pipe(duplex=False)
    process = apart.Process(target=listen, args=(settings, tell))
    process.start()
    try:
        url = urlsplit(told.recv())
        assert url.hostname is not None
        assert url.port is not None
        yield url.hostname, url.port
    finally:
        process.terminate()
        process.join()


def listen(settings: Settings, tell: Connection) -> None:
    Listening(settings, tell.send).run()


def answers_at(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def ask(place: Place, path: str, texts: list[str]) -> list[tuple[float, int]]:
    """Ask queries one after the other over one connection: seconds and rows of each."""
    found = []
    with closing(http.client.HTTPConnection(*place, timeout=120)) as connection:
        for text in texts:
            began = time.perf_counter()
            connection.request("POST", path, urlencode({"query": text}), HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            spent = time.perf_counter() - began
            assert answer.status == 200, content[:200]
            found.append((spent, len(json.loads(content)["results"]["bindings"])))
    return found


def ask_all(place: Place, path: str, texts: list[str]) -> Round:
    """Ask all queries by 16 clients at once."""
    shares = [list(islice(texts, each, None, CLIENTS)) for each in range(CLIENTS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        found = [
            each for done in clients.map(lambda s: ask(place, path, s), shares) for each in done
        ]
    spent = time.perf_counter() - began
    return spent, [seconds for seconds, _ in found], sum(rows for _, rows in found)


def quantile(seconds: list[float], part: float) -> float:
    return sorted(seconds)[int(part * (len(seconds) - 1))]


def figures(done: Round) -> dict[str, float]:
    """Queries a second, and the milliseconds in which half, and 99 in a hundred, are answered."""
    spent, seconds, _ = done
    return {
        "throughput": len(seconds) / spent,
        "p50": 1000 * quantile(seconds, 0.5),
        "p99": 1000 * quantile(seconds, 0.99),
    }


def ratios_of(ours: Round, bare: Round) -> dict[str, float]:
    """The speed of ours as a part of the engine's."""
    own, other = figures(ours), figures(bare)
    return {
        name: own[name] / other[name] if name == "throughput" else other[name] / own[name]
        for name in own
    }


def told(name: str, rounds: list[Round]) -> str:
    found = [figures(each) for each in rounds]
    middle = {key: median(each[key] for each in found) for key in found[0]}
    return (
        f"{name}: {middle['throughput']:.1f} queries a second, "
        f"p50 {middle['p50']:.0f} ms, p99 {middle['p99']:.0f} ms"
    )


@pytest.mark.parametrize("kept", [0, 64 << 20], ids=["worked out", "kept"])
def test_named_queries_of_16_clients(kept: int, report: Callable[[str], None]) -> None:
    store = open_store()
    store.wait()
    assert store.folder is not None
    texts = [asked_text(each)[0] for each in questions()] * 4
    Random(0).shuffle(texts)
    ours: list[Round] = []
    bare: list[Round] = []
    settings = Settings(
        ontology_folder(),
        port=0,
        log=Path(os.devnull),
        kept_bytes=kept,
        patience=120.0,
        workers=8 * (os.cpu_count() or 1),
    )
    with engine_server(store.folder) as engine, our_server(settings) as served:
        for place, path in ((engine, "/query"), (served, "/sparql")):
            ask_all(place, path, texts[: 2 * CLIENTS])  # warm
        for _ in range(ROUNDS):
            bare.append(ask_all(engine, "/query", texts))
            ours.append(ask_all(served, "/sparql", texts))
    assert {rows for _, _, rows in ours} == {rows for _, _, rows in bare}
    each = [ratios_of(*pair) for pair in zip(ours, bare, strict=True)]
    ratios = {name: median(ratio[name] for ratio in each) for name in each[0]}
    report(told("engine's server", bare))
    report(told(f"served, {kept >> 20} MB of answers kept", ours))
    for ratio in (*each, ratios):
        report(", ".join(f"{name} {part:.0%}" for name, part in ratio.items()))
    assert min(ratios.values()) >= LEAST, ratios
