"""``monazite backtest``: what would have been foretold of past export rules, and how well."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Output,
    ViewOptions,
    form_of,
    to_format,
    with_view,
    write_result,
)
from monazite.cli.options import Full
from monazite.parameters import EPISODE


@with_view
def backtest(
    options: ViewOptions,
    episode: Annotated[
        str,
        typer.Argument(
            metavar="EPISODE",
            help="2025, China's licences on magnets; or 2010, quota and embargo.",
        ),
    ] = EPISODE,
    fit_until: Annotated[
        str | None,
        typer.Option(
            "--fit-until",
            metavar="DATE",
            help="Foretell from this day alone, by what was published until then.",
        ),
    ] = None,
    fmt: Annotated[
        str | None, to_format("table, json, csv, tsv or markdown (md); else as FILE ends.")
    ] = None,
    output: Output = None,
    full: Full = False,
) -> None:
    """Foretell a past episode from what was published at the time, and score it.

    Every later month is scored from every day on which a month was printed, on three bases, beside
    simple methods; then earlier rules alone, the text alone, the rule of allocation that the months
    support, and sizes of lost output by others. 2010 is put together again, with nothing fitted.

    Example: monazite backtest 2025 --fit-until 2025-07-21
    """
    form = form_of(output, fmt, *FORMATS)
    write_result(options.open().backtest(episode, fit_until=fit_until), form, output, full=full)
