"""Does it add up? Balance, reproductions, indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import ALL_ELEMENTS, ELEMENT, IMPORTER
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.balance.balance import Balance
    from monazite.findings.indices.by_stage import Indices


class BalanceQuestions(FilteredRows):
    """Does it add up?"""

    def balance(self, element: str = ELEMENT, *, year: int | None = None) -> Balance:
        """Balance an element in a year: made, traded, taken by the next stage, and left.

        Args:
            element: symbol, name or group.
            year: the last one with trade rows if None.

        >>> import monazite
        >>> monazite.load().balance("NdPr", year=2024).closings[0].stage
        'mine'
        """
        from monazite.findings.balance.balance import find_balance

        return find_balance(self.store, element, self.valid, year)

    def indices(
        self,
        element: str = ALL_ELEMENTS,
        *,
        stage: str | None = None,
        market: str = IMPORTER,
    ) -> Indices:
        """Work out the indices that people quote, for the newest year of each stage.

        Args:
            element: symbol, name or group; TREO is all rare earths together.
            stage: only this stage, mine, separation ...
            market: code or name of the country whose imports GeoPolRisk counts.

        Returns:
            Each index with its range, its unit, its rows and the inputs that are missing.

        Raises:
            UnknownNameError: the element, the stage or the country is not known.
            NotKnownError: no row splits the stage, or any stage.

        >>> import monazite
        >>> found = monazite.load().indices("Dy", stage="mine")
        >>> [line.index for line in found][:2]
        ['hhi', 'top-3']
        """
        from monazite.findings.indices.by_stage import find_indices
        from monazite.network.facts import read_facts
        from monazite.triples.names import find_entity

        facts = read_facts(self.store, element, self.valid)
        place = find_entity(self.store, market, "Country", what="market")
        return self._seen(find_indices(facts, stage, market=place.id))
