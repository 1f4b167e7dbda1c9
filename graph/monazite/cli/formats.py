"""In which format an answer is written: the same names and the same option in every command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.completion import complete_word
from monazite.errors import UnknownNameError, did_you_mean
from monazite.tables import FORMATS

_SHORT = {"md": "markdown"}
"""Short names of formats."""


def to_format(
    help_text: str = "table, json, csv, tsv or markdown (md).", *more: str, alone: bool = False
) -> object:
    """Return ``--format``, with what a command says of it.

    Args:
        help_text: the formats, in a line.
        more: formats that this command alone has.
        alone: whether it has these alone, and writes no tables.
    """
    return typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=help_text,
        callback=lambda fmt: _SHORT.get(fmt, fmt),
        autocompletion=complete_word(lambda: more if alone else (*FORMATS, *more)),
    )


Format = Annotated[str, to_format()]


def form_of(output: Path | None, fmt: str | None, endings: Mapping[str, str], *known: str) -> str:
    """Return in which form data is written: as ``--format`` says, else as the file's name ends.

    A name that ends in nothing known gets what stdout would.

    Args:
        output: the file; None or ``-`` is stdout.
        fmt: the format that was asked for; None for none.
        endings: forms by the endings of names, in small letters.
        known: the formats that there are.

    Raises:
        UnknownNameError: there is no such format, or the name says another.

    >>> form_of(Path("bill.XLSX"), None, {".xlsx": "xlsx"}, "table", "xlsx")
    'xlsx'
    """
    if fmt is not None:
        choose_format(fmt, *known)
    named = endings.get(output.suffix.lower()) if output is not None else None
    if fmt is not None and named is not None and fmt != named:
        raise UnknownNameError(
            f"--format says {fmt} and {output} ends as {named} does; leave one of them."
        )
    return fmt or named or known[0]


def choose_format(fmt: str, *known: str) -> str:
    """Return a format, or say which there are.

    Raises:
        UnknownNameError: there is no such format.
    """
    if fmt in known:
        return fmt
    fix = did_you_mean(fmt, known) or f"formats are {', '.join(known)}."
    raise UnknownNameError(f'There is no format "{fmt}"; {fix}')
