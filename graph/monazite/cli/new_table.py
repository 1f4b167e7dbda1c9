"""``monazite new-table``: an empty table of one's own, with help for each column."""

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
    terminal_width,
    to_file,
    write_out,
    write_result,
)
from monazite.cli.options import Full


def new_table(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the table: capacity, sources.")],
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        to_file(
            "--output",
            "-o",
            metavar="FILE.csv|.xlsx",
            help="File to write; - is stdout, as CSV, as without it.",
        ),
    ] = None,
    full: Full = False,
) -> None:
    """Write an empty table of your own, with help for each column.

    The help says what stands in a column, in which unit, what it takes, whether it must be given,
    and an example. A workbook holds it in sheets of its own; beside a CSV file it is printed, and
    where the table itself goes to stdout, it goes to stderr. Another --format without --output is
    that of the help alone.

    Example: monazite new-table capacity -o capacity.csv
    """
    from monazite import new_table as empty_table

    choose_format(fmt, *FORMATS)
    found = empty_table(name)
    if is_stdout(output) and fmt != "table":
        write_result(found, fmt, full=full)
        return
    if is_stdout(output):
        write_out(found.empty())
        say(found.to_text(width=None if full else terminal_width(), full=full).rstrip("\n"))
        return
    assert output is not None, "is_stdout says so"
    write_out(found.empty(output), output)
    write_result(found, fmt, full=full)
    say(f"{output}: fill it in, and ask: monazite check {output.parent}.")
