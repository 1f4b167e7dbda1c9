"""The pictures of a brief: its chain, its losses and who leads, as SVG for screen and for print."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from monazite.analysis.chokepoints.headline import of_group
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.core.formats import visible
from monazite.model.network.attributes import about
from monazite.report.brief.dates import headline_subject, leads_in_words, listed_losses
from monazite.report.brief.gathered import BriefFindings
from monazite.report.chain_diagram.stack import sheet_svg
from monazite.report.chain_diagram.svg import alt_text, column_svg
from monazite.report.graph.svg import describe, draw, file_css, svg, title_of
from monazite.store.names import named

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.countries_of_chain import Backbone
    from monazite.report.drawing.plotting import Drawing

_HALO = re.compile(
    r"paint-order:stroke;stroke:[^;}]*;stroke-width:[^;}]*(;stroke-linejoin:[^;}]*)?"
)
WIDTH = 760.0  # CSS pixels across a figure
TOP = "top"  # The place of a picture above all parts


@dataclass(frozen=True)
class BriefPicture:
    """A picture of a brief."""

    id: str
    place: str
    caption: str
    alt: str
    svg: str
    plain: str  # for print and for documents: light, without rules for screens
    titled: bool = False

    def address(self, *, dark: bool = True) -> str:
        """The picture as an address that needs no file."""
        held = (self.svg if dark else self.plain).encode()
        return f"data:image/svg+xml;base64,{b64encode(held).decode()}"


def pictures_of(
    found: BriefFindings, network: nx.MultiDiGraph[Any], backbone: Backbone | None = None
) -> tuple[BriefPicture, ...]:
    """Draw the pictures of a brief; one that would be empty is left out."""
    first = _of_network(found.report, network) if backbone is None else _of_backbone(backbone)
    stages = {str(code): visible(label) for code, label in about(network).stages}
    finding = visible(leads_in_words(found, headline_subject(found.report)))
    return first, *_losses(found.report), *_shares(found.report, stages, finding)


def _of_network(report: Chokepoints, network: nx.MultiDiGraph[Any]) -> BriefPicture:
    shown = draw(network, report)
    title = visible(title_of(network))
    return BriefPicture(
        id="network",
        place=TOP,
        caption=title,
        alt=f"{title}. {describe(shown)}",
        svg=svg(shown, title, style=file_css()),
        plain=svg(shown, title, style=_HALO.sub("", file_css(dark=False))),
    )


def _of_backbone(backbone: Backbone) -> BriefPicture:
    report = backbone.report
    title = f"{visible(report.title)} for {named(visible(report.market_label))}: mine to market"
    return BriefPicture(
        id="network",
        place=TOP,
        caption=title,
        alt=f"{title}. {visible(backbone.headline)} {alt_text(backbone)}",
        svg=column_svg(backbone),
        plain=sheet_svg(backbone),
    )


def _losses(report: Chokepoints) -> Iterator[BriefPicture]:
    """The losses of the table beside it, in its order, which is not that of ranks."""
    told = listed_losses(report)
    if any(abs(point.loss or 0) > NEGLIGIBLE_LOSS for point in told):
        from monazite.report.figures.losses import losses_drawing

        lines = tuple(replace(point, rank=None, alone=None) for point in told)
        yield _drawn(
            "losses", losses_drawing(replace(report, chokepoints=lines), WIDTH, len(lines))
        )


def _shares(report: Chokepoints, stages: Mapping[str, str], finding: str) -> Iterator[BriefPicture]:
    own = tuple(stage for stage in report.stages if not of_group(stage))
    if any(stage.share is not None for stage in own):
        from monazite.report.figures.bars import concentration_drawing

        title = visible(report.title)
        yield _drawn("stages", concentration_drawing(own, stages, title, WIDTH, finding=finding))


def _drawn(place: str, drawing: Drawing) -> BriefPicture:
    """A figure of the part whose values it draws; it is the same on screen and on paper."""
    held = drawing.svg()
    return BriefPicture(
        f"figure-{place}", place, drawing.title, drawing.alt, held, held, titled=True
    )
