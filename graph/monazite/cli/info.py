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
from monazite.parameters import CATALOGUES, ELEMENT


@with_view
def info(
    options: ViewOptions,
    element: Element = ELEMENT,
    fmt: Annotated[
        str,
        to_format(
            "table, json, csv, tsv, markdown (md) or turtle (DCAT and VoID); with checksums: "
            "croissant, ro-crate, dcat or dcat-jsonld.",
            *("turtle", *CATALOGUES),
        ),
    ] = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    For catalogues of data: Croissant 1.1, RO-Crate 1.2 and DCAT 3, of the files that monazite
    export csv and export canonical write, each with its size and SHA-256. monazite verify says
    whether this copy is the one that such a file describes.

    Example: monazite info --tier 1
    """
    choose_format(fmt, *FORMATS, "turtle", *CATALOGUES)
    if fmt in CATALOGUES:
        write_out(options.open().catalogue(fmt), output)
        return
    found = options.open().info(element)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    else:
        write_result(found, fmt, output, full=full)
