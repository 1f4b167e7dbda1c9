"""The access log and the counts of requests: a line each, without what was asked."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from logging.handlers import WatchedFileHandler
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monazite.core.formats import escaped, fixed
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
        self._refused = count("refused_connections", about)
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def add(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        """Count a request that was answered."""
        endpoint = getattr(scope.get("endpoint"), "__name__", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(endpoint, method, str(status)).inc()
        self._bytes.inc(sent)
        self._seconds.labels(endpoint).observe(seconds)

    def refuse_connection(self) -> None:
        """Count a connection that was refused, since too many were open."""
        self._refused.inc()

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


class AccessLog:
    """Writes a line for each request, counts it, and answers 500 where a fault of ours came up."""

    def __init__(self, app: ASGIApp, log: logging.Logger, counts: Counts) -> None:
        self.app = app
        self.log, self.counts = log, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, sent, began = _LEFT, 0, time.perf_counter()

        async def count(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        CLIENT.set(str((scope.get("client") or ("-",))[0]))
        try:
            await self.app(scope, receive, count)
        except Exception as fault:  # noqa: BLE001 - one request ends, the others go on
            said = f"Fault in {_path(scope)}: {type(fault).__name__} {fault}"
            self.log.error("%s", escaped(said))
            if status == _LEFT:
                said = "The server met a fault of its own; its log says which."
                await refusal(Request(scope), 500, said)(scope, receive, count)
        finally:
            seconds = time.perf_counter() - began
            self.counts.add(scope, status, sent, seconds)
            method = escaped(scope["method"])
            self.log.info("%s", line_of(CLIENT.get(), method, _path(scope), status, sent, seconds))


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
