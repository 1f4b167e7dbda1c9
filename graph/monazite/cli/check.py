"""``monazite check``: every fault of the tables at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import Format, choose_format, say, write_out


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Tables, or an ontology folder. Default: the shipped."),
    ] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="Let pySHACL referee the fast validator (slow).")
    ] = False,
    fmt: Format = "table",
) -> None:
    """Check tables: cells, references, shapes, and what rows say together.

    Each fault is a line "file:line: what; what to do". Exit 0 clean, 1 faults, 2 could not read.

    Example: monazite check ontology/tables
    """
    from monazite.tables import Table, csv_lines, to_json, write_tables
    from monazite.triples.checks import check as run

    choose_format(fmt, "table", "json", "csv", "markdown")
    report = run(folder, reference=reference)
    columns = ("file", "line", "what", "fix")
    rows = [[fault.file, str(fault.line), fault.what, fault.fix] for fault in report.faults]
    if fmt == "json":
        write_out(to_json([dict(zip(columns, row, strict=True)) for row in rows]))
    elif fmt == "csv":
        write_out("".join(csv_lines(columns, rows)))
    elif fmt == "markdown":
        write_out(write_tables([Table("", columns, rows)], fmt))
    else:
        write_out("".join(f"{fault}\n" for fault in report.faults))
    total = sum(report.counts.values())
    say(f"{total:,} rows in {len(report.counts)} tables: {len(report.faults)} faults.")
    if report.faults:
        raise typer.Exit(1)
