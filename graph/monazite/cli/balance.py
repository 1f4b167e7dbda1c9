"""``monazite balance``: what is made, sold, used and left of an element in a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    say,
    to_file,
    with_view,
    write_out,
    write_tables_out,
)
from monazite.cli.options import Element


@with_view
def balance(
    options: ViewOptions,
    element: Element = "MREE",
    year: Annotated[
        int | None,
        typer.Option("--year", "-y", metavar="YEAR", help="Default: the last with trade rows."),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", "-n", min=1, help="How many countries and flows of a stage.")
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
    fmt: Format = "table",
) -> None:
    """Balance an element: made, traded, taken, used outside magnets, and what does not close.

    All amounts are tonnes of the element. What is left over or missing is a gap, never closed by
    hand; other readings of the same rows stand beside it.

    Example: monazite balance -e Dy --year 2024
    """
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    view = options.open()
    from monazite.findings.balance.balance import find_balance
    from monazite.findings.balance.tables import balance_csv, balance_dict, balance_tables
    from monazite.pages.drawing.static_page import record_view
    from monazite.pages.sankey.balance_picture import balance_picture
    from monazite.pages.sankey.page import sankey_html, sankey_svg

    found = find_balance(view.store, element, view.valid, year)
    tables = balance_tables(found, top=top, assumptions=assumptions)
    picture = balance_picture(found)
    if svg:
        _draw(record_view(sankey_svg(picture), view.line()), svg)
    if html:
        _draw(sankey_html(picture, tables, view.line()), html)
    if "-" in {str(svg), str(html)}:
        return
    shown = [balance_csv(found)] if fmt == "csv" else tables
    write_tables_out(view, shown, fmt, content=balance_dict(found))


def _draw(page: str, place: Path) -> None:
    write_out(page, place)
    if str(place) != "-":
        say(f"The balance is in {place}.")
