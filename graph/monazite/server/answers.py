"""How answers leave: a page with its policy, what is compressed already, work that goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from monazite.core.errors import BusyError, LimitError, MonaziteError, NotKnownError
from monazite.core.formats import escape_hidden, plain
from monazite.core.spoken_commands import for_page
from monazite.data.filters import Filters
from monazite.report.drawing.templates import policy_of
from monazite.report.entity_page import missing_html

if TYPE_CHECKING:
    from monazite.server.dispatcher import Dispatcher, TeamName, Work

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_LONGEST = 4_096  # characters of an Accept header that are read


def negotiate(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type that a client likes most, and of several the one offered first.

    The most specific range counts for a type (RFC 9110, section 12.5.1).
    """
    ranges = _read(accept[:_LONGEST]) or {"*/*": 1.0}
    liked = {}
    for media in offered:
        names = (media, f"{media.partition('/')[0]}/*", "*/*")
        liked[media] = next((ranges[name] for name in names if name in ranges), 0.0)
    best = max(offered, key=lambda media: liked[media])
    return best if liked[best] > 0 else None


def _read(accept: str) -> dict[str, float]:
    """The ranges of a header, and how much each is liked; what is no range is left out."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (each.strip().casefold() for each in part.split(";"))
        pairs = (each.partition("=") for each in parameters)
        liked = next((value.strip() for key, _, value in pairs if key.strip() == "q"), "1")
        if name.count("/") == 1 and _WEIGHT.fullmatch(liked):
            ranges[name] = max(ranges.get(name, 0.0), float(liked))
    return ranges


PATIENCE = 0.4  # seconds after which who waits is told that the work goes on
_LEFT = 60.0  # seconds for which an answer waits that nobody has come for


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

    def __init__(self, door: Dispatcher) -> None:
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


PROBLEM = "application/problem+json"
_PAGE = "text/html"
_HEADINGS = {404: "Not here", 503: "Busy now"}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


def refusal(
    request: Request, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal: a sentence for SPARQL, a page for a browser, else JSON (RFC 9457)."""
    sentence = for_page(sentence)
    if request.url.path == "/sparql":
        return PlainTextResponse(f"{sentence}\n", status, dict(headers or {}))
    told = {**(headers or {}), "Vary": "Accept"}
    if negotiate(request.headers.get("accept", ""), [PROBLEM, _PAGE]) == _PAGE:
        heading = _HEADINGS.get(status, "Not possible")
        return page_response(missing_html(sentence, heading=heading), status, told)
    problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    text = escape_hidden(json.dumps(problem, ensure_ascii=False)) + "\n"
    return Response(text, status, told, PROBLEM)


async def refuse_error(request: Request, error: Exception) -> Response:
    """Answer an error of Monazite (SPARQL 1.1 Protocol, section 2.1.7).

    503 to come again, 404 if it is not known, 500 if it goes beyond what work may take, else 400.
    """
    assert isinstance(error, MonaziteError)
    if isinstance(error, BusyError):
        return refusal(request, 503, str(error), {"Retry-After": str(error.seconds)})
    if isinstance(error, NotKnownError):
        return refusal(request, 404, plain(str(error)))
    return refusal(request, 500 if isinstance(error, LimitError) else 400, str(error))


async def refuse_status(request: Request, error: Exception) -> Response:
    """Answer what the routes refuse, in words of ours."""
    assert isinstance(error, HTTPException)
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    said = _SENTENCES.get(error.status_code, error.detail) if is_bare else error.detail
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    return refusal(request, error.status_code, said, headers)
