"""The access log and the counts of requests: a line each, without what was asked."""

from __future__ import annotations

import logging
import sys
import time
from logging.handlers import WatchedFileHandler
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monazite.safe_text import escaped
from monazite.serve.door import CLIENT
from monazite.serve.health import Counts
from monazite.serve.refusals import refusal

_LONGEST_PATH = 200
_LEFT = 499
"""The status in the log of who left before the answer."""


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
            self.log.error(
                "%s", escaped(f"Fault in {_path(scope)}: {type(fault).__name__} {fault}")
            )
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
    return f"{now} {client} {method} {path} {status} {sent} {seconds:.3f}"


def _path(scope: Scope) -> str:
    raw = scope.get("raw_path") or scope["path"].encode()
    path = escaped(raw.decode("ascii", "backslashreplace"))
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}..."


def open_log(file: Path | None) -> logging.Logger:
    """Return where lines go: a file, which may be renamed meanwhile, or stderr."""
    log = logging.Logger("monazite.serve", logging.INFO)
    log.addHandler(
        logging.StreamHandler(sys.stderr)
        if file is None
        else WatchedFileHandler(file, encoding="utf-8")
    )
    return log
