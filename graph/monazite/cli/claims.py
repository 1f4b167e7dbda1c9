"""``monazite claims``: what people claim, and what the rows say to it."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    say,
    with_view,
    write_result,
)
from monazite.cli.options import Full


@with_view
def claims(
    options: ViewOptions,
    text: Annotated[
        str, typer.Argument(metavar="TEXT|ID", help="Words of the claim, or its id: c16.")
    ] = "",
    verdict: Annotated[
        str,
        typer.Option(
            metavar="VERDICT",
            help="supported, partly-contradicted, contradicted or not-known.",
        ),
    ] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="Only who is called so.")] = "",
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """List public claims with a verdict by the rows of the view; one claim with all its records.

    Exit 1 if no claim is meant.

    Example: monazite claims Malaysia
    """
    from monazite.findings.claims.verdicts import check_verdict

    choose_format(fmt, *FORMATS)
    check_verdict(verdict)  # a wrong word needs no store
    found = options.open().claims(text, verdict=verdict, speaker=speaker)
    if found or fmt == "json":
        listed = fmt in {"table", "markdown"} and len(found) > 1
        tables = (found.tables() if full else found.short_tables()) if listed else None
        write_result(found, fmt, output, tables=tables, full=full)
    if not found:
        say(f"No claim is meant; without words, all {found.known} are listed.")
        raise typer.Exit(1)
