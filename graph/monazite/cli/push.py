"""``monazite push``: the graph, or a view of it, loaded into a SPARQL store of your own."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    with_view,
    write_result,
)
from monazite.cli.options import Full
from monazite.cli.progress import ProgressBar


@with_view
def push(
    options: ViewOptions,
    address: Annotated[
        str, typer.Argument(metavar="URL", help="The address where the store takes queries.")
    ],
    update: Annotated[
        str | None,
        typer.Option(
            "--update",
            metavar="URL",
            help="Where it takes updates. Default: as Oxigraph, Virtuoso or Fuseki does.",
        ),
    ] = None,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Load the graph, or the data used, into a SPARQL store, for --endpoint of every command.

    It takes the place of what the store holds below https://w3id.org/monazite/. Run it again where
    it broke off; with --endpoint, it copies from another store. Name and password come from
    MONAZITE_ENDPOINT_USER and MONAZITE_ENDPOINT_PASSWORD, a token from MONAZITE_ENDPOINT_TOKEN.

    Example: monazite push http://localhost:7878/query
    """
    choose_format(fmt, *FORMATS)
    if options.endpoint == address:  # MONAZITE_ENDPOINT names what is to be loaded
        options = replace(options, endpoint=None)
    view = options.open()
    with ProgressBar("Loading the store") as bar:
        found = view.push(address, update=update, progress=bar)
    write_result(found, fmt, output, full=full)
