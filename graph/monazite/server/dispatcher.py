"""The dispatcher: each request's work passes here, done in a worker or found in the cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, TypeAlias

from monazite.data.filters import Filters
from monazite.server.cached_answers import CachedAnswers
from monazite.server.settings import Settings
from monazite.server.team import Team

if TYPE_CHECKING:
    from monazite.view.view import View

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
