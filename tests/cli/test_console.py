"""The end of a command: at once, and with nothing that was said or kept lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from monazite import cli
from tests.cli.conftest import Run

END = """
import atexit, os, sys
from monazite import cli
def main():
    print("said", end="")
    atexit.register(os.write, 1, b" and done")
    sys.exit({code})
cli.main = main
cli.console()
"""


@pytest.mark.parametrize(("code", "ends"), [("None", 0), ("0", 0), ("1", 1), ("'no'", 1)])
def test_a_command_ends_with_its_code_and_says_all(code: str, ends: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", END.format(code=code)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (ends, "said and done")


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes end nobody here")
def test_only_a_process_of_its_own_ends_with_its_reader(run: Run) -> None:
    before = signal.getsignal(signal.SIGPIPE)
    assert run("--version").code == 0
    assert signal.getsignal(signal.SIGPIPE) == before == signal.SIG_IGN
    asked = "import signal; print(signal.getsignal(signal.SIGPIPE).name, end=' ')"
    code = END.format(code=0).replace("import atexit", f"{asked}\nimport atexit", 1)
    code = code.replace('print("said", end="")', asked.partition("; ")[2])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "SIG_IGN SIG_DFL  and done"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_what_cannot_be_said_is_not_a_good_end() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", END.format(code=0)],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": ""},  # what is held back comes at the end
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("What was found could not be written: No space left")
    assert done.stderr.count(b"\n") == 1


def test_a_command_waits_for_a_thread_that_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atexit._run_exitfuncs", lambda: None)
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    try:
        assert not cli._may_end_at_once()
    finally:
        go.set()
        thread.join()
