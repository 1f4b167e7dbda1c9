"""The dispatcher: each request's work passes here, done in a worker or found in the cache."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from monazite.data.filters import Filters
from monazite.server.settings import Settings
from monazite.server.team import Team

if TYPE_CHECKING:
    from monazite.view.view import View

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


Work: TypeAlias = "Callable[[View, Mapping[str, object]], bytes]"
"""A function at the top of a module: it takes a view and what was given, and runs in a worker. What
it raises as an error of Monazite is raised again before the door."""
TeamName: TypeAlias = Literal["quick", "long", "views"]
"""Who does some work: ``quick`` what takes a second; ``long`` what takes longer, as findings do;
``views`` those of the explorer. No team waits for another."""
CLIENT: ContextVar[str] = ContextVar("CLIENT", default="")


class Dispatcher:
    """Does the work of requests in processes that have limits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        quick = settings.workers, settings.patience, settings.begin, settings.slow
        self.quick = Team(settings, *quick)
        long = settings.long_workers, settings.long_patience
        self.teams: Mapping[TeamName, Team] = {
            "quick": self.quick,
            "long": Team(settings, *long),
            "views": Team(settings, *long),
        }
        self.kept = CachedAnswers(settings.cached_bytes)

    async def __aenter__(self) -> Dispatcher:
        """Start the workers of short work."""
        await self.quick.begin()
        return self

    def stop(self) -> None:
        """Kill all workers: who waits for an answer is told that the server stops."""
        for team in self.teams.values():
            team.stop()

    async def __aexit__(self, *_: object) -> None:
        """End all workers."""
        for team in self.teams.values():
            await team.close()

    async def ask(
        self,
        work: Work,
        given: Mapping[str, object] | None = None,
        *,
        filters: Filters | None = None,
        team: TeamName = "quick",
        keep: bool = True,
    ) -> bytes:
        """Do some work on a view, in a worker; what was done before is not done again."""
        asked = {
            "module": work.__module__,
            "name": work.__qualname__,
            "filters": asdict(filters or self.settings.filters),
            "given": dict(given or {}),
        }
        is_long = team != "quick"
        seconds = self.settings.long_seconds if is_long else self.settings.seconds
        workers, client = self.teams[team], CLIENT.get()
        if not keep:
            return await workers.do(asked, seconds, client)
        key = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        return await self.kept.ask(key, lambda: workers.do(asked, seconds, client))
