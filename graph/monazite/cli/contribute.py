"""``monazite contribute``: own tables as a patch of the shipped ones, reviewed and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    FormatOfReport,
    choose_format,
    is_stdout,
    say,
    say_unread,
    to_file,
    write_out,
    write_result,
)
from monazite.cli.options import Full

_ENDINGS = (".patch", ".diff")


def contribute(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Your own tables (CSV, XLSX): what to add or change."),
    ],
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        to_file(
            "--output",
            "-o",
            metavar="FILE.patch",
            help="The patch; - is stdout, as without it. What it changes is then printed.",
        ),
    ] = None,
    full: Full = False,
) -> None:
    """Make own tables into a patch of ontology/tables, and check it on a copy.

    A record with a key of ours changes ours, in the columns that it has; one with a new key is
    added. Each must have its source. The patch begins with what each record said before and says
    after, and with the terms of what an import wrote; git apply takes it. Nothing is edited in
    place. Exit 0 a patch, 1 faults or no change.

    Example: monazite contribute my-tables -o my-tables.patch
    """
    from monazite import contribute as make_contribution
    from monazite.files import check_ending

    choose_format(fmt, *FORMATS)
    if output is not None and not is_stdout(output):
        check_ending(output, _ENDINGS, "patch")
    say_unread(folder)
    found = make_contribution(folder)
    for fault in found.faults:
        say(str(fault))
    say(f"{found.headline()}.")
    for note in found.notes:
        say(note)
    if is_stdout(output) and fmt == "table":
        write_out(found.patch)
    else:
        if found.patch and output is not None:
            write_out(found.patch, output)
        write_result(found, fmt, full=full)
    if not found.patch:
        raise typer.Exit(1)
