"""The server: listens, and stops when it is told, after running work is done or killed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import uvicorn
from starlette.datastructures import State

from monazite.core.errors import UnreadableError
from monazite.core.limited_process import outlive_readers
from monazite.server.access_log import line_of
from monazite.server.application import application
from monazite.server.connections import LONGEST_HEAD, GuardedProtocol
from monazite.server.dispatcher import Dispatcher
from monazite.server.settings import Settings

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
            refused=partial(note_refused, self.application.state),
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

    def stop(self) -> None:
        """Tell it to stop, from another thread."""
        self._server.should_exit = True


def note_refused(state: State, client: str) -> None:
    """Count and log a connection that was refused before it asked anything."""
    state.counts.refuse_connection()
    state.log.info("%s", line_of(client, "-", "-", 503, 0, 0.0))


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
