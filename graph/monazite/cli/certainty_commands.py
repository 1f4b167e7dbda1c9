"""``doubt`` and ``balance``: how sure is that?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from monazite.asking.parameters import BaseYear, Element, Horizon, Market
from monazite.cli.common import Full, Output, ViewOptions, to_file, with_view
from monazite.cli.formats import Format, choose_format, option
from monazite.cli.progress import ProgressBar
from monazite.cli.writing import write_page, write_result
from monazite.core.tables import FORMATS
from monazite.data.parameters import (
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
