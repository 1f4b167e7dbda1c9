"""What stands before the routes: the log, the counts, and guards of host, size and browser."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monazite.core.formats import escaped, exact, fixed, grouped
from monazite.core.package import VERSION
from monazite.server.answers import refusal
from monazite.server.dispatcher import CLIENT, Dispatcher

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Counts(Collector):
    """What has been asked and answered, and what is done now, as Prometheus reads it."""

    def __init__(self, door: Dispatcher) -> None:
        self.registry = CollectorRegistry()
        self._door = door

        def count(name: str, about: str, labels: tuple[str, ...] = ()) -> Counter:
            return Counter(f"monazite_{name}", about, labels, registry=self.registry)

        labels = ("endpoint", "method", "status")
        self._requests = count("requests", "Requests by what answered them.", labels)
        self._bytes = count("answer_bytes", "Bytes of answers.")
        about = "Seconds from the head of a request to the end of its answer."
        self._seconds = Histogram(
            *("monazite_request_seconds", about, labels[:1]),
            registry=self.registry,
            buckets=_SECONDS,
        )
        about = "Connections refused, since too many were open."
        self.refused = count("refused_connections", about)
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def add(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        """Count a request that was answered."""
        endpoint = getattr(scope.get("endpoint"), "__name__", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(endpoint, method, str(status)).inc()
        self._bytes.inc(sent)
        self._seconds.labels(endpoint).observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield what is done at this moment."""
        door = self._door
        working = GaugeMetricFamily("monazite_working", "Workers at work.", labels=["team"])
        waiting = GaugeMetricFamily("monazite_waiting", "Requests that wait.", labels=["team"])
        killed = CounterMetricFamily("monazite_killed", "Workers killed.", labels=["team"])
        for name, team in door.teams.items():
            working.add_metric([name], team.working)
            waiting.add_metric([name], team.lane.waiting)
            killed.add_metric([name], team.killed)
        yield from (working, waiting, killed)
        about = "Requests answered from memory."
        yield CounterMetricFamily("monazite_kept_answers", about, door.kept.found)
        yield GaugeMetricFamily("monazite_kept_bytes", "Bytes of kept answers.", door.kept.size)


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""

    async def health(_: Request) -> Response:
        is_well = bool(door.quick.numbers)
        state = {"status": "ok" if is_well else "starting", "version": VERSION}
        return JSONResponse(state, 200 if is_well else 503, {"Cache-Control": "no-store"})

    async def metrics(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        text = encode(request.app.state.counts.registry)
        return Response(text, 200, {"Cache-Control": "no-store"}, kind)

    return [Route("/health", health), Route("/metrics", metrics)]


_LONGEST_PATH = 200
_LEFT = 499  # the status in the log of who left before the answer


def log_requests(app: ASGIApp, log: logging.Logger, counts: Counts) -> ASGIApp:
    """Write a line for each request, count it, and answer 500 where a fault of ours came up."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        status, sent, began = _LEFT, 0, time.perf_counter()

        async def count(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        CLIENT.set(str((scope.get("client") or ("-",))[0]))
        try:
            await app(scope, receive, count)
        except Exception as fault:  # noqa: BLE001 - one request ends, the others go on
            said = f"Fault in {_path(scope)}: {type(fault).__name__} {fault}"
            log.error("%s", escaped(said))
            if status == _LEFT:
                said = "The server met a fault of its own; its log says which."
                await refusal(Request(scope), 500, said)(scope, receive, count)
        finally:
            seconds = time.perf_counter() - began
            counts.add(scope, status, sent, seconds)
            method = escaped(scope["method"])
            log.info("%s", line_of(CLIENT.get(), method, _path(scope), status, sent, seconds))

    return pass_on


def line_of(client: str, method: str, path: str, status: int, sent: int, seconds: float) -> str:
    """Return a line of the log; what a client wrote is escaped before."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return f"{now} {client} {method} {path} {status} {sent} {fixed(seconds, 3)}"


def _path(scope: Scope) -> str:
    raw = scope.get("raw_path") or scope["path"].encode()
    path = escaped(raw.decode("ascii", "backslashreplace"))
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}..."


def open_log(file: Path | None) -> logging.Logger:
    """Return where lines go: a file, which may be renamed meanwhile, or stderr."""
    log = logging.Logger("monazite.server", logging.INFO)
    to_file = file and WatchedFileHandler(file, encoding="utf-8")
    log.addHandler(to_file or logging.StreamHandler(sys.stderr))
    return log


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


def add_safe_headers(app: ASGIApp) -> ASGIApp:
    """Add the headers that keep a browser from harm, where an answer has none of its own."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, send_safe)

    return pass_on


def check_host(app: ASGIApp, hosts: Sequence[str]) -> ASGIApp:
    """Refuse requests for another host name: a foreign page may be bound to this machine."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            named = Headers(scope=scope).getlist("host")
            if len(named) != 1 or host_of(named[0]) not in hosts:
                said = "This server does not answer to that name; --allow-host NAME adds one."
                await refusal(Request(scope), 421, said)(scope, receive, send)
                return
        await app(scope, receive, send)

    return pass_on


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
