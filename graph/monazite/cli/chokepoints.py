"""``monazite chokepoints``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    NoCache,
    Valid,
    choose_format,
    open_view,
    say,
    terminal_width,
    write_out,
)


def chokepoints(
    element: Element = "MREE",
    market: Market = "WLD",
    valid: Valid = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many to rank.")] = 10,
    fmt: Format = "table",
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="FILE.html", help="Draw the network to this file too."),
    ] = None,
    no_cache: NoCache = False,
) -> None:
    """Rank what a market cannot do without: who leads each stage, and what an outage takes away.

    Example: monazite chokepoints -e Dy -m USA --graph dy.html
    """
    from monazite.pages.report import FORMATS, write_chokepoints

    choose_format(fmt, *FORMATS)
    view = open_view(valid, no_cache=no_cache)
    network = view.network(element, market)
    from monazite.findings.chokepoints import find_chokepoints

    findings = find_chokepoints(network, top=top, view=view.describe())
    if graph is not None:
        from monazite.cli.graph import draw

        draw(view, network, find_chokepoints(network, view=view.describe()), graph)
        say(f"The graph is in {graph}.")
    sources = {}
    if fmt in {"table", "markdown"}:
        rows = [*(stage.rows for stage in findings.stages), *(p.rows for p in findings.chokepoints)]
        sources = view.sources(behind[0] for behind in rows if behind)
    write_out(write_chokepoints(findings, fmt, sources=sources, width=terminal_width()))
