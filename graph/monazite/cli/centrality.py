"""``monazite centrality``: what lies in the middle, beside what its failure costs."""

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
from monazite.cli.options import BaseYear, Element, Full, Market
from monazite.cli.progress import ProgressBar
from monazite.errors import UnknownNameError
from monazite.parameters import ELEMENT, FLOW, MARKET


@with_view
def centrality(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="flow: tonnes between countries; firms: who supplies whom; policy: whose acts "
            "apply to whom.",
        ),
    ] = FLOW,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="MEASURE",
            help="Order by: betweenness, on_paths, pagerank, tonnes_in, tonnes_out; links, "
            "customers, suppliers; in_force_against, in_force_by.",
        ),
    ] = None,
    year: BaseYear = None,
    years: Annotated[
        str | None,
        typer.Option("--years", metavar="A:B", help="Ranks in each year, 2018:2024; ranks only."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws", metavar="N", help="Run N random trials of the flows. Default: none."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="S", help="Of --draws; default 0.")
    ] = None,
    page: Annotated[
        Path | None,
        to_file("--page", metavar="FILE.html", help="Draw the graph, nodes sized by the measure."),
    ] = None,
    fmt: Format = "table",
    full: Full = False,
    output: Output = None,
) -> None:
    """Print what lies in the middle of flows, firms or acts, and whether that is what costs most.

    Every number is what networkx gives on the graph, which Python hands out. Beside each measure
    stands what the market would lose without the place, with the rank correlation of the two.

    Example: monazite centrality -e Dy -m USA --by pagerank
    """
    choose_format(fmt, *FORMATS)
    if years is not None:
        _check_alone(year=year, draws=draws, seed=seed, page=page)
        asked = _years(years)
        ranked = options.open().centrality_over_years(element, market, asked, kind=kind, by=by)
        write_result(ranked, fmt, output, full=full)
        return
    view = options.open()
    with ProgressBar("Running random trials") as bar:
        found = view.centrality(
            *(element, market), kind=kind, by=by, year=year, draws=draws, seed=seed, step=bar
        )
    if page is not None:
        write_page(view.centrality_html(found), page, "graph")
    if str(page) != "-":
        write_result(found, fmt, output, full=full)


def _check_alone(**given: object) -> None:
    """Refuse options of one year beside those of several."""
    named = [f"--{name}" for name, value in given.items() if value is not None]
    if named:
        raise UnknownNameError(f"--years prints ranks only: leave {' and '.join(named)}.")


def _years(text: str) -> tuple[int, int]:
    first, colon, last = text.partition(":")
    if not colon or not first.strip().isdecimal() or not last.strip().isdecimal():
        raise UnknownNameError(f'Years are the first and the last, as 2018:2024, not "{text}".')
    return int(first), int(last)
