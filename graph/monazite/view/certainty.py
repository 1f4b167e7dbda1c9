"""How sure is that? Doubt, draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from monazite.parameters import (
    APPROVAL,
    ELEMENT,
    EVENT,
    EXACT,
    HORIZON,
    MARKET,
    TRIALS,
    check_word,
    horizons,
)
from monazite.view.chokepoints import ChokepointQuestions

if TYPE_CHECKING:
    from monazite.findings.doubt.result import EvidenceCut


class CertaintyQuestions(ChokepointQuestions):
    """How sure is that?"""

    def doubt(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        horizon: str = HORIZON,
        year: int | None = None,
        threshold: float | None = None,
        exact: int = EXACT,
        trials: int = TRIALS,
        step: Callable[[float], None] = lambda _: None,
    ) -> EvidenceCut:
        """Find the rows and assumptions that, if wrong or dropped, overturn the first chokepoint.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: of the outage: immediate, short-run, medium-run or free.
            year: base year; the last one with trade rows if None.
            threshold: loss, 0 to 1, that must not be crossed; half of the loss if None.
            exact: size of sets up to which all are tried.
            trials: sets of a size are all tried if they are no more than this; 25 take a second.
            step: is told which share of the work is done, 0 to 1, for a progress bar.

        Returns:
            The smallest sets, what doubting each row does, and what rests on each tier.

        Raises:
            UnknownNameError: the element, market or horizon is not known.
            NotKnownError: no chain can be worked out, or nothing that fails costs anything.

        >>> import monazite
        >>> monazite.load().doubt("Sm", exact=1, trials=0)
        <EvidenceCut Sm for WLD 2024, short run: first is China at metal, none known overturns it>
        """
        from monazite.findings.doubt.evidence_cut import find_evidence_cut

        check_word(horizon, horizons(), "horizon")
        network = self.network(element, market)
        facts, question = self._question(network, element, horizon, EVENT, APPROVAL)
        found = find_evidence_cut(
            network,
            facts,
            self.schema,
            question,
            year=year,
            threshold=threshold,
            size=exact,
            bound=trials,
            step=step,
        )
        return self._seen(found)
