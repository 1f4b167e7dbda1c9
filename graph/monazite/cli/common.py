"""What the commands share: options, and where data goes."""

from __future__ import annotations

import functools
import inspect
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from monazite.cli.formats import Format, choose_format, form_of, to_format
from monazite.cli.waiting import erase_waiting, without_waiting
from monazite.errors import UnknownNameError, UnreadableError, all_at_once
from monazite.progress import do_nothing
from monazite.safe_text import reveal
from monazite.tables import FORMATS

if TYPE_CHECKING:
    from monazite.result import Result
    from monazite.tables import Table
    from monazite.view import View

R = TypeVar("R")
STDOUT = Path("-")
"""The name of stdout where a file is named."""
PAGE_WIDTH = 80
"""Columns of a report where no terminal says how many it has."""


def _check_output(path: Path | None) -> Path | None:
    """Refuse a file that cannot be written before working for it."""
    if path is not None and _is_file(path):
        from monazite.files import check_place

        check_place(path)
    return path


_DATA = "Data used"
"""The panel of the options of a view."""
to_file = partial(typer.Option, callback=_check_output)
"""An option that names a file to write."""
OutputFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE.html]",
        help="File to write, as --output; - is stdout.",
        callback=_check_output,
    ),
]
Output = Annotated[
    Path | None,
    to_file("--output", "-o", metavar="FILE", help="File to write; - is stdout, as without it."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep the store in memory only.")]


@dataclass(frozen=True)
class ViewOptions:
    """The view a reader asked for on the command line; ``open`` opens it."""

    valid: str | None = None
    known: str | None = None
    tier: int | None = None
    without: tuple[str, ...] = ()
    data: Path | None = None
    no_cache: bool = False

    def open(self) -> View:
        """Open the view; stderr says what is not read, a bar when the store has to be built."""
        from monazite.view.opening import open_view

        say_unread(self.data)
        with building_store(self.data, no_cache=self.no_cache) as step:
            return open_view(
                valid=read_today(self.valid),
                known=read_today(self.known),
                tier=self.tier,
                without=self.without,
                data=self.data,
                cache=not self.no_cache,
                step=step,
            )

    def ask(self, question: Callable[[View], R]) -> R:
        """Ask the view; where its own filters are wrong, say what else is wrong with the question.

        Raises:
            UnknownNameError: a filter of the view, or a name or date of the question.
        """
        try:
            view = self.open()
        except UnknownNameError as fault:
            known = fault
        else:
            return question(view)
        plain = replace(self, valid=None, known=None, tier=None, without=())
        all_at_once(partial(_raise, known), lambda: question(plain.open()))
        raise known


def _raise(fault: Exception) -> NoReturn:
    raise fault


def say_unread(data: Path | None) -> None:
    """Say on stderr what lies beside the reader's own tables and is not read."""
    if data is not None:
        from monazite.rows.own_files import find_own_files

        for note in find_own_files(data).notes():
            say(note)


@contextmanager
def building_store(data: Path | None = None, *, no_cache: bool) -> Iterator[Callable[[], None]]:
    """Show a bar on stderr while the store is built; none where it is there already.

    Args:
        data: tables of the reader's own.
        no_cache: whether the store is built in memory only.
    """
    from monazite.triples.opening import STEPS, is_built

    if not no_cache and is_built(data=data):
        yield do_nothing
        return
    label = "Building the store from the tables" + ("" if no_cache else ", once")
    with (
        without_waiting(),
        warnings.catch_warnings(record=True) as found,  # the bar has its line for itself
        typer.progressbar(length=STEPS, label=label, file=sys.stderr) as bar,
    ):
        yield lambda: bar.update(1)
    for each in found:
        warnings.showwarning(each.message, each.category, each.filename, each.lineno)


def read_today(day: str | None) -> str | None:
    """Return a day, ``today`` as the date: the clock is read here and nowhere else."""
    if day != "today":
        return day
    from datetime import date

    return date.today().isoformat()


def _view_options(
    valid: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            rich_help_panel=_DATA,
            help="Only what holds on this day; today reads the clock. Default: all, asked of the "
            "release day.",
        ),
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", rich_help_panel=_DATA, help="Only what could be read by this day."
        ),
    ] = None,
    tier: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            rich_help_panel=_DATA,
            help="Only from sources of this tier or better: 1 primary to 4 weak.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            rich_help_panel=_DATA,
            help="Leave out a record, source, publisher or table; may be repeated.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            rich_help_panel=_DATA,
            help="Tables of your own beside the shipped (CSV, XLSX).",
        ),
    ] = None,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", rich_help_panel=_DATA, help="Keep the store in memory only."),
    ] = False,
) -> ViewOptions:
    return ViewOptions(valid, known, tier, tuple(without or ()), data, no_cache)


@functools.cache
def _view_parameters() -> tuple[inspect.Parameter, ...]:
    return tuple(inspect.signature(_view_options, eval_str=True).parameters.values())


def with_view(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a view; they reach it as its first argument."""
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    shared = _view_parameters()

    @functools.wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - whatever the command declares
        options = _view_options(**{each.name: given.pop(each.name) for each in shared})
        command(options, **given)

    parameters = [each.replace(kind=each.KEYWORD_ONLY) for each in (*own, *shared)]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def write_result(
    found: Result,
    fmt: str,
    output: Path | None = None,
    *,
    tables: Sequence[Table] | None = None,
    others: Mapping[str, Result] | None = None,
    full: bool = False,
) -> None:
    """Write a result: as JSON, as bare CSV or TSV (the view goes to stderr), or as tables.

    Args:
        found: what a verb of the view returned.
        fmt: table, json, csv, tsv or markdown.
        output: where to; stdout if None.
        tables: what is written of it where that is no JSON; its own tables if None.
        others: results that stand beside it in the JSON, each under its name.
        full: all columns and remarks, and nothing wraps.
    """
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
    if tables is None:
        write_out(found.to_text(fmt, width=width, full=full), output)
    else:
        shown = [table.full() for table in tables] if full else tables
        write_out(write_tables(shown, fmt, width=width, view=line), output)


def _bare(found: Result, fmt: str, tables: Sequence[Table] | None) -> str:
    """A result as CSV or TSV: bare numbers, one record to a line."""
    from monazite.tables import csv_text, tsv_text

    if fmt == "tsv":
        return tsv_text(found.csv_tables() if tables is None else tables)
    return found.to_csv() if tables is None else csv_text(tables)


def one_place(file: Path | None, output: Path | None) -> Path | None:
    """Return where to write what may be named as an argument or with ``--output``.

    Raises:
        UnknownNameError: both are named.
    """
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


def _is_file(output: Path | None) -> bool:
    return output is not None and str(output) != "-"


def write_page(page: str | bytes, place: Path, what: str) -> None:
    """Write a page or a picture, and say where it is.

    Args:
        page: HTML, SVG, or a workbook.
        place: a file; ``-`` is stdout, of which nothing is said.
        what: what it shows, in a word.
    """
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


__all__ = [
    "FORMATS",
    "STDOUT",
    "Format",
    "NoCache",
    "Output",
    "OutputFile",
    "ViewOptions",
    "building_store",
    "choose_format",
    "form_of",
    "one_place",
    "read_today",
    "say",
    "say_unread",
    "terminal_width",
    "to_file",
    "to_format",
    "with_view",
    "write_out",
    "write_page",
    "write_result",
]
