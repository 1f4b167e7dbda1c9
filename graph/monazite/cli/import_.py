"""``monazite import``: open sources that lie on disk, read into tables of one's own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import FORMATS, FormatOfReport, choose_format, say, write_result
from monazite.cli.completion import complete_word
from monazite.errors import UnknownNameError
from monazite.imports import DEFAULT_FOLDER
from monazite.imports.goods import EDITIONS
from monazite.rows.foreign_files import ImportKind, read_kinds


def import_(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            autocompletion=complete_word(lambda: tuple(read_kinds())),
            help="baci, comtrade, comext, us-census, usitc, japan-customs, usgs-mcs, "
            "world-mining-data, wgi, wikidata or ftm; a file alone is told its kind.",
        ),
    ],
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="File of the source, or its address with --fetch."),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Folder of tables to write or add to."),
    ] = DEFAULT_FOLDER,
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code",
            metavar="DIGITS",
            help="Customs code to take, six digits or more; may be repeated. Default: 280530, "
            "284610, 284690, 850511 and what is below them.",
        ),
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            metavar="HS",
            autocompletion=complete_word(lambda: EDITIONS),
            help="Edition of the HS to take: hs2022.",
        ),
    ] = None,
    accessed: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day on which you got the file, for its source."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also write what the shipped tables say already.")
    ] = False,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Get the file from its publisher, after asking you.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before --fetch.")] = False,
    fmt: FormatOfReport = "table",
) -> None:
    """Read an open source that lies on your disk into tables for --data, and say its terms.

    Sums over countries stay apart, one flow is written once, and what is not known stays blank.
    Lines that are left out are counted with why; faults are told with file and line, and then
    nothing is written. The same file gives the same bytes.

    A second import into a folder adds to it. Nothing is fetched without --fetch.

    Example: monazite import baci BACI_HS22_Y2024_V202601.csv -o own
    """
    from monazite.imports.imported import kind_named, read_source, recognise

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
        found = read_source(
            chosen,
            place,
            output,
            code=tuple(code or ()),
            edition=edition or "",
            accessed=accessed or "",
            again=again,
            address=address,
        )
    write_result(found, fmt)
    say(f"Terms: {chosen.licence}. {chosen.given_on} {chosen.terms}")
    say(f"Check: monazite check {output}. Ask: any command with --data {output}.")


@contextmanager
def _file_of(
    kind: ImportKind, file: str | None, *, fetch: bool, yes: bool
) -> Iterator[tuple[Path, str]]:
    """The file, fetched into a folder for a while where that was asked for, and its address."""
    if not fetch:
        yield Path(file or ""), ""
        return
    from monazite.imports.fetching import address_of
    from monazite.imports.fetching import fetch as get

    address = address_of(kind, file)
    say(f"Fetch {address}")
    say(f"Terms: {kind.licence}. {kind.given_on} {kind.terms}")
    if not yes and not _agreed():
        raise UnknownNameError("Nothing was fetched: say yes, or --yes.")
    with tempfile.TemporaryDirectory(prefix="monazite-fetch-") as folder:
        yield get(address, Path(folder)), address


def _agreed() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    return typer.confirm("Fetch it?", err=True)
