"""What capacity, and where, would offset a shutdown?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.parameters import BaseYear, Element, Horizon, Market
from monazite.asking.question import question
from monazite.data.declared import Param
from monazite.data.parameters import ELEMENT, FIRST, HORIZON, MARKET, Contingency

if TYPE_CHECKING:
    from monazite.analysis.mitigation.fixes import Fixes
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(
    title="What capacity and where would offset a shutdown",
    says="tonnes is capacity to add, tonnes a year of the element; loss is what is still lost, a "
    "part of 1. Results of a model: nothing says that such a plant can be built in that time.",
    range="None is drawn: these are central values of the model. Say that the range is not drawn.",
)
def fixes(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    *,
    what: Annotated[
        str, Param("Id or name of what fails, separation/CHN; first is what costs most.")
    ] = FIRST,
    horizon: Horizon = HORIZON,
    year: BaseYear = None,
) -> Fixes | OrNotKnown:
    """Find what capacity, and where, brings back what an outage takes from a market.

    >>> import monazite
    >>> found = monazite.load().fixes("Dy", what="mine/MMR")
    >>> found.label, found.fixes[0].stage
    ('Myanmar mining', 'mine')
    """
    from monazite.analysis.mitigation.fixes import find_fixes

    contingency = Contingency(horizon=horizon)
    network = view.network(element, market)
    return find_fixes(network, view.facts(element), what, contingency, year=year)
