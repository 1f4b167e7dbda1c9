"""``monazite show``: the card of an entity."""

from __future__ import annotations

import shlex
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
from monazite.cli.options import Full
from monazite.errors import SeveralMeantError
from monazite.tables import Table, write_tables


@with_view
def show(
    options: ViewOptions,
    name: Annotated[
        str, typer.Argument(help="Id or name, in English or Chinese; kind/id for one of several.")
    ],
    fmt: Format = "table",
    full: Full = False,
    limit: Annotated[int, typer.Option(min=1, help="Records a table of the card may show.")] = 20,
) -> None:
    """Print what the graph says of an entity: facts, events in order, links, policies, sources.

    A name of several things is answered with all of them, each with its kind and id.

    Example: monazite show "Mountain Pass"
    """
    choose_format(fmt, *FORMATS)
    try:
        found = options.open().show(name)
    except SeveralMeantError as several:
        if fmt not in {"table", "markdown"}:
            raise  # who reads by program asked for one
        write_out(write_tables([_choice(name, several)], fmt))
        return
    if fmt in {"table", "markdown"}:
        write_out(found.to_text(fmt, full=full, limit=limit))
    else:
        write_result(found, fmt, full=full)


def _choice(name: str, several: SeveralMeantError) -> Table:
    """What a name means, and what to write for each."""
    return Table(
        heading=f'"{name}" is the name of {len(several.meant)} things',
        columns=("kind", "id", "name", "to see it"),
        rows=[
            [kind, own, label, f"monazite show {shlex.quote(f'{kind}/{own}')}"]
            for kind, own, label in several.meant
        ],
    )
