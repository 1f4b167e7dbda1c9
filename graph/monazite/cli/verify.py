"""``monazite verify``: whether a briefing still says what the tables say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import NoCache, building_store, say_unread, write_out


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help="As monazite brief wrote it.")],
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Your own tables, where the brief rests on some."),
    ] = None,
    no_cache: NoCache = False,
) -> None:
    """Work a briefing out again from the tables, and say whether it is the same.

    Exit 0 the same; 1 it differs, and why: other tables or rows, another version, an altered
    page; 2 it is no briefing that can be checked. Nothing in the page is run.

    Example: monazite verify brief.html
    """
    from monazite.view import verification

    say_unread(data)
    with building_store(no_cache=no_cache) as step:
        verdict = verification.verify(file, data, cache=not no_cache, step=step)
    write_out("".join(f"{sentence}\n" for sentence in verdict.sentences))
    if not verdict.same:
        raise typer.Exit(1)
