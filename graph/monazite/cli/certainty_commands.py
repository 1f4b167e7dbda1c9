"""``doubt``, ``backtest``, ``balance`` and ``reproduce``: how sure is that?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    BaseYear,
    Element,
    Full,
    Horizon,
    Market,
    Output,
    ViewOptions,
    to_file,
    with_view,
)
from monazite.cli.formats import Format, argument, choose_format, form_of, option, to_format
from monazite.cli.progress import ProgressBar
from monazite.cli.writing import say, write_page, write_result
from monazite.core.tables import FORMATS
from monazite.data.parameters import (
    COUNTS,
    ELEMENT,
    EPISODE,
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
def backtest(
    options: ViewOptions,
    episode: Annotated[
        str, argument("EPISODE", "2025, China's licences on magnets; or 2010, quota and embargo.")
    ] = EPISODE,
    fit_until: Annotated[
        str | None,
        option(
            "--fit-until DATE", "Foretell from this day alone, by what was published until then."
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


@with_view
def balance(
    options: ViewOptions,
    element: Element = ELEMENT,
    year: Annotated[
        int | None, option("--year -y YEAR", "Default: the newest year with trade figures.")
    ] = None,
    top: Annotated[
        int, option("--top -n", "How many countries and flows of a stage.", min=COUNTS.low)
    ] = 6,
    assumptions: Annotated[
        bool, option("--assumptions", "Print what is assumed, with its range.")
    ] = False,
    svg: Annotated[Path | None, to_file("--svg FILE.svg", "Draw the flows to this file.")] = None,
    html: Annotated[Path | None, to_file("--html FILE.html", "Write it as a page.")] = None,
    write_lp: Annotated[
        Path | None, to_file("--write-lp FILE.lp", "Write the programme that reconciles it.")
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


@with_view
def reproduce(
    options: ViewOptions, fmt: Format = "table", output: Output = None, full: Full = False
) -> None:
    """Put printed numbers beside ours, with the difference and its reason.

    Which number is held against which records is the table of reproductions. Exit 0 if every number
    that is to come out again does, 1 if one no longer does, 2 if there was nothing to ask.

    Example: monazite reproduce
    """
    choose_format(fmt, *FORMATS)
    found = options.open().reproduce()
    write_result(found, fmt, output, full=full)
    if found.broken:
        say(found.summary())
        raise typer.Exit(1)


@with_view
def doubt(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    horizon: Horizon = HORIZON,
    year: BaseYear = None,
    threshold: Annotated[
        float | None,
        option(
            "--threshold PERCENT",
            "Loss that must not be crossed; half of the loss if not given.",
            min=0,
            max=100,
        ),
    ] = None,
    exact: Annotated[
        int,
        option(
            "--exact", "Size of sets up to which all are tried.", min=EXACTS.low, max=EXACTS.high
        ),
    ] = EXACT,
    trials: Annotated[
        int,
        option(
            "--trials N",
            "Sets of a size are all tried if they are no more than this; 25 take a second.",
            min=TRIAL_COUNTS.low,
        ),
    ] = TRIALS,
    top: Annotated[int, option("--top -n", "How many figures to list.", min=COUNTS.low)] = FIGURES,
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
