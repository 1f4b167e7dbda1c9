"""``monazite export``: a view in the formats that other tools read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.cli.common import ViewOptions, complete_market, with_view
from monazite.cli.formats import argument, complete_element, complete_id, option
from monazite.cli.progress import ProgressBar
from monazite.cli.writing import say, write_files, write_out
from monazite.core.errors import UnreadableError
from monazite.core.files import check_place

if TYPE_CHECKING:
    from monazite.export.formats import ExportFormat


@with_view
def export(
    options: ViewOptions,
    fmt: Annotated[
        str,
        argument(
            "FORMAT",
            "turtle, trig, nquads, canonical, jsonld, rdfxml, rdf12, cube, ftm, csv, xlsx, "
            "sqlite, parquet, graphml or context.",
        ),
    ],
    name: Annotated[
        str | None,
        argument("[ENTITY]", "Only the records that speak of it: id or name.", complete_id()),
    ] = None,
    output: Annotated[
        Path | None,
        option("--output -o FILE|DIR|-", "Where to; - is stdout. csv and parquet take a folder."),
    ] = None,
    element: Annotated[
        str | None, option("--element -e ELEMENT", "Of graphml; as in graph.", complete_element)
    ] = None,
    market: Annotated[
        str | None, option("--market -m MARKET", "Of graphml; as in graph.", complete_market)
    ] = None,
) -> None:
    """Write the rows, or those of one entity, in a format that other tools read.

    Example: monazite export turtle mountain-pass -o mountain-pass.ttl
    """
    from monazite.view.exports import check_export

    form = check_export(fmt, name, element=element, market=market)
    _check_place(form, None if str(output) == "-" else output)
    view = options.open()
    with ProgressBar(f"Writing {form.name}") as bar:
        content = view.export(fmt, name, element=element, market=market, progress=bar)
        if isinstance(content, dict):
            assert output is not None
            write_files(output, dict(sorted(content.items())))
        else:
            write_out(content, output)
    if output is not None and str(output) != "-":
        say(f"{output}: {view.line()}")


def _check_place(form: ExportFormat, place: Path | None) -> None:
    if form.kind == "folder" and place is None:
        raise UnreadableError(f"{form.name} is a folder of files: name it with --output DIR.")
    if form.kind == "folder" and place is not None and place.exists() and not place.is_dir():
        raise UnreadableError(f"{place} is a file; name a folder.")
    if form.kind != "folder" and place is not None:
        check_place(place)
    if form.kind == "binary" and place is None and sys.stdout is not None and sys.stdout.isatty():
        raise UnreadableError(
            f"{form.name} is nothing a terminal can show: name a file with --output, or pipe it."
        )
