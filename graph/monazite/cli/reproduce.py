"""``monazite reproduce``: printed numbers worked out again, and why some do not come out."""

from __future__ import annotations

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    say,
    with_view,
    write_result,
)
from monazite.cli.options import Full


@with_view
def reproduce(
    options: ViewOptions, fmt: Format = "table", output: Output = None, full: Full = False
) -> None:
    """Put printed numbers beside ours, with the difference and its reason.

    Which number is held against which records is the table of reproductions. Exit 0 if every number
    that is to come out again does, 1 if one no longer does, 2 if there was nothing to ask.

    Example: monazite reproduce
    """
    choose_format(fmt, *FORMATS)
    found = options.open().reproduce()
    write_result(found, fmt, output, full=full)
    if found.broken:
        say(found.summary())
        raise typer.Exit(1)
