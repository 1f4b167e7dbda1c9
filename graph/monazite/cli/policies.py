"""``monazite policies``: the acts of a day in a line each."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    read_today,
    with_view,
    write_result,
)
from monazite.cli.options import AnyElement, Full, Issuer, Since, Target
from monazite.errors import UnknownNameError


@with_view
def policies(
    options: ViewOptions,
    element: AnyElement = None,
    to: Target = None,
    by: Issuer = None,
    since: Since = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="The conditions by which an item comes under acts.")
    ] = False,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """List acts: in force or not, since when, what they cover, at whom, who says so.

    May be in force means that the records leave it open; the column why says how. Without --valid
    it is asked of the release day. To see whether it was so in May, name a day of May and compare.

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-11-24

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-05-31

    Example: monazite policies --to JPN --since 2026-01-01

    Example: monazite policies --rules --by CHN -e Dy
    """
    choose_format(fmt, *FORMATS)
    if rules:
        _check_alone(to=to, since=since)
        found = options.ask(lambda view: view.rules(element, by=by))
        write_result(found, fmt, output, full=full)
        return
    day = read_today(since)
    write_result(
        options.ask(lambda view: view.policies(element, to=to, by=by, since=day)),
        fmt,
        output,
        full=full,
    )


def _check_alone(**given: str | None) -> None:
    """Refuse options that choose acts and not conditions."""
    named = [f"--{name}" for name, value in given.items() if value is not None]
    if named:
        raise UnknownNameError(f"--rules prints conditions: leave {' and '.join(named)}.")
