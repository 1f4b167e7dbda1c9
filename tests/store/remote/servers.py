"""SPARQL servers on loopback: Oxigraph, Virtuoso, and one that answers badly, as it is told."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs
from urllib.request import urlopen

import pytest

SECONDS = 60
INI = """
[Database]
DatabaseFile=virtuoso.db
ErrorLogFile=virtuoso.log
LockFile=virtuoso.lck
TransactionFile=virtuoso.trx
xa_persistent_file=virtuoso.pxa
[TempDatabase]
DatabaseFile=temp.db
TransactionFile=temp.trx
[Parameters]
ServerPort=127.0.0.1:{sql}
DisableUnixSocket=1
CheckpointInterval=0
NumberOfBuffers=20000
MaxDirtyBuffers=15000
DirsAllowed=.
[HTTPServer]
ServerPort=127.0.0.1:{http}
MaxKeepAlives=10
KeepAliveTimeout=10
[SPARQL]
ResultSetMaxRows=10000
"""
"""The limit of rows is that of the packaged configuration."""


@dataclass(frozen=True)
class Server:
    """A server that runs, and who may write to it."""

    name: str
    query: str
    environment: Mapping[str, str] = field(default_factory=dict)


def missing(said: str) -> None:
    """Skip, or fail where the servers are required."""
    if os.environ.get("MONAZITE_REQUIRE_STORES") == "1":
        pytest.fail(f"MONAZITE_REQUIRE_STORES=1, but: {said}")
    pytest.skip(said)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def await_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(10 * SECONDS):
        assert process.poll() is None, "the server ended at once"
        try:
            with urlopen(address, timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def ends_with_us() -> list[str]:
    """Words before a command that is to be killed when this process is; none but on Linux."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


@contextmanager
def running(command: list[str], folder: Path, address: str) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        words = [*ends_with_us(), *command]
        process = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log)
    try:
        await_answer(address, process)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def oxigraph_server(folder: Path) -> Iterator[Server]:
    command = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if command is None:
        missing("The server oxigraph is not installed: pip install oxigraph.")
    root = f"http://127.0.0.1:{free_port()}"
    words = [str(command), "serve", "--bind", root.removeprefix("http://"), "--location", "db"]
    with running(words, folder, root):
        yield Server("oxigraph", f"{root}/query")


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Server]:
    command = shutil.which("virtuoso-t")
    if command is None:
        missing("No virtuoso-t is on PATH: apt-get install virtuoso-opensource.")
    port = free_port()
    (folder / "virtuoso.ini").write_text(INI.format(sql=free_port(), http=port))
    root = f"http://127.0.0.1:{port}"
    words = [str(command), "+configfile", "virtuoso.ini", "+foreground"]
    with running(words, folder, f"{root}/sparql"):
        who = {"MONAZITE_ENDPOINT_USER": "dba", "MONAZITE_ENDPOINT_PASSWORD": "dba"}
        yield Server("virtuoso", f"{root}/sparql", who)


JSON = "application/sparql-results+json"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to what the test wants answered."""

    protocol_version = "HTTP/1.1"
    server: HostileServer

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        self.body = self.rfile.read(length)
        self.server.got.append(self)
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self.server.answer(self)

    do_GET = do_POST  # noqa: N815 - as the library names it

    @property
    def query(self) -> str:
        return parse_qs(self.body.decode()).get("query", [""])[0]

    def say(self, body: bytes, status: int = 200, kind: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class HostileServer(ThreadingHTTPServer):
    """Answers as it is told to."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.got: list[Handler] = []

    def handle_error(self, *_: object) -> None:
        pass

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


@contextmanager
def hostile(answer: Answer) -> Iterator[HostileServer]:
    server = HostileServer(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def results(*rows: dict[str, str]) -> bytes:
    """SPARQL results with literals."""
    names = sorted({name for row in rows for name in row})
    bindings: list[dict[str, Any]] = [
        {name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows
    ]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def sleep_first(seconds: float) -> Answer:
    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.say(results())

    return answer


def drip(handler: Handler) -> None:
    """A byte now and then: no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
