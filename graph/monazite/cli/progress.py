"""A bar on stderr, for work that takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

import typer

from monazite.cli import writing
from monazite.cli.writing import without_waiting

_STEPS = 100


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
