"""``monazite check``: every fault of the tables at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    Tables,
    TablesKey,
    UnsignedTables,
    choose_format,
    chosen_tables,
    say,
    write_result,
)
from monazite.cli.options import Full

SHOWN = ("table", "markdown")
"""Formats with the facts on which own tables differ from ours, beside the faults."""


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Your own tables (CSV, XLSX), checked together with the shipped; a folder with "
            "all tables, or a release; or an ontology folder. Default: the shipped.",
        ),
    ] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="Let pySHACL referee the fast validator (slow).")
    ] = False,
    tables: Tables = None,
    tables_key: TablesKey = None,
    unsigned_tables: UnsignedTables = False,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Check tables: cells, references, shapes, and what rows say together.

    Each fault is a line "file:line: what; what to do". Exit 0 clean, 1 faults, 2 could not read.
    Of your own tables without a fault, facts are listed on which they differ from ours: another
    number, or a record that a later edition replaces. That is no fault: both stay.

    A folder with half of the tables is meant to have all: it takes the place of the shipped.

    Example: monazite check ontology/tables
    """
    from monazite import check as find_faults

    choose_format(fmt, *FORMATS)
    chosen = chosen_tables(tables, tables_key, unsigned_tables)
    report = find_faults(folder, reference=reference, ontology=chosen)
    write_result(report, fmt, output, full=full)
    for note in report.notes:
        say(note)
    if report.conflicts is not None and report.conflicts.records and fmt not in SHOWN:
        say("--format table lists the facts that differ.")
    say(f"{report.headline()}.")
    if report.faults:
        raise typer.Exit(1)
