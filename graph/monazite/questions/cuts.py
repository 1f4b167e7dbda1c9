"""Which sets cut a market off, and what would offset a shutdown?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Also, Element, Market, question
from monazite.data.declared import Param
from monazite.data.parameters import CUT_SIZE, CUT_SIZES, ELEMENT, LEFT, LEFTS, MARKET

if TYPE_CHECKING:
    from monazite.analysis.cuts.cuts import Cuts
    from monazite.core.results import Result
    from monazite.core.tables import Table
    from monazite.view.view import View


def _shown(
    cuts: Cuts, beside: Mapping[str, Result], fmt: str
) -> tuple[Cuts, Sequence[Table] | None]:
    """The sets, with new plants below them; a table for programs has the plants alone."""
    fixes = beside.get("fix")
    if fixes is None:
        return cuts, None
    is_bare = fmt in {"csv", "tsv"}
    return cuts, fixes.csv_tables() if is_bare else [*cuts.tables(), *fixes.tables()]


@question(
    group="What can stop us?",
    rank=2,
    title="What would have to stop to cut a market off",
    says="Sets of countries at a stage, or of known plants, without which at most left of the base "
    "still arrives. Flows are parts of 1 of the base year's. routes counts separate routes left.",
    range="None is drawn: sets rest on the central values of the year. Say that the range is not "
    "drawn.",
    also=(
        Also(
            "fixes",
            Param(
                "What would offset its shutdown: separation/CHN, a name; first: what costs most.",
                metavar="WHAT",
                option="fix",
            ),
            by="what",
            null=True,
        ),
    ),
    shown=_shown,
)
def cuts(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    *,
    k: Annotated[
        int, Param("How many things a set may have at most.", bounds=CUT_SIZES)
    ] = CUT_SIZE,
    left: Annotated[
        float,
        Param("What may still arrive, of the base.", metavar="PERCENT", bounds=LEFTS, percent=True),
    ] = LEFT,
) -> Cuts:
    """Print the sets of countries at stages and known sites that cut a market off an element.

    The smallest sets after which nothing arrives, the sets of up to --k that leave little, and
    what each country at a stage is to the routes between the mines and the market. Who brings
    the last 2 % of what the market takes at a stage is left out. With --fix, what new plants
    together offset a shutdown, where, and how much of it is likely.

    Example: monazite cuts -e Dy --fix mine/MMR

    >>> import monazite
    >>> monazite.load().cuts("Dy", k=1)
    <Cuts Dy for WLD: 3 sets of up to 1 that leave at most 10 %>
    """
    from monazite.analysis.concentration.standing import read_known_year
    from monazite.analysis.cuts.cuts import find_cuts
    from monazite.model.network.attributes import about

    network, facts = view.network(element, market), view.facts(element)
    model, _ = read_known_year(facts, about(network).market, about(network).market_label)
    if model is None:  # who makes what in the world may be known where the market is not
        model, _ = read_known_year(facts)
    return find_cuts(network, model, k=k, left=left)
