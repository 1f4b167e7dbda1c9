"""``monazite brief``: a briefing that a ministry can open, print, cite and check."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from monazite.cli.common import ViewOptions, no_names_in_errors, to_file
from monazite.cli.formats import choose_format, option, to_format
from monazite.cli.question_command import with_method
from monazite.cli.writing import write_page
from monazite.core.errors import UnknownNameError

if TYPE_CHECKING:
    from monazite.view.view import View

KINDS = ("html", "pdf", "docx", "pptx", "markdown")
"""In which formats a brief is written."""


@with_method("pictures", "brief")
def brief(
    options: ViewOptions,
    ask: Callable[[View], Any],
    bom: Path | None,
    fmt: Annotated[
        str, to_format("html, pdf, docx, pptx or markdown (md), of --output.", *KINDS, alone=True)
    ] = "html",
    output: Annotated[Path | None, to_file("--output -o FILE", "The brief; - is stdout.")] = None,
    pdf: Annotated[Path | None, to_file("--pdf FILE", "For print.")] = None,
    docx: Annotated[Path | None, to_file("--docx FILE", "To edit.")] = None,
    pptx: Annotated[Path | None, to_file("--pptx FILE", "As slides.")] = None,
    markdown: Annotated[
        Path | None, to_file("--markdown FILE", "As Markdown; - is stdout.")
    ] = None,
    template: Annotated[
        Path | None, option("--template DIR", "House style: templates, style, logo.")
    ] = None,
    sign: Annotated[Path | None, option("--sign KEY.pem", "Sign the page: Ed25519 as PEM.")] = None,
) -> None:
    """Write a briefing in some formats."""
    from monazite.core.signatures import read_signing_key
    from monazite.report.brief.briefing import check_engines
    from monazite.report.brief.house_style import HouseStyle, read_house

    wanted = {"html": None, "pdf": pdf, "docx": docx, "pptx": pptx, "markdown": markdown}
    kind = choose_format(fmt, *KINDS)
    if output is not None and wanted[kind] is not None:
        raise UnknownNameError(f"Two places are named, {output} and {wanted[kind]}; name one.")
    wanted[kind] = output or wanted[kind]
    files = {kind: place for kind, place in wanted.items() if place is not None}
    if not files:
        raise UnknownNameError(
            "Name a file to write: --output brief.html, --pdf, --docx, --pptx or --markdown."
        )
    if sign is not None and "html" not in files:
        raise UnknownNameError(
            "--sign signs the page of --output, which is not asked for; the other formats "
            "cannot be signed."
        )
    check_engines(files)
    if sign is not None:
        read_signing_key(sign)  # refused before any work is done
    house = read_house(template) if template else HouseStyle()
    of_bill = nullcontext() if bom is None else no_names_in_errors()
    with of_bill:
        found = ask(options.open())
    write: dict[str, Callable[[], str | bytes]] = {
        "html": lambda: found.html(house, sign=sign),
        "pdf": lambda: found.pdf(house),
        "docx": lambda: found.docx(house),
        "pptx": lambda: found.pptx(house),
        "markdown": found.markdown,
    }
    # All of them first: where one is refused, nothing is written.
    contents = {kind: write[kind]() for kind in files}
    for kind, place in files.items():
        write_page(contents[kind], place, "brief")
