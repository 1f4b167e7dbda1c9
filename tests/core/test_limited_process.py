"""A child with limits: it answers, reaches nobody, ends in time and with its parent."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from monazite.core import limited_process
from monazite.core.errors import LimitError
from monazite.core.limited_process import Finished, Limits, run_limited

CHILD = """
import os, signal, socket, subprocess, sys, time
from monazite.core import limited_process
from monazite.core.errors import MonaziteError

def work(task, sent):
    scope = {**globals(), "task": task, "sent": sent}
    exec(task["code"], scope)
    return scope["answer"]

if __name__ == "__main__":
    first = os.environ.get("CHILD_FIRST")
    exec(first or "")
    sys.exit(limited_process.serve(work))
"""
REACH = """
said = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family).connect({})
        said.append("reached")
    except (OSError, TypeError) as error:
        said.append(type(error).__name__)
answer = " ".join(said).encode()
"""
UNKNOWN_MACHINE = "import platform; platform.machine = lambda: 'm68k'"
Child = Callable[..., Finished]

linux = pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    (tmp_path / "the_child.py").write_text(CHILD, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))

    def run(code: str, sent: bytes = b"", **limits: float) -> Finished:
        given = {"seconds": 30, **limits}
        task = {"code": code}
        bounds = Limits(given["seconds"], int(given.get("memory", 4 << 30)))
        return run_limited(
            "the_child", task, sent, bounds, what="query", too_slow="wait", too_big="narrow it"
        )

    return run


def test_what_it_is_sent_it_answers(child: Child) -> None:
    every = bytes(range(256)) + b"\n{}\n"
    assert child("answer = sent", every) == Finished(every, tuple(limited_process.missing_walls()))


@linux
def test_it_reaches_nobody(child: Child) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        code = REACH.format(server.getsockname())
        assert child(code).output.split() == [b"PermissionError"] * 3
        with pytest.raises(BlockingIOError):
            server.accept()


@linux
def test_what_it_starts_reaches_nobody_either(child: Child) -> None:
    start = "import socket; socket.socket()"
    code = f"answer = subprocess.run([sys.executable, '-c', {start!r}], capture_output=True).stderr"
    assert b"PermissionError" in child(code).output


@linux
def test_a_network_of_its_own_where_calls_cannot_be_filtered(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHILD_FIRST", UNKNOWN_MACHINE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = child(REACH.format(server.getsockname()))
    if found.missing:
        pytest.skip("this system gives no name spaces")
    assert b"reached" not in found.output


def test_walls_that_are_missing_are_told(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    no_library = "\nimport ctypes\ndef no(*_): raise OSError\nctypes.CDLL = no"
    monkeypatch.setenv("CHILD_FIRST", UNKNOWN_MACHINE + no_library)
    assert limited_process.NETWORK in child("answer = b''").missing


@pytest.mark.parametrize(
    ("platform", "missing"),
    [
        ("linux", []),
        ("darwin", ["memory", "network"]),
        ("win32", ["memory", "network", "end with the parent"]),
    ],
)
def test_each_system_has_its_walls(
    platform: str, missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert limited_process.missing_walls() == missing


SOCKET_CALLS = {  # of the tables of system calls in the kernel's sources
    ("x86_64", 0xC000003E): {"socket": 41, "connect": 42, "io_uring_setup": 425},
    ("aarch64", 0xC00000B7): {"socket": 198, "connect": 203, "io_uring_setup": 425},
}
HARMLESS = {"x86_64": {"read": 0, "openat": 257}, "aarch64": {"read": 63, "openat": 56}}


def filtered(steps: list[tuple[int, int, int, int]], machine: int, call: int) -> int:
    """What a filter returns for a call, worked out step by step."""
    held, place = 0, 0
    while True:
        code, yes, no, number = steps[place]
        place += 1
        if code == 0x20:
            held = {4: machine, 0: call}[number]
        elif code == 0x06:
            return number
        else:
            place += yes if (held == number if code == 0x15 else held >= number) else no


def filter_of(name: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int, int]]:
    """The filter that a machine of this name gives its kernel, as it stands in memory."""
    steps: list[tuple[int, int, int, int]] = []

    def prctl(*words: ctypes.c_ulong) -> int:
        first, second, place = (each.value for each in words[:3])
        if (first, second) == (22, 2):
            count, begin = struct.unpack("@HP", ctypes.string_at(place, struct.calcsize("@HP")))
            steps[:] = struct.iter_unpack("=HBBI", ctypes.string_at(begin, 8 * count))
        return 0

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: name)
    monkeypatch.setattr("ctypes.CDLL", lambda _: SimpleNamespace(prctl=prctl))
    assert limited_process.raise_walls(os.getppid()) == []
    return steps


@pytest.mark.parametrize(("name", "machine"), SOCKET_CALLS)
def test_the_filter_refuses_sockets_and_nothing_else(
    name: str, machine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = filter_of(name, monkeypatch)
    refuse, allow = 0x0005000D, 0x7FFF0000
    for call in SOCKET_CALLS[name, machine].values():
        assert filtered(steps, machine, call) == refuse
        assert filtered(steps, machine, call | 0x40000000) == refuse
    for call in HARMLESS[name].values():
        assert filtered(steps, machine, call) == allow
        assert filtered(steps, 0x40000003, call) == refuse  # another kind of programme


def test_modules_of_the_readers_folder_are_not_taken(
    child: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    for name in ("json", "typing", "monazite"):
        (tmp_path / "here" / f"{name}.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    assert child("answer = b'fine'").output == b"fine"


def test_it_is_stopped_after_its_time(child: Child) -> None:
    with pytest.raises(LimitError, match=r"^The query was stopped after 1 seconds; wait\.$"):
        child("time.sleep(60)", seconds=1)


@pytest.mark.whole
def test_it_stops_itself_where_nobody_does(child: Child) -> None:
    """Even inside of a call that never returns to the interpreter."""
    code = "import re; re.match('(a+)+b', 'a' * 60)"
    task = {"code": code, "seconds": 0.2, "memory": 1 << 30, "parent": os.getpid()}
    words = [sys.executable, "-m", "the_child", json.dumps(task)]
    assert subprocess.run(words, input=b"", timeout=60, check=False).returncode != 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP"])
def test_it_ends_with_its_parent(child: Child, tmp_path: Path, name: str) -> None:
    place = tmp_path / "number"
    code = f"open({str(place)!r}, 'w').write(str(os.getpid())); time.sleep(300)"
    parent = (
        "from monazite.core.limited_process import *\n"
        f"run_limited('the_child', {{'code': {code!r}}}, b'', Limits(300), what='',"
        "too_slow='', too_big='')"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as running:
        number = int(eventually(lambda: place.exists() and place.read_text("utf-8")))
        running.send_signal(getattr(signal, name))
        running.wait()
    eventually(lambda: not is_alive(number))


def eventually(found: Callable[[], object]) -> str:
    """What is found once there is something; a minute is enough on any machine."""
    for _ in range(600):
        if value := found():
            return str(value)
        time.sleep(0.1)
    raise AssertionError("it never came")


def is_alive(number: int) -> bool:
    """Whether a process runs; one that only waits to be counted does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat")
    return not (state.exists() and state.read_text("utf-8").rpartition(") ")[2].startswith("Z"))


@linux
def test_it_takes_no_more_memory_than_it_may(child: Child) -> None:
    code = "limited_process.limit_memory(task['memory']); answer = bytes(1 << 30)[:1]"
    with pytest.raises(LimitError, match=r"takes more than 0.0625 GiB of memory; narrow it\.$"):
        child(code, memory=64 << 20)
    assert child(code, memory=2 << 30).output == b"\0"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise MonaziteError('It is not\\nknown.')", r"^It is not known\.$"),
        ("raise ValueError('x' * 900)", r"^x{300} \.\.\.$"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "broke off: it is nested too deeply, or takes"),
        ("answer = bytes((256 << 20) + 1)", "The answer is larger than 256 MB; narrow it"),
    ],
)
def test_what_goes_wrong_is_one_sentence(child: Child, code: str, said: str) -> None:
    with pytest.raises(LimitError, match=said):
        child(code)
