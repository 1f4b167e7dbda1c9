"""``monazite info``: what the data set holds, how old its sources are, and how much they cover."""

from __future__ import annotations

from monazite.cli.common import (
    FORMATS,
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_out,
    write_result,
)
from monazite.cli.options import Element, Full
from monazite.parameters import ELEMENT


@with_view
def info(
    options: ViewOptions,
    element: Element = ELEMENT,
    fmt: Format = "table",
    full: Full = False,
) -> None:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    Formats are table, json, csv, markdown and turtle (DCAT and VoID).

    Example: monazite info --tier 1
    """
    choose_format(fmt, *FORMATS, "turtle")
    found = options.open().info(element)
    if fmt == "turtle":
        write_out(found.to_turtle())
    else:
        write_result(found, fmt, full=full)
