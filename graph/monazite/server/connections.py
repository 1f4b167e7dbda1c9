"""Connections: who sends or takes nothing for long is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

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
