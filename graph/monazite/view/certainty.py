"""How sure is that? Doubt; and who could replace what is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from monazite.core.results import do_nothing
from monazite.data.parameters import (
    BY,
    ELEMENT,
    EXACT,
    HORIZON,
    MARKET,
    ONE_ELEMENT,
    TRIALS,
    WITHOUT,
    Contingency,
)
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.analysis.replacement.result import Replacement
    from monazite.analysis.robustness.result import EvidenceCut


class ReplacementQuestions(FilteredRows):
    """Who could replace it?"""

    def replace(
        self,
        element: str = ONE_ELEMENT,
        market: str = MARKET,
        *,
        country: str = WITHOUT,
        by: int = BY,
        year: int | None = None,
    ) -> Replacement:
        """Find who could replace what a country makes of an element for a market, and by when.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate; the world is all but the country.
            country: code or name of the country that is to be replaced.
            by: the year at whose end the question is asked, to 2035.
            year: base year; the last one with trade rows if None.

        Returns:
            Plants outside with their tonnes, start, odds, orders, feed and rules; the need, and
            what of it is covered year by year.

        Raises:
            UnknownNameError: the element, a place or the year is not known.
            NotKnownError: no chain of the base year can be worked out.

        >>> import monazite
        >>> found = monazite.load().replace("Dy", "DEU", by=2028)
        >>> found.asked.year, found.asked.covered.low < 0.1
        (2028, True)
        """
        from monazite.analysis.replacement.replacement import find_replacement
        from monazite.store.names import find_entity

        buyer = find_entity(self.store, market, "Country", "Area", what="market")
        maker = find_entity(self.store, country, "Country")
        found = find_replacement(self.facts(element), buyer, maker, by, year=year)
        return self._recorded(found, rows=(each.site.tonnes.row for each in found.candidates))


class CertaintyQuestions(ReplacementQuestions):
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
        step: Callable[[float], None] = do_nothing,
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
            UnknownNameError: the element, market or horizon is not known, or a number may not be
                asked for: threshold 0 to 1, exact 1 to 3, trials 0 or more.
            NotKnownError: no chain can be worked out, or nothing that fails costs anything.

        >>> import monazite
        >>> found = monazite.load().doubt("Sm", exact=1, trials=0)
        >>> found.label, [len(each.members) for each in found.sets]
        ('China magnets', [2])
        """
        from monazite.analysis.robustness.evidence_cut import find_evidence_cut

        network = self.network(element, market)
        found = find_evidence_cut(
            network,
            self.facts(element),
            self.schema,
            Contingency(horizon=horizon),
            year=year,
            threshold=threshold,
            size=exact,
            bound=trials,
            step=step,
        )
        return self._recorded(found)
