"""A chain as it is handed over: one page, SVG, PNG and frame, of its backbone or its network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from monazite.core.files import check_ending, write_whole
from monazite.core.formats import counted
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.parameters import PNG_WIDTHS, SCALES
from monazite.model.network.attributes import about

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.countries_of_chain import Backbone

_NODE = ("title", "kind", "stage", "country", "status", "quantity", "part", "loss", "tier")
_LINK = ("source", "target", "kind", "material", "quantity", "year", "tier")
ENDINGS = (".html", ".svg", ".png")  # What a file may end in, by which it is written


@dataclass(frozen=True, eq=False)
class GraphPage(Result):
    """A chain that is drawn; the same network gives the same bytes.

    Two pages are equal where they show the same, of the same view.

    Attributes:
        network: what is drawn, with the evidence of its rows.
        findings: chokepoints to ring, and to answer with in the first sentence.
        heading: of the page; made from the network's own attributes if None.
        backbone: its countries and flows, to be the picture; the network is the picture if None.
    """

    records_key: ClassVar[str] = "nodes"

    network: nx.MultiDiGraph[Any]
    findings: Chokepoints | None = None
    heading: str | None = None
    backbone: Backbone | None = None

    def __eq__(self, other: object) -> bool:
        """Whether another page shows the same, of the same view."""
        if not isinstance(other, GraphPage):
            return NotImplemented
        return self is other or (self._shown == other._shown and self.html == other.html)

    def __hash__(self) -> int:
        """Return the hash of what is beside the picture: nothing is drawn for it."""
        return hash((self.heading, self.view, self.assumptions, self.notes))

    @property
    def _shown(self) -> tuple[object, ...]:
        return self.title, self.row_keys, self.view, self.assumptions, self.notes

    @property
    def title(self) -> str:
        """The heading of the page."""
        from monazite.report.graph.svg import title_of

        return self.heading or title_of(self.network)

    @cached_property
    def html(self) -> str:
        """The page: one file that asks the network for nothing."""
        if self.backbone is None:
            return self.network_html
        from monazite.report.chain_diagram.page import backbone_html
        from monazite.report.graph.page import view_block

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
        from monazite.report.graph.page import graph_html

        return graph_html(self.network, findings=self.findings, title=self.heading)

    @cached_property
    def svg(self) -> str:
        """The picture as one SVG document, which records the view."""
        from monazite.report.drawing.static_page import record_view

        line = about(self.network).view.get("text", "")
        return record_view(self._svg, str(line)) if line else self._svg

    @cached_property
    def _svg(self) -> str:
        if self.backbone is not None:
            from monazite.report.chain_diagram.svg import backbone_svg

            return backbone_svg(self.backbone)
        from monazite.report.graph.document import graph_svg

        return graph_svg(self.network, self.findings, title=self.heading)

    def png(self, scale: float = 2.0, width: int | None = None) -> bytes:
        """Return the picture as PNG, drawn without a browser, by a scale or a width in pixels."""
        SCALES.check(scale)
        if width is not None:
            PNG_WIDTHS.check(width)
        from monazite.report.drawing.png import to_png

        if self.backbone is None:
            return to_png(self._svg, scale=scale, width=width)
        from monazite.report.chain_diagram.svg import plain_svg

        return to_png(plain_svg(self.backbone), scale=scale, width=width)

    def iframe(self, src: str | None = None) -> str:
        """Return the HTML that embeds the page, by its address or whole."""
        from monazite.report.graph.document import iframe

        held = {"page": self.html} if src is None else {"src": src}
        return iframe(self.title, self._size, **held)

    @property
    def _size(self) -> tuple[float, float]:
        if self.backbone is not None:
            from monazite.report.chain_diagram.cards import cards_of
            from monazite.report.chain_diagram.layout import lay_out

            placed = lay_out(cards_of(self.backbone))
            return placed.width, placed.height
        from monazite.report.graph.svg import draw

        layout = draw(self.network, self.findings).layout
        return layout.width, layout.height

    def write(self, file: Path | str) -> None:
        """Write page, SVG or PNG, as the file ends; an older file stays until it is whole."""
        place = Path(file)
        check_ending(place, ENDINGS, "page")
        ending = place.suffix.lower()
        content = self.png() if ending == ".png" else (self.svg if ending == ".svg" else self.html)
        write_whole(place, content.encode() if isinstance(content, str) else content)

    @cached_property
    def _details(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        from monazite.report.graph.details import describe_all
        from monazite.report.graph.svg import draw

        picture = draw(self.network, self.findings)
        nodes, links, _, sources = describe_all(self.network, picture, self.findings)
        return nodes, links, sources

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of the rows whose evidence the page brings, ``table/key``, sorted."""
        return tuple(sorted(about(self.network).evidence))

    def content(self) -> dict[str, object]:
        """Return what the page shows: its first sentence, nodes, links and sources."""
        from monazite.report.graph.details import answer

        nodes, links, sources = self._details
        return {
            "title": self.title,
            "answer": answer(self.network, self.findings)
            if self.backbone is None
            else self.backbone.headline,
            "nodes": [{name: node[name] for name in _NODE} for node in nodes],
            "links": [{name: link[name] for name in _LINK} for link in links],
            "sources": sources,
        }

    def tables(self) -> list[Table]:
        """Return the nodes and the links."""
        nodes, links, _ = self._details
        return [
            Table(self.title, _NODE, [[_text(node[name]) for name in _NODE] for node in nodes]),
            Table("Links", _LINK, [[_text(link[name]) for name in _LINK] for link in links]),
        ]

    def headline(self) -> str:
        """Return what is drawn, in a few words."""
        drawn = f"{counted(len(self.network), 'node')}, {counted(len(self.row_keys), 'record')}"
        return f"{self.title}: {drawn} of evidence"

    def _repr_html_(self) -> str:
        """Show the page in a frame whose scripts reach nothing of the notebook."""
        return self.iframe()


def _text(value: object) -> str:
    return "" if value is None else str(value)
