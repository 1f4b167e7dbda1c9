"""Guards before the routes: for whom a request is, how much it says, and what browsers are told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monazite.core.formats import exact, grouped
from monazite.server.answers import refusal

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
}
_LONGEST_ADDRESS = 16 << 10  # characters of an address with all that is asked in it
_MOST_HEADERS = 100
_LONGEST_HEADERS = 16 << 10
_PASSED_OVER, _MOMENT = 16, 2.0
"""Times the bytes of a body, and seconds, in which the rest of one that is too long is taken."""
_CLOSE = {"Connection": "close"}
"""What is not read to its end cannot be followed by another request."""


class SecurityHeaders:
    """Adds the headers that keep a browser from harm, where an answer has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to its answer."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safe)


class HostGuard:
    """Refuses requests for another host name: a foreign page may be bound to this machine."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 421."""
        if scope["type"] == "http":
            named = Headers(scope=scope).getlist("host")
            if len(named) != 1 or host_of(named[0]) not in self.hosts:
                said = "This server does not answer to that name; --allow-host NAME adds one."
                await refusal(Request(scope), 421, said)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def host_of(named: str) -> str:
    """Return the name in a Host header, without its port."""
    name, colon, port = named.rpartition(":")
    return (name if colon and port.isdigit() else named).casefold()


class RequestGuard:
    """Reads a request whole, within bounds, and ends its work when who asked has left."""

    def __init__(self, app: ASGIApp, most: int, seconds: float) -> None:
        self.app = app
        self.most, self.seconds = most, seconds
        self._too_long = f"The request is longer than {grouped(most)} bytes; shorten it."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body, or refuse it with 400, 408, 413, 414, 415 or 431."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._judge_head(scope)
        body = b""
        if refused is None:
            try:
                async with asyncio.timeout(self.seconds):
                    body = await self._read(receive)
            except TimeoutError:
                refused = 408, f"The request did not come within {exact(self.seconds)} s."
            except ValueError:
                refused = 413, self._too_long
                await self._pass_over(receive)
            except ConnectionError:
                return
        if refused is not None:
            await refusal(Request(scope), *refused, _CLOSE)(scope, receive, send)
            return
        await _answer_while_there(self.app, scope, body, receive, send)

    async def _pass_over(self, receive: Receive) -> None:
        """Take for a moment what still comes: who sends does not hear that it is too long."""
        left, more = _PASSED_OVER * self.most, True
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                while more and left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    more = message.get("more_body", False)

    def _judge_head(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if len(scope["query_string"]) + len(scope["path"]) > _LONGEST_ADDRESS:
            return (
                414,
                f"The address is longer than {grouped(_LONGEST_ADDRESS)} characters; use POST.",
            )
        size = sum(len(name) + len(value) for name, value in headers.raw)
        if len(headers) > _MOST_HEADERS or size > _LONGEST_HEADERS:
            most = f"{_MOST_HEADERS} headers, or of more than {grouped(_LONGEST_HEADERS)} bytes"
            return 431, f"The request has more than {most}."
        if "content-length" in headers and "transfer-encoding" in headers:
            return 400, "The request says twice how long it is; send one of both headers."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.most:
            return 413, self._too_long
        if headers.get("content-encoding", "identity") != "identity":
            return 415, "The request is compressed; send it as it is."
        return None

    async def _read(self, receive: Receive) -> bytes:
        """Return the body."""
        parts, length, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            part = message.get("body", b"")
            length += len(part)
            if length > self.most:
                raise ValueError
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


async def _answer_while_there(
    app: ASGIApp, scope: Scope, body: bytes, receive: Receive, send: Send
) -> None:
    """Let the routes answer; cancel them when who asked has left."""
    request: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    leaving = asyncio.ensure_future(receive())

    async def receive_again() -> Message:
        return request.pop() if request else await asyncio.shield(leaving)

    answering = asyncio.ensure_future(app(scope, receive_again, send))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            answering.result()
    finally:
        leaving.cancel()
        if not answering.done():
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
