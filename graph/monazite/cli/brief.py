"""``monazite brief``: a briefing that a ministry can open, print, cite and check."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monazite.cli.chokepoints import BaseYear, Horizon, check_name
from monazite.cli.common import (
    Element,
    Market,
    ViewOptions,
    say,
    to_file,
    with_view,
    write_out,
)
from monazite.errors import UnknownNameError

if TYPE_CHECKING:
    from monazite.findings.brief.document import Brief
    from monazite.findings.brief.gathered import Gathered
    from monazite.network.graph import Network
    from monazite.pages.brief.page import Extras
    from monazite.view import View


@dataclass(frozen=True)
class Words:
    """What is asked, in the reader's own words."""

    element: str
    market: str
    horizon: str
    event: str
    approval: float
    year: int | None


@with_view
def brief(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    horizon: Horizon = "short-run",
    event: Annotated[
        str, typer.Option("--event", metavar="EVENT", help="outage, embargo or licence.")
    ] = "outage",
    approval: Annotated[
        float, typer.Option("--approval", min=0, max=100, help="Percent approved, of a licence.")
    ] = 50,
    year: BaseYear = None,
    output: Annotated[
        Path | None, to_file("--output", "-o", metavar="FILE.html", help="The page; - is stdout.")
    ] = None,
    pdf: Annotated[Path | None, to_file("--pdf", metavar="FILE", help="For print.")] = None,
    docx: Annotated[Path | None, to_file("--docx", metavar="FILE", help="To edit.")] = None,
    pptx: Annotated[Path | None, to_file("--pptx", metavar="FILE", help="As slides.")] = None,
    markdown: Annotated[
        Path | None, to_file("--markdown", metavar="FILE", help="As Markdown; - is stdout.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="DIR", help="House style: templates, style, logo."),
    ] = None,
) -> None:
    """Write a briefing: the answer in three sentences, what it rests on, numbered sources.

    The page is one file that works offline, carries the rows it rests on, and can be checked with
    monazite verify. PDF, DOCX and PPTX need the extra: pip install 'monazite[brief]'.

    Example: monazite brief -e Dy -m USA -o brief.html
    """
    from monazite.findings.chain.base_year import HORIZONS
    from monazite.findings.flow_model.study import EVENTS
    from monazite.pages.brief.house_style import House, read_house

    check_name(horizon, HORIZONS, "horizon")
    check_name(event, EVENTS, "event")
    wanted = {"html": output, "pdf": pdf, "docx": docx, "pptx": pptx, "markdown": markdown}
    files = {kind: place for kind, place in wanted.items() if place is not None}
    if not files:
        raise UnknownNameError(
            "Name a file to write: --output brief.html, --pdf, --docx, --pptx or --markdown."
        )
    makers = {kind: _maker(kind) for kind in files}
    house = read_house(template) if template else House()
    view = options.open()
    words = Words(element, market, horizon, event, approval, year)
    found, network, told = compose(view, words)
    extras = _extras(view, network, found, house, graph="html" in files)
    contents = {kind: make(view, words, told, extras) for kind, make in makers.items()}
    for kind, place in files.items():
        write_out(contents[kind], place)
        if str(place) != "-":
            say(f"The brief is in {place}.")


def compose(view: View, words: Words) -> tuple[Gathered, Network, Brief]:
    """Find what a brief is written from, and put it in words."""
    from monazite.findings.brief.brief import write_brief
    from monazite.findings.brief.gathered import read_found
    from monazite.findings.flow_model.study import Question
    from monazite.network.facts import read_facts

    network = view.network(words.element, words.market)
    facts = read_facts(view.store, words.element, view.valid)
    asked = Question(network.graph["market"], words.horizon, words.event, words.approval / 100)
    found = read_found(network, facts, view.schema, asked, year=words.year)
    return found, network, write_brief(found, command=command_of(view, words), view=view.line())


def command_of(view: View, words: Words) -> str:
    """The words that write a brief again."""
    given = ["monazite", "brief", "-e", words.element, "-m", words.market]
    given += ["--horizon", words.horizon, "--event", words.event]
    given += ["--approval", f"{words.approval:g}"] if words.event == "licence" else []
    given += ["--year", str(words.year)] if words.year else []
    filters = view.filters
    given += ["--valid", filters.valid] if filters.valid else []
    given += ["--known", filters.known] if filters.known else []
    given += ["--tier", str(filters.tier)] if filters.tier else []
    for name in filters.without:
        given += ["--without", name]
    given += ["--data", view.data.name] if view.data else []
    return shlex.join([*given, "-o", "brief.html"])


def _extras(view: View, network: Network, found: Gathered, house: Any, *, graph: bool) -> Extras:  # noqa: ANN401
    from monazite.pages.brief.page import Extras
    from monazite.pages.brief.pictures import pictures_of

    page = view.graph(network=network, findings=found.report)
    return Extras(
        pictures=pictures_of(found, page.network), graph=page.html if graph else "", house=house
    )


_Make = Callable[["View", Words, "Brief", "Extras"], str | bytes]


def _maker(kind: str) -> _Make:
    """What writes a kind of file; an engine that is missing is told before any work is done."""
    if kind == "html":
        return sealed_page
    if kind == "markdown":
        from monazite.pages.brief.markdown import brief_markdown

        return lambda _view, _words, told, _extras: brief_markdown(told)
    if kind == "pdf":
        from monazite.pages.brief.pdf import brief_pdf, find_engine

        find_engine()
        return lambda _view, _words, told, extras: brief_pdf(told, extras)
    if kind == "docx":
        from monazite.pages.brief import docx as brief_docx

        brief_docx.find_engine()
        return lambda _view, _words, told, extras: brief_docx.brief_docx(told, extras)
    from monazite.pages.brief import pptx as brief_pptx

    brief_pptx.find_engine()
    return lambda _view, _words, told, extras: brief_pptx.brief_pptx(told, extras)


def sealed_page(view: View, words: Words, told: Brief, extras: Extras) -> str:
    """The page with the rows it rests on, its record and its seal."""
    from monazite.exchange.enclosed import enclose
    from monazite.pages.brief.page import brief_dict, brief_html
    from monazite.pages.brief.seal import FORMAT, code_hash, seal_page, shown_text
    from monazite.pages.brief.verification import not_shown
    from monazite.shipped import VERSION

    said = brief_dict(told)
    page = brief_html(told, replace(extras, carries=f"{len(told.rows):,} rows"))
    filters, described = view.filters, view.describe()
    record: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "code": code_hash(),
        "tables": described["tables"],
        "release": described["release"],
        "question": vars(words),
        "view": {
            "valid": filters.valid,
            "known": filters.known,
            "tier": filters.tier,
            "without": list(filters.without),
            "data": view.data.name if view.data else None,
        },
        "command": told.command,
        "says": said,
        "left_out": not_shown(said, shown_text(page)),
    }
    return seal_page(page, record, enclose(view, told.rows))
