"""``monazite show``: the card of an entity."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_out,
    write_result,
)


@with_view
def show(
    options: ViewOptions,
    name: Annotated[str, typer.Argument(help="Id or name, in English or Chinese.")],
    fmt: Format = "table",
    limit: Annotated[int, typer.Option(min=1, help="Rows a table of the card may show.")] = 20,
) -> None:
    """Print what the graph says of an entity: facts, events in order, links, policies, sources.

    Example: monazite show "Mountain Pass"
    """
    choose_format(fmt, *FORMATS)
    found = options.open().show(name)
    if fmt in {"table", "markdown"}:
        write_out(found.to_text(fmt, limit=limit))
    else:
        write_result(found, fmt)
