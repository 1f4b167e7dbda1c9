"""Where data goes, and talk: stdout or a file for the one, stderr for the other."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monazite.cli.waiting import erase_waiting
from monazite.errors import UnknownNameError, UnreadableError
from monazite.safe_text import reveal
from monazite.spoken_commands import for_view

if TYPE_CHECKING:
    from monazite.result import Result
    from monazite.tables import Table

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
    """Write a result: as JSON, as bare CSV or TSV (the view goes to stderr), or as tables."""
    from monazite.tables import to_json, write_tables

    if fmt == "json":
        beside = {name: each.content() for name, each in (others or {}).items()}
        whole = to_json({**found.to_dict(), **beside}) if beside else found.to_json()
        write_out(whole, output)
        return
    line = "" if found.view is None else found.view.text
    if fmt in {"csv", "tsv"}:
        write_out(_bare(found, fmt, tables), output)
        if line:
            say(line)
        return
    width = None if full else terminal_width()
    if tables is None and not (ASKED_VIEW.get() and _has_plain_text(found)):
        write_out(found.to_text(fmt, width=width, full=full), output)
        return
    if tables is None:
        tables = found.tables() if full else found.short_tables()
    shown = [table.full() for table in tables] if full else tables
    write_out(write_tables([_of_view(each) for each in shown], fmt, width=width, view=line), output)


def _has_plain_text(found: Result) -> bool:
    """Whether the text of a result is that of its tables."""
    from monazite.result import Result

    return type(found).to_text is Result.to_text


def _of_view(table: Table) -> Table:
    """A table whose heading and remarks lead to commands of the view that was asked."""
    options = ASKED_VIEW.get()
    return replace(
        table,
        heading=for_view(table.heading, options),
        remarks=tuple(for_view(each, options) for each in table.remarks),
        details=tuple(for_view(each, options) for each in table.details),
    )


def _bare(found: Result, fmt: str, tables: Sequence[Table] | None) -> str:
    """A result as CSV or TSV: bare numbers, one record to a line."""
    from monazite.tables import csv_text, tsv_text

    if fmt == "tsv":
        return tsv_text(found.csv_tables() if tables is None else tables)
    return found.to_csv() if tables is None else csv_text(tables)


def one_place(file: Path | None, output: Path | None) -> Path | None:
    """Return where to write what may be named as an argument or with ``--output``."""
    if file is not None and output is not None:
        raise UnknownNameError(f"Two places are named, {file} and {output}; name one.")
    return output if file is None else file


def write_out(content: str | bytes, output: Path | None = None) -> None:
    """Write data to a file, whole or not at all, or to stdout (``-`` or none)."""
    erase_waiting()
    data = content.encode() if isinstance(content, str) else content
    if output is None or not _is_file(output):
        if sys.stdout is None:
            raise UnreadableError("There is no stdout to write to; name a file with --output.")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from monazite.files import write_whole

    write_whole(output, data)


def is_stdout(output: Path | None) -> bool:
    """Tell whether what is written goes to stdout."""
    return output is None or str(output) == "-"


def _is_file(output: Path | None) -> bool:
    return not is_stdout(output)


def write_page(page: str | bytes, place: Path, what: str) -> None:
    """Write a page or a picture, and say where it is."""
    write_out(page, place)
    if _is_file(place):
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
