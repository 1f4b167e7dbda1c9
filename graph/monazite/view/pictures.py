"""How do I show it? Graph, figure, brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import APPROVAL, ELEMENT, EVENT, HORIZON, MARKET, Contingency
from monazite.view.certainty import CertaintyQuestions

if TYPE_CHECKING:
    from monazite.findings.brief.document import Brief
    from monazite.pages.figures.draw import Figure


class PictureQuestions(CertaintyQuestions):
    """How do I show it?"""

    def figure(
        self,
        kind: str,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        year: int | None = None,
        horizon: str = HORIZON,
        event: str = EVENT,
        width: float | None = None,
    ) -> Figure:
        """Draw a figure for a document, as SVG and PNG.

        Args:
            kind: concentration, hhi, balance, losses, timeline or map.
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            year: base year of losses and balance; the last one with trade rows if None.
            horizon: of the losses.
            event: of the losses.
            width: in pixels of CSS, 600 to 2,400.
        """
        from monazite.pages.figures.draw import draw_figure

        return draw_figure(
            self, kind, element, market, year=year, horizon=horizon, event=event, width=width
        )

    def brief(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        horizon: str = HORIZON,
        event: str = EVENT,
        approval: float = APPROVAL,
        year: int | None = None,
    ) -> Brief:
        """Write a briefing: its sentences, tables and numbered sources, without its pages.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
        """
        from monazite.findings.brief.brief import find_brief

        network = self.network(element, market)
        facts = self._facts(element)
        return find_brief(
            network, facts, self.schema, Contingency(event, horizon, approval), year=year
        )
