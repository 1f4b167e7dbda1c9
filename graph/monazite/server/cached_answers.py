"""Answers that are kept in memory, and work that several wait for, which is done once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

_SHARE = 8  # the part of all kept bytes that one answer may have: a large one sends away many


@dataclass
class _Flight:
    """Work that is being done, and how many wait for it."""

    work: asyncio.Task[bytes]
    waiting: int = 0


class CachedAnswers:
    """Answers by what was asked; those that were asked longest ago go first."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.found = 0
        self._most = most
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._flights: dict[str, _Flight] = {}

    async def ask(self, key: str, work: Callable[[], Coroutine[None, None, bytes]]) -> bytes:
        """Return what was answered before, or work it out, once for all who ask meanwhile."""
        if not self._most:
            return await work()
        if key in self._answers:
            self.found += 1
            self._answers.move_to_end(key)
            return self._answers[key]
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(work()))
        flight.waiting += 1
        try:
            answer = await asyncio.shield(flight.work)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.work.cancel()
                if self._flights.get(key) is flight:
                    del self._flights[key]
        self._keep(key, answer)
        return answer

    def _keep(self, key: str, answer: bytes) -> None:
        size = len(answer) + len(key)
        if key in self._answers or size > self._most // _SHARE:
            return
        self._answers[key] = answer
        self.size += size
        while self.size > self._most:
            gone, its_answer = self._answers.popitem(last=False)
            self.size -= len(its_answer) + len(gone)
