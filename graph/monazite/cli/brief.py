"""``monazite brief``: a briefing that a ministry can open, print, cite and check."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

from monazite.cli.common import (
    APPROVAL_PERCENT,
    Approval,
    BaseYear,
    Element,
    Horizon,
    Market,
    ViewOptions,
    event_option,
    no_names_in_errors,
    to_file,
    with_view,
)
from monazite.cli.formats import choose_format, option, to_format
from monazite.cli.writing import write_page
from monazite.core.errors import UnknownNameError
from monazite.data.parameters import ELEMENT, EVENT, HORIZON, MARKET, Contingency

KINDS = ("html", "pdf", "docx", "pptx", "markdown")
"""In which formats a brief is written."""


@with_view
def brief(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    horizon: Horizon = HORIZON,
    event: Annotated[str, event_option("outage, embargo or licence.")] = EVENT,
    approval: Approval = APPROVAL_PERCENT,
    year: BaseYear = None,
    bom: Annotated[
        Path | None, option("--bom BILL", "Also parts on this bill of materials.")
    ] = None,
    matches: Annotated[
        Path | None, option("--matches FILE", "Of the bill: firms and materials.")
    ] = None,
    profile: Annotated[
        Path | None, option("--profile FILE.toml", "Of the company and the product.")
    ] = None,
    redact: Annotated[bool, option("--redact", "Codes in place of all names of the bill.")] = False,
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
    """Write a briefing: what stops, why, how sure, what would fix it and what is due, with sources.

    The first page answers, the rest stands behind it. The HTML page is one file that works
    offline. PDF, DOCX and PPTX need the extra: pip install 'monazite[brief]'. All but Markdown
    carry the records they rest on, and can be checked with monazite verify.

    Name the format of --output with -f, or a file for each: --pdf, --docx, --pptx, --markdown.

    --bom adds parts on a bill of materials: what stops first, rules on the day, what to ask. The
    bill is not in the file: whoever verifies it needs the bill too.

    --sign puts into the page of --output who issued it; other formats cannot be signed. It needs
    pip install 'monazite[sign]' and a key: openssl genpkey -algorithm ed25519 -out KEY.pem, and
    openssl pkey -in KEY.pem -pubout -out KEY.pub for all who verify.

    Example: monazite brief -e Dy -m USA -o brief.html
    """
    from monazite.core.signatures import read_signing_key
    from monazite.report.brief.briefing import check_engines
    from monazite.report.brief.house_style import HouseStyle, read_house

    asked = Contingency(event=event, horizon=horizon, approval=approval / 100)
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
    if bom is None and (redact or matches or profile):
        raise UnknownNameError(
            "--matches, --profile and --redact are of a bill of materials: name it with --bom."
        )
    check_engines(files)
    if sign is not None:
        read_signing_key(sign)  # refused before any work is done
    house = read_house(template) if template else HouseStyle()
    of_bill = nullcontext() if bom is None else no_names_in_errors()
    with of_bill:
        found = options.open().brief(
            element,
            market,
            horizon=asked.horizon,
            event=asked.event,
            approval=asked.approval,
            year=year,
            bom=bom,
            matches=matches,
            profile=profile,
            redact=redact,
        )
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
