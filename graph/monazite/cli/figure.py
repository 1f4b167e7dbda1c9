"""``monazite figure``: one figure for a document, as SVG or as PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    ViewOptions,
    say,
    to_file,
    with_view,
    write_out,
)
from monazite.cli.options import Element, Market, event_option, horizon_option, year_option
from monazite.errors import UnknownNameError
from monazite.parameters import ELEMENT, EVENT, HORIZON, MARKET


@with_view
def figure(
    options: ViewOptions,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="concentration, hhi, balance, losses, timeline, map, centrality, replacement or "
            "backtest.",
        ),
    ],
    output: Annotated[
        Path,
        to_file(
            "--output", "-o", metavar="FILE", help="File to write, .svg or .png; - is stdout, SVG."
        ),
    ],
    element: Element = ELEMENT,
    market: Market = MARKET,
    year: Annotated[int | None, year_option("Base year of a balance or of losses.")] = None,
    horizon: Annotated[
        str,
        horizon_option("Of losses: immediate, short-run, medium-run or free.", metavar=None),
    ] = HORIZON,
    event: Annotated[
        str, event_option("Of losses: outage, embargo or licence.", metavar=None)
    ] = EVENT,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="MEASURE", help="Of centrality: betweenness, pagerank ..."),
    ] = None,
    flows: Annotated[
        bool, typer.Option("--flows", help="On the map: trade between countries.")
    ] = False,
    width: Annotated[
        int | None,
        typer.Option("--width", metavar="PIXELS", help="Width of the figure in CSS pixels."),
    ] = None,
    dark: Annotated[
        bool, typer.Option("--dark", help="A PNG for dark pages; an SVG follows the screen.")
    ] = False,
    dpi: Annotated[
        int | None,
        typer.Option(
            "--dpi", metavar="DPI", help="Of a PNG: dots to an inch, 96 to a CSS pixel's."
        ),
    ] = None,
) -> None:
    """Draw a figure: shares, HHI, balance, losses, timeline, map, centrality and others.

    The SVG and the PNG come from one drawing, the same bytes each time. Title and alt text are
    written from the data, and stand in the file with the data used.

    Example: monazite figure concentration -e Dy -o concentration.svg
    """
    ending = ".svg" if str(output) == "-" else output.suffix.lower()
    if str(output) != "-":
        from monazite.files import check_ending

        check_ending(output, (".svg", ".png"), "figure")
    if dpi is not None and ending == ".svg":
        raise UnknownNameError("An SVG has no resolution; leave --dpi, or write a .png.")
    if dark and ending == ".svg":
        raise UnknownNameError("An SVG follows the screen; leave --dark, or write a .png.")
    import logging

    from monazite.pages.figures.figure import DPI, check_kind, check_size

    # Where it keeps its cache of fonts is nothing to a reader.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    check_kind(kind)
    check_size(width, dpi)
    drawn = options.open().figure(
        kind,
        element,
        market,
        year=year,
        horizon=horizon,
        event=event,
        width=width,
        by=by,
        flows=flows,
    )
    write_out(drawn.svg if ending == ".svg" else drawn.png(dpi or DPI, dark=dark), output)
    if str(output) != "-":
        say(f"{drawn.title.rstrip('.')}. The figure is in {output}.")
