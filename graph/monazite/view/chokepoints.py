"""What can stop us? Chokepoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.data.parameters import APPROVAL, ELEMENT, EVENT, HORIZON, MARKET, Contingency
from monazite.view.filtered_rows import FilteredRows
from monazite.view.validation import check_network, check_report

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.loss_model import LossModel
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.mitigation.after_failure import AfterFailure
    from monazite.analysis.mitigation.joint_failures import JointFailures
    from monazite.model.network.attributes import Network


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
        full: bool = False,
        network: Network | None = None,
    ) -> Chokepoints:
        """Rank what a market cannot do without: who leads each stage, and what a failure costs.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part of what the base year sold that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
            full: work out too what is lost if the market is served before all others.
            network: of this element and market, if it was built before.

        Returns:
            The report, all lines, largest loss first; losses in parts of 1. ``first(10)`` gives
            the first ten. Where no loss is known its first note says why.

        Raises:
            UnknownNameError: element, market, horizon or event is not known, or the network is
                of another question.
            NotKnownError: no row splits any stage of the element.

        >>> import monazite
        >>> monazite.load().chokepoints("Dy", year=2024)
        <Chokepoints Dy for WLD 2024, short run: 23 lines, China separation 100 %>
        """
        from monazite.analysis.chokepoints.chokepoints import find_chokepoints, with_evidence

        contingency = Contingency(event, horizon, approval)
        built = self._network(element, market, network)
        facts = self.facts(element)
        found = with_evidence(
            find_chokepoints(
                built, facts, contingency, year=year, full=full, released=self.released
            ),
            facts,
        )
        stages = [each for stage in found.stages for each in stage.figures]
        rows = [*(each.rows for each in stages), *(each.rows for each in found.chokepoints)]
        return self._recorded(found, rows=(each[0] for each in rows if each))

    def pairs(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        horizon: str = HORIZON,
        event: str = EVENT,
        approval: float = APPROVAL,
        year: int | None = None,
        network: Network | None = None,
    ) -> JointFailures:
        """Find the pairs of failures that cost more together than their two losses added up.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part of what the base year sold that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
            network: of this element and market, if it was built before.

        Returns:
            The pairs, largest excess first, in parts of 1, and of how many they are.

        Raises:
            UnknownNameError: element, market, horizon or event is not known, or the network is
                of another question.
            NotKnownError: no loss is known; the sentence says why.

        >>> import monazite
        >>> monazite.load().pairs("Sm", year=2024)
        <JointFailures 1 of 72 pairs cost more together than apart>
        """
        from monazite.analysis.mitigation.joint_failures import find_pairs

        contingency = Contingency(event, horizon, approval)
        built = self._network(element, market, network)
        return self._recorded(find_pairs(self._model(built, element, contingency, year)))

    def after(
        self,
        line: str,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        horizon: str = HORIZON,
        event: str = EVENT,
        approval: float = APPROVAL,
        year: int | None = None,
        network: Network | None = None,
        report: Chokepoints | None = None,
    ) -> AfterFailure:
        """Find what output and trade become after one line of the report, and what is then short.

        Args:
            line: id or name of a line: ``separation/CHN``, China separation.
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part of what the base year sold that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
            network: of this element and market, if it was built before.
            report: the chokepoints of the same question, if they were found before.

        Returns:
            The least changes of output and trade in tonnes, and marginal values in tonnes served
            for a tonne.

        Raises:
            UnknownNameError: element, market, horizon, event or line is not known, or network or
                report are of another question.
            NotKnownError: no loss is known, or the line costs nobody anything.

        >>> import monazite
        >>> monazite.load().after("China separation", "Sm", year=2024)
        <AfterFailure if China stopped separating: 17 shifts, 1 marginal values>
        """
        from monazite.analysis.mitigation.after_failure import find_after

        contingency = Contingency(event, horizon, approval)
        built = self._network(element, market, network)
        if report is not None:
            check_report(self, report, built, contingency, year)
        model = self._model(built, element, contingency, year)
        if report is None:
            from monazite.analysis.chokepoints.chokepoints import find_chokepoints

            report = find_chokepoints(built, model.facts, contingency, year=year)
        return self._recorded(find_after(model, report, line))

    def _network(self, element: str, market: str, network: Network | None) -> Network:
        """The network of a question: the caller's, if it belongs to it, or else a new one."""
        if network is None:
            return self.network(element, market)
        check_network(self, network, element, market)
        return network

    def _model(
        self, network: Network, element: str, contingency: Contingency, year: int | None
    ) -> LossModel:
        """The flow model of the base year, ready to be asked what failures cost."""
        from monazite.analysis.chokepoints.loss_model import LossModel

        try:
            return LossModel(network, self.facts(element), contingency, year)
        except NotKnownError as unknown:
            raise NotKnownError(f"No loss is known: {unknown}") from None
