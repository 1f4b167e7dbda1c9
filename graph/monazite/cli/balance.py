"""``monazite balance``: what is made, sold, used and left of an element in a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    to_file,
    with_view,
    write_page,
    write_result,
)
from monazite.cli.options import Element, Full
from monazite.parameters import COUNTS, ELEMENT


@with_view
def balance(
    options: ViewOptions,
    element: Element = ELEMENT,
    year: Annotated[
        int | None,
        typer.Option(
            "--year", "-y", metavar="YEAR", help="Default: the newest year with trade figures."
        ),
    ] = None,
    top: Annotated[
        int,
        typer.Option(
            "--top", "-n", min=COUNTS.low, help="How many countries and flows of a stage."
        ),
    ] = 6,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Print what is assumed, with its range.")
    ] = False,
    svg: Annotated[
        Path | None, to_file("--svg", metavar="FILE.svg", help="Draw the flows to this file.")
    ] = None,
    html: Annotated[
        Path | None, to_file("--html", metavar="FILE.html", help="Write it as a page.")
    ] = None,
    write_lp: Annotated[
        Path | None,
        to_file("--write-lp", metavar="FILE.lp", help="Write the programme that reconciles it."),
    ] = None,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Balance an element: made, traded, used, and what is unaccounted for.

    All amounts are tonnes of the element. A surplus or shortfall is never closed by hand. Beside
    it stands what the least change to the figures inside their ranges leaves. With --full: what
    that change moved, what other interpretations leave, and the trade.

    Example: monazite balance -e Dy --year 2024
    """
    choose_format(fmt, *FORMATS)
    view = options.open()
    found = view.balance(element, year=year)
    tables = found.tables(top=top, assumptions=assumptions)
    if svg:
        write_page(view.balance_svg(found), svg, "balance")
    if html:
        write_page(view.balance_html(found, tables), html, "balance")
    if write_lp:
        write_page(view.balance_programme(element, year=year), write_lp, "programme")
    if "-" not in {str(svg), str(html), str(write_lp)}:
        write_result(
            found, fmt, output, full=full, tables=None if fmt in {"csv", "tsv"} else tables
        )
