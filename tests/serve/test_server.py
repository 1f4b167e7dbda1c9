"""The server as a process: where it listens, how it stops, what it logs; and it calls nobody."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from monazite.errors import UnreadableError
from monazite.serve.server import Listening
from monazite.serve.settings import Settings
from tests.cli.test_network import find_strace
from tests.serve.conftest import PATIENCE, Served, serving, wait_until
from tests.serve.test_limits import ENDLESS, is_alive

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 (GET|POST) \S+ \d{3} \d+ \d+\.\d{3}"
)


@contextmanager
def started(
    folder: Path, cut: Path, *words: str, before: tuple[str, ...] = ()
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command in a process of its own, of a small cut; yield it and its address."""
    said = folder / "stderr"
    code = (
        "import monazite.view.tables.chosen_tables as chosen, pathlib, sys\n"
        f"chosen.ontology_folder = lambda: pathlib.Path({str(cut)!r})\n"
        "from monazite.cli import console\nsys.argv[0] = 'monazite'\nconsole()"
    )
    command = [*before, sys.executable, "-c", code, "serve", "--port", "0", *words]
    with said.open("w") as err:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    try:
        wait_until(lambda: bool(ADDRESS.search(said.read_text())) or process.poll() is not None)
        found = ADDRESS.search(said.read_text())
        assert found, said.read_text()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def children(process: subprocess.Popen[str]) -> set[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return {int(each) for each in found.read_text().split()} if found.exists() else set()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_told_with_all_its_workers(
    told: signal.Signals, cut: Path, tmp_path: Path
) -> None:
    with started(tmp_path, cut) as (process, address):
        assert httpx.get(f"{address}sparql", params={"query": "ASK {}"}).status_code == 200
        workers = children(process)
        assert sys.platform != "linux" or len(workers) >= 2
        process.send_signal(told)
        out, _ = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (0, "")
        wait_until(lambda: not any(map(is_alive, workers)))
    lines = (tmp_path / "stderr").read_text().splitlines()
    assert lines[-2] == f"Monazite is served at {address} (Ctrl-C stops it)."
    assert LINE.fullmatch(lines[-1])
    assert "ASK" not in lines[-1]  # what was asked is nobody's affair


def test_work_that_does_not_end_is_killed_when_it_stops(
    on_a_cut: Callable[..., Settings],
) -> None:
    with serving(on_a_cut(grace=1.0, seconds=600.0)) as served:
        wait_until(lambda: len(served.door.quick.numbers) >= 2)
        numbers = {*served.door.quick.numbers}
        body = httpx.Request("POST", f"{served.address}sparql", data={"query": ENDLESS})
        with httpx.Client(trust_env=False) as client:
            pending = client.stream(
                "POST",
                body.url,
                content=body.read(),
                headers=body.headers,
                timeout=httpx.Timeout(PATIENCE, read=0.5),
            )
            with pytest.raises(httpx.ReadTimeout), pending:
                pass
    wait_until(lambda: not any(map(is_alive, numbers)))


@pytest.mark.whole
@pytest.mark.skipif(sys.platform != "linux", reason="the wall that ends a child is of Linux")
def test_its_workers_end_with_it_however_it_ends(cut: Path, tmp_path: Path) -> None:
    with started(tmp_path, cut) as (process, _):
        wait_until(lambda: len(children(process)) >= 2)
        workers = children(process)
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(is_alive, workers)))


@pytest.mark.skipif(sys.platform != "linux", reason="what is ignored is read from /proc")
def test_who_hangs_up_does_not_end_the_server(cut: Path, tmp_path: Path) -> None:
    with started(tmp_path, cut) as (process, _):
        told = Path(f"/proc/{process.pid}/status").read_text()
    [ignored] = re.findall(r"^SigIgn:\s*(\w+)$", told, re.MULTILINE)
    assert int(ignored, 16) >> (signal.SIGPIPE - 1) & 1


@pytest.mark.whole
def test_it_only_listens(cut: Path, tmp_path: Path) -> None:
    """Seen by a tracer: one socket is bound on loopback, and none connects, of it or a worker."""
    trace = tmp_path / "trace"
    tracer = (find_strace(), "-f", "-qq", "-e", "trace=%network", "-e", "signal=none")
    with started(tmp_path, cut, before=(*tracer, "-o", str(trace))) as (process, address):
        answer = httpx.get(f"{address}sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1"})
        assert answer.status_code == 200
        [server] = children(process)
        os.kill(server, signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    calls = trace.read_text()
    assert re.findall(r"\bbind\(\d+, \{sa_family=AF_INET, .*?\}", calls)
    assert [
        line for line in calls.splitlines() if re.search(r"\b(connect|sendto)\(\d+, \{", line)
    ] == []
    bound = re.findall(r"\bbind\(\d+, (.*?\})", calls)
    assert len(bound) == 1
    assert "127.0.0.1" in bound[0]


def test_the_log_says_who_asked_what_and_not_with_which_words(served: Served) -> None:
    served.client.get("/questions/owners", params={"date": "2020", "secret": "word"})
    served.client.get("/%0d%0aforged")
    log = served.door.settings.log
    assert log is not None
    lines = log.read_text().splitlines()
    assert all(LINE.fullmatch(line) for line in lines[-2:]), lines[-2:]
    assert "/questions/owners 400 " in lines[-2]
    assert "secret" not in lines[-2]
    assert "/%0d%0aforged 404 " in lines[-1]


def test_tables_in_a_folder_beside_the_reader_are_served(
    cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers stand in another folder than who names tables from where they are."""
    own = tmp_path / "own"
    own.mkdir()
    table = (cut / "tables" / "demand.csv").read_text(encoding="utf-8")
    (own / "demand.csv").write_text(table.splitlines()[0] + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONAZITE_CACHE", "kept")
    with started(tmp_path, cut, "--data", "own") as (_, address):
        assert httpx.get(f"{address}sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_server_whose_workers_do_not_start_says_why(
    on_a_cut: Callable[..., Settings], tmp_path: Path
) -> None:
    """It ends before it says that it serves."""
    began: list[str] = []
    server = Listening(on_a_cut(data=tmp_path / "nowhere"), began.append)
    with (
        ThreadPoolExecutor(1) as others,  # a browser of other tests has its loop in this thread
        pytest.raises(UnreadableError, match=r"do not start: .*nowhere"),
    ):
        others.submit(server.run).result()
    assert began == []


def test_who_waits_when_the_server_stops_is_told(on_a_cut: Callable[..., Settings]) -> None:
    with ThreadPoolExecutor(1) as others:
        with serving(on_a_cut(grace=0.5, seconds=600.0)) as served:
            asked = others.submit(httpx.post, f"{served.address}sparql", data={"query": ENDLESS})
            wait_until(lambda: served.door.quick.working == 1)
        answer = asked.result()
    assert (answer.status_code, answer.text) == (503, "The server stops.\n")
    assert answer.headers["retry-after"].isdigit()
