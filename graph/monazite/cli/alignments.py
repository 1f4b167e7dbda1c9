"""``monazite alignments``: what the vocabulary and its entities correspond to elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Output,
    ViewOptions,
    choose_format,
    to_format,
    with_view,
    write_out,
    write_result,
)
from monazite.cli.options import Full


@with_view
def alignments(
    options: ViewOptions,
    term: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A class, property, concept or entity, or one of theirs."
        ),
    ] = None,
    fmt: Annotated[
        str, to_format("table, json, csv, tsv, markdown (md), turtle or sssom.", "turtle", "sssom")
    ] = "table",
    full: Full = False,
    output: Output = None,
) -> None:
    """List what corresponds to what elsewhere, and what must not be taken for each other.

    Example: monazite alignments Policy
    """
    choose_format(fmt, *FORMATS, "turtle", "sssom")
    found = options.open().alignments(term)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    elif fmt == "sssom":
        write_out(found.to_sssom(), output)
    else:
        write_result(found, fmt, output, full=full)
