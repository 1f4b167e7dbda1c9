"""``monazite reproduce``: printed numbers worked out again, and why some do not come out."""

from __future__ import annotations

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    say,
    with_view,
    write_tables_out,
)


@with_view
def reproduce(options: ViewOptions, fmt: Format = "table") -> None:
    """Put printed numbers beside ours, with the difference and its reason.

    Which number is held against which rows is the table of reproductions. Exit 0 if every number
    that is to come out again does, 1 if one no longer does, 2 if there was nothing to ask.

    Example: monazite reproduce
    """
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    view = options.open()
    from monazite.findings.reproductions.reproductions import reproduce as work_out
    from monazite.findings.reproductions.tables import (
        reproduce_csv,
        reproduce_dict,
        reproduce_tables,
        summary,
    )

    found = work_out(view.store)
    tables = [reproduce_csv(found)] if fmt == "csv" else reproduce_tables(found)
    write_tables_out(view, tables, fmt, content=reproduce_dict(found))
    if found.broken:
        say(summary(found))
        raise typer.Exit(1)
