"""``monazite explore``: all elements, markets and tiers on one page that works offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Output,
    OutputFile,
    ViewOptions,
    one_place,
    say,
    with_view,
    write_out,
)
from monazite.cli.completion import complete_element
from monazite.cli.options import complete_market
from monazite.cli.progress import ProgressBar
from monazite.errors import UnreadableError
from monazite.files import check_ending


@with_view
def explore(
    options: ViewOptions,
    file: OutputFile = None,
    element: Annotated[
        list[str] | None,
        typer.Option(
            "--element",
            "-e",
            metavar="ELEMENT",
            autocompletion=complete_element,
            help="Only this element or group; may be repeated; the first is seen first.",
        ),
    ] = None,
    market: Annotated[
        list[str] | None,
        typer.Option(
            "--market",
            "-m",
            metavar="MARKET",
            autocompletion=complete_market,
            help="Only this country or union; may be repeated; the first is seen first.",
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Draw all elements, markets and tiers of sources as one HTML file that works offline.

    Chain, map, events and the cards of sites, firms and acts, linked; a search over names in
    English and Chinese and over sources; two questions side by side; the rules in force. It takes
    minutes the first time, and is kept. monazite verify checks it.

    Example: monazite explore -e Dy -m USA -m JPN -o explorer.html
    """
    place: Path | None = one_place(file, output)
    if place is None:
        raise UnreadableError("There is nothing to write: name a file, such as explorer.html.")
    if str(place) != "-":
        check_ending(place, (".html", ".htm"), "explorer")
    view = options.open()
    with ProgressBar("Drawing all views") as bar:
        html = view.explore(element or (), market or (), step=bar).html
    write_out(html, place)
    if str(place) != "-":
        say(f"The explorer is in {place}.")
