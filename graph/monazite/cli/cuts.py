"""``monazite cuts``: which sets cut a market off, and what would offset a shutdown."""

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
from monazite.cli.options import BaseYear, Element, Full, Horizon, Market
from monazite.parameters import (
    CUT_SIZE,
    CUT_SIZES,
    ELEMENT,
    HORIZON,
    LEFT,
    MARKET,
    check_word,
    horizons,
)


@with_view
def cuts(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    k: Annotated[
        int,
        typer.Option(
            "--k",
            min=CUT_SIZES.low,
            max=CUT_SIZES.high,
            help="How many things a set may have at most.",
        ),
    ] = CUT_SIZE,
    left: Annotated[
        float,
        typer.Option(
            "--left", metavar="PERCENT", min=0, max=100, help="What may still arrive, of the base."
        ),
    ] = 100 * LEFT,
    fix: Annotated[
        str | None,
        typer.Option(
            "--fix",
            metavar="WHAT",
            help="What would offset its shutdown: separation/CHN, a name; first: what costs most.",
        ),
    ] = None,
    horizon: Horizon = HORIZON,
    year: BaseYear = None,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Print the sets of countries at stages and known sites that cut a market off an element.

    The smallest sets after which nothing arrives, the sets of up to --k that leave little, and
    what each country at a stage is to the routes between the mines and the market. Who brings
    the last 2 % of what the market takes at a stage is left out. With --fix, what capacity, and
    where, offsets a shutdown within the time allowed.

    Example: monazite cuts -e Dy --fix mine/MMR
    """
    choose_format(fmt, *FORMATS)
    check_word(horizon, horizons(), "horizon")
    view = options.open()
    fixes = view.fixes(element, market, what=fix, horizon=horizon, year=year) if fix else None
    found = view.cuts(element, market, k=k, left=left / 100)
    write_result(found if fixes is None else fixes.beside(found), fmt, output, full=full)
