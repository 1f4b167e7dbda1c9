"""``monazite policies``: the acts of a day in a line each."""

from __future__ import annotations

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


@with_view
def policies(
    options: ViewOptions,
    element: AnyElement = None,
    to: Target = None,
    by: Issuer = None,
    since: Since = None,
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
    """
    choose_format(fmt, *FORMATS)
    day = read_today(since)
    write_result(
        options.ask(lambda view: view.policies(element, to=to, by=by, since=day)),
        fmt,
        output,
        full=full,
    )
