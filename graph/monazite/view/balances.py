"""Does it add up? Balance, reproductions, indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import ELEMENT
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.balance.balance import Balance


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
