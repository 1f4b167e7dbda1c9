"""``monazite replace``: who could replace what a country makes, and by when."""

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
from monazite.cli.completion import complete_id
from monazite.cli.options import BaseYear, Element, Full, Market
from monazite.parameters import BY, BY_YEARS, MARKET, ONE_ELEMENT, WITHOUT


@with_view
def replace(
    options: ViewOptions,
    element: Element = ONE_ELEMENT,
    market: Market = MARKET,
    country: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="COUNTRY",
            autocompletion=complete_id("country"),
            help="The country that is to be replaced.",
        ),
    ] = WITHOUT,
    by: Annotated[
        int,
        typer.Option(
            "--by",
            metavar="YEAR",
            min=BY_YEARS.low,
            max=BY_YEARS.high,
            help="The year at whose end the question is asked.",
        ),
    ] = BY,
    year: BaseYear = None,
    svg: Annotated[
        Path | None, to_file("--svg", metavar="FILE.svg", help="Draw the years to this file.")
    ] = None,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Find who could replace what a country makes of an element for a market, and by when.

    Plants outside the country that run, are being built or planned: what they add, when they are
    to begin, the odds of that by how late plans of the past began, what is spoken for, where they
    get what they work on, and rules aimed at them. Then what of the need that covers, to 2035.

    Example: monazite replace -e Dy --from CHN -m DEU --by 2028
    """
    choose_format(fmt, *FORMATS)
    view = options.open()
    found = view.replace(element, market, country=country, by=by, year=year)
    if svg:
        write_page(view.replacement_figure(found).svg, svg, "figure")
    if str(svg) != "-":
        write_result(found, fmt, output, full=full)
