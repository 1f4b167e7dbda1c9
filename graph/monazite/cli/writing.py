"""Where data goes, and talk: stdout or a file for the one, stderr for the other."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import typer

from monazite.cli import writing
from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.core.formats import fixed, reveal
from monazite.core.spoken_commands import for_view

if TYPE_CHECKING:
    from monazite.core.results import Result
    from monazite.core.tables import Table


PATIENCE = 1.0
"""Seconds after which a reader at a terminal is told that the work goes on."""


class WaitingLine:
    """Says on stderr, at a terminal alone, for how many seconds the work has gone on."""

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
                self._shown = f"Working, {fixed(now - self._begun, 0)} s"
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


PAGE_WIDTH = 80
"""Columns of a report where no terminal says how many it has."""
ASKED_VIEW: ContextVar[str] = ContextVar("ASKED_VIEW", default="")
"""The options of the view that the reader asked, for the commands that an answer leads to."""


def write_result(
    found: Result,
    fmt: str,
    output: Path | None = None,
    *,
    tables: Sequence[Table] | None = None,
    others: Mapping[str, Result] | None = None,
    full: bool = False,
) -> None:
    """Write a result: as JSON, bare CSV or TSV (the view goes to stderr), a workbook, or tables."""
    from monazite.core.tables import csv_text, to_json, tsv_text, write_tables

    if fmt == "json":
        beside = {name: each.content() for name, each in (others or {}).items()}
        whole = to_json({**found.to_dict(), **beside}) if beside else found.to_json()
        write_out(whole, output)
        return
    line = "" if found.view is None else found.view.text
    if fmt in {"csv", "tsv"}:
        bare = found.csv_tables() if tables is None else tables
        write_out(csv_text(bare) if fmt == "csv" else tsv_text(bare), output)
        if line:
            say(line)
        return
    if fmt == "xlsx":
        from monazite.core.workbook import tables_xlsx, workbook_sheets

        given = None if tables is None else workbook_sheets(tables, found.records_key, line)
        release = "" if found.view is None else found.view.release
        write_out(tables_xlsx(given or found.sheets(), release), output)
        return
    width = None if full else terminal_width()
    if tables is None and not (ASKED_VIEW.get() and found.is_tabular):
        told = found.leading(ASKED_VIEW.get())
        write_out(told.to_text(fmt, width=width, full=full), output)
        return
    if tables is None:
        tables = found.tables() if full else found.short_tables()
    shown = [table.full() for table in tables] if full else tables
    write_out(write_tables([_of_view(each) for each in shown], fmt, width=width, view=line), output)


def _of_view(table: Table) -> Table:
    """A table whose heading and remarks lead to commands of the view that was asked."""
    options = ASKED_VIEW.get()
    return replace(
        table,
        heading=for_view(table.heading, options),
        remarks=tuple(for_view(each, options) for each in table.remarks),
        details=tuple(for_view(each, options) for each in table.details),
    )


def one_place(file: Path | None, output: Path | None) -> Path | None:
    """Return where to write what may be named as an argument or with ``--output``."""
    if file is not None and output is not None:
        raise UnknownNameError(f"Two places are named, {file} and {output}; name one.")
    return output if file is None else file


def write_out(content: str | bytes, output: Path | None = None) -> None:
    """Write data to a file, whole or not at all, or to stdout (``-`` or none)."""
    erase_waiting()
    data = content.encode() if isinstance(content, str) else content
    if output is None or is_stdout(output):
        if sys.stdout is None:
            raise UnreadableError("There is no stdout to write to; name a file with --output.")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from monazite.core.files import write_whole

    write_whole(output, data)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a folder in their order, each whole or not at all."""
    from monazite.core.files import write_whole

    for name, content in files.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnreadableError(
                f"{folder} cannot be made: {error.strerror}; name another place."
            ) from None
        write_whole(folder / name, content)


def is_stdout(output: Path | None) -> bool:
    """Tell whether what is written goes to stdout."""
    return output is None or str(output) == "-"


def write_page(page: str | bytes, place: Path, what: str) -> None:
    """Write a page or a picture, and say where it is."""
    write_out(page, place)
    if not is_stdout(place):
        say(f"The {what} is in {place}.")


def terminal_width() -> int:
    """Return the width of the terminal, that of a page where stdout is no terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return PAGE_WIDTH
    return shutil.get_terminal_size().columns


def say(text: str) -> None:
    """Talk to the reader, on stderr."""
    erase_waiting()
    typer.echo(reveal(text), err=True)


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
