"""``import``, ``new-table``, ``check``, ``contribute``, ``release`` and ``push``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli import common, writing
from monazite.cli.formats import SHOWN, Format, FormatOfReport, argument, choose_format, option
from monazite.cli.question_command import with_function
from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.core.tables import FORMATS
from monazite.data.own_files import DEFAULT_FOLDER, ImportKind, read_kinds

if TYPE_CHECKING:
    from monazite.data.importers.imported import Imported
    from monazite.export.contribution import Contribution
    from monazite.export.new_table import NewTable
    from monazite.export.release import ReleasedTables
    from monazite.store.checks import Report
    from monazite.store.remote.pushing import Pushed


@with_function("export.new_table", "new_table")
def new_table(
    ask: Callable[[], NewTable],
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        common.to_file(
            "--output -o FILE.csv|.xlsx", "File to write; - is stdout, as CSV, as without it."
        ),
    ] = None,
    full: common.Full = False,
) -> None:
    """Write an empty table, and its help beside it."""
    choose_format(fmt, *FORMATS, full=full)
    found = ask()
    if writing.is_stdout(output) and fmt != "table":
        writing.write_result(found, fmt, full=full)
        return
    if writing.is_stdout(output):
        writing.write_out(found.empty())
        writing.say(
            found.to_text(width=None if full else writing.terminal_width(), full=full).rstrip("\n")
        )
        return
    assert output is not None, "is_stdout says so"
    writing.write_out(found.empty(output), output)
    writing.write_result(found, fmt, full=full)
    writing.say(f"{output}: fill it in, and ask: monazite check {output.parent}.")


@with_function("view.own_tables", "check")
def check(
    ask: Callable[..., Report],
    tables: common.Tables = None,
    fmt: Format = "table",
    output: common.Output = None,
    full: common.Full = False,
) -> None:
    """List the faults of tables."""
    choose_format(fmt, *FORMATS, full=full, output=output)
    report = ask(ontology=common.chosen_tables(tables))
    writing.write_result(report, fmt, output, full=full)
    for note in report.notes:
        writing.say(note)
    if report.conflicts is not None and report.conflicts.records and fmt not in SHOWN:
        writing.say("--format table lists the facts that differ.")
    writing.say(f"{report.headline()}.")
    if report.faults:
        raise typer.Exit(1)


_ENDINGS = (".patch", ".diff")


@with_function("export.contribution", "contribute")
def contribute(
    ask: Callable[[], Contribution],
    folder: Path,
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        common.to_file(
            "--output -o FILE.patch",
            "The patch; - is stdout, as without it. What it changes is then printed.",
        ),
    ] = None,
    full: common.Full = False,
) -> None:
    """Write a patch."""
    from monazite.core.files import check_ending

    choose_format(fmt, *FORMATS, full=full)
    if output is not None and not writing.is_stdout(output):
        check_ending(output, _ENDINGS, "patch")
    common.say_unread(folder)
    found = ask()
    for fault in found.faults:
        writing.say(str(fault))
    writing.say(f"{found.headline()}.")
    for note in found.notes:
        writing.say(note)
    if writing.is_stdout(output) and fmt == "table":
        writing.write_out(found.patch)
    else:
        if found.patch and output is not None:
            writing.write_out(found.patch, output)
        writing.write_result(found, fmt, full=full)
    if not found.patch:
        raise typer.Exit(1)


@with_function("export.release", "release")
def release(
    ask: Callable[[], ReleasedTables],
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        option(
            "--output -o DIR",
            "A new folder to write; without it, and with - is stdout, nothing but what it "
            "would hold is told.",
        ),
    ] = None,
    full: common.Full = False,
) -> None:
    """Write the folder of a release."""
    choose_format(fmt, *FORMATS, full=full)
    place = None if writing.is_stdout(output) else output
    if place is not None:
        _check_new(place)
    found = ask()
    if place is not None:
        writing.write_files(place, found.files)
        writing.say(f"The release is in {place}.")
    writing.write_result(found, fmt, full=full)


def _check_new(folder: Path) -> None:
    """Refuse a folder that holds something: nothing of others is written over or mixed in."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UnreadableError(f"{folder} is there and not empty; name a new folder.")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UnreadableError(f"{folder} cannot be written: {reason}; name another.") from None


@with_function("view.exports", "push")
def push(
    options: common.ViewOptions,
    ask: Callable[..., Pushed],
    fmt: Format = "table",
    output: common.Output = None,
    full: common.Full = False,
) -> None:
    """Load a store, and say what it holds."""
    choose_format(fmt, *FORMATS, full=full, output=output)
    view = options.open()
    with writing.ProgressBar("Loading the store") as bar:
        found = ask(view, progress=bar)
    writing.write_result(found, fmt, output, full=full)


@with_function("data.importers.imported", "import_file")
def import_(
    ask: Callable[..., Imported],
    kind: str,
    file: Annotated[
        str | None, argument("[FILE]", "File of the source, or its address with --fetch.")
    ] = None,
    output: Path = DEFAULT_FOLDER,
    fetch: Annotated[
        bool, option("--fetch", "Get the file from its publisher, after asking you.")
    ] = False,
    yes: Annotated[bool, option("--yes", "Do not ask before --fetch.")] = False,
    fmt: FormatOfReport = "table",
) -> None:
    """Import a file, and say on which terms."""
    from monazite.data.importers.imported import kind_named, recognise

    choose_format(fmt, *FORMATS)
    if file is None and not fetch and kind not in read_kinds():
        raise UnknownNameError(recognise(Path(kind)))
    chosen = kind_named(kind)
    if file is None and not fetch:
        raise UnknownNameError(
            f"Name the file: monazite import {chosen.name} FILE. It is of {chosen.publisher}: "
            f"{chosen.url}."
        )
    with _file_of(chosen, file, fetch=fetch, yes=yes) as (place, address):
        found = ask(file=place, address=address)
    writing.write_result(found, fmt)
    writing.say(f"Terms: {chosen.licence}. {chosen.given_on} {chosen.terms}")
    writing.say(f"Check: monazite check {output}. Ask: any command with --data {output}.")


@contextmanager
def _file_of(
    kind: ImportKind, file: str | None, *, fetch: bool, yes: bool
) -> Iterator[tuple[Path, str]]:
    """The file, fetched into a folder for a while where that was asked for, and its address."""
    if not fetch:
        yield Path(file or ""), ""
        return
    from monazite.data.importers.imported import address_of
    from monazite.data.importers.imported import fetch as get

    address = address_of(kind, file)
    writing.say(f"Fetch {address}")
    writing.say(f"Terms: {kind.licence}. {kind.given_on} {kind.terms}")
    asks = sys.stdin is not None and sys.stdin.isatty()
    if not yes and not (asks and typer.confirm("Fetch it?", err=True)):
        raise UnknownNameError("Nothing was fetched: say yes, or --yes.")
    with tempfile.TemporaryDirectory(prefix="monazite-fetch-") as folder:
        yield get(address, Path(folder)), address
