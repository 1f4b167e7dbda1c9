"""What the tests start ends with them, however they end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.mirror import TESTS
from tests.triples.remote.servers import free_port, running

STARTS = """
import sys, time
from pathlib import Path
from tests.triples.remote.servers import running
port, folder = sys.argv[1:]
words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", port]
with running(words, Path(folder), f"http://127.0.0.1:{port}/"):
    print("it runs", flush=True)
    time.sleep(600)
"""


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is of Linux alone")
def test_a_server_ends_with_a_worker_that_is_killed(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", STARTS, str(port), str(tmp_path)]
    with subprocess.Popen(command, cwd=TESTS.parent, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"it runs\n"
        assert answers(port)
        worker.kill()
    for _ in range(100):
        if not answers(port):
            break
        time.sleep(0.1)
    assert not answers(port)


def test_a_server_ends_with_its_test(tmp_path: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    with running(words, tmp_path, f"http://127.0.0.1:{port}/"):
        assert answers(port)
    assert not answers(port)
