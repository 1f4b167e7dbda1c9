"""``monazite export``: a view in the formats that other tools read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from monazite.cli.common import ViewOptions
from monazite.cli.formats import option
from monazite.cli.progress import ProgressBar
from monazite.cli.question_command import with_method
from monazite.cli.writing import say, write_files, write_out
from monazite.core.errors import UnreadableError
from monazite.core.files import check_place

if TYPE_CHECKING:
    from monazite.export.formats import ExportFormat


@with_method("exports", "export")
def export(
    options: ViewOptions,
    ask: Callable[..., Any],
    format: str,  # noqa: A002 - as the method has it
    name: str | None,
    element: str | None,
    market: str | None,
    output: Annotated[
        Path | None,
        option("--output -o FILE|DIR|-", "Where to; - is stdout. csv and parquet take a folder."),
    ] = None,
) -> None:
    """Write what is exported."""
    from monazite.view.exports import check_export

    form = check_export(format, name, element=element, market=market)
    _check_place(form, None if str(output) == "-" else output)
    view = options.open()
    with ProgressBar(f"Writing {form.name}") as bar:
        content = ask(view, progress=bar)
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
