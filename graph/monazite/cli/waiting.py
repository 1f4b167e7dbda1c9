"""A line on stderr that says for how long a command has worked, where nothing else says so."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds after which a reader at a terminal is told that the work goes on."""


class WaitingLine:
    """Says on stderr, at a terminal alone, for how many seconds the work has gone on.

    It is erased before anything else is written, and comes again where the work goes on after it.
    """

    def __init__(self) -> None:
        self._screen = sys.stderr
        self._begun = self._quiet_since = time.monotonic()
        self._ended = threading.Event()
        self._turn = threading.RLock()
        self._shown = ""
        self._bars = 0

    def __enter__(self) -> WaitingLine:
        global _LINE
        if self._screen is not None and self._screen.isatty():
            _LINE = self
            threading.Thread(target=self._run, name="waiting", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        global _LINE
        _LINE = None
        self._ended.set()
        self.erase()

    def erase(self) -> None:
        """Take the line away, for a while at least."""
        with self._turn:
            if self._shown:
                self._write(f"\r{' ' * len(self._shown)}\r")
                self._shown = ""
            self._quiet_since = time.monotonic()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stay away while a bar has the line for itself."""
        self.erase()
        self._bars += 1
        try:
            yield
        finally:
            self._bars -= 1
            self.erase()

    def _run(self) -> None:
        while not self._ended.wait(PATIENCE):
            with self._turn:
                now = time.monotonic()
                if self._bars or self._ended.is_set() or now - self._quiet_since < PATIENCE:
                    continue
                self._shown = f"Working, {now - self._begun:.0f} s"
                self._write(f"\r{self._shown}")

    def _write(self, text: str) -> None:
        self._screen.write(text)
        self._screen.flush()


_LINE: WaitingLine | None = None


def erase_waiting() -> None:
    """Take the line away before something is written to the terminal."""
    if _LINE is not None:
        _LINE.erase()


@contextmanager
def without_waiting() -> Iterator[None]:
    """Show no line while a bar is shown."""
    if _LINE is None:
        yield
        return
    with _LINE.away():
        yield
