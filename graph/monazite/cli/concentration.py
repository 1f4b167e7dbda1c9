"""``monazite concentration``: who holds a stage, and how that changed."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    with_view,
    write_result,
)
from monazite.cli.options import Element, Full
from monazite.errors import UnknownNameError
from monazite.parameters import ALL_ELEMENTS, FIRST_YEARS, IMPORTER, SINCE


@with_view
def concentration(
    options: ViewOptions,
    element: Element = ALL_ELEMENTS,
    stage: Annotated[
        str | None, typer.Option("--stage", "-s", help="Only this stage: mine, separation ...")
    ] = None,
    series: Annotated[
        bool, typer.Option("--series", help="One line a year; else the newest year of each stage.")
    ] = False,
    since: Annotated[
        int,
        typer.Option(
            "--since", metavar="YEAR", min=FIRST_YEARS.low, help="First year of the series."
        ),
    ] = SINCE,
    indices: Annotated[
        bool, typer.Option("--indices", help="The indices that people quote, with their inputs.")
    ] = False,
    market: Annotated[
        str,
        typer.Option("--market", "-m", metavar="COUNTRY", help="Whose imports GeoPolRisk counts."),
    ] = IMPORTER,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

    The reconciled year comes first; what sources print is another figure beneath it, with why it
    differs. With --full: what each share was divided by, the basis and the series. Years whose
    figures do not add up have no index and say why.

    Example: monazite concentration -e TREO --stage mine --series

    Example: monazite concentration -e Dy --stage mine --indices

    --indices adds HHI weighted by governance, EU, USGS and GeoPolRisk supply risks, N-1 and the
    EU limit of 65 %; what has no figures is not known, and the table says what is missing.
    GeoPolRisk counts the imports of the country, or area, of --market.
    """
    choose_format(fmt, *FORMATS)
    if indices and series:
        raise UnknownNameError(
            "--indices are of the newest year; leave --series, or ask an earlier day with --valid."
        )
    view = options.open()
    if indices:
        write_result(view.indices(element, stage=stage, market=market), fmt, output, full=full)
    else:
        found = view.concentration(element, stage=stage, series=series, since=since)
        write_result(found, fmt, output, full=full)
