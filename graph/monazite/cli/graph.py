"""``monazite graph``: the network as one offline HTML file, as SVG, as PNG, in a frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Output,
    OutputFile,
    ViewOptions,
    one_place,
    say,
    to_file,
    with_view,
    write_out,
)
from monazite.cli.options import Element, Market
from monazite.errors import UnreadableError
from monazite.parameters import (
    ELEMENT,
    HOP_COUNTS,
    HOPS,
    MARKET,
    PNG_WIDTHS,
    SCALES,
    SITE_COUNTS,
    SITES,
)


@with_view
def graph(
    options: ViewOptions,
    file: OutputFile = None,
    element: Element = ELEMENT,
    market: Market = MARKET,
    around: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what is near this country or site.")
    ] = None,
    hops: Annotated[
        int,
        typer.Option(
            min=HOP_COUNTS.low,
            max=HOP_COUNTS.high,
            metavar="N",
            help="How many links away --around reaches.",
        ),
    ] = HOPS,
    path: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="FROM TO", help="Only what is on a route from one to the other."),
    ] = None,
    stage: Annotated[
        list[str] | None, typer.Option(metavar="STAGE", help="Only this stage; may be repeated.")
    ] = None,
    top: Annotated[
        int,
        typer.Option(min=SITE_COUNTS.low, metavar="N", help="How many sites and firms to draw."),
    ] = SITES,
    series: Annotated[
        bool, typer.Option("--series", help="Add who led each stage in earlier years.")
    ] = False,
    all_links: Annotated[
        bool,
        typer.Option("--network", help="Draw all sites and links, not the countries by stage."),
    ] = False,
    embed: Annotated[
        bool,
        typer.Option("--embed", help="Print the iframe that embeds the page; without FILE, whole."),
    ] = False,
    svg: Annotated[Path | None, to_file("--svg", metavar="FILE", help="Write an SVG too.")] = None,
    png: Annotated[Path | None, to_file("--png", metavar="FILE", help="Write a PNG too.")] = None,
    scale: Annotated[
        float,
        typer.Option(min=SCALES.low, max=SCALES.high, help="Pixels of the PNG to one of the page."),
    ] = 2.0,
    width: Annotated[
        int | None,
        typer.Option(
            min=PNG_WIDTHS.low, metavar="PX", help="Width of the PNG, instead of a scale."
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser of this machine.")
    ] = False,
    output: Output = None,
) -> None:
    """Draw the chain of an element as one HTML file that works offline.

    Cards are countries at a stage, shaded by what would be lost if each stopped, with the range.
    All sites and links are a click away. --network, or a part (--around, --path, --stage, --top),
    draws them at once. A name that ends in .svg or .png takes the picture alone.

    Example: monazite graph dy.html -e Dy -m USA --png dy.png
    """
    output = one_place(file, output)
    _check_places(output, embed=embed, show=show, files=[each for each in (svg, png) if each])
    page = options.open().graph(
        element,
        market,
        around=around,
        hops=hops,
        path=path,
        stage=stage or [],
        top=top,
        series=series,
        all_links=all_links,
    )
    form = "" if output is None else output.suffix.lower()
    # The PNG first: where it is refused, nothing is written.
    drawn = page.png(scale, width) if png is not None or form == ".png" else b""
    pictures: dict[str, Callable[[], str | bytes]] = {
        ".svg": lambda: page.svg,
        ".png": lambda: drawn,
    }
    _write("picture", pictures[".svg"], svg)
    _write("picture", pictures[".png"], png)
    _write(
        "picture" if form in pictures else "graph", pictures.get(form, lambda: page.html), output
    )
    if embed:
        write_out(page.iframe(output.name if output is not None else None))
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


def _write(what: str, content: Callable[[], str | bytes], file: Path | None) -> None:
    if file is None:
        return
    write_out(content(), file)
    if str(file) != "-":
        say(f"The {what} is in {file}.")
