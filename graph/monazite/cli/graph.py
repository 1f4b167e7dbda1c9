"""``monazite graph``: the network as one offline HTML file, as SVG, as PNG, in a frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import ViewOptions, say, to_file, with_view, write_out
from monazite.cli.options import Element, Market
from monazite.errors import UnreadableError

if TYPE_CHECKING:
    from monazite.findings.losses.result import Chokepoints
    from monazite.network.graph import Network
    from monazite.view import View

SERIES_SINCE = 2010
Page = Annotated[
    Path | None, typer.Argument(metavar="[FILE.html]", help="Page to write; - is stdout.")
]


@with_view
def graph(
    options: ViewOptions,
    output: Page = None,
    element: Element = "MREE",
    market: Market = "WLD",
    around: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what is near this country or site.")
    ] = None,
    hops: Annotated[
        int, typer.Option(min=0, max=20, metavar="N", help="How many links away --around reaches.")
    ] = 1,
    path: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="FROM TO", help="Only what is on a route from one to the other."),
    ] = None,
    stage: Annotated[
        list[str] | None, typer.Option(metavar="STAGE", help="Only this stage; may be repeated.")
    ] = None,
    top: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many sites and firms to draw.")
    ] = 40,
    series: Annotated[
        bool, typer.Option("--series", help="Add earlier years, and a slider to see them.")
    ] = False,
    embed: Annotated[
        bool,
        typer.Option("--embed", help="Print the iframe that embeds the page; without FILE, whole."),
    ] = False,
    svg: Annotated[Path | None, to_file("--svg", metavar="FILE", help="Write an SVG too.")] = None,
    png: Annotated[Path | None, to_file("--png", metavar="FILE", help="Write a PNG too.")] = None,
    scale: Annotated[
        float, typer.Option(min=0.1, max=20, help="Pixels of the PNG to one of the page.")
    ] = 2.0,
    width: Annotated[
        int | None, typer.Option(min=16, metavar="PX", help="Width of the PNG, instead of a scale.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser of this machine.")
    ] = False,
) -> None:
    """Draw the network of an element as one HTML file that works offline.

    Example: monazite graph dy.html -e Dy -m USA --around "Lynas Malaysia" --hops 2 --png dy.png
    """
    _check_places(output, embed=embed, show=show, files=[each for each in (svg, png) if each])
    view = options.open()
    network = view.network(element, market)
    # What may be refused comes before what takes time.
    chosen = _select(network, around, hops, path, stage or [], top)
    findings = view.chokepoints(element, market, network=network)
    chosen, findings = prepare(view, chosen, findings, series=series)
    _write_pictures(chosen, findings, svg, png, scale=scale, width=width)
    if output is not None or embed:
        _write_page(chosen, findings, output, embed=embed)
    if show and output is not None:
        import webbrowser

        if not webbrowser.open(output.absolute().as_uri()):
            say(f"No browser could be started; open {output} by hand.")


def _check_places(output: Path | None, *, embed: bool, show: bool, files: list[Path]) -> None:
    to_stdout = [each for each in (output, *files) if str(each) == "-"]
    if output is None and not embed and not files:
        raise UnreadableError("There is nothing to write: name a file, such as graph.html.")
    if len(to_stdout) + embed > 1:
        raise UnreadableError("Only one thing can go to stdout; name files for the rest.")
    if show and (output is None or str(output) == "-"):
        raise UnreadableError("--open needs a page: name a file, such as graph.html.")
    if output is not None and str(output) != "-":
        from monazite.files import check_place

        check_place(output)


def _select(
    network: Network,
    around: str | None,
    hops: int,
    path: tuple[str, str] | None,
    stages: list[str],
    top: int,
) -> Network:
    from monazite.network.selection import select

    return select(network, top=top, around=around, hops=hops, path=path, stages=stages)


def _write_pictures(
    chosen: Network,
    findings: Chokepoints,
    svg: Path | None,
    png: Path | None,
    *,
    scale: float,
    width: int | None,
) -> None:
    if svg is None and png is None:
        return
    from monazite.pages.drawing.png import to_png
    from monazite.pages.drawing.static_page import record_view
    from monazite.pages.graph.svg import graph_svg

    document = graph_svg(chosen, findings)
    # The PNG first: where it is refused, nothing is written.
    drawn = to_png(document, scale=scale, width=width) if png else b""
    for file, content in ((svg, record_view(document, str(_line(chosen)))), (png, drawn)):
        if file is not None:
            write_out(content, file)
            _tell("picture", file)


def _line(chosen: Network) -> object:
    return chosen.graph["view"]["text"]


def _write_page(
    chosen: Network, findings: Chokepoints, output: Path | None, *, embed: bool
) -> None:
    from monazite.pages.graph.iframe import iframe
    from monazite.pages.graph.page import graph_html
    from monazite.pages.graph.svg import draw as place
    from monazite.pages.graph.svg import title_of

    page = graph_html(chosen, findings=findings)
    if output is not None:
        write_out(page, output)
        _tell("graph", output)
    if embed:
        layout = place(chosen, findings).layout
        size = layout.width, layout.height
        title = title_of(chosen)
        held = {"page": page} if output is None else {"src": output.name}
        write_out(iframe(title, size, **held))


def _tell(what: str, file: Path) -> None:
    if str(file) != "-":
        say(f"The {what} is in {file}.")


def draw(
    view: View, network: Network, findings: Chokepoints, output: Path, *, top: int = 40
) -> None:
    """Choose what a picture can show, give it its evidence, and write the page."""
    from monazite.network.selection import select
    from monazite.pages.graph.page import graph_html

    chosen, findings = prepare(view, select(network, top=top), findings)
    write_out(graph_html(chosen, findings=findings), output)


def prepare(
    view: View, chosen: Network, findings: Chokepoints, *, series: bool = False
) -> tuple[Network, Chokepoints]:
    """Give what was chosen its states, policies, names and evidence; say what was left out."""
    from monazite.findings.annotations.annotations import annotate
    from monazite.findings.shares.by_year import concentration_series
    from monazite.network.facts import read_facts

    facts = read_facts(view.store, chosen.graph["element_id"], view.valid)
    years = concentration_series(facts, since=SERIES_SINCE) if series else ()
    shown = annotate(chosen, view.store, view.valid, members=facts.members, series=years)
    shown = view.with_evidence(shown, findings)
    shown.graph["evidence"] |= _evidence_of(view, _more_rows(shown))
    left = chosen.graph["left_out"]
    if left:
        note = f"{left} more sites and firms are in the network and not in the picture."
        findings = replace(findings, notes=(*findings.notes, note))
    return shown, findings


def _more_rows(network: Network) -> list[str]:
    """Rows that the page cites beside those of its nodes and arcs, or judges by their tier."""
    splits = network.graph["splits"].values()
    return sorted({*network.graph["more_rows"], *(row for split in splits for row in split.rows)})


def _evidence_of(view: View, rows: list[str]) -> dict[str, object]:
    """The evidence of rows that stand at no node: a view gives evidence to nodes."""
    from monazite.network.graph import Network

    holder = Network()
    holder.add_node("rows", rows=tuple(rows))
    evidence: dict[str, object] = view.with_evidence(holder).graph["evidence"]
    return evidence
