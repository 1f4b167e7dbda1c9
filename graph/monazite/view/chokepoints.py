"""What can stop us? Chokepoints, cuts, concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.errors import NotKnownError
from monazite.parameters import APPROVAL, ELEMENT, EVENT, HORIZON, MARKET, Contingency
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.losses.model import LossModel
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.responses.after_failure import AfterFailure
    from monazite.findings.responses.joint_failures import JointFailures
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
            network: of this element and market, if it was built before.

        Returns:
            The report, all lines, largest loss first; losses in parts of 1. ``first(10)`` gives
            the first ten. Where no loss is known its first note says why.

        Raises:
            UnknownNameError: element, market, horizon or event is not known.
            NotKnownError: no row splits any stage of the element.

        >>> import monazite
        >>> monazite.load().chokepoints("Dy", year=2024)
        <Chokepoints Dy for WLD 2024, short run: 13 lines, China at separation 100 %>
        """
        from monazite.findings.losses.chokepoints import find_chokepoints

        contingency = Contingency(event, horizon, approval)
        built = self.network(element, market) if network is None else network
        found = find_chokepoints(built, self._facts(element), contingency, year=year)
        rows = [*(each.rows for each in found.stages), *(each.rows for each in found.chokepoints)]
        return self._seen(found, rows=(each[0] for each in rows if each))

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
            UnknownNameError: element, market, horizon or event is not known.
            NotKnownError: no loss is known; the sentence says why.

        >>> import monazite
        >>> monazite.load().pairs("Sm", year=2024)
        <JointFailures 2 of 52 pairs cost more together than apart>
        """
        from monazite.findings.responses.joint_failures import find_pairs

        contingency = Contingency(event, horizon, approval)
        built = self.network(element, market) if network is None else network
        return self._seen(find_pairs(self._model(built, element, contingency, year)))

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
            line: id or name of a line: ``separation/CHN``, China at separation.
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
            UnknownNameError: element, market, horizon, event or line is not known.
            NotKnownError: no loss is known, or the line costs nobody anything.

        >>> import monazite
        >>> monazite.load().after("China at separation", "Sm", year=2024)
        <AfterFailure China at separation stops: 7 shifts, 2 marginal values>
        """
        from monazite.findings.responses.after_failure import find_after

        contingency = Contingency(event, horizon, approval)
        built = self.network(element, market) if network is None else network
        model = self._model(built, element, contingency, year)
        if report is None:
            from monazite.findings.losses.chokepoints import find_chokepoints

            report = find_chokepoints(built, model.facts, contingency, year=year)
        return self._seen(find_after(model, report, line))

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

    def _model(
        self, network: Network, element: str, contingency: Contingency, year: int | None
    ) -> LossModel:
        """The flow model of the base year, ready to be asked what failures cost.

        Raises:
            NotKnownError: no loss is known; the sentence says why.
        """
        from monazite.findings.losses.model import LossModel

        try:
            return LossModel(network, self._facts(element), contingency, year)
        except NotKnownError as unknown:
            raise NotKnownError(f"No loss is known: {unknown}") from None

    def _facts(self, element: str) -> Facts:
        """The rows about an element, up to the day of the view."""
        from monazite.network.facts import read_facts

        return read_facts(self.store, element, self.valid)
