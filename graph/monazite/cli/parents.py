"""``monazite parents``: who stands above a firm or plant on a day."""

from __future__ import annotations

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
from monazite.cli.completion import complete_id
from monazite.cli.options import Full


@with_view
def parents(
    options: ViewOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_id("facility", "organisation"),
            help="Id or name of a firm or plant.",
        ),
    ],
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Follow a firm or plant up to its ultimate parent on a day; list the other holders.

    A parent holds more than half, or a source says that it controls; a share that is not known is
    no control. Each step names its record and source.

    Example: monazite parents mountain-pass --valid 1998-12-31
    """
    choose_format(fmt, *FORMATS)
    write_result(options.open().parents(name), fmt, output, full=full)
