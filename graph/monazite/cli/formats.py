"""In which format an answer is written: the same names and the same option in every command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.completion import complete_word
from monazite.errors import UnknownNameError, did_you_mean
from monazite.tables import FORMATS

_SHORT = {"md": "markdown", "htm": "html"}
"""Short names of formats, and endings of files that are none themselves."""
_ENDINGS = {"table": "txt", "markdown": "md"}
"""Endings of files that are not called as their format."""
_PLAIN = ("", "txt")
"""Endings that say of no format; they are of a text."""


def to_format(
    help_text: str = "table, json, csv, tsv or markdown (md).",
    *more: str,
    alone: bool = False,
    by_name: bool = True,
) -> object:
    """Return ``--format``, with what a command says of it."""
    known = more if alone else (*FORMATS, *more)

    def chosen(ctx: typer.Context, fmt: str | None) -> str | None:
        source = ctx.get_parameter_source("fmt")
        output = ctx.params.get("output")  # what is given is read before what is not
        silent = source is not None and source.name == "DEFAULT"
        if by_name and silent and fmt is not None and isinstance(output, Path):
            fmt = _named_by(output, known) or fmt
        return fmt if fmt is None else _SHORT.get(fmt, fmt)

    return typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=help_text,
        callback=chosen,
        autocompletion=complete_word(lambda: known),
    )


def _named_by(output: Path, known: Iterable[str]) -> str:
    """The format that the name of a file says, of those that there are."""
    ending = output.suffix.lower().removeprefix(".")
    named = _SHORT.get(ending, ending)
    return named if named in known else ""


Format = Annotated[str, to_format()]
FormatOfReport = Annotated[str, to_format(by_name=False)]
"""Of what is told on stdout, where the file is another thing: a table, a patch, a folder."""


def form_of(output: Path | None, fmt: str | None, *known: str) -> str:
    """Return in which form data is written: as ``--format`` says, else as the file's name ends.

    A name without an ending, or with that of a text, gets what stdout would.

    >>> form_of(Path("bill.XLSX"), None, "table", "xlsx")
    'xlsx'
    >>> form_of(Path("notes.txt"), None, "table", "xlsx")
    'table'
    """
    if fmt is not None:
        choose_format(fmt, *known)
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    named = _SHORT.get(ending, ending)
    if fmt is None and named not in {*known, *_PLAIN}:
        endings = [f".{_ENDINGS.get(form, form)}" for form in known]
        raise UnknownNameError(
            f"Nothing is written that ends in .{ending}; name a file that ends in "
            f"{', '.join(endings[:-1])} or {endings[-1]}, or say which --format."
        )
    named = named if named in known else ""
    if fmt is not None and named and fmt != named:
        raise UnknownNameError(
            f"--format says {fmt} and {output} ends as {named} does; leave one of them."
        )
    return fmt or named or known[0]


def choose_format(fmt: str, *known: str) -> str:
    """Return a format, or say which there are."""
    if fmt in known:
        return fmt
    fix = did_you_mean(fmt, known) or f"formats are {', '.join(known)}."
    raise UnknownNameError(f'There is no format "{fmt}"; {fix}')
