"""One who works for an assistant: a process that is killed with the question that is given up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import anyio

from monazite.assistants import work_of_tools
from monazite.errors import LimitError
from monazite.serve.settings import Settings
from monazite.serve.workers.worker import Worker


class AssistantWorker:
    """Works in a process of its own, one question after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker: Worker | None = None
        self._turn = anyio.Lock()

    @property
    def number(self) -> int | None:
        """The number of its process; None while there is none."""
        return None if self._worker is None else self._worker.number

    async def work(
        self, work: str, given: Mapping[str, object], filters: Mapping[str, Any]
    ) -> bytes:
        """Do some work; where it is given up, or takes too long, its process is dead after it."""
        seconds = self._settings.seconds
        asked = {
            "module": work_of_tools.__name__,
            "name": work,
            "given": given,
            "filters": asdict(self._settings.filters.narrowed(filters)),
            "seconds": seconds,
        }
        async with self._turn:
            try:
                with anyio.fail_after(seconds):
                    return await self._send(json.dumps(asked).encode())
            except TimeoutError:
                raise LimitError(
                    f"The question was stopped after {seconds:g} seconds; narrow it."
                ) from None
            except RuntimeError as fault:
                kind = str(fault).partition(":")[0]
                raise LimitError(
                    f"The question met a fault ({kind}); ask it in another way."
                ) from None
            finally:
                if self._worker is not None and not self._worker.is_sound:
                    await self.close()

    async def close(self) -> None:
        """Kill the process, and wait until it is dead."""
        worker, self._worker = self._worker, None
        if worker is not None:
            with anyio.CancelScope(shield=True):
                await worker.end()

    async def _send(self, line: bytes) -> bytes:
        if self._worker is None:
            self._worker = await Worker.start(self._settings)
        return await self._worker.work(line)
