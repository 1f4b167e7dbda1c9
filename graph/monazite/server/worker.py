"""A worker: a process that does one work at a time, and is killed with work that has no end."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from monazite.core import errors
from monazite.core.errors import LimitError, MonaziteError, UnreadableError
from monazite.core.formats import escaped
from monazite.core.limited_process import python_child
from monazite.server.settings import Settings
from monazite.server.work_process import DONE, HEAD, PASSED_ON, REFUSED

_POLITE = 10  # how much longer work steps back for short work, in the system's measure of niceness
_START = 120.0  # seconds that a worker may take to open its view


class Worker:
    """A process that works."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._rests, self._is_killed = True, False
        self._killed_with: MonaziteError | None = None
        self.took = 0.0
        self._used, self._began = 0.0, time.monotonic()
        self.stepped_back = False
        self.missing: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of its process."""
        return self._process.pid

    @classmethod
    async def start(cls, settings: Settings) -> Worker:
        """Start a worker, and wait until its view is open."""
        task = {
            "ontology": str(settings.ontology),
            "data": str(settings.data) if settings.data else None,
            "filters": asdict(settings.filters),
            "memory": settings.memory,
            "parent": os.getpid(),
        }
        command, environment = python_child("monazite.server.work_process", json.dumps(task))
        # not by another thread: a worker ends with the thread that started it
        with tempfile.TemporaryFile() as printed:
            worker = cls(
                await asyncio.create_subprocess_exec(
                    *command,
                    cwd=settings.ontology,  # nothing that a reader names lies there
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=printed,
                    limit=1 << 20,
                )
            )
            try:
                async with asyncio.timeout(_START):
                    worker.missing = tuple(json.loads(await worker._read()))
            except (MonaziteError, RuntimeError, TimeoutError) as error:
                await worker.end()
                printed.seek(0)
                raise UnreadableError(_why_not(error, printed.read())) from None
            except asyncio.CancelledError:
                await worker.end()
                raise
        return worker

    async def work(self, line: bytes) -> bytes:
        """Send work, and return its answer."""
        assert self._process.stdin is not None
        self._rests, self._began = False, time.monotonic()
        with suppress(OSError):  # it is dead, as is read below
            self._process.stdin.write(line + b"\n")
            await self._process.stdin.drain()
        return await self._read()

    async def _read(self) -> bytes:
        assert self._process.stdout is not None
        try:
            head = await self._process.stdout.readexactly(HEAD.size)
            how, used, length = HEAD.unpack(head)
            content = await self._process.stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise self._killed_with or LimitError(
                "The query is nested too deeply, or takes too much memory; ask for less."
            ) from None
        self.took, self._used, self._rests = used - self._used, used, True
        if how == DONE:
            return content
        if how == REFUSED:
            kind, said = json.loads(content)
            assert kind in PASSED_ON
            refused: type[MonaziteError] = getattr(errors, kind)
            raise refused(said)
        raise RuntimeError(content.decode())

    @property
    def is_sound(self) -> bool:
        """Whether it has answered all that it was sent, and nobody killed it."""
        return self._rests and not self._is_killed

    @property
    def is_dead(self) -> bool:
        """Whether the process has ended by itself."""
        return self._process.returncode is not None

    def spent(self) -> float:
        """Return the seconds that its work has had a processor; by the clock where none tells."""
        with suppress(OSError):
            counts = Path(f"/proc/{self.number}/stat").read_text().rpartition(")")[2].split()
            return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK") - self._used
        return time.monotonic() - self._began

    def step_back(self) -> None:
        """Leave the processors to short work for good, where the system knows of that."""
        if self.stepped_back:
            return
        self.stepped_back = True
        with suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, self.number, _POLITE)

    def kill(self, why: MonaziteError | None = None) -> None:
        """Kill the process, whatever it does."""
        self._is_killed, self._killed_with = True, self._killed_with or why
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Kill the process, and wait until it is dead."""
        self.kill()
        await self._process.wait()


def _why_not(error: Exception, printed: bytes) -> str:
    """Why a process did not start: its own sentence, or the last line that it said."""
    lines = printed.decode(errors="replace").split("\n")
    heard = next((line for line in reversed(lines) if line.strip()), "it said nothing")
    is_said = isinstance(error, MonaziteError) and not isinstance(error, LimitError)
    reason = str(error) if is_said else escaped(heard)
    return f"The processes that answer queries do not start: {reason}"
