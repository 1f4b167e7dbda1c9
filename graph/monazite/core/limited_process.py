"""A child process with limits, for a query or a template that comes from outside.

It has bounded time and memory, no network, and ends with its parent; a result says which of these
walls its system does not give.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import json
import os
import platform
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO

from monazite.core.errors import LimitError, MonaziteError
from monazite.core.formats import exact
from monazite.core.results import Struct

MEMORY = "memory"
NETWORK = "network"
PARENT = "end with the parent"
_OUTPUT = 256 << 20  # bytes that a child may answer
_GRACE = 2.0  # seconds after its time in which a child whose parent does not stop it stops itself
_LONGEST = 300


class Limits(Struct):
    """Wall-clock seconds and bytes of memory that a child may take."""

    seconds: float
    memory: int = 4 << 30


class Finished(Struct):
    """What a child answered, and which walls its system does not give."""

    output: bytes
    missing: tuple[str, ...]


def run_limited(
    module: str,
    task: Mapping[str, object],
    sent: bytes,
    limits: Limits,
    *,
    what: str,
    too_slow: str,
    too_big: str,
) -> Finished:
    """Run a module as a child that calls :func:`serve`, and return its answer."""
    words = {**task, "seconds": limits.seconds, "memory": limits.memory, "parent": os.getpid()}
    command, environment = python_child(module, json.dumps(words))
    try:
        done = subprocess.run(  # noqa: S603 - our own module, words we made
            command,
            input=sent,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        slow = f"The {what} was stopped after {exact(limits.seconds)} seconds; {too_slow}."
        raise LimitError(slow) from None
    if done.returncode == 0:
        head, _, output = done.stdout.partition(b"\n")
        return Finished(output, tuple(json.loads(head)))
    said = " ".join(done.stderr.decode(errors="replace").split())
    if done.returncode == 2 and said:
        raise LimitError(said if len(said) <= _LONGEST else f"{said[:_LONGEST]} ...")
    if done.returncode == 1 and "Error" in said:
        raise LimitError(f"The process of the {what} could not start: {said[-_LONGEST:]}")
    raise LimitError(
        f"The {what} broke off: it is nested too deeply, or takes more than "
        f"{exact(limits.memory / (1 << 30))} GiB of memory; {too_big}."
    )


def python_child(module: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a child that runs a module of this version."""
    package = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", module, *words]
    return command, {**os.environ, "PYTHONPATH": paths}


def serve(work: Callable[[dict[str, object], bytes], bytes]) -> int:
    """Do the work of a child behind its walls: read stdin, write the answer to stdout."""
    task = json.loads(sys.argv[1])
    missing = raise_walls(task["parent"])
    stop_after(task["seconds"])
    try:
        output = work(task, sys.stdin.buffer.read())
        if len(output) > _OUTPUT:
            raise LimitError(f"The answer is larger than {_OUTPUT >> 20} MB; narrow it.")
    except (MonaziteError, RuntimeError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (MemoryError, RecursionError):
        return 1
    sys.stdout.buffer.write(json.dumps(missing).encode() + b"\n")
    sys.stdout.buffer.write(output)
    return 0


def limit_memory(memory: int) -> None:
    """Bound what this process may take beyond what it has, where the system can."""
    taken = 0
    with contextlib.suppress(OSError), Path("/proc/self/statm").open("rb") as said:
        taken = int(said.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (taken + memory,) * 2)


def missing_walls() -> list[str]:
    """Which walls this system cannot give; what fails all the same is found when it is raised."""
    if sys.platform == "linux":
        return []
    return [MEMORY, NETWORK, *([PARENT] if sys.platform == "win32" else [])]


def raise_walls(parent: int) -> list[str]:
    """Bound this process before it does anything; return what the system does not give."""
    missing = missing_walls()
    # A process with a second thread may not leave its network: this comes first.
    apart = 0x10000000 | 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET: a network without a way out
    if NETWORK not in missing and not (_filter_calls() or _call("unshare", apart)):
        missing.append(NETWORK)
    if PARENT not in missing:
        _end_with(parent)
    return missing


def outlive_readers() -> None:
    """Take a pipe that another closed as an error: a command ends there as ``cat`` does."""
    if hasattr(signal, "SIGPIPE"):
        with contextlib.suppress(ValueError):  # in another thread than the first
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def stop_after(seconds: float | None) -> None:
    """Let this process stop itself a little after its time, should nobody stop it."""
    faulthandler.cancel_dump_traceback_later()
    if seconds is not None:  # needs no turn of the interpreter, on any system
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=_nowhere())


@cache
def _nowhere() -> BinaryIO:
    return Path(os.devnull).open("wb")  # stays open to the end


def _end_with(parent: int) -> None:
    """End when the parent ends, however it does."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(2)

    if sys.platform == "linux":
        _call("prctl", 1, int(signal.SIGKILL))  # PR_SET_PDEATHSIG
    else:
        threading.Thread(target=watch, daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(2)


_DENY = {  # the name of the machine in its kernel, and socket, connect, io_uring_setup there
    "x86_64": (0xC000003E, (41, 42, 425)),
    "aarch64": (0xC00000B7, (198, 203, 425)),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # of the Berkeley packet filter
_REFUSE, _ALLOW = 0x00050000 | 13, 0x7FFF0000  # EACCES
_FOREIGN = 0x40000000  # calls of another kind of programme on the same machine begin here


def _filter_calls() -> bool:
    """Let the kernel refuse every socket to this process and its children (Seccomp BPF)."""
    machine, numbers = _DENY.get(platform.machine(), (0, ()))
    refuse = 5 + len(numbers)  # the place of the last step; a step tells how many it leaps over
    return bool(numbers) and _load(
        [
            (_LOAD, 0, 0, 4),  # the kind of machine
            (_EQUAL, 0, refuse - 2, machine),
            (_LOAD, 0, 0, 0),  # the call
            (_AT_LEAST, refuse - 4, 0, _FOREIGN),
            *((_EQUAL, refuse - 5 - place, 0, number) for place, number in enumerate(numbers)),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
        ]
    )


def _load(steps: list[tuple[int, int, int, int]]) -> bool:
    raw = b"".join(struct.pack("=HBBI", *step) for step in steps)
    code = ctypes.create_string_buffer(raw)
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    no_new_privileges, set_filter = (38, 1), (22, 2, ctypes.addressof(program))
    return _call("prctl", *no_new_privileges) and _call("prctl", *set_filter)


def _call(name: str, *numbers: int) -> bool:
    """Call a function of the C library with numbers; tell whether it worked."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):
        return False
    return bool(function(*map(ctypes.c_ulong, (*numbers, 0, 0, 0, 0)[:5])) == 0)
