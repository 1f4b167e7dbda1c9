"""What the commands share: options, and where data goes."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from monazite.cli.formats import Format, FormatOfReport, choose_format, form_of, to_format
from monazite.cli.progress import CopyBar
from monazite.cli.waiting import without_waiting
from monazite.cli.writing import (
    ASKED_VIEW,
    is_stdout,
    one_place,
    say,
    terminal_width,
    write_out,
    write_page,
    write_result,
)
from monazite.errors import UnknownNameError, all_at_once
from monazite.progress import do_nothing
from monazite.rows.dates import read_today
from monazite.tables import FORMATS

if TYPE_CHECKING:
    from monazite.view import View

R = TypeVar("R")
STDOUT = Path("-")
"""The name of stdout where a file is named."""


def _check_output(path: Path | None) -> Path | None:
    """Refuse a file that cannot be written before working for it."""
    if path is not None and not is_stdout(path):
        from monazite.files import check_place

        check_place(path)
    return path


_DATA = "Data used"
"""The panel of the options of a view."""
to_file = partial(typer.Option, callback=_check_output, readable=False)
"""An option that names a file to write: that it is not to be readable tells it from one to read."""
OutputFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE.html]",
        help="File to write, as --output; - is stdout.",
        callback=_check_output,
        readable=False,
    ),
]
Output = Annotated[
    Path | None,
    to_file("--output", "-o", metavar="FILE", help="File to write; - is stdout, as without it."),
]
Tables = Annotated[
    Path | None,
    typer.Option(
        "--tables",
        metavar="DIR",
        envvar="MONAZITE_TABLES",
        rich_help_panel=_DATA,
        help="A release of the tables in place of the shipped ones.",
    ),
]
TablesKey = Annotated[
    Path | None,
    typer.Option(
        "--tables-key",
        metavar="KEY.pub",
        envvar="MONAZITE_TABLES_KEY",
        rich_help_panel=_DATA,
        help="Who should have signed that release: Ed25519 as PEM.",
    ),
]
UnsignedTables = Annotated[
    bool,
    typer.Option(
        "--unsigned-tables", rich_help_panel=_DATA, help="Take a release without a signature."
    ),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        envvar="MONAZITE_ENDPOINT",
        rich_help_panel=_DATA,
        help="Ask a SPARQL endpoint that holds the graph, as monazite push loads it.",
    ),
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
    tables: Path | None = None
    tables_key: Path | None = None
    unsigned_tables: bool = False
    no_cache: bool = False
    endpoint: str | None = None

    def words(self) -> str:
        """Return the options as they are written; what the environment says is left to it.

        >>> ViewOptions(valid="2012", without=("table:baci",)).words()
        '--valid 2012 --without table:baci'
        """
        given: list[tuple[str, object]] = [
            *(("valid", self.valid), ("known", self.known), ("tier", self.tier)),
            *(("without", name) for name in self.without),
            ("data", self.data),
        ]
        for name, value in (
            *(("tables", self.tables), ("tables-key", self.tables_key)),
            ("endpoint", self.endpoint),
        ):
            if os.environ.get(f"MONAZITE_{name.upper().replace('-', '_')}") != str(value):
                given.append((name, value))
        told = [f"--{name} {quote(str(value))}" for name, value in given if value is not None]
        return " ".join([*told, *(["--unsigned-tables"] if self.unsigned_tables else [])])

    def open(self) -> View:
        """Open the view; stderr says whose tables, what is not read, and shows a bar of a build."""
        from monazite.view.opening import open_view

        chosen = chosen_tables(self.tables, self.tables_key, self.unsigned_tables)
        say_unread(self.data)
        with self._building(chosen) as step, self._copying() as bar:
            return open_view(
                valid=read_today(self.valid),
                known=read_today(self.known),
                tier=self.tier,
                without=self.without,
                data=self.data,
                ontology=chosen,
                endpoint=self.endpoint,
                cache=not self.no_cache,
                step=step,
                reading=bar.read,
            )

    def _building(self, ontology: Path | None) -> AbstractContextManager[Callable[[], None]]:
        """A bar while a store is built; a store elsewhere is there already."""
        if self.endpoint is not None:
            return nullcontext(do_nothing)
        return building_store(self.data, no_cache=self.no_cache, ontology=ontology)

    def _copying(self) -> CopyBar:
        """A bar while a store elsewhere is read, and a sentence that it is."""
        from monazite.triples.cache import cache_folder

        return CopyBar(self.endpoint or "", "memory" if self.no_cache else str(cache_folder()))

    def ask(self, question: Callable[[View], R]) -> R:
        """Ask the view; where its own filters are wrong, say what else is wrong with the question."""
        try:
            view = self.open()
        except UnknownNameError as fault:
            known = fault
        else:
            return question(view)
        plain = replace(self, valid=None, known=None, tier=None, without=())
        all_at_once(partial(_raise, known), lambda: question(plain.open()))
        raise known


@contextmanager
def cache_for_workers(options: ViewOptions) -> Iterator[ViewOptions]:
    """With ``--no-cache``, keep what other processes open in a folder that is removed at the end."""
    if not options.no_cache:
        yield options
        return
    with TemporaryDirectory(prefix="monazite-served-") as folder:
        os.environ["MONAZITE_CACHE"] = folder
        yield replace(options, no_cache=False)


def _raise(fault: Exception) -> NoReturn:
    raise fault


def say_unread(data: Path | None) -> None:
    """Say on stderr what lies beside the reader's own tables and is not read."""
    if data is not None:
        from monazite.rows.own_files import find_own_files

        for note in find_own_files(data).notes():
            say(note)


def chosen_tables(tables: Path | None, key: Path | None, unsigned: bool) -> Path | None:
    """Return the ontology folder with the tables of a release, and say on stderr whose they are."""
    if tables is None and key is None and not unsigned:
        return None
    from monazite.view.tables.chosen_tables import choose_tables

    chosen = choose_tables(tables, key=key, unsigned=unsigned)
    if chosen.sentence:
        say(chosen.sentence)
    return chosen.ontology


@contextmanager
def building_store(
    data: Path | None = None, *, no_cache: bool, ontology: Path | None = None
) -> Iterator[Callable[[], None]]:
    """Show a bar on stderr while the store is built; none where it is there already."""
    from monazite.triples.opening import STEPS, is_built

    if not no_cache and is_built(ontology, data):
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
    tables: Tables = None,
    tables_key: TablesKey = None,
    unsigned_tables: UnsignedTables = False,
    endpoint: Endpoint = None,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", rich_help_panel=_DATA, help="Keep the store in memory only."),
    ] = False,
) -> ViewOptions:
    return ViewOptions(
        valid=valid,
        known=known,
        tier=tier,
        without=tuple(without or ()),
        data=data,
        tables=tables,
        tables_key=tables_key,
        unsigned_tables=unsigned_tables,
        no_cache=no_cache,
        endpoint=endpoint,
    )


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
        token = ASKED_VIEW.set(options.words())
        try:
            command(options, **given)
        finally:
            ASKED_VIEW.reset(token)

    parameters = [each.replace(kind=each.KEYWORD_ONLY) for each in (*own, *shared)]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


__all__ = [
    "FORMATS",
    "STDOUT",
    "Format",
    "FormatOfReport",
    "NoCache",
    "Output",
    "OutputFile",
    "Tables",
    "TablesKey",
    "UnsignedTables",
    "ViewOptions",
    "building_store",
    "cache_for_workers",
    "choose_format",
    "chosen_tables",
    "form_of",
    "is_stdout",
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
