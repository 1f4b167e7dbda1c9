"""How do I show it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from monazite.asking.question import PLACES, Approval, BaseYear, Element, Failure, Horizon, Market
from monazite.core.results import Result, do_nothing, rows_in
from monazite.data.declared import Param
from monazite.data.parameters import (
    APPROVAL,
    ELEMENT,
    EVENT,
    HOP_COUNTS,
    HOPS,
    HORIZON,
    MARKET,
    SITE_COUNTS,
    SITES,
    check_year,
    events,
    horizons,
)

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.centrality.result import Centrality
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.replacement.result import Replacement
    from monazite.analysis.timeline.result import Timeline
    from monazite.bom.result import Exposure
    from monazite.core.tables import Table
    from monazite.model.balance.result import Balance
    from monazite.model.network.attributes import Network
    from monazite.report.brief.briefing import Briefing
    from monazite.report.drawing.plotting import Drawable
    from monazite.report.explorer.page import ExplorerPage
    from monazite.report.figures.figure import Figure
    from monazite.report.graph.network_page import GraphPage
    from monazite.view.view import View


def balance_svg(view: View, found: Balance) -> str:
    """Draw a balance as a Sankey diagram: an SVG document that records the view.

    Args:
        found: what ``balance`` returned.

    Returns:
        The text of the SVG document.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.balance_svg(view.balance("Dy", year=2024))[:4]
    '<svg'
    """
    from monazite.report.drawing.templates import record_view
    from monazite.report.sankey.balance_picture import balance_picture
    from monazite.report.sankey.page import sankey_svg

    return record_view(sankey_svg(balance_picture(found)), view.line())


def balance_html(view: View, found: Balance, tables: Sequence[Table] | None = None) -> str:
    """Return the page of a balance, one HTML file: its Sankey diagram and its tables.

    Args:
        found: what ``balance`` returned.
        tables: the tables below the diagram; ``found.tables()`` if None.

    Returns:
        The text of the HTML document.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.balance_html(view.balance("Dy", year=2024))[:15]
    '<!doctype html>'
    """
    from monazite.report.sankey.balance_picture import balance_picture
    from monazite.report.sankey.page import sankey_html

    shown = found.tables() if tables is None else tables
    return sankey_html(balance_picture(found), shown, view.line())


def centrality_html(view: View, found: Centrality) -> str:
    """Return the page of a measured graph, one HTML file: nodes sized by the measure, tables.

    Args:
        found: what ``centrality`` returned.

    Returns:
        The text of the HTML document.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.centrality_html(view.centrality("Dy", year=2024))[:15]
    '<!doctype html>'
    """
    from monazite.report.figures.centrality import centrality_html

    return centrality_html(found, view.line())


def graph(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    *,
    around: Annotated[
        str | None, Param("Only what is near this country or site.", metavar="NAME")
    ] = None,
    hops: Annotated[
        int,
        Param(
            "How many links away --around reaches.",
            metavar="N",
            bounds=HOP_COUNTS,
            only=("around", ""),
        ),
    ] = HOPS,
    path: Annotated[
        tuple[str, str] | None,
        Param("Only what is on a route from one to the other.", metavar="FROM TO"),
    ] = None,
    stage: Annotated[
        Iterable[str], Param("Only this stage; may be repeated.", metavar="STAGE")
    ] = (),
    top: Annotated[
        int, Param("How many sites and firms to draw.", metavar="N", bounds=SITE_COUNTS)
    ] = SITES,
    series: Annotated[bool, Param("Add who led each stage in earlier years.")] = False,
    all_links: Annotated[
        bool, Param("Draw all sites and links, not the countries by stage.", option="network")
    ] = False,
    network: Network | None = None,
    findings: Chokepoints | None = None,
    heading: str | None = None,
) -> GraphPage:
    """Draw the chain of an element as one HTML file that works offline.

    Cards are countries at a stage, shaded by what would be lost if each stopped, with the range.
    All sites and links are a click away. --network, or a part (--around, --path, --stage, --top),
    draws them at once. A name that ends in .svg or .png takes the picture alone.

    Example: monazite graph dy.html -e Dy -m USA --png dy.png

    Args:
        network: one that this view has built, or a part of it; its element and market are
            then taken where none are named.
        findings: chokepoints of this element and market, to ring them; they are found if None.
        heading: of the page; made from the network if None.

    Returns:
        The page, which gives itself as HTML, SVG, PNG and as a frame for a notebook.

    Raises:
        UnknownNameError: the element, the market, a name or a stage is not known, a number may
            not be asked for, or network or findings are of another question.
        NotKnownError: no row splits any stage, or nothing is left to draw.

    >>> import monazite
    >>> page = monazite.load().graph("Dy", "USA", stage=["metal", "magnet"])
    >>> page.title, len(page.row_keys) > 20, page.svg.startswith("<svg")
    ('Dysprosium: supply chain to the United States', True, True)
    >>> page.backbone is None, monazite.load().graph("Dy", "USA").backbone.first
    (True, 'separation/CHN')
    """
    from monazite.model.network.attributes import about
    from monazite.model.network.selection import select
    from monazite.report.graph.network_page import GraphPage
    from monazite.view.figure_findings import (
        backbone_of,
        cited_rows,
        with_annotations,
        with_left_out,
        with_report,
    )
    from monazite.view.validation import check_report

    whole = _to_draw(view, element, market, network)
    if findings is not None:
        check_report(view, findings, whole)
    # What may be refused comes before what takes time.
    chosen = select(whole, top=top, around=around, hops=hops, path=path, stages=stage)
    if findings is None:
        asked = about(whole)
        built = whole if network is None else None  # what is given may be a part
        findings = view.chokepoints(asked.element_id, asked.market, network=built)
    shown = with_annotations(view, chosen, series=series)
    with_report(shown, findings, asked=tuple(stage))
    shown.graph["evidence"] = view.evidence(cited_rows(shown, findings))
    report = with_left_out(findings, chosen)
    parted = bool(around or path or stage or series or all_links) or top != SITES
    return GraphPage(
        shown,
        report,
        heading,
        None if parted else backbone_of(view, whole, findings),
        view=view.summary,
        assumptions=report.assumptions,
        notes=report.notes,
    )


def _to_draw(view: View, element: str, market: str, network: Network | None) -> Network:
    """The network that is drawn; a caller's speaks for what nobody names."""
    from monazite.view.validation import check_view, network_of

    if network is None or (element, market) != (ELEMENT, MARKET):
        return network_of(view, Failure(element, market, network=network))
    check_view(view, network)
    return network


def kinds_of_figure() -> tuple[str, ...]:
    """Return the words that name a figure."""
    from monazite.report.figures.figure import KINDS

    return KINDS


def figure(
    view: View,
    kind: Annotated[
        str,
        Param(
            "concentration, hhi, balance, losses, timeline, map, centrality, replacement, "
            "fixes or backtest.",
            metavar="KIND",
            position=True,
            words=kinds_of_figure,
            what="figure",
        ),
    ],
    element: Element = ELEMENT,
    market: Annotated[
        str,
        Param(
            "Country or union; WLD is the world.",
            *("-m", "MARKET"),
            completes=PLACES,
            only=("kind", "losses", "map", "centrality", "replacement", "fixes"),
        ),
    ] = MARKET,
    *,
    year: Annotated[
        int | None,
        Param(
            "Base year of a balance or of losses.",
            *("-y", "YEAR"),
            check=check_year,
            only=(
                *("kind", "concentration", "balance", "losses", "centrality"),
                *("replacement", "fixes"),
            ),
        ),
    ] = None,
    horizon: Annotated[
        str,
        Param(
            "Of losses and fixes: immediate, short-run, medium-run or free.",
            words=horizons,
            only=("kind", "losses", "fixes"),
        ),
    ] = HORIZON,
    event: Annotated[
        str, Param("Of losses: outage, embargo or licence.", words=events, only=("kind", "losses"))
    ] = EVENT,
    by: Annotated[
        str | None,
        Param(
            "Of centrality: betweenness, pagerank ...",
            metavar="MEASURE",
            only=("kind", "centrality"),
        ),
    ] = None,
    flows: Annotated[
        bool, Param("On the map: trade between countries.", only=("kind", "map"))
    ] = False,
    width: Annotated[
        int | float | None, Param("Width of the figure in CSS pixels.", metavar="PIXELS")
    ] = None,
) -> Figure:
    """Draw a figure: shares, HHI, balance, losses, timeline, map, centrality and others.

    The SVG and the PNG come from one drawing, the same bytes each time. Title and alt text are
    written from the data, and stand in the file with the data used.

    Example: monazite figure concentration -e Dy -o concentration.svg

    Returns:
        The figure, which gives itself as SVG, PNG and alternative text.

    Raises:
        UnknownNameError: there is no such kind, element, market, horizon or event, no such
            width, or no such year.
        NotKnownError: no row of the view answers.

    >>> import monazite
    >>> figure = monazite.load().figure("concentration", "Dy")
    >>> figure.svg.startswith("<svg"), figure.png(96)[1:4]
    (True, b'PNG')
    """
    from monazite.report.figures.figure import check_size
    from monazite.view.figure_findings import FIGURES, FigureRequest

    check_size(width, None)
    asked = FigureRequest(view, element, market, year, horizon, event, width, by, flows)
    return _figure(view, kind, *FIGURES[kind](asked))


def replacement_figure(view: View, found: Replacement, *, width: float | None = None) -> Figure:
    """Draw what of a need is covered without a country, at each stage, year by year.

    Args:
        found: what ``replace`` returned.
        width: in pixels of CSS, 600 to 2,400.

    Returns:
        The figure, as :meth:`figure` draws it of the country and year that are usual.

    Raises:
        UnknownNameError: there is no such width.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.replacement_figure(view.replace("Dy", "DEU", by=2028)).kind
    'replacement'
    """
    from monazite.report.figures.figure import WIDTH, check_size
    from monazite.report.figures.losses import replacement_drawing

    check_size(width, None)
    return _figure(view, "replacement", replacement_drawing(found, float(width or WIDTH)), found)


def _figure(view: View, kind: str, picture: Drawable, found: object) -> Figure:
    """A drawing with the line of its sources, its view and its notes."""
    from monazite.report.figures.figure import Figure
    from monazite.view.figure_findings import credited

    behind = found if isinstance(found, Result) else None
    return Figure(
        kind,
        credited(view, picture, rows_in(found)),
        found,
        view=view.summary,
        assumptions=behind.assumptions if behind else (),
        notes=behind.notes if behind else (),
    )


def explore(
    view: View,
    element: Annotated[
        Iterable[str],
        Param(
            "Only this element or group; may be repeated; the first is seen first.",
            *("-e", "ELEMENT"),
            completes=("element",),
        ),
    ] = (),
    market: Annotated[
        Iterable[str],
        Param(
            "Only this country or union; may be repeated; the first is seen first.",
            *("-m", "MARKET"),
            completes=PLACES,
        ),
    ] = (),
    *,
    step: Callable[[float], object] = do_nothing,
) -> ExplorerPage:
    """Draw all elements, markets and tiers of sources as one HTML file that works offline.

    Chain, map, events and the cards of sites, firms and acts, linked; a search over names in
    English and Chinese and over sources; two questions side by side; the rules in force. It takes
    minutes the first time, and is kept. monazite verify checks it.

    Example: monazite explore -e Dy -m USA -m JPN -o explorer.html

    Args:
        step: called with the part of the work that is done, 0 to 1.

    Returns:
        The page, which gives itself as HTML; of all rare earths, and of the markets whose ranges
        are shipped, where none are named.

    Raises:
        UnknownNameError: an element or a market is not known.

    >>> import monazite
    >>> page = monazite.load(tier=1).explore(["Sm"], ["JPN"])
    >>> page, page.html.startswith("<!doctype html>")  # doctest: +ELLIPSIS
    (<ExplorerPage 1 view, ... cards>, True)
    """
    from monazite.report.explorer.page import ExplorerPage
    from monazite.view.explorer_question import ExplorerQuestion, explorer_parts

    question = ExplorerQuestion(view, _several(element), _several(market))
    asked = (question.asked, question.buyers)
    return ExplorerPage(explorer_parts(question, step), asked, view=view.summary)


def brief(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    *,
    horizon: Horizon = HORIZON,
    event: Annotated[
        str, Param("outage, embargo or licence.", metavar="EVENT", words=events)
    ] = EVENT,
    approval: Approval = APPROVAL,
    year: BaseYear = None,
    bom: Annotated[
        Path | str | None, Param("Also parts on this bill of materials.", metavar="BILL")
    ] = None,
    matches: Annotated[
        Path | str | None,
        Param("Of the bill: firms and materials.", metavar="FILE", only=("bom", "")),
    ] = None,
    profile: Annotated[
        Path | str | None,
        Param("Of the company and the product.", metavar="FILE.toml", only=("bom", "")),
    ] = None,
    redact: Annotated[
        bool, Param("Codes in place of all names of the bill.", only=("bom", ""))
    ] = False,
) -> Briefing:
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

    Returns:
        The briefing, which gives itself as HTML, PDF, DOCX, PPTX and Markdown.

    Raises:
        UnknownNameError: the element, the market or a word is not known.
        NotKnownError: no row splits any stage of the element.
        UnreadableError: a file of the bill cannot be read.
        FaultyTablesError: something in such a file is wrong; all faults are told.

    >>> import monazite
    >>> briefing = monazite.load().brief("Sm")
    >>> briefing.brief.question
    'What can stop samarium for the world?'
    """
    from monazite.export.rdf import enclose
    from monazite.report.brief.briefing import Briefing, BriefQuestion
    from monazite.view.figure_findings import write_findings

    question = BriefQuestion(element, market, horizon, event, approval, year)
    own: tuple[Exposure, ...] = ()
    if bom is not None:
        ask = view.exposure
        own = (ask(bom, market, matches=matches, losses=True, redact=redact, profile=profile),)
    written_brief, found, network = write_findings(view, question, *own)
    page = view.graph(network=network, findings=found.report)
    return Briefing(
        question,
        written_brief,
        found,
        page,
        enclose(view, written_brief.rows),
        own[0].asked if own else None,
        view=view.summary,
        assumptions=found.report.assumptions,
        notes=found.report.notes,
    )


def _several(names: Iterable[str]) -> tuple[str, ...]:
    """One name or several."""
    return (names,) if isinstance(names, str) else tuple(names)


def write_graph(
    network: nx.MultiDiGraph[Any],
    path: Path | str,
    *,
    findings: Chokepoints | None = None,
    title: str | None = None,
) -> None:
    """Write a network as its page, with the evidence of its rows: one file, offline.

    The page of a network that a view built is that of :meth:`View.graph` and of ``monazite graph``:
    its chokepoints are ringed and its rows have their sources. A network that no view has built
    has neither.

    Args:
        network: the network of one element, as ``View.network`` makes it.
        path: the file to write, ``.html``, or ``.svg`` or ``.png`` for the picture alone; its
            folder must exist.
        findings: chokepoints to ring, and to answer with in the first sentence; those of the
            view that built the network if None.
        title: the page's heading; made from the network's own attributes otherwise.

    Raises:
        UnknownNameError: it is no network of an element, the findings are of another than the
            network of a view, or the file ends in something else.
        UnreadableError: the file cannot be written.

    >>> import tempfile
    >>> import monazite
    >>> network = monazite.load().network("Sm")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder) / "sm.svg"
    ...     monazite.graph(network, page)
    ...     page.read_text(encoding="utf-8")[:4]
    '<svg'
    """
    from monazite.core.files import check_ending
    from monazite.model.network.attributes import check_drawable
    from monazite.report.graph.network_page import ENDINGS, GraphPage

    check_ending(path, ENDINGS, "page")
    check_drawable(network)
    view = getattr(network, "built_by", None)
    if view is None:
        page = GraphPage(network, findings, title)
    else:
        page = view.graph(network=network, findings=findings, heading=title)
    page.write(path)


def timeline_svg(view: View, found: Timeline) -> str:
    """Draw a timeline on an even scale of years: an SVG document that records the view.

    Args:
        found: what ``timeline`` returned.

    Returns:
        The text of the SVG document.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.timeline_svg(view.timeline("Bukit Merah"))[:4]
    '<svg'
    """
    from monazite.report.drawing.templates import record_view
    from monazite.report.timeline import timeline_svg

    return record_view(timeline_svg(found), view.line())


def timeline_html(view: View, found: Timeline) -> str:
    """Return the page of a timeline, one HTML file: its picture and every line with sources.

    Args:
        found: what ``timeline`` returned.

    Returns:
        The text of the HTML document.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.timeline_html(view.timeline("Bukit Merah"))[:15]
    '<!doctype html>'
    """
    from monazite.report.timeline import timeline_html

    return timeline_html(found, view.line())
