"""How do I show it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.asking.parameters import Failure
from monazite.core.results import Result, do_nothing, rows_in
from monazite.data.parameters import (
    APPROVAL,
    ELEMENT,
    EVENT,
    HOPS,
    HORIZON,
    MARKET,
    SITES,
    Contingency,
    check_year,
)
from monazite.view.validation import check_report, check_view, network_of

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.centrality.result import Centrality
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.replacement.result import Replacement
    from monazite.bom.result import Exposure
    from monazite.model.network.attributes import Network
    from monazite.report.brief.briefing import Briefing
    from monazite.report.explorer.explorer_page import ExplorerPage
    from monazite.report.figures.figure import Drawable, Figure
    from monazite.report.graph.network_page import GraphPage
    from monazite.view.view import View


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
    from monazite.report.centrality_page import centrality_html

    return centrality_html(found, view.line())


def graph(
    view: View,
    element: str = ELEMENT,
    market: str = MARKET,
    *,
    around: str | None = None,
    hops: int = HOPS,
    path: Sequence[str] | None = None,
    stage: Sequence[str] = (),
    top: int = SITES,
    series: bool = False,
    all_links: bool = False,
    network: Network | None = None,
    findings: Chokepoints | None = None,
    heading: str | None = None,
) -> GraphPage:
    """Draw a chain with the evidence of its rows: a page, an SVG, a PNG, a frame.

    The picture is the backbone: about ten cards, country at stage, with what is lost if each
    stops. All sites and links are drawn instead where a part is asked for, or earlier years.

    Args:
        element: symbol, name or group.
        market: code or name of a country or aggregate.
        around: only what is near this country, site or firm.
        hops: how many links away ``around`` reaches.
        path: two names: only what lies on a route from the first to the second.
        stage: only what stands at these stages; all if empty.
        top: how many sites and firms to draw.
        series: whether to add who led each stage in earlier years.
        all_links: whether to draw all sites and links instead of the backbone.
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
    from monazite.view.graph_evidence import (
        backbone_of,
        cited_rows,
        with_annotations,
        with_left_out,
        with_report,
    )

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
    with_report(shown, findings, asked=stage)
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
    if network is None or (element, market) != (ELEMENT, MARKET):
        return network_of(view, Failure(element, market, network=network))
    check_view(view, network)
    return network


def figure(
    view: View,
    kind: str,
    element: str = ELEMENT,
    market: str = MARKET,
    *,
    year: int | None = None,
    horizon: str = HORIZON,
    event: str = EVENT,
    width: float | None = None,
    by: str | None = None,
    flows: bool = False,
) -> Figure:
    """Draw a figure for a document, as SVG and PNG.

    Args:
        kind: concentration, hhi, balance, losses, timeline, map, centrality, replacement or
            backtest, which shows the months of 2025 whatever element is named.
        element: symbol, name or group.
        market: code or name of a country or aggregate.
        year: base year of losses and balance; the last one with trade rows if None.
        horizon: of the losses: immediate, short-run, medium-run or free.
        event: of the losses: outage, embargo or licence.
        width: in pixels of CSS, 600 to 2,400; balance and timeline are scaled to it.
        by: of centrality, the measure: betweenness if None.
        flows: of the map: whether to draw trade between countries.

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
    from monazite.report.figures.figure import check_kind, check_size
    from monazite.view.figure_findings import FIGURES, FigureRequest

    check_kind(kind)
    check_size(width, None)
    Contingency(event, horizon)
    check_year(year)
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
    element: Sequence[str] = (),
    market: Sequence[str] = (),
    *,
    step: Callable[[float], object] = do_nothing,
) -> ExplorerPage:
    """Draw all elements, markets and tiers as one page, with a search and cards.

    Each part is kept beside the store: who asks again reads it.

    Args:
        element: symbols, names or groups, the first one is seen first; all rare earths if none.
        market: codes or names of countries or aggregates; if none, those whose ranges are
            shipped.
        step: called with the part of the work that is done, 0 to 1.

    Returns:
        The page, which gives itself as HTML.

    Raises:
        UnknownNameError: an element or a market is not known.

    >>> import monazite
    >>> page = monazite.load(tier=1).explore(["Sm"], ["JPN"])
    >>> page, page.html.startswith("<!doctype html>")  # doctest: +ELLIPSIS
    (<ExplorerPage 1 views, ... cards>, True)
    """
    from monazite.report.explorer.explorer_page import ExplorerPage
    from monazite.view.explorer_question import ExplorerQuestion, explorer_parts

    question = ExplorerQuestion(view, _several(element), _several(market))
    asked = (question.asked, question.buyers)
    return ExplorerPage(explorer_parts(question, step), asked, view=view.summary)


def brief(
    view: View,
    element: str = ELEMENT,
    market: str = MARKET,
    *,
    horizon: str = HORIZON,
    event: str = EVENT,
    approval: float = APPROVAL,
    year: int | None = None,
    bom: Path | str | None = None,
    matches: Path | str | None = None,
    profile: Path | str | None = None,
    redact: bool = False,
) -> Briefing:
    """Write a briefing: what stops, why, how sure, what would fix it, what is due, and sources.

    Args:
        element: symbol, name or group.
        market: code or name of a country or aggregate.
        horizon: immediate, short-run, medium-run or free.
        event: outage, embargo or licence.
        approval: the part that a licence leaves, 0 to 1.
        year: base year; the last one with trade rows if None.
        bom: bill of materials of one's own, on which the brief has parts; none if None.
        matches: what was decided on firms and materials of the bill.
        profile: TOML of what is so of the company and the product.
        redact: whether codes stand in place of the names of the bill.

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
    from monazite.export.evidence_rows import enclose
    from monazite.report.brief.briefing import Briefing, BriefQuestion
    from monazite.view.brief_findings import write_findings

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


def _several(names: Sequence[str]) -> tuple[str, ...]:
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
