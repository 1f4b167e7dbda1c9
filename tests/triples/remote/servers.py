"""SPARQL servers on loopback, on free ports, in folders that go: Oxigraph and Virtuoso."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
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
