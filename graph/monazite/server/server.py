"""The server: its application, guarded connections, and a stop after running work is done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import h11
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from monazite.core.errors import MonaziteError, UnreadableError
from monazite.core.limited_process import outlive_readers
from monazite.server import entities, findings, guards, pages, sparql
from monazite.server.answers import refuse_error, refuse_status
from monazite.server.dispatcher import Dispatcher
from monazite.server.guards import (
    Counts,
    RequestGuard,
    add_safe_headers,
    check_host,
    line_of,
    log_requests,
    open_log,
)
from monazite.server.settings import Settings


def application(settings: Settings) -> Starlette:
    """Return the application of a server."""
    door = Dispatcher(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            async with door:
                yield
        except MonaziteError as error:
            served.state.fault = error  # the server knows of a fault at the start, and not which
            raise
        finally:
            for each in log.handlers:
                each.close()

    counts, log = Counts(door), open_log(settings.log)
    before = [
        Middleware(log_requests, log=log, counts=counts),
        Middleware(add_safe_headers),
        Middleware(check_host, hosts=settings.hosts),
        Middleware(RequestGuard, most=settings.body_bytes, seconds=settings.body_seconds),
    ]
    if settings.origins:
        before.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["Accept", "Content-Type"],
                max_age=600,
            )
        )
    rooms = (sparql, findings, guards, entities, pages)
    served = Starlette(
        routes=[each for room in rooms for each in room.routes(door)],
        middleware=before,
        exception_handlers={MonaziteError: refuse_error, HTTPException: refuse_status},
        lifespan=lifespan,
    )
    served.state.counts, served.state.door, served.state.log = counts, door, log
    served.state.fault = None
    served.router.redirect_slashes = False
    return served


STEP = 1.0  # seconds between two looks at a connection
SILENT = 5.0  # seconds in which a client that has connected says something
PATIENCE = 15.0  # seconds in which a head comes, and some of an answer is taken
LONGEST_HEAD = 32 << 10  # bytes of a request's head


_SAID = b"Too many connections are open; close some, or come again in a moment.\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_SAID), _SAID)
)


class GuardedProtocol(H11Protocol):
    """HTTP 1.1 as uvicorn speaks it, to clients that do their part in time."""

    def __init__(
        self,
        *,
        most: int,
        each: int,
        refused: Callable[[str], None],
        **given: Any,  # noqa: ANN401 - as uvicorn has it
    ) -> None:
        super().__init__(**given)
        self._most, self._each, self._refused = most, each, refused
        self._is_refused = self._has_spoken = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the connection; refuse it where its client has too many."""
        super().connection_made(transport)
        host = (self.client or ("-", 0))[0]
        others: list[Any] = [*self.connections]
        own = sum((each.client or ("-", 0))[0] == host for each in others)
        self._is_refused = len(others) > self._most or own > self._each
        if self._is_refused:  # what comes is taken for a moment: who sends would not hear it
            self.connections.discard(self)
            transport.write(_TOO_MANY)
            if transport.can_write_eof():
                transport.write_eof()
            self.loop.call_later(STEP, transport.abort)
            self._refused(host)
            return
        self._idle_since = self._moved_at = self.loop.time()
        self._unsent = 0
        self._look_again = self.loop.call_later(STEP, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no longer."""
        if self._is_refused:
            return
        self._look_again.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the connection is refused."""
        self._has_spoken = True
        if not self._is_refused:
            super().data_received(data)

    def _look(self) -> None:
        now = self.loop.time()
        conn: Any = self.conn
        # a head has begun, or the first has not
        is_open = self.cycle is None or bool(conn.trailing_data[0])
        if conn.their_state is not h11.IDLE or not is_open:
            self._idle_since = now
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent < self._unsent:
            self._moved_at = now
        self._unsent = unsent
        patience = PATIENCE if self._has_spoken else min(SILENT, PATIENCE)
        if now - min(self._idle_since, self._moved_at) > patience:
            self.transport.abort()
            return
        self._look_again = self.loop.call_later(STEP, self._look)


_TOLD_WITHIN = 3  # seconds in which clients take what they are told when the server stops


class _Server(uvicorn.Server):
    """Ends well when it is told to stop, and says where it listens once it does."""

    def __init__(
        self, config: uvicorn.Config, began: Callable[[], None], door: Dispatcher, grace: float
    ) -> None:
        super().__init__(config)
        self._began, self._door, self._grace = began, door, grace

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._began()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let running work end for a while, then kill it while its clients can be told."""
        killing = asyncio.get_running_loop().call_later(self._grace, self._door.stop)
        try:
            await super().shutdown(sockets)
        finally:
            killing.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take the signals, and do not raise them again: to be told to stop is no fault."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


class Listening:
    """A server that listens already, and answers once it runs."""

    def __init__(self, settings: Settings, began: Callable[[str], None]) -> None:
        self._socket = _listen(settings.host, settings.port)
        self.application = application(settings)
        guarded: Any = partial(
            GuardedProtocol,
            most=settings.connections,
            each=settings.client_connections,
            refused=self._note_refused,
        )
        config = uvicorn.Config(
            self.application,
            http=guarded,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="critical",  # our own log has what happens
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who asks is who connects
            h11_max_incomplete_event_size=LONGEST_HEAD,
            timeout_graceful_shutdown=round(settings.grace) + _TOLD_WITHIN,
        )
        logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of a worker that died alone
        self._server = _Server(
            config,
            lambda: began(address_of(self._socket)),
            self.application.state.door,
            settings.grace,
        )

    def run(self) -> None:
        """Answer until SIGINT or SIGTERM comes, or somebody tells it to stop."""
        outlive_readers()
        try:
            with self._socket:
                self._server.run([self._socket])
        except SystemExit:  # as it ends where it could not start
            raise self.application.state.fault from None

    def _note_refused(self, client: str) -> None:
        """Count and log a connection that was refused before it asked anything."""
        self.application.state.counts.refused.inc()
        self.application.state.log.info("%s", line_of(client, "-", "-", 503, 0, 0.0))

    def stop(self) -> None:
        """Tell it to stop, from another thread."""
        self._server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    listening = None
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        family, _, _, _, place = found[0]
        listening = socket.socket(family)
        if sys.platform != "win32":  # where it would let another server take the same port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
    except OSError as error:
        if listening is not None:
            listening.close()
        raise UnreadableError(
            f"Nobody can listen at port {port} of {host}: {error.strerror or error}; name another "
            "with --port or --host."
        ) from None
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address of what listens, as a browser takes it."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
