"""Show it to others: brief, explore, serve, verify, graph, figure, export and reference."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monazite.cli import common, writing
from monazite.cli.formats import check_terminal, choose_format, option, to_format
from monazite.cli.question_command import with_function
from monazite.core.errors import NotInstalledError, UnknownNameError, UnreadableError
from monazite.core.files import check_ending, check_place
from monazite.core.tables import wrapped_lines
from monazite.data.parameters import PNG_WIDTHS, SCALES, TIMEOUT, TIMEOUTS, WORKERS, shown

if TYPE_CHECKING:
    from monazite.export.formats import ExportFormat
    from monazite.report.brief.verification import Verdict
    from monazite.view.view import View


KINDS = ("html", "pdf", "docx", "pptx", "markdown")
"""In which formats a brief is written."""


@with_function("view.pictures", "brief")
def brief(
    options: common.ViewOptions,
    ask: Callable[[View], Any],
    bom: Path | None,
    fmt: Annotated[
        str, to_format("html, pdf, docx, pptx or markdown (md), of --output.", *KINDS, alone=True)
    ] = "html",
    output: Annotated[
        Path | None, common.to_file("--output -o FILE", "The brief; - is stdout.")
    ] = None,
    pdf: Annotated[Path | None, common.to_file("--pdf FILE", "For print.")] = None,
    docx: Annotated[Path | None, common.to_file("--docx FILE", "To edit.")] = None,
    pptx: Annotated[Path | None, common.to_file("--pptx FILE", "As slides.")] = None,
    markdown: Annotated[
        Path | None, common.to_file("--markdown FILE", "As Markdown; - is stdout.")
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
    of_bill = nullcontext() if bom is None else common.no_names_in_errors()
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
        writing.write_page(contents[kind], place, "brief")


@with_function("view.exports", "export")
def export(
    options: common.ViewOptions,
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
    with writing.ProgressBar(f"Writing {form.name}") as bar:
        content = ask(view, progress=bar)
        if isinstance(content, dict):
            assert output is not None
            writing.write_files(output, dict(sorted(content.items())))
        else:
            writing.write_out(content, output)
    if output is not None and str(output) != "-":
        writing.say(f"{output}: {view.line()}")


def _check_place(form: ExportFormat, place: Path | None) -> None:
    if form.kind == "folder" and place is None:
        raise UnreadableError(f"{form.name} is a folder of files: name it with --output DIR.")
    if form.kind == "folder" and place is not None and place.exists() and not place.is_dir():
        raise UnreadableError(f"{place} is a file; name a folder.")
    if form.kind != "folder" and place is not None:
        check_place(place)
    if form.kind == "binary":
        check_terminal(form.name, place)


_PER_PROCESSOR = 8
"""Workers for each processor, if so many ask: one takes 50 MB, and short work passes long work."""
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
"""As browsers send it: small letters, and no slash at the end."""
_PACKAGES = ("prometheus_client", "starlette", "uvicorn")


@common.with_view
def serve(
    options: common.ViewOptions,
    host: Annotated[str, option("--host ADDRESS", "Where to listen.")] = "127.0.0.1",
    port: Annotated[int, option("--port N", "0 takes a free one.", min=0, max=65535)] = 8000,
    allow_host: Annotated[
        list[str] | None,
        option("--allow-host NAME", "A name by which others reach this server; may be repeated."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        option(
            "--allow-origin ORIGIN",
            "Pages of this origin may read the answers, * is all; may be repeated.",
        ),
    ] = None,
    timeout: Annotated[
        float,
        option("--timeout", "Seconds that a query may take.", min=TIMEOUTS.low, max=TIMEOUTS.high),
    ] = TIMEOUT,
    workers: Annotated[
        int,
        option(
            "--workers",
            "Processes that answer queries. Default: up to eight for each processor.",
            min=WORKERS.low,
            max=WORKERS.high,
        ),
    ] = 0,
    log: Annotated[
        Path | None, common.to_file("--log FILE", "File for a line on each request, not stderr.")
    ] = None,
) -> None:
    """Serve the graph on this machine: SPARQL, questions and findings as JSON, and pages.

    It reads only, and calls no other machine. A query is killed when its time is over. Ctrl-C
    stops it.
    Findings take the options of their commands: /findings/chokepoints?element=Dy&market=USA

    Example: monazite serve --port 8000
    """
    if lacking := [name for name in _PACKAGES if find_spec(name) is None]:
        raise NotInstalledError(
            f"To serve needs the packages {', '.join(lacking)}: pip install 'monazite[serve]'."
        )
    from monazite.server.server import Listening
    from monazite.server.settings import Settings, held_files

    for origin in allow_origin or ():
        _check_origin(origin)
    processors = os.cpu_count() or 1
    asked = Settings(
        ontology=Path(),
        host=host,
        port=port,
        allowed_hosts=tuple(allow_host or ()),
        origins=tuple(allow_origin or ()),
        seconds=timeout,
        workers=workers or _PER_PROCESSOR * processors,
        long_workers=max(2, processors),  # one client has all but one
        log=log,
    )
    _check_host(asked.host, is_local=asked.is_local, has_name=bool(allow_host))
    with common.cache_for_workers(options) as kept:
        if named := os.environ.get("MONAZITE_CACHE"):  # workers stand in another folder
            os.environ["MONAZITE_CACHE"] = str(Path(named).absolute())
        view = kept.open()
        view.open_here()  # the workers open what lies in the cache
        with held_files(view.data) as data:
            settings = replace(asked, ontology=view.ontology, data=data, filters=view.filters)
            said = "Monazite is served at {} (Ctrl-C stops it)."
            listening = Listening(settings, lambda address: writing.say(said.format(address)))
            with writing.without_waiting():
                listening.run()


def _check_host(host: str, *, is_local: bool, has_name: bool) -> None:
    """Warn of a place that others reach."""
    if is_local:
        return
    if not has_name:
        raise UnknownNameError(
            f"Others can reach {host}; say by which name they do, with --allow-host NAME."
        )
    writing.say(
        f"Warning: whoever reaches {host} may ask all that this server knows, your tables too."
    )


def _check_origin(origin: str) -> None:
    """Refuse what no browser sends as the origin of a page."""
    if origin != "*" and _ORIGIN.fullmatch(origin) is None:
        raise UnknownNameError(
            f"{shown(origin)} is not the origin of a page; write it as https://data.example, "
            "without a path, or * for all pages."
        )


@with_function("view.verification", "verify")
def verify(
    ask: Callable[..., Verdict],
    data: Path | None,
    tables: common.Tables = None,
    output: common.Output = None,
    no_cache: common.NoCache = False,
    full: common.Full = False,
) -> None:
    """Say whether a page is the same."""
    common.say_unread(data)
    chosen = common.chosen_tables(tables)
    with common.building_store(data, no_cache=no_cache, ontology=chosen) as step:
        verdict = ask(ontology=chosen, cache=not no_cache, step=step)
    told = "".join(f"{sentence}\n" for sentence in verdict.sentences)
    writing.write_out(told if full else wrapped_lines(told, writing.terminal_width()), output)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


@with_function("view.pictures", "graph")
def graph(
    options: common.ViewOptions,
    ask: Callable[[View], Any],
    file: common.OutputFile = None,
    embed: Annotated[
        bool, option("--embed", "Print the iframe that embeds the page; without FILE, whole.")
    ] = False,
    svg: Annotated[Path | None, common.to_file("--svg FILE", "Write an SVG too.")] = None,
    png: Annotated[Path | None, common.to_file("--png FILE", "Write a PNG too.")] = None,
    scale: Annotated[
        float,
        option("--scale", "Pixels of the PNG to one of the page.", min=SCALES.low, max=SCALES.high),
    ] = 2.0,
    width: Annotated[
        int | None,
        option("--width PX", "Width of the PNG, instead of a scale.", min=PNG_WIDTHS.low),
    ] = None,
    show: Annotated[
        bool, option("--open", "Open the page in the browser of this machine.")
    ] = False,
    output: common.Output = None,
) -> None:
    """Write the page of a chain and its pictures."""
    output = writing.one_place(file, output)
    _check_places(output, embed=embed, show=show, files=[each for each in (svg, png) if each])
    page = ask(options.open())
    form = "" if output is None else output.suffix.lower()
    # The PNG first: where it is refused, nothing is written.
    drawn = page.png(scale, width) if png is not None or form == ".png" else b""
    pictures: dict[str, Callable[[], str | bytes]] = {
        ".svg": lambda: page.svg,
        ".png": lambda: drawn,
    }
    wanted = [("picture", pictures[".svg"], svg), ("picture", pictures[".png"], png)]
    what = "picture" if form in pictures else "graph"
    wanted.append((what, pictures.get(form, lambda: page.html), output))
    for each, draw, place in wanted:
        if place is not None:
            writing.write_page(draw(), place, each)
    if embed:
        writing.write_out(page.iframe(output.name if output is not None else None))
    if show and output is not None:
        import webbrowser

        if not webbrowser.open(output.absolute().as_uri()):
            writing.say(f"No browser could be started; open {output} by hand.")


def _check_places(output: Path | None, *, embed: bool, show: bool, files: list[Path]) -> None:
    to_stdout = [each for each in (output, *files) if str(each) == "-"]
    if output is None and not embed and not files:
        raise UnreadableError("There is nothing to write: name a file, such as graph.html.")
    if len(to_stdout) + embed > 1:
        raise UnreadableError("Only one thing can go to stdout; name files for the rest.")
    if show and (output is None or str(output) == "-"):
        raise UnreadableError("--open needs a page: name a file, such as graph.html.")


@with_function("view.pictures", "figure")
def figure(
    options: common.ViewOptions,
    ask: Callable[[View], Any],
    output: Annotated[
        Path, common.to_file("--output -o FILE", "File to write, .svg or .png; - is stdout, SVG.")
    ],
    dark: Annotated[
        bool, option("--dark", "A PNG for dark pages; an SVG follows the screen.")
    ] = False,
    dpi: Annotated[
        int | None, option("--dpi DPI", "Of a PNG: dots to an inch, 96 to a CSS pixel's.")
    ] = None,
) -> None:
    """Write a figure."""
    ending = ".svg" if str(output) == "-" else output.suffix.lower()
    if str(output) != "-":
        check_ending(output, (".svg", ".png"), "figure")
    if dpi is not None and ending == ".svg":
        raise UnknownNameError("An SVG has no resolution; leave --dpi, or write a .png.")
    if dark and ending == ".svg":
        raise UnknownNameError("An SVG follows the screen; leave --dark, or write a .png.")
    import logging

    from monazite.report.figures.figure import DPI, check_size

    # Where it keeps its cache of fonts is nothing to a reader.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    check_size(None, dpi)
    drawn = ask(options.open())
    writing.write_out(drawn.svg if ending == ".svg" else drawn.png(dpi or DPI, dark=dark), output)
    if str(output) != "-":
        writing.say(f"{drawn.title.rstrip('.')}. The figure is in {output}.")


@with_function("view.pictures", "explore")
def explore(
    options: common.ViewOptions,
    ask: Callable[..., Any],
    file: common.OutputFile = None,
    output: common.Output = None,
) -> None:
    """Write the page of all elements, markets and tiers."""
    place: Path | None = writing.one_place(file, output)
    if place is None:
        raise UnreadableError("There is nothing to write: name a file, such as explorer.html.")
    if str(place) != "-":
        check_ending(place, (".html", ".htm"), "explorer")
    view = options.open()
    with writing.ProgressBar("Drawing all views") as bar:
        html = ask(view, step=bar).html
    writing.write_page(html, place, "explorer")


def reference(file: common.OutputFile = None, output: common.Output = None) -> None:
    """Write the reference of the ontology: one HTML page that works offline.

    Classes, tables and their columns, properties, closed lists, alignments, and a picture.

    Example: monazite reference ontology.html
    """
    from monazite import reference as reference_page

    place = writing.one_place(file, output)
    if place is None:
        raise UnreadableError("There is nothing to write: name a file, such as ontology.html.")
    writing.write_page(reference_page(), place, "reference")
