"""``monazite doubt``: which rows, if wrong or dropped, overturn the first chokepoint."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.cli.export import Bar


@with_view
def doubt(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
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
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many rows to list.")] = 15,
    fmt: Format = "table",
) -> None:
    """Print the rows and assumptions that, if wrong or dropped, overturn the first chokepoint.

    The smallest set of them, what dropping each row and moving its number does to rank one and
    its loss, and how much of the result rests on news, weak sources and assumptions.

    Example: monazite doubt -e MREE -m WLD --top 5
    """
    from monazite.pages.report import FORMATS

    choose_format(fmt, *FORMATS)
    view = options.open()
    from monazite.findings.doubt import find_evidence_cut
    from monazite.network.facts import read_facts
    from monazite.pages.doubt import doubt_csv, doubt_dict, doubt_tables
    from monazite.triples.names import find_entity

    place = find_entity(view.store, market, "Country", "Area", what="market")
    facts = read_facts(view.store, element, view.valid)
    with Bar("Doubting the rows") as bar:
        cut = find_evidence_cut(
            facts,
            place.id,
            view.schema,
            threshold=None if threshold is None else threshold / 100,
            size=exact,
            step=bar,
        )
    tables = [doubt_csv(cut, top)] if fmt == "csv" else doubt_tables(cut, top)
    write_tables_out(view, tables, fmt, content=doubt_dict(cut, top))
