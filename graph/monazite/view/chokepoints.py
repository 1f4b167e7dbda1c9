"""What can stop us? Chokepoints, cuts, concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import (
    ALL_ELEMENTS,
    APPROVAL,
    CUT_SIZE,
    ELEMENT,
    EVENT,
    FIRST,
    HORIZON,
    LEFT,
    MARKET,
    SINCE,
    check_word,
    horizons,
)
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.flow_model.study import Question
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.responses.fixes import Fixes
    from monazite.findings.routes.cuts import Cuts
    from monazite.findings.shares.by_year import Concentration
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
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        k: int = CUT_SIZE,
        left: float = LEFT,
    ) -> Cuts:
        """Find the sets of countries at stages, and of known sites, that cut a market off.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            k: how many things a set may have at most.
            left: the part of the base, 0 to 1, that may still arrive.

        Returns:
            The sets, and what each country at a stage is to the routes to the market.

        Raises:
            UnknownNameError: the element or market is not known.
            NotKnownError: no row splits any stage of the element.

        >>> import monazite
        >>> monazite.load().cuts("Dy", k=1)
        <Cuts Dy for WLD: 2 sets of up to 1 that leave at most 10 %>
        """
        from monazite.findings.routes.cuts import find_cuts

        found = find_cuts(self.network(element, market), k=k, left=left)
        return self._seen(found)

    def fixes(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        what: str = FIRST,
        horizon: str = HORIZON,
        year: int | None = None,
    ) -> Fixes:
        """Find what capacity, and where, brings back what an outage takes from a market.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            what: id or name of what fails, separation/CHN; first is what costs most.
            horizon: immediate, short-run, medium-run or free.
            year: base year; the last one with trade rows if None.

        Returns:
            Curves of the loss, 0 to 1, over tonnes added, cheapest first.

        Raises:
            UnknownNameError: a name or a horizon is not known, or nothing named so may fail.
            NotKnownError: no chain of the base year can be worked out.

        >>> import monazite
        >>> found = monazite.load().fixes("Dy", what="mine/MMR")
        >>> found.label, found.fixes[0].stage
        ('Myanmar at mine', 'mine')
        """
        from monazite.findings.responses.fixes import find_fixes

        check_word(horizon, horizons(), "horizon")
        network = self.network(element, market)
        facts, question = self._question(network, element, horizon, EVENT, APPROVAL)
        return self._seen(find_fixes(network, facts, what, question, year=year))

    def concentration(
        self,
        element: str = ALL_ELEMENTS,
        *,
        stage: str | None = None,
        series: bool = False,
        since: int = SINCE,
    ) -> Concentration:
        """Find who holds each stage: shares, the three largest, and the HHI.

        Args:
            element: symbol, name or group; TREO is all rare earths together.
            stage: only this stage, mine, separation ...
            series: one line a year; else the newest year of each stage.
            since: first year of the series.

        Returns:
            Shares from 0 to 1, indices from 0 to 10,000.

        Raises:
            UnknownNameError: the element or the stage is not known.
            NotKnownError: no row splits the stage, or any stage.

        >>> import monazite
        >>> found = monazite.load().concentration("TREO", stage="mine")
        >>> found.lines[0].leader, round(found.lines[0].share, 2)
        ('CHN', 0.69)
        """
        from monazite.findings.shares.by_year import find_concentration
        from monazite.network.facts import read_facts

        facts = read_facts(self.store, element, self.valid)
        return self._seen(find_concentration(facts, stage, series=series, since=since))

    def _question(
        self, network: Network, element: str, horizon: str, event: str, approval: float
    ) -> tuple[Facts, Question]:
        """The facts about an element, and what is asked of its network."""
        from monazite.findings.flow_model.study import Question
        from monazite.network.facts import read_facts

        facts = read_facts(self.store, element, self.valid)
        return facts, Question(network.graph["market"], horizon, event, approval)
