"""What can stop us? Chokepoints, cuts, concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import APPROVAL, ELEMENT, EVENT, HORIZON, MARKET
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.flow_model.study import Question
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.routes.cuts import Cuts
    from monazite.network.facts import Facts
    from monazite.network.graph import Network


class ChokepointQuestions(FilteredRows):
    """What can stop us?"""

    def chokepoints(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        horizon: str = HORIZON,
        event: str = EVENT,
        approval: float = APPROVAL,
        year: int | None = None,
        top: int | None = None,
        network: Network | None = None,
    ) -> Chokepoints:
        """Rank what a market cannot do without.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
            top: how many to return; all if None.
            network: of this element and market, if it was built before.

        >>> import monazite
        >>> found = monazite.load().chokepoints("Dy", top=1)
        >>> found.chokepoints[0].id, found.base.product
        ('separation/CHN', 'magnets with Dy or Tb')
        """
        from monazite.findings.losses.chokepoints import find_chokepoints

        built = self.network(element, market) if network is None else network
        facts, question = self._question(built, element, horizon, event, approval)
        return find_chokepoints(built, facts, question, year=year, top=top)

    def cuts(
        self, element: str = ELEMENT, market: str = MARKET, *, k: int = 2, left: float = 0.1
    ) -> Cuts:
        """Find the sets of countries at stages, and of known sites, that cut a market off.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            k: how many things a set may have at most.
            left: the part of the base, 0 to 1, that may still arrive.
        """
        from monazite.findings.routes.cuts import find_cuts

        return find_cuts(self.network(element, market), k=k, left=left)

    def _question(
        self, network: Network, element: str, horizon: str, event: str, approval: float
    ) -> tuple[Facts, Question]:
        """The facts about an element, and what is asked of its network."""
        from monazite.findings.flow_model.study import Question
        from monazite.network.attributes import about
        from monazite.network.facts import read_facts

        facts = read_facts(self.store, element, self.valid)
        return facts, Question(about(network).market, horizon, event, approval)
