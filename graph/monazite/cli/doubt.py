"""``monazite doubt``: which rows, if wrong or dropped, overturn the first chokepoint."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.cli.options import BaseYear, Element, Horizon, Market
from monazite.cli.progress import ProgressBar
from monazite.parameters import Contingency, check_word, horizons


@with_view
def doubt(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    horizon: Horizon = "short-run",
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
        typer.Option("--exact", min=1, max=3, help="Size of sets up to which all are tried."),
    ] = 2,
    trials: Annotated[
        int,
        typer.Option(
            "--trials",
            metavar="N",
            min=0,
            help="Sets of a size are all tried if they are no more than this; 25 take a second.",
        ),
    ] = 2000,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many rows to list.")] = 15,
    fmt: Format = "table",
) -> None:
    """Print the rows and assumptions that, if wrong or dropped, overturn the first chokepoint.

    The smallest set of them, what dropping each row and moving its number does to rank one and
    its loss, and how much of the result rests on news, weak sources and assumptions.

    Example: monazite doubt -e Sm --top 5
    """
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    check_word(horizon, horizons(), "horizon")
    view = options.open()
    network = view.network(element, market)
    from monazite.findings.doubt.evidence_cut import find_evidence_cut
    from monazite.findings.doubt.tables import doubt_csv, doubt_dict, doubt_tables
    from monazite.network.facts import read_facts

    with ProgressBar("Doubting the rows") as bar:
        cut = find_evidence_cut(
            network,
            read_facts(view.store, element, view.valid),
            view.schema,
            Contingency(horizon=horizon),
            year=year,
            threshold=None if threshold is None else threshold / 100,
            size=exact,
            bound=trials,
            step=bar,
        )
    tables = [doubt_csv(cut, top)] if fmt == "csv" else doubt_tables(cut, top)
    write_tables_out(view, tables, fmt, content=doubt_dict(cut, top))
