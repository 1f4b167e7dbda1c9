"""Whether the server is well, and its counts for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from monazite.serve.door import Door
from monazite.shipped import VERSION

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Counts(Collector):
    """What has been asked and answered, and what is done now, as Prometheus reads it."""

    def __init__(self, door: Door) -> None:
        self.registry = CollectorRegistry()
        self._door = door
        self._requests = Counter(
            "monazite_requests",
            "Requests by what answered them.",
            ("endpoint", "method", "status"),
            registry=self.registry,
        )
        self._bytes = Counter("monazite_answer_bytes", "Bytes of answers.", registry=self.registry)
        self._seconds = Histogram(
            "monazite_request_seconds",
            "Seconds from the head of a request to the end of its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "monazite_refused_connections",
            "Connections refused, since too many were open.",
            registry=self.registry,
        )
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
        yield CounterMetricFamily(
            "monazite_kept_answers", "Requests answered from memory.", door.kept.found
        )
        yield GaugeMetricFamily("monazite_kept_bytes", "Bytes of kept answers.", door.kept.size)


def routes(door: Door) -> list[Route]:
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
