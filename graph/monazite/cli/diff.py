"""``monazite diff``: what changed between two days, of what is true or of what was known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    say,
    with_view,
    write_tables_out,
)
from monazite.cli.options import Element
from monazite.errors import UnknownNameError

if TYPE_CHECKING:
    from monazite.findings.changes.comparison import Side
    from monazite.view import View


@with_view
def diff(
    options: ViewOptions,
    date1: Annotated[str, typer.Argument(metavar="DATE1", help="The earlier day.")],
    date2: Annotated[
        str | None,
        typer.Argument(metavar="DATE2", help="The later day; with --known DATE1, none is needed."),
    ] = None,
    element: Element = "MREE",
    fmt: Format = "table",
) -> None:
    """Say in sentences what changed between two days; --known DATE1 DATE2 compares what was known.

    Example: monazite diff 2025-05-15 2026-01-15

    Example: monazite diff --known 2025-05-20 2026-11-24
    """
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    before, after, view = _sides(options, date1, date2)
    from monazite.findings.changes.changes import find_changes
    from monazite.findings.changes.tables import changes_csv, changes_dict, changes_tables

    found = find_changes(before, after, element)
    tables = [changes_csv(found)] if fmt == "csv" else changes_tables(found)
    if not found.changes:
        say(f"Nothing changed from {found.before} to {found.after}.")
    for note in found.notes if fmt in {"table", "markdown"} else ():
        say(note)
    write_tables_out(view, tables, fmt, content=changes_dict(found))


def _sides(options: ViewOptions, date1: str, date2: str | None) -> tuple[Side, Side, View]:
    """Open the two sides: one store asked on two days, or two stores asked on one."""
    from monazite.findings.changes.comparison import Side

    if date2 is None:
        if options.known is None:
            raise UnknownNameError("Name two days: monazite diff 2025-05-15 2026-01-15.")
        early, late = _days(options.known, date1)
        first, last = (replace(options, known=day).open() for day in (early, late))
        names = [f"what was known by {day}" for day in (early, late)]
        return (
            Side(first.store, first.schema, first.valid, names[0]),
            Side(last.store, last.schema, last.valid, names[1]),
            last,
        )
    if options.valid is not None:
        raise UnknownNameError("A comparison of two days takes no --valid: the days are its own.")
    early, late = _days(date1, date2)
    view = options.open()
    sides = [Side(view.store, view.schema, day, day) for day in (early, late)]
    return sides[0], sides[1], view


def _days(date1: str, date2: str) -> tuple[str, str]:
    from datetime import date

    from monazite.triples.queries import day_of

    first, last = (
        day_of(date.today().isoformat() if day == "today" else day) for day in (date1, date2)
    )
    if first > last:
        raise UnknownNameError(f"{date1} comes after {date2}; write the earlier day first.")
    return first, last
