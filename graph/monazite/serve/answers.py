"""How answers leave: a page with its policy, what is compressed already, work that goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from monazite.pages.drawing.policy import policy_of
from monazite.rows.view_filters import Filters

if TYPE_CHECKING:
    from starlette.requests import Request

    from monazite.serve.door import Door, TeamName, Work

PATIENCE = 0.4
"""Seconds after which who waits is told that the work goes on."""
_LEFT = 60.0
"""Seconds for which an answer waits that nobody has come for."""


def page_response(
    page: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return a page; its own policy is its header too, and no page may frame it."""
    policy = f"{policy_of(page)}; frame-ancestors 'none'"
    told = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", **(headers or {})}
    return HTMLResponse(page, status, told)


def packed_response(request: Request, packed: bytes) -> Response:
    """Return JSON that is compressed, as it is to who takes it so."""
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), 200, headers, "application/json")
    headers["Content-Encoding"] = "gzip"
    return Response(packed, 200, headers, "application/json")


class Underway:
    """Work that may take longer than a request waits: who asks again gets it when it is done."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._tasks: dict[str, tuple[float, asyncio.Task[bytes]]] = {}

    async def ask(
        self,
        work: Work,
        given: Mapping[str, object],
        filters: Filters,
        *,
        team: TeamName = "quick",
        keep: bool = True,
        patience: float = PATIENCE,
    ) -> bytes | float:
        """Return what the work found; or for how many seconds it has been at it."""
        key = f"{work.__qualname__} {json.dumps(given, sort_keys=True)} {filters}"
        if key not in self._tasks:
            asked = self._door.ask(work, given, filters=filters, team=team, keep=keep)
            task = asyncio.ensure_future(asked)
            task.add_done_callback(lambda done: self._forget_later(key, done))
            self._tasks[key] = time.monotonic(), task
        begun, task = self._tasks[key]
        await asyncio.wait({task}, timeout=patience)
        if not task.done():
            return time.monotonic() - begun
        self._tasks.pop(key, None)
        return task.result()

    def _forget_later(self, key: str, done: asyncio.Task[bytes]) -> None:
        """Drop an answer that nobody comes for, after a while; not the same work, begun anew."""

        def forget() -> None:
            if self._tasks.get(key, (0.0, None))[1] is done:
                del self._tasks[key]
            if not done.cancelled():
                done.exception()  # looked at: nobody else will

        asyncio.get_running_loop().call_later(_LEFT, forget)
