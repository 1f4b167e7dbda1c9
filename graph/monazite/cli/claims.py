"""``monazite claims``: what people claim, and what the rows say to it."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    say,
    with_view,
    write_out,
    write_tables_out,
)


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
) -> None:
    """List public claims with a verdict by the rows of the view; one claim with all its rows.

    Exit 1 if no claim is meant.

    Example: monazite claims Malaysia
    """
    from monazite.findings.claims.claims import choose_claims
    from monazite.findings.claims.tables import claims_csv, claims_dict, claims_table, write_claim

    choose_format(fmt, "table", "json", "csv", "markdown")
    choose_claims([], verdict=verdict)  # a wrong verdict needs no store
    view = options.open()
    every = view.claims(cache=not options.no_cache)
    found = choose_claims(every, text, verdict=verdict, speaker=speaker)
    if len(found) == 1 and fmt in {"table", "markdown"}:
        write_out(write_claim(found[0], fmt, view=view.line()))
    elif found or fmt == "json":
        table = claims_csv(found) if fmt == "csv" else claims_table(found)
        write_tables_out(view, [table], fmt, content={"claims": claims_dict(found)})
    if not found:
        say(f"No claim is meant; without words, all {len(every)} are listed.")
        raise typer.Exit(1)
