"""Who could replace what a country makes, and by when?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import BaseYear, Element, Market, Page, question
from monazite.data.declared import Param
from monazite.data.parameters import BY, BY_YEARS, MARKET, ONE_ELEMENT, WITHOUT

if TYPE_CHECKING:
    from monazite.analysis.replacement.result import Replacement
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(
    group="What would fix it?",
    title="Who could replace a country and by when",
    says="Tonnes a year of the element at each stage that plants outside the country could make by "
    "the year, set against the need. Plans are weighed by how plans slipped before; certainty and "
    "dates are those of the records.",
    range="low and high beside a value are the least and the most by how plans on record came "
    "about and what sizes of plants leave open. A chance is a part of 1.",
    pages=(
        Page(
            *("svg", "Draw the years to this file.", "figure"),
            lambda view, found: view.replacement_figure(found).svg,
            "FILE.svg",
        ),
    ),
)
def replace(
    view: View,
    element: Element = ONE_ELEMENT,
    market: Market = MARKET,
    *,
    country: Annotated[
        str,
        Param(
            "The country that is to be replaced.",
            metavar="COUNTRY",
            flag="from",
            completes=("country",),
        ),
    ] = WITHOUT,
    by: Annotated[
        int, Param("The year at whose end the question is asked.", metavar="YEAR", bounds=BY_YEARS)
    ] = BY,
    year: BaseYear = None,
) -> Replacement | OrNotKnown:
    """Find who could replace what a country makes of an element for a market, and by when.

    Plants outside the country that run, are being built or planned: what they add, when they are
    to begin, the odds of that by how late plans of the past began, what is spoken for, where they
    get what they work on, and rules aimed at them. Then what of the need that covers, to 2035.

    Example: monazite replace -e Dy --from CHN -m DEU --by 2028

    >>> import monazite
    >>> found = monazite.load().replace("Dy", "DEU", by=2028)
    >>> found.asked.year, found.asked.covered.low < 0.1
    (2028, True)
    """
    from monazite.analysis.replacement.replacement import find_replacement
    from monazite.store.names import find_entity

    buyer = find_entity(view.store, market, "Country", "Area", what="market")
    maker = find_entity(view.store, country, "Country")
    return find_replacement(view.facts(element), buyer, maker, by, year=year)
