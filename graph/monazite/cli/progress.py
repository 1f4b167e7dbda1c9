"""A bar on stderr, for work that takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

import typer

from monazite.cli import writing
from monazite.cli.writing import say, without_waiting
from monazite.core.formats import counted, escaped

_STEPS = 100
_BYTES = 175
"""Of a quad in a copy."""


class ProgressBar:
    """A bar on stderr, for a reader who has waited a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._begun = time.monotonic()
        self._watched = sys.stderr is not None and sys.stderr.isatty()
        self._advance: Callable[[int], object] | None = None
        self._shown = 0
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if not any(raised) and self._advance is not None:
            self(1.0)
        self._ends.close()

    def __call__(self, share: float) -> None:
        """Show which share of the work is done, from 0 to 1."""
        if self._advance is None:
            if not self._watched or time.monotonic() - self._begun < writing.PATIENCE:
                return
            self._ends.enter_context(without_waiting())
            bar = typer.progressbar(length=_STEPS, label=self._label, file=sys.stderr)
            self._advance = self._ends.enter_context(bar).update
        done = int(share * _STEPS)
        self._advance(done - self._shown)
        self._shown = done


class CopyBar(ProgressBar):
    """Says that a store elsewhere is copied, how much that is and where it goes; and a bar."""

    def __init__(self, endpoint: str, place: str) -> None:
        super().__init__("Reading the store")
        self._endpoint, self._place = endpoint, place

    def read(self, quads: int, of: int) -> None:
        """Show how many quads are read, of how many."""
        if not quads:
            size = f"about {max(of * _BYTES >> 20, 1):,} MB"
            place = f"{escaped(self._endpoint)} to {escaped(self._place)}"
            say(f"Copying {counted(of, 'quad')} of {place}, once: {size}.")
        self(quads / max(of, 1))
