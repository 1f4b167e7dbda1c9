"""What capacity, and where, would offset a shutdown?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import BaseYear, Element, Horizon, Market, question
from monazite.data.declared import Param
from monazite.data.parameters import BELOWS, ELEMENT, FIRST, HORIZON, MARKET, Contingency

if TYPE_CHECKING:
    from monazite.analysis.mitigation.fixes import Fixes
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(
    title="What capacity and where would offset a shutdown",
    says="fixes has the least new capacity at all stages together, tonnes a year, one for each "
    "rule of who is served; likely is what plans on record would give. Losses are parts of 1. "
    "Results of a model: nothing says that such plants can be built in that time.",
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
    below: Annotated[
        float | None,
        Param(
            "Loss that new plants are to leave at most; half of the loss if not given.",
            metavar="PERCENT",
            bounds=BELOWS,
            percent=True,
        ),
    ] = None,
) -> Fixes | OrNotKnown:
    """Find what capacity, and where, cuts what an outage takes from a market.

    New separation, metal and magnet plants together, with the sales that they need: the least
    tonnes if the market is served first, if no other loses, and if all are served alike; how much
    of that plans on record make likely. Mines grow only where plants alone fall short.

    >>> import monazite
    >>> found = monazite.load().fixes("Dy", what="mine/MMR")
    >>> found.label, found.fixes[0].rule, found.fixes[0].added[0].stage
    ('Myanmar mining', 'market first', 'mine')
    """
    from monazite.analysis.mitigation.fixes import find_fixes

    contingency = Contingency(horizon=horizon)
    network = view.network(element, market)
    return find_fixes(network, view.facts(element), what, contingency, year=year, below=below)
