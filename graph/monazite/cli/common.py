"""What the commands share: options, and where data goes."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar, get_origin, get_type_hints

import typer

from monazite.cli import formats
from monazite.cli.writing import ASKED_VIEW, is_stdout, say, without_waiting
from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError, all_at_once
from monazite.core.results import Struct, do_nothing
from monazite.data.dates import read_today
from monazite.data.declared import AskedParam, asked_param

if TYPE_CHECKING:
    from monazite.view.view import View

Full = Annotated[
    bool, formats.option("--full", "All columns, notes and record keys; no line wraps.")
]
"""Each report has its short form, which fits 80 columns, and this."""


@contextmanager
def no_names_in_errors() -> Iterator[None]:
    """Tell a mistake of ours without the bill: a traceback would quote what stands in it."""
    try:
        yield
    except (MonaziteError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may name a part or a firm
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        file = Path(place.tb_frame.f_code.co_filename).name if place else "?"
        line = place.tb_lineno if place else 0
        raise UnreadableError(
            f"The bill was not worked out: a mistake of this program ({type(error).__name__} in "
            f"{file}:{line}); please report that place, and nothing of the bill."
        ) from None


R = TypeVar("R")
STDOUT = Path("-")
"""The name of stdout where a file is named."""


def _check_output(path: Path | None) -> Path | None:
    """Refuse a file that cannot be written before working for it."""
    if path is not None and not is_stdout(path):
        from monazite.core.files import check_place

        check_place(path)
    return path


_DATA = "Data used"
"""The panel of the options of a view."""
to_file = partial(formats.option, callback=_check_output, readable=False)
"""An option that names a file to write: that it is not to be readable tells it from one to read."""
OutputFile = Annotated[
    Path | None,
    formats.argument(
        "[FILE.html]",
        "File to write, as --output; - is stdout.",
        callback=_check_output,
        readable=False,
    ),
]
Output = Annotated[
    Path | None, to_file("--output -o FILE", "File to write; - is stdout, as without it.")
]
_of_data = partial(formats.option, rich_help_panel=_DATA)
Tables = Annotated[
    Path | None,
    _of_data(
        "--tables DIR",
        "A release of the tables in place of the shipped ones.",
        envvar="MONAZITE_TABLES",
    ),
]
NoCache = Annotated[bool, formats.option("--no-cache", "Keep the store in memory only.")]


class ViewOptions(Struct):
    """The view a reader asked for on the command line; ``open`` opens it."""

    valid: Annotated[
        str | None,
        _of_data(
            "--valid DATE",
            "Only what holds on this day; today reads the clock. Default: all, asked of the "
            "release day.",
        ),
    ] = None
    known: Annotated[
        str | None, _of_data("--known DATE", "Only what could be read by this day.")
    ] = None
    tier: Annotated[
        int | None,
        _of_data("--tier N", "Only from sources of this tier or better: 1 primary to 4 weak."),
    ] = None
    without: Annotated[
        list[str] | None,
        _of_data(
            "--without NAME", "Leave out a record, source, publisher or table; may be repeated."
        ),
    ] = None
    data: Annotated[
        Path | None, _of_data("--data DIR", "Tables of your own beside the shipped (CSV, XLSX).")
    ] = None
    tables: Tables = None
    no_cache: Annotated[bool, _of_data("--no-cache", "Keep the store in memory only.")] = False

    def words(self) -> str:
        """Return the options as they are written; what the environment says is left to it."""
        given: list[tuple[str, object]] = [
            *(("valid", self.valid), ("known", self.known), ("tier", self.tier)),
            *(("without", name) for name in self.without or ()),
            ("data", self.data),
        ]
        if os.environ.get("MONAZITE_TABLES") != str(self.tables):
            given.append(("tables", self.tables))
        told = [f"--{name} {quote(str(value))}" for name, value in given if value is not None]
        return " ".join(told)

    def open(self) -> View:
        """Open the view; stderr says whose tables, what is not read, and shows a bar of a build."""
        from monazite.view.opening import load

        chosen = chosen_tables(self.tables)
        say_unread(self.data)
        with building_store(self.data, no_cache=self.no_cache, ontology=chosen) as step:
            return load(
                valid=read_today(self.valid),
                known=read_today(self.known),
                tier=self.tier,
                without=self.without or (),
                data=self.data,
                ontology=chosen,
                cache=not self.no_cache,
                step=step,
                hold=False,
            )

    def ask(self, question: Callable[[View], R]) -> R:
        """Ask the view; where its filters are wrong, say what else is wrong with the question."""
        try:
            view = self.open()
        except UnknownNameError as fault:
            known = fault
        else:
            return question(view)
        plain = replace(self, valid=None, known=None, tier=None, without=None)
        all_at_once(partial(_raise, known), lambda: question(plain.open()))
        raise known


@contextmanager
def cache_for_workers(options: ViewOptions) -> Iterator[ViewOptions]:
    """With ``--no-cache``, keep what other processes open in a folder removed at the end."""
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
        from monazite.data.own_files import find_own_files

        for note in find_own_files(data).notes():
            say(note)


def chosen_tables(tables: Path | None) -> Path | None:
    """Return the ontology folder with the tables of a release, and say on stderr whose they are."""
    if tables is None:
        return None
    from monazite.view.own_tables import choose_tables

    chosen = choose_tables(tables)
    if chosen.sentence:
        say(chosen.sentence)
    return chosen.ontology


@contextmanager
def building_store(
    data: Path | None = None, *, no_cache: bool, ontology: Path | None = None
) -> Iterator[Callable[[], None]]:
    """Show a bar on stderr while the store is built; none where it is there already."""
    from monazite.store.opening import STEPS, is_built

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


@functools.cache
def _view_parameters() -> tuple[inspect.Parameter, ...]:
    hints = get_type_hints(ViewOptions, include_extras=True)
    return tuple(keyword(each.name, hints[each.name], each.default) for each in fields(ViewOptions))


def keyword(name: str, kind: object, default: object) -> inspect.Parameter:
    """Return an option of a command."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def option_of(each: AskedParam) -> inspect.Parameter:
    """Return a parameter as Typer takes it, per cent where it is a part."""
    told, default = each.told, each.spoken_default
    more: dict[str, Any] = {"help": told.help, "autocompletion": _completion(each)}
    scale = 100 if told.percent else 1
    if each.kind is not bool:
        more["metavar"] = told.metavar
    if told.bounds is not None:
        more |= {"min": scale * told.bounds.low}
        more |= {} if told.bounds.high is None else {"max": scale * told.bounds.high}
    flags = [f"--{each.flag.replace('_', '-')}", *([told.short] if told.short else [])]
    declared = typer.Argument(**more) if told.position else typer.Option(*flags, **more)
    kind = list[str] if told.several or get_origin(each.kind) is Iterable else each.kind
    default = None if told.several and not each.is_needed else default
    return keyword(
        each.name, Annotated[kind | None if default is None else kind, declared], default
    )


def _completion(each: AskedParam) -> formats.Complete | None:
    if (words := each.told.words or each.told.suggests) is not None:
        return formats.complete_word(words)
    if each.told.completes == ("element",):
        return formats.complete_element
    return None if each.told.completes is None else formats.complete_id(*each.told.completes)


def with_view(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a view; they reach it as its first argument."""
    declared = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    own = [option_of(asked) if (asked := asked_param(x)) else x for x in declared]
    shared = _view_parameters()

    @functools.wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - whatever the command declares
        options = ViewOptions(**{each.name: given.pop(each.name) for each in shared})
        token = ASKED_VIEW.set(options.words())
        try:
            command(options, **given)
        finally:
            ASKED_VIEW.reset(token)

    parameters = [each.replace(kind=each.KEYWORD_ONLY) for each in (*own, *shared)]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run
