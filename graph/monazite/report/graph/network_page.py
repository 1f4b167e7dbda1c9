"""A chain as it is handed over: one page, SVG, PNG and frame, of its backbone or its network."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx

from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.countries_of_chain import Backbone
from monazite.core.columns import bare
from monazite.core.files import check_ending, write_whole
from monazite.core.formats import counted, visible
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.parameters import PNG_WIDTHS, SCALES
from monazite.model.network.attributes import about
from monazite.report.chain_diagram.cards import cards_of
from monazite.report.chain_diagram.layout import BackboneLayout, lay_out
from monazite.report.chain_diagram.page import backbone_html
from monazite.report.chain_diagram.svg import backbone_svg
from monazite.report.drawing.frame import to_png
from monazite.report.drawing.palette import CUT_DASH, CUT_REACH, CUT_WORDS, KINDS, LIGHT, LINES
from monazite.report.drawing.templates import TEMPLATES, page_frame, record_view, template
from monazite.report.graph import details
from monazite.report.graph.cards import Card, legend_mark
from monazite.report.graph.layout import Arc, Layout, arrow_size
from monazite.report.graph.svg import (
    MARKS,
    NetworkPicture,
    answer,
    draw,
    graph_svg,
    in_drawing_order,
    picture_css,
    state_legend,
    svg,
    title_of,
)
from monazite.report.graph.svg import iframe as embedding

_SCRIPTS = tuple(  # The parts of one function, in its order
    f"graph_{part}.js" for part in ("figures", "cards", "folds", "canvas", "panel", "controls")
)
MAX_SCALE = 1.25  # A picture of few cards is drawn no larger than this, however wide the page


def graph_html(
    network: nx.MultiDiGraph[Any], *, findings: Chokepoints | None = None, title: str | None = None
) -> str:
    """The network's page as text; the same network gives the same bytes."""
    picture = draw(network, findings)
    heading = visible(title) or title_of(network)
    nodes, arcs, facts, sources = details.describe_all(network, picture, findings)
    widest = f":root{{--widest:{MAX_SCALE * picture.layout.width:g}px}}\n"
    scripts = {"vis": _vis_network(), "app": "\n".join(map(template, _SCRIPTS))}
    figures = details.stage_figures(network)
    kinds = {card.kind.code for card in picture.all_cards}
    lines = {arc.line for arc in (*picture.arcs, *picture.hidden)}
    labels = {str(code): visible(label) for code, label in about(network).stages}
    page = {
        "title": heading,
        "answer": answer(network, findings),
        "notes": [visible(note) for note in findings.notes] if findings else [],
        "svg": svg(picture, heading),
        **scripts,
        **page_frame("graph.css", drawing=picture_css() + widest, scripts=scripts.values()),
        "columns": [asdict(column) for column in picture.layout.columns],
        "size": {"width": picture.layout.width, "height": picture.layout.height},
        "ringed": any(card.ring for card in picture.all_cards),
        "folded": sum(len(behind) for behind in picture.behind.values()),
        "kinds": [
            {"code": kind.code, "words": kind.words, "mark": legend_mark(kind)}
            for kind in KINDS
            if kind.code in kinds
        ],
        "states": state_legend(picture),
        "lines": [line for line in LINES if line in lines],
        "cuts": any(arc.cut for arc in picture.arcs),
        "marks": MARKS if any(card.figure for card in picture.all_cards) else "",
        "cut_words": CUT_WORDS,
        "ties": {"dash": CUT_DASH, "reach": CUT_REACH},
        "countries": _choices(node["country"] for node in nodes),
        "elements": _choices(name for arc in arcs for name in arc["elements"]),
        "materials": _choices(arc["material"] for arc in arcs if not arc["joined"]),
        "statuses": _choices(node["status"] for node in nodes),
        "stages": [details.stage_line(each) for each in figures],
        "reconciled": details.reconciled_lines(findings.stages, labels) if findings else [],
        "figures": [asdict(each) for each in figures],
        "tiers": sorted({entry["tier"] for entry in (*nodes, *arcs)}),
        "earlier": details.earlier_lines(network),
        "behind": _behind_block(picture),
        "nodes": nodes,
        "arcs": arcs,
        "facts": facts,
        "sources": sources,
        "details": details.slim((*nodes, *arcs)),
        "view": view_block(network, findings),
    }
    return _render(picture, page)


def _choices(texts: Iterable[str]) -> list[str]:
    """What a filter offers: nothing where there is no choice."""
    found = sorted({text for text in texts if text})
    return found if len(found) > 1 else []


def _behind_block(picture: NetworkPicture) -> dict[str, Any]:
    ids = {card.node: card.id for card in picture.all_cards}
    return {
        "nodes": {
            ids[head]: [
                _without(_node_options(card), "color", "x", "y", id=card.id) for card in behind
            ]
            for head, behind in picture.behind.items()
        },
        "edges": [
            {"from": ids[arc.source], "to": ids[arc.target]}
            | _without(_edge_options(arc), "color", "way")
            for arc in picture.hidden
        ],
    }


def view_block(network: nx.MultiDiGraph[Any], findings: Chokepoints | None) -> dict[str, object]:
    """The view as the page records it: its line to be read, the rest to repeat it."""
    view = about(network).view or (
        {} if findings is None or findings.view is None else dict(findings.view.record)
    )
    return {
        visible(name): visible(value) if isinstance(value, str) else value
        for name, value in view.items()
    }


def _without(options: dict[str, Any], *names: str, **more: str) -> dict[str, Any]:
    """Options of what vis-network does not hold yet: without what the script gives to all."""
    left_out = {*names, "shape", "fixed", "physics", "hidden"}
    return more | {name: value for name, value in options.items() if value and name not in left_out}


def _render(picture: NetworkPicture, page: dict[str, Any]) -> str:
    drawing = _pyvis().network.Network(directed=True, cdn_resources="in_line")
    for card in picture.cards:
        drawing.add_node(card.id, **_node_options(card))
    ids = {card.node: card.id for card in picture.cards}
    for arc in in_drawing_order(picture.arcs):
        drawing.add_edge(ids[arc.source], ids[arc.target], **_edge_options(arc))
    drawing.set_template_dir(str(TEMPLATES), "graph.html")
    # pyvis makes its Jinja environment without escaping and offers no other way to pass values.
    drawing.templateEnv.autoescape = True
    drawing.templateEnv.globals["page"] = page
    return str(drawing.generate_html(notebook=False))


def _pyvis() -> Any:  # noqa: ANN401 - pyvis has no types
    with warnings.catch_warnings():
        # Importing pyvis imports IPython, whose own deprecations are not the reader's business.
        warnings.simplefilter("ignore", DeprecationWarning)
        import pyvis.network  # type: ignore[import-untyped] # it ships no types
    return pyvis


def _node_options(card: Card) -> dict[str, Any]:
    return {
        "label": card.name,
        "title": card.full_name[:300],
        "shape": "custom",
        "color": LIGHT[card.kind.code],
        "x": card.place.x,
        "y": card.place.y,
        "fixed": True,
        "physics": False,
        "kind": card.kind.code,
        "stage": card.stage,
        "wide": card.place.width,
        "high": card.place.height,
        "aside": card.aside,
        "line": card.line,
        "mark": card.mark,
        "dashed": card.kind.dashed,
        "ring": card.ring,
        "behind": card.behind,
        "letters": card.size,
        "wraps": card.wraps,
        "struck": card.is_struck,
    }


def _edge_options(arc: Arc) -> dict[str, Any]:
    """An edge that vis-network holds and does not draw: its course is ``way`` (see ``arcs``)."""
    return {
        "id": arc.id,
        "kind": arc.line.code,
        "width": arc.width,
        "opacity": arc.line.opacity,
        "dashes": list(arc.line.dash) or False,
        "physics": False,
        "hidden": True,
        "way": arc.path,
        "tip": list(arc.tip or ()),
        "head": arrow_size(arc.width) if arc.line.arrow else 0,
        "cut": arc.cut,
        "joined": bool(arc.cells.joined),
    }


@cache
def _vis_network() -> str:
    """The vis-network script of pyvis, as HTML parsers read it, without source map."""
    home = Path(_pyvis().__file__).parent
    found = home.glob("templates/lib/vis-*/vis-network.min.js")
    newest = max(found, key=lambda x: [*map(int, x.parent.name.removeprefix("vis-").split("."))])
    text = newest.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n")
    kept = [line for line in text.split("\n") if not line.startswith("//# sourceMappingURL")]
    return "\n".join(kept).replace("</script", "<\\/script").replace("<!--", "<\\!--")


ENDINGS = (".html", ".svg", ".png")  # What a file may end in, by which it is written


class PageNode(NamedTuple):
    """A site, a country at a stage or a market, as a page tells it."""

    title: str
    kind: str  #: what it is, in words
    stage: str  #: of the chain, in words; empty for none
    country: str  #: its name; empty for none
    status: str  #: whether it works; empty for none
    quantity: str  #: with its unit, as the page prints it
    part: float | None  #: its part of the stage, 0 to 1; None where it has none
    loss: str  #: what the market loses without it, in words
    tier: int  #: worst tier of its sources, 1 to 5


class PageLink(NamedTuple):
    """Who sells what to whom, as a page tells it."""

    source: str  #: name of the seller
    target: str  #: name of the buyer
    kind: str  #: what it is, in words
    material: str  #: what is sold
    quantity: str  #: with its unit, as the page prints it
    year: str  #: of the quantity; empty for none
    tier: int  #: worst tier of its sources, 1 to 5


class PageSource(NamedTuple):
    """A source, as a page cites it."""

    number: int  #: by which it is cited
    publisher: str  #: who says it
    title: str  #: of the source
    published: str  #: the day, as printed
    tier: str  #: in words
    url: str | None  #: address to open; None for none that is safe
    address: str  #: as printed


class GraphPage(Result, eq=False):
    """A chain that is drawn; the same network gives the same bytes.

    Two pages are equal where they show the same, of the same view.
    """

    records_key = "nodes"
    _json = "title answer=_answer nodes=_nodes links=_links sources=_sources"

    network: nx.MultiDiGraph[Any]  #: what is drawn, with the evidence of its rows
    #: chokepoints to ring, and to answer with in the first sentence
    findings: Chokepoints | None = None
    heading: str | None = None  #: of the page; made from the network's own attributes if None
    #: its countries and flows, to be the picture; the network is the picture if None
    backbone: Backbone | None = None

    def __eq__(self, other: object) -> bool:
        """Whether another page shows the same, of the same view."""
        if not isinstance(other, GraphPage):
            return NotImplemented
        of_view = attrgetter("title", "row_keys", "view", "assumptions", "notes")
        return self is other or (of_view(self) == of_view(other) and self.html == other.html)

    def __hash__(self) -> int:
        """Return the hash of what is beside the picture: nothing is drawn for it."""
        return hash((self.heading, self.view, self.assumptions, self.notes))

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.heading or title_of(self.network)

    @cached_property
    def html(self) -> str:
        """The page: one file that asks the network for nothing."""
        if self.backbone is None:
            return self.network_html
        return backbone_html(
            self.backbone,
            evidence=about(self.network).evidence,
            view=view_block(self.network, self.findings),
            network=self.network_html,
            title=self.heading,
        )

    @cached_property
    def network_html(self) -> str:
        """The page of all sites and links, within the page where the backbone is its picture."""
        return graph_html(self.network, findings=self.findings, title=self.heading)

    @cached_property
    def svg(self) -> str:
        """The picture as one SVG document, which records the view."""
        line = about(self.network).view.get("text", "")
        return record_view(self._svg, str(line)) if line else self._svg

    @cached_property
    def _svg(self) -> str:
        if self.backbone is not None:
            return backbone_svg(self.backbone)
        return graph_svg(self.network, self.findings, title=self.heading)

    def png(self, scale: float = 2.0, width: int | None = None) -> bytes:
        """Return the picture as PNG, drawn without a browser, by a scale or a width in pixels."""
        SCALES.check(scale)
        if width is not None:
            PNG_WIDTHS.check(width)
        if self.backbone is None:
            return to_png(self._svg, scale=scale, width=width)
        return to_png(backbone_svg(self.backbone, dark=False), scale=scale, width=width)

    def iframe(self, src: str | None = None) -> str:
        """Return the HTML that embeds the page, by its address or whole."""
        placed: BackboneLayout | Layout = (
            draw(self.network, self.findings).layout
            if self.backbone is None
            else lay_out(cards_of(self.backbone))
        )
        held = {"page": self.html} if src is None else {"src": src}
        return embedding(self.title, (placed.width, placed.height), **held)

    def write(self, file: Path | str) -> None:
        """Write page, SVG or PNG, as the file ends; an older file stays until it is whole."""
        place = Path(file)
        check_ending(place, ENDINGS, "page")
        ending = place.suffix.lower()
        content = self.png() if ending == ".png" else (self.svg if ending == ".svg" else self.html)
        write_whole(place, content.encode() if isinstance(content, str) else content)

    @property
    def _answer(self) -> str:
        """The first sentence; empty without chokepoints."""
        if self.backbone is not None:
            return self.backbone.headline
        return answer(self.network, self.findings)

    @cached_property
    def _details(self) -> tuple[list[dict[str, Any]], ...]:
        return details.describe_all(self.network, draw(self.network, self.findings), self.findings)

    @property
    def _nodes(self) -> tuple[PageNode, ...]:
        """Sites, countries at a stage and markets, as the page tells them."""
        return tuple(PageNode(*(x[name] for name in PageNode._fields)) for x in self._details[0])

    @property
    def _links(self) -> tuple[PageLink, ...]:
        """Who sells what to whom."""
        return tuple(PageLink(*(x[name] for name in PageLink._fields)) for x in self._details[1])

    @property
    def _sources(self) -> tuple[PageSource, ...]:
        """Numbered, as the page cites them."""
        return tuple(PageSource(**each) for each in self._details[3])

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of the rows whose evidence the page brings, ``table/key``, sorted."""
        return tuple(sorted(about(self.network).evidence))

    def tables(self) -> list[Table]:
        """Return the nodes and the links."""
        return [
            Table(heading, kind._fields, [[*map(bare, line)] for line in lines])
            for heading, kind, lines in (
                (self.title, PageNode, self._nodes),
                ("Links", PageLink, self._links),
            )
        ]

    def headline(self) -> str:
        """Return what is drawn, in a few words."""
        drawn = f"{counted(len(self.network), 'node')}, {counted(len(self.row_keys), 'record')}"
        return f"{self.title}: {drawn} of evidence"

    def _repr_html_(self) -> str:
        """Show the page in a frame whose scripts reach nothing of the notebook."""
        return self.iframe()
