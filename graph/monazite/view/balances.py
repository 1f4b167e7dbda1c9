"""Does it add up? Balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.data.parameters import ELEMENT
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.core.tables import Table
    from monazite.model.balance.result import Balance


class BalanceQuestions(FilteredRows):
    """Does it add up?"""

    def balance(self, element: str = ELEMENT, *, year: int | None = None) -> Balance:
        """Balance an element in a year: made, traded, taken by the next stage, and left.

        Args:
            element: symbol, name or group.
            year: the last one with trade rows if None.

        Returns:
            The balance, in tonnes of the element; ``tables(top=..., assumptions=...)`` says how
            much of it a table shows.

        Raises:
            UnknownNameError: there is no such element.
            NotKnownError: no row of the year speaks of the element.

        >>> import monazite
        >>> monazite.load().balance("NdPr", year=2024).closings[0].stage
        'mine'
        """
        from monazite.model.balance.balance import find_balance

        return self._recorded(find_balance(self.store, element, self.valid, year))

    def balance_programme(self, element: str = ELEMENT, *, year: int | None = None) -> str:
        """Return the linear programme that reconciles a year, in the LP format, with its names.

        Args:
            element: symbol, name or group of elements that share one reconciliation.
            year: the last one with trade rows if None.

        Returns:
            The text of an LP file.

        Raises:
            UnknownNameError: there is no such element, or its members have several programmes.
            NotKnownError: the view leaves out an assumption that is needed.

        >>> import monazite
        >>> "ore_sold(AUS,mt_weld,MYS)" in monazite.load().balance_programme("Dy", year=2024)
        True
        """
        from monazite.model.balance.balance import programme_of

        return programme_of(self.store, element, self.valid, year)

    def balance_svg(self, found: Balance) -> str:
        """Draw a balance as a Sankey diagram: an SVG document that records the view.

        Args:
            found: what ``balance`` returned.

        Returns:
            The text of the SVG document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.balance_svg(view.balance("Dy", year=2024))[:4]
        '<svg'
        """
        from monazite.report.drawing.static_page import record_view
        from monazite.report.sankey.balance_picture import balance_picture
        from monazite.report.sankey.page import sankey_svg

        return record_view(sankey_svg(balance_picture(found)), self.line())

    def balance_html(self, found: Balance, tables: Sequence[Table] | None = None) -> str:
        """Return the page of a balance, one HTML file: its Sankey diagram and its tables.

        Args:
            found: what ``balance`` returned.
            tables: the tables below the diagram; ``found.tables()`` if None.

        Returns:
            The text of the HTML document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.balance_html(view.balance("Dy", year=2024))[:15]
        '<!doctype html>'
        """
        from monazite.report.sankey.balance_picture import balance_picture
        from monazite.report.sankey.page import sankey_html

        shown = found.tables() if tables is None else tables
        return sankey_html(balance_picture(found), shown, self.line())
