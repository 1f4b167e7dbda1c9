"""``monazite doubt``: which rows, if wrong or dropped, overturn the first chokepoint."""

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
from monazite.cli.progress import ProgressBar
from monazite.parameters import (
    COUNTS,
    ELEMENT,
    EXACT,
    EXACTS,
    FIGURES,
    HORIZON,
    MARKET,
    TRIAL_COUNTS,
    TRIALS,
    check_word,
    horizons,
)


@with_view
def doubt(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    horizon: Horizon = HORIZON,
    year: BaseYear = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Loss that must not be crossed; half of the loss if not given.",
        ),
    ] = None,
    exact: Annotated[
        int,
        typer.Option(
            "--exact",
            min=EXACTS.low,
            max=EXACTS.high,
            help="Size of sets up to which all are tried.",
        ),
    ] = EXACT,
    trials: Annotated[
        int,
        typer.Option(
            "--trials",
            metavar="N",
            min=TRIAL_COUNTS.low,
            help="Sets of a size are all tried if they are no more than this; 25 take a second.",
        ),
    ] = TRIALS,
    top: Annotated[
        int, typer.Option("--top", "-n", min=COUNTS.low, help="How many figures to list.")
    ] = FIGURES,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Print the figures and assumptions that, if wrong or dropped, unseat the first chokepoint.

    The smallest set of them, what dropping each figure or moving it does to rank one and its loss,
    and how much of the result rests on news, weak sources and assumptions.

    Example: monazite doubt -e Sm --top 5
    """
    choose_format(fmt, *FORMATS)
    check_word(horizon, horizons(), "horizon")
    view = options.open()
    with ProgressBar("Testing the figures") as bar:
        found = view.doubt(
            element,
            market,
            horizon=horizon,
            year=year,
            threshold=None if threshold is None else threshold / 100,
            exact=exact,
            trials=trials,
            step=bar,
        )
    write_result(found.top(top), fmt, output, full=full)
