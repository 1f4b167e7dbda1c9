"""Who lies in the middle, year by year?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Element, Market, question
from monazite.core.errors import UnknownNameError
from monazite.data.declared import Param
from monazite.data.parameters import ELEMENT, FLOW, MARKET
from monazite.questions.centrality import GraphKind, Measure

if TYPE_CHECKING:
    from monazite.analysis.centrality.result import CentralityOverYears
    from monazite.view.view import View


def _read_years(text: str) -> tuple[int, int]:
    """Read the first and the last of some years, 2018:2024."""
    first, _, last = text.partition(":")
    if not first.strip().isdecimal() or not last.strip().isdecimal():
        raise UnknownNameError(f'Years are the first and the last, as 2018:2024, not "{text}".')
    return int(first), int(last)


@question()
def centrality_over_years(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    years: Annotated[tuple[int, int], Param("The first and the last.", reads=_read_years)] = (
        2018,
        2024,
    ),
    *,
    kind: GraphKind = FLOW,
    by: Measure = None,
) -> CentralityOverYears:
    """Rank what lies in the middle of flows, firms or acts, year by year: ranks only.

    Of firms and acts the last day of each year counts.

    >>> import monazite
    >>> found = monazite.load().centrality_over_years("Dy", years=(2023, 2024))
    >>> found.lines[0].label, found.lines[0].ranks["betweenness"]
    ('China separation', (1, 1))
    """
    from monazite.analysis.centrality.result import find_centrality_over_years
    from monazite.store.names import find_entity

    facts = view.facts(element)
    place = find_entity(view.store, market, "Country", "Area", what="market")
    return find_centrality_over_years(
        facts, years, market=place.id, label=place.label, kind=kind, by=by
    )
