"""``monazite conflicts``: where rows differ, and whether that is a contradiction."""

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
def conflicts(
    options: ViewOptions,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENTITY]",
            autocompletion=complete_id(),
            help="A name or id: a plant, firm, country, element.",
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            "-k",
            metavar="KIND",
            help="real, basis, definition, year, edition, rounding or all.",
        ),
    ] = "real",
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """List facts on which rows differ, the biggest difference first, with who says what.

    Rows that copy one root count once, and a later edition takes the place of an earlier one.

    Example: monazite conflicts "Mountain Pass"
    """
    from monazite.findings.conflicts.kinds import check_kind

    choose_format(fmt, *FORMATS)
    check_kind(kind)  # a wrong word needs no store
    write_result(options.open().conflicts(name, kind=kind), fmt, output, full=full)
