"""Who could replace it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import BY, MARKET, ONE_ELEMENT, WITHOUT
from monazite.view.chokepoints import ChokepointQuestions

if TYPE_CHECKING:
    from monazite.findings.replacements.replacement import Replacement


class ReplacementQuestions(ChokepointQuestions):
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
        from monazite.findings.replacements.replacement import find_replacement
        from monazite.triples.names import find_entity

        buyer = find_entity(self.store, market, "Country", "Area", what="market")
        maker = find_entity(self.store, country, "Country")
        found = find_replacement(self.facts(element), buyer, maker, by, year=year)
        return self._seen(found, rows=(each.site.tonnes.row for each in found.candidates))
