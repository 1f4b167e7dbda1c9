"""What the commands share: options, and where data goes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.errors import UnknownNameError, UnreadableError, did_you_mean

if TYPE_CHECKING:
    from monazite.view import View

Element = Annotated[
    str,
    typer.Option(
        "--element",
        "-e",
        metavar="ELEMENT",
        help="Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.",
    ),
]
Market = Annotated[
    str,
    typer.Option("--market", "-m", metavar="MARKET", help="Country or union; WLD is the world."),
]
Valid = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="The day asked about; today reads the clock. Default: the release."
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep the store in memory only.")]
Format = Annotated[
    str, typer.Option("--format", "-f", metavar="FORMAT", help="table, json, csv or markdown.")
]


def open_view(valid: str | None = None, *, no_cache: bool = False) -> View:
    """Open the shipped tables; a bar on stderr shows when the store has to be built."""
    from monazite.triples.store import STEPS, is_built
    from monazite.view import load

    if valid == "today":
        from datetime import date

        valid = date.today().isoformat()
    if not no_cache and is_built():
        return load(valid=valid)
    label = "Building the store from the tables" + ("" if no_cache else ", once")
    with typer.progressbar(length=STEPS, label=label, file=sys.stderr) as bar:
        return load(valid=valid, cache=not no_cache, step=lambda: bar.update(1))


def choose_format(fmt: str, *known: str) -> str:
    """Return a format, or say which there are.

    Raises:
        UnknownNameError: there is no such format.
    """
    if fmt in known:
        return fmt
    fix = did_you_mean(fmt, known) or f"formats are {', '.join(known)}."
    raise UnknownNameError(f'There is no format "{fmt}"; {fix}')


def write_out(content: str | bytes, output: Path | None = None) -> None:
    """Write data to a file, whole or not at all, or to stdout (``-`` or none)."""
    data = content.encode() if isinstance(content, str) else content
    if output is None or str(output) == "-":
        if sys.stdout is None:
            raise UnreadableError("There is no stdout to write to; name a file with --output.")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from monazite.files import write_whole

    write_whole(output, data)


def terminal_width() -> int | None:
    """Return the width of the terminal, None where stdout is no terminal: nothing is cut."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def say(text: str) -> None:
    """Talk to the reader, on stderr."""
    typer.echo(text, err=True)
