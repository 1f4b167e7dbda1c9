"""The Typer application; each family of commands has its file and imports what it needs late."""

from __future__ import annotations

import typer

from monazite.cli import (
    alignments,
    ask,
    balance,
    brief,
    check,
    chokepoints,
    claims,
    concentration,
    conflicts,
    cuts,
    diff,
    doubt,
    export,
    figure,
    graph,
    info,
    parents,
    query,
    reference,
    reproduce,
    show,
    timeline,
    verify,
)

app = typer.Typer(
    name="monazite",
    help="What in the rare-earth supply chain can stop you, how sure that is, and who says so.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("chokepoints")(chokepoints.chokepoints)
app.command("graph")(graph.graph)
app.command("brief")(brief.brief)
app.command("verify")(verify.verify)
app.command("balance")(balance.balance)
app.command("show")(show.show)
app.command("query")(query.query)
app.command("check")(check.check)
app.command("conflicts")(conflicts.conflicts)
app.command("export")(export.export)
app.command("claims")(claims.claims)
app.command("ask")(ask.ask)
app.command("alignments")(alignments.alignments)
app.command("info")(info.info)
app.command("reference")(reference.reference)
app.command("concentration")(concentration.concentration)
app.command("cuts")(cuts.cuts)
app.command("diff")(diff.diff)
app.command("doubt")(doubt.doubt)
app.command("parents")(parents.parents)
app.command("reproduce")(reproduce.reproduce)
app.command("figure")(figure.figure)
app.command("timeline")(timeline.timeline)


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show_version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """What in the rare-earth supply chain can stop you, how sure that is, and who says so."""
    if show_version:
        from monazite.shipped import VERSION

        typer.echo(f"monazite {VERSION}")
        raise typer.Exit
    del context
