"""``monazite timeline``: what happened, in one order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    to_file,
    with_view,
    write_page,
    write_result,
)
from monazite.cli.completion import complete_id, complete_word
from monazite.cli.options import Full
from monazite.parameters import stages


@with_view
def timeline(
    options: ViewOptions,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ENTITY",
            autocompletion=complete_id(),
            help="A facility, organisation, element, country or material.",
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="NAME",
            autocompletion=complete_id("policy"),
            help="The steps of a policy.",
        ),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="STAGE",
            autocompletion=complete_word(stages),
            help="Only, or all of, this stage.",
        ),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day shown.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day shown.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Also what changes no state, of a country or stage.")
    ] = False,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
    svg: Annotated[
        Path | None, to_file("--svg", metavar="FILE.svg", help="Draw the strip to this file.")
    ] = None,
    html: Annotated[
        Path | None,
        to_file("--html", metavar="FILE.html", help="Write it as a page."),
    ] = None,
) -> None:
    """Print what happened, in order: events, policies, owners, links, prices, shares, statements.

    Example: monazite timeline "Mountain Pass" --html mountain-pass.html
    """
    from monazite.view.history import check_timeline

    choose_format(fmt, *FORMATS)
    check_timeline(name, policy, stage, from_, until)  # what cannot be asked needs no store
    view = options.open()
    found = view.timeline(name, policy=policy, stage=stage, from_=from_, until=until, all_=all_)
    if svg:
        write_page(view.timeline_svg(found), svg, "timeline")
    if html:
        write_page(view.timeline_html(found), html, "timeline")
    if "-" not in {str(svg), str(html)}:
        write_result(found, fmt, output, full=full)
