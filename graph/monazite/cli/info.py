"""``monazite info``: what the data set holds, how old its sources are, and how much they cover."""

from __future__ import annotations

from typing import Annotated

from monazite.cli.common import (
    FORMATS,
    Output,
    ViewOptions,
    choose_format,
    to_format,
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
    fmt: Annotated[
        str, to_format("table, json, csv, tsv, markdown (md) or turtle (DCAT and VoID).", "turtle")
    ] = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    Example: monazite info --tier 1
    """
    choose_format(fmt, *FORMATS, "turtle")
    found = options.open().info(element)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    else:
        write_result(found, fmt, output, full=full)
