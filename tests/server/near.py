"""The application with its work done near by: in a thread of this process, on views in memory."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monazite.core.package import ontology_folder
from monazite.data.filters import Filters
from monazite.server import server
from monazite.server.dispatcher import Dispatcher, TeamName, Work
from monazite.server.settings import Settings
from tests.conftest import view_in_memory

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from monazite.view.view import View

OpenView = Callable[[Filters], "View"]


def shipped_view(filters: Filters) -> View:
    """The view of the shipped tables for some filters."""
    assert filters.valid is None
    return view_in_memory(tier=filters.tier, known=filters.known, without=filters.without)


class NearDoor(Dispatcher):
    """A door without workers: what they do has tests of its own."""

    def __init__(self, settings: Settings, open_view: OpenView) -> None:
        super().__init__(settings)
        self._open = open_view

    async def __aenter__(self) -> Dispatcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def ask(
        self,
        work: Work,
        given: Mapping[str, object] | None = None,
        *,
        filters: Filters | None = None,
        team: TeamName = "quick",
        keep: bool = True,
    ) -> bytes:
        """Do the work in a thread."""
        del team, keep
        asked = filters or self.settings.filters
        return await asyncio.to_thread(lambda: work(self._open(asked), dict(given or {})))


def near_application(
    monkeypatch: pytest.MonkeyPatch,
    open_view: OpenView,
    *,
    ontology: Path | None = None,
    filters: Filters | None = None,
) -> Starlette:
    """The application whose door is near."""
    settings = Settings(ontology or ontology_folder(), filters=filters or Filters())
    monkeypatch.setattr(server, "Dispatcher", lambda told: NearDoor(told, open_view))
    return server.application(settings)


@contextmanager
def listening(served: Starlette) -> Iterator[str]:
    """Serve an application at a free port of this machine; yields its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(served, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
