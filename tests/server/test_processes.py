"""Limits and processes: endless work is killed, others are answered, and nobody is called."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from monazite.core.errors import UnreadableError
from monazite.server import dispatcher
from monazite.server.server import Listening
from monazite.server.settings import Settings
from tests.cli.test_network import find_strace
from tests.server.conftest import PATIENCE, Served, serving, wait_until
from tests.sharing import only_whole

pytestmark = pytest.mark.whole


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
"""Counts the cube of all triples, one by one."""
ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # 1e8 rows and more, even of a small cut
DOUBLED = " ".join(f"BIND(CONCAT(?a{each}, ?a{each}) AS ?a{each + 1})" for each in range(32))
HUNGRY = f"SELECT (STRLEN(?a32) AS ?n) {{ BIND('0123456789' AS ?a0) {DOUBLED} }}"
"""A text that is doubled until it has 43 GB."""
QUICK = "ASK { ?s ?p ?o }"
VIEW = "/explorer/parts/view?element=Dy&market=USA"


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def workers(served: Served) -> set[int]:
    """The processes of short work, once all have started."""
    wait_until(lambda: len(served.door.quick.numbers) >= 2)
    return {*served.door.quick.numbers}


@pytest.fixture(scope="module")
def tight(on_a_cut: Callable[..., Settings]) -> Iterator[Served]:
    """Little time, memory and room."""
    settings = on_a_cut(
        seconds=2.0, slow=1, waiting=3, patience=20.0, memory=1 << 30, answer_bytes=1 << 20
    )
    with serving(settings) as found:
        yield found


def killed(served: Served, query: str) -> str:
    """What is said of a query whose worker is dead afterwards, and replaced."""
    before = workers(served)
    answer = served.ask(query)
    assert answer.status_code == 500
    wait_until(lambda: any(not is_alive(each) for each in before))
    assert served.ask(QUICK).json() == {"head": {}, "boolean": True}
    wait_until(lambda: len(served.door.quick.numbers) >= 2)
    return answer.text.strip()


def test_a_query_without_end_is_killed(tight: Served) -> None:
    assert (
        killed(tight, ENDLESS)
        == "The question took longer than 2 seconds and was stopped; ask for less."
    )


def test_a_query_that_takes_all_memory_is_killed(on_a_cut: Callable[..., Settings]) -> None:
    settings = on_a_cut(seconds=60.0, memory=200 << 20, answer_bytes=1 << 30)
    with serving(settings) as hungry:
        assert "takes too much memory" in killed(hungry, HUNGRY)


def test_a_query_of_1e8_rows_is_refused(tight: Served) -> None:
    said = "The answer is longer than 1,048,576 bytes; add LIMIT or narrow the query."
    for accept in ("application/sparql-results+json", "text/csv"):
        answer = tight.ask(ROWS, accept)
        assert (answer.status_code, answer.text.strip()) == (500, said)
    graph = tight.ask("CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", "text/turtle")
    assert graph.status_code == 500


def test_others_are_answered_while_long_queries_run(
    on_a_cut: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Endless queries take all workers; who asks something short has an answer before they end."""
    monkeypatch.setattr(dispatcher, "QUICK", 0.1)
    monkeypatch.setattr(dispatcher, "LONG", 0.3)
    queries = [f"{ENDLESS} # {each}" for each in range(5)]
    with (
        serving(on_a_cut(seconds=15.0, slow=2, patience=60.0)) as crowded,
        ThreadPoolExecutor(5) as others,
    ):
        workers(crowded)
        endless = [others.submit(crowded.ask, query) for query in queries]
        wait_until(lambda: crowded.door.quick.working >= 2)
        assert crowded.ask(QUICK).json()["boolean"]
        assert sum(not each.done() for each in endless) >= 2, "it was answered after them"
        answers = [each.result() for each in endless]
    codes = [each.status_code for each in answers]
    assert codes.count(500) >= 2  # these had their time
    assert {*codes} <= {500, 503}
    busy = [each for each in answers if each.status_code == 503]
    assert all(int(each.headers["retry-after"]) >= 1 for each in busy)
    assert busy


def test_a_long_query_gives_way_as_soon_as_somebody_waits(
    on_a_cut: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps no place of short work until it has been long for long."""
    monkeypatch.setattr(dispatcher, "QUICK", 0.1)
    monkeypatch.setattr(dispatcher, "LONG", 1e9)
    with (
        serving(on_a_cut(workers=1, slow=0, patience=60.0, seconds=600.0)) as crowded,
        ThreadPoolExecutor(1) as others,
    ):
        endless = others.submit(crowded.ask, ENDLESS)
        wait_until(lambda: crowded.door.quick.working == 1)
        assert crowded.ask(QUICK).json()["boolean"]
        assert endless.result().status_code == 503


def test_what_takes_a_while_lets_others_begin_beside_it(
    on_a_cut: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One may begin at a time: an endless query goes on beside the others, and has its time."""
    monkeypatch.setattr(dispatcher, "BRIEF", 0.1)
    monkeypatch.setattr(dispatcher, "QUICK", 1e9)
    with (
        serving(on_a_cut(workers=2, begin=1, slow=0, patience=60.0, seconds=15.0)) as crowded,
        ThreadPoolExecutor(1) as others,
    ):
        endless = others.submit(crowded.ask, ENDLESS)
        wait_until(lambda: crowded.door.quick.working == 1)
        for each in range(3):
            assert crowded.ask(f"{QUICK} # {each}").json()["boolean"]
        assert not endless.done()
        assert "took longer than 15 seconds" in endless.result().text


def test_who_comes_to_a_full_server_is_sent_away(
    on_a_cut: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "QUICK", 0.1)
    monkeypatch.setattr(dispatcher, "LONG", 0.3)
    with serving(on_a_cut(workers=1, slow=0, waiting=1, seconds=6.0)) as full:
        wait_until(lambda: bool(full.door.quick.numbers))
        with ThreadPoolExecutor(6) as others:
            asked = [others.submit(full.ask, f"{ENDLESS} # {each}") for each in range(6)]
            answers = [each.result() for each in asked]
    busy = [each for each in answers if each.status_code == 503]
    assert len(busy) >= 4
    assert all(each.headers["retry-after"].isdigit() for each in busy)
    said = {each.text.strip() for each in busy}
    assert "The server has as much to do as it may; come again in a moment." in said


def test_the_work_of_who_has_left_is_killed(tight: Served) -> None:
    before = workers(tight)
    body = f"query={httpx.QueryParams({'q': ENDLESS + ' # left'})!s}".replace("query=q=", "query=")
    with closing(socket.create_connection(tight.place)) as left:
        left.sendall(
            f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
        )
        wait_until(lambda: tight.door.quick.working == 1)
    wait_until(lambda: tight.door.quick.working == 0)
    wait_until(lambda: any(not is_alive(each) for each in before))


def test_what_is_another_each_time_is_not_kept(tight: Served) -> None:
    query = "SELECT (RAND() AS ?n) {}"
    assert tight.ask(query).content != tight.ask(query).content


def test_an_idle_worker_that_somebody_kills_is_replaced(tight: Served) -> None:
    for each in workers(tight):
        os.kill(each, 9)
    wait_until(lambda: tight.client.get("/health").status_code == 200)
    wait_until(lambda: tight.ask("ASK { ?s ?p 'replaced' }").status_code == 200)
    assert json.loads(tight.ask("ASK { ?s ?p 'replaced' }").content) == {
        "head": {},
        "boolean": False,
    }


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
        "import monazite.view.own_tables as chosen, pathlib, sys\n"
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


@pytest.mark.parametrize("told", [signal.SIGTERM, *only_whole(signal.SIGINT)])
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


@pytest.mark.skipif(sys.platform != "linux", reason="the wall that ends a child is of Linux")
def test_its_workers_end_with_it_however_it_ends(cut: Path, tmp_path: Path) -> None:
    with started(tmp_path, cut) as (process, _):
        wait_until(lambda: len(children(process)) >= 2)
        workers = children(process)
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(is_alive, workers)))


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
