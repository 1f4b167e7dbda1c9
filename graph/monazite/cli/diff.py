"""``monazite diff``: what changed between two days or releases, of what is true or was known."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    read_today,
    say,
    with_view,
    write_result,
)
from monazite.cli.options import Element, Full, Market
from monazite.parameters import ELEMENT, MARKET


@with_view
def diff(
    options: ViewOptions,
    date1: Annotated[str, typer.Argument(metavar="DATE1", help="The earlier day, or release.")],
    date2: Annotated[
        str | None,
        typer.Argument(
            metavar="DATE2",
            help="The later day, or release; with --known DATE1, none is needed.",
        ),
    ] = None,
    element: Element = ELEMENT,
    market: Market = MARKET,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Say in sentences what changed between two days; --known DATE1 DATE2 compares what was known.

    What changes for the market comes first; what certainly does not touch the element is left out.
    Two folders are two releases of the tables, or folders as ontology/tables: each record that was
    added, changed or removed is told as well.

    Example: monazite diff 2025-05-15 2026-01-15 -e Dy -m JPN

    Example: monazite diff --known 2025-05-20 2026-11-24
    """
    from monazite.view.history import check_comparison
    from monazite.view.tables.release_diff import are_folders

    choose_format(fmt, *FORMATS)
    first, last = read_today(date1) or "", read_today(date2)
    known, valid = read_today(options.known), read_today(options.valid)
    if not are_folders(first, last):
        check_comparison(first, last, known=known, valid=valid)  # what cannot be asked: no store
    found = options.open().diff(first, last, element=element, market=market)
    if not found:
        say(f"Nothing changed from {found.before} to {found.after}.")
    for note in found.notes if fmt in {"table", "markdown"} else ():
        say(note)
    write_result(found, fmt, output, full=full)
