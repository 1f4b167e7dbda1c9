"""``monazite graph``: the network as one offline HTML file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import Element, Market, OutputFile, ViewOptions, say, with_view, write_out

if TYPE_CHECKING:
    from monazite.findings.finding import Chokepoints
    from monazite.network.graph import Network
    from monazite.view import View


@with_view
def graph(
    options: ViewOptions,
    output: OutputFile,
    element: Element = "MREE",
    market: Market = "WLD",
    sites: Annotated[int, typer.Option(min=0, help="How many sites and firms to draw.")] = 40,
) -> None:
    """Draw the network of an element as one HTML file that works offline.

    Example: monazite graph dy.html -e Dy -m USA
    """
    view = options.open()
    network = view.network(element, market)
    draw(view, network, view.chokepoints(element, market, network=network), output, sites=sites)
    if str(output) != "-":
        say(f"The graph is in {output}.")


def draw(
    view: View, network: Network, findings: Chokepoints, output: Path, *, sites: int = 40
) -> None:
    """Choose what a picture can show, give it its evidence, and write the page."""
    from monazite.network.selection import select
    from monazite.pages.html import graph_html

    chosen = view.with_evidence(select(network, top=sites), findings)
    left = chosen.graph["left_out"]
    if left:
        note = f"{left} more sites and firms are in the network and not in the picture."
        findings = replace(findings, notes=(*findings.notes, note))
    write_out(graph_html(chosen, findings=findings), output)
