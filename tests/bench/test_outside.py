"""How fast records are summed, stores elsewhere asked and the served graph answers: ratios only."""

from __future__ import annotations

import http.client
import json
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice, pairwise, permutations, product
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from monazite.core.files import write_new_folder
from monazite.core.package import ontology_folder
from monazite.data.customs.record_files import read_names
from monazite.data.customs.trade_sums import RecordSum, TradeSums, to_tables
from monazite.server.server import Listening
from monazite.server.settings import Settings
from monazite.store.opening import open_store
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.pushing import push
from monazite.store.store import Store, store_of
from tests.bench.conftest import seconds
from tests.server.conftest import wait_until
from tests.server.test_sparql import asked_text, questions
from tests.store.remote.servers import oxigraph_server

QUADS = 1_000_000
BULK = 2.0  # Times of the server's own bulk load that a push may take
ASKED_TIMES = 3.0  # Times of the embedded store that a view on a store elsewhere may take


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


def test_a_push_takes_at_most_twice_a_bulk_load(
    many: Store, tmp_path: Path, report: Callable[[str], None]
) -> None:
    nquads = many.text()
    folders = [tmp_path / name for name in ("bulk", "push")]
    for folder in folders:
        folder.mkdir()
    with oxigraph_server(folders[0]) as server:
        place = server.query.replace("/query", "/store?no_transaction")
        head = {"Content-Type": "application/n-quads"}
        bulk = seconds(lambda: httpx.post(place, content=nquads, headers=head, timeout=900))
    with oxigraph_server(folders[1]) as server:
        pushed = seconds(lambda: push(many, Endpoint(server.query), {}))
    report(
        f"{len(many):,} quads: bulk {bulk:.1f} s, push {pushed:.1f} s, {pushed / bulk:.2f} times"
    )
    assert pushed <= BULK * bulk


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
import monazite.data.customs.aggregation
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


TRADE_ROWS = 11_363
SCALES = (0, 1, 10)
STEEPEST = 1.1
CODES = ("hs2022-284690", "hs2022-850511", "hs2022-280530")
GROWTH = """
import json, resource, sys, time
from pathlib import Path
import monazite
from monazite.store.opening import open_store

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
    names = read_names()
    pairs = permutations(sorted({*names.countries.values()}), 2)
    places = ((*pair, year, code) for pair, year, code in product(pairs, range(2005, 2025), CODES))
    sums = tuple(
        RecordSum(code, exporter, importer, year, 2, 1_500_000 + place, 2, 90_000, 2)
        for place, (exporter, importer, year, code) in enumerate(islice(places, count))
    )
    whole = TradeSums("records-bench", ("a.parquet",), "0" * 64, "a bench", 2 * count, sums)
    write_new_folder(folder, to_tables(whole))
    return folder


def test_time_grows_no_faster_than_the_sums(tmp_path: Path, report: Callable[[str], None]) -> None:
    taken: dict[int, dict[str, float]] = {}
    for scale in SCALES:
        data = own_sums(tmp_path / f"own-{scale}", scale * TRADE_ROWS) if scale else ""
        env = {**os.environ, "MONAZITE_CACHE": str(tmp_path / f"cache-{scale}")}
        words = [sys.executable, "-c", GROWTH, str(data)]
        done = subprocess.run(words, capture_output=True, check=True, env=env)
        taken[scale] = json.loads(done.stdout)
        report(f"{scale} times: " + ", ".join(f"{k} {v:.1f}" for k, v in taken[scale].items()))
    steeper = {}
    for name, first in taken[0].items():
        for low, high in pairwise(SCALES[1:]):
            less, more = (max(taken[scale][name] - first, 0.05) for scale in (low, high))
            grows = math.log(more / less) / math.log(high / low)
            if grows > STEEPEST:
                steeper[name, low, high] = grows
    assert steeper == {}


CLIENTS = 16
ROUNDS = 5
LEAST = 0.7  # The part of the engine's speed that the endpoint has at the least
HEADERS = {
    "Accept": "application/sparql-results+json",
    "Content-Type": "application/x-www-form-urlencoded",
}
Place = tuple[str, int]


@contextmanager
def engine_server(folder: Path) -> Iterator[Place]:
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


def ask(place: Place, path: str, texts: list[str]) -> int:
    """Ask queries one after the other over one connection; return the number of their rows."""
    rows = 0
    with closing(http.client.HTTPConnection(*place, timeout=120)) as connection:
        for text in texts:
            connection.request("POST", path, urlencode({"query": text}), HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == 200, content[:200]
            rows += len(json.loads(content)["results"]["bindings"])
    return rows


def ask_all(place: Place, path: str, texts: list[str]) -> tuple[float, int]:
    """Seconds and rows of all queries, asked by 16 clients at once."""
    shares = [list(islice(texts, each, None, CLIENTS)) for each in range(CLIENTS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        rows = sum(clients.map(lambda share: ask(place, path, share), shares))
    return time.perf_counter() - began, rows


@pytest.mark.parametrize("kept", [0, 64 << 20], ids=["worked out", "kept"])
def test_named_queries_of_16_clients(kept: int, report: Callable[[str], None]) -> None:
    store = open_store()
    store.wait()
    assert store.folder is not None
    texts = [asked_text(each)[0] for each in questions()] * 4
    Random(0).shuffle(texts)
    settings = Settings(
        ontology_folder(),
        port=0,
        log=Path(os.devnull),
        cached_bytes=kept,
        patience=120.0,
        workers=8 * (os.cpu_count() or 1),
    )
    ratios = []
    with engine_server(store.folder) as engine, our_server(settings) as served:
        for place, path in ((engine, "/query"), (served, "/sparql")):
            ask_all(place, path, texts[: 2 * CLIENTS])  # warm
        for _ in range(ROUNDS):
            (bare, found), (ours, rows) = (
                ask_all(place, path, texts)
                for place, path in ((engine, "/query"), (served, "/sparql"))
            )
            assert rows == found
            ratios.append(bare / ours)
            report(f"{len(texts)} queries: engine {bare:.1f} s, served {ours:.1f} s")
    report(f"with {kept >> 20} MB of answers kept {median(ratios):.0%} of the engine's speed")
    assert median(ratios) >= LEAST
