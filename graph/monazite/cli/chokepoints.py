"""``monazite chokepoints``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    ViewOptions,
    choose_format,
    say,
    terminal_width,
    to_file,
    with_view,
    write_out,
)


@with_view
def chokepoints(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many to rank.")] = 10,
    fmt: Format = "table",
    graph: Annotated[
        Path | None,
        to_file("--graph", metavar="FILE.html", help="Draw the network to this file too."),
    ] = None,
) -> None:
    """Rank what a market cannot do without: who leads each stage, and what an outage takes away.

    Example: monazite chokepoints -e Dy -m USA --graph dy.html
    """
    from monazite.pages.report import FORMATS, write_chokepoints

    choose_format(fmt, *FORMATS)
    view = options.open()
    network = view.network(element, market)
    from monazite.findings.chokepoints import find_chokepoints

    findings = find_chokepoints(network, top=top)
    if graph is not None:
        from monazite.cli.graph import draw

        draw(view, network, find_chokepoints(network), graph)
        say(f"The graph is in {graph}.")
    sources = {}
    if fmt in {"table", "markdown"}:
        rows = [*(stage.rows for stage in findings.stages), *(p.rows for p in findings.chokepoints)]
        sources = view.sources(behind[0] for behind in rows if behind)
    width = terminal_width()
    write_out(write_chokepoints(findings, fmt, sources=sources, width=width, view=view.line()))
    if fmt == "csv":
        say(view.line())
