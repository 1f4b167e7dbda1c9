"""``monazite timeline``: what happened, in one order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    say,
    to_file,
    with_view,
    write_tables_out,
)
from monazite.errors import UnknownNameError


@with_view
def timeline(
    options: ViewOptions,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ENTITY", help="A facility, organisation, element, country or material."
        ),
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", metavar="NAME", help="The steps of a policy.")
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option("--stage", "-s", metavar="STAGE", help="Only, or all of, this stage."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day shown.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day shown.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Also what changes no state, of a country or stage.")
    ] = False,
    fmt: Format = "table",
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
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    if name and policy:
        raise UnknownNameError("Name an entity or a policy, not both.")
    if not (name or policy or stage):
        raise UnknownNameError("Name an entity, a policy (--policy) or a stage (--stage).")
    between = (_day(first), _day(last))
    view = options.open()
    from monazite.findings.timeline.timeline import timeline_of
    from monazite.pages.timeline.page import (
        timeline_csv,
        timeline_dict,
        timeline_html,
        timeline_tables,
    )
    from monazite.triples.names import find_entity

    entity = None
    if policy:
        entity = find_entity(view.store, policy, "Policy", what="policy")
    elif name:
        entity = find_entity(view.store, name)
    whole_line = timeline_of(view.store, view.schema, view.valid, entity, stage=stage, whole=whole)
    found = whole_line.between(*between)
    if svg or html:
        from monazite.files import write_whole
        from monazite.pages.drawing.static_page import record_view
        from monazite.pages.timeline.svg import timeline_svg

        line = view.line()
        for path, page in (
            (svg, record_view(timeline_svg(found), line)),
            (html, timeline_html(found, line)),
        ):
            if path:
                write_whole(path, page.encode())
                say(f"The timeline is in {path}.")
    tables = [timeline_csv(found)] if fmt == "csv" else timeline_tables(found)
    write_tables_out(view, tables, fmt, content=timeline_dict(found))


def _day(text: str | None) -> str | None:
    """Check a date before the store is opened."""
    if text is not None:
        from monazite.triples.queries import day_of

        day_of(text)
    return text
