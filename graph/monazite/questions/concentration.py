"""Who holds a stage, and how did that change?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Also, Element, question
from monazite.data.declared import Param
from monazite.data.parameters import ALL_ELEMENTS, FIRST_YEARS, SINCE

if TYPE_CHECKING:
    from monazite.analysis.concentration.by_year import Concentration
    from monazite.view.view import View

Stage = Annotated[str | None, Param("Only this stage: mine, separation ...", "-s")]


@question(
    group="What can stop us?",
    rank=3,
    title="Who holds each stage",
    says="Shares are parts of 1 of world output at a stage, in the year and on the basis of the "
    "line; hhi runs from 0 to 10,000. TREO is all rare earths together. A share of one year is "
    "not that of another.",
    range="hhi_low and hhi_high are what the records leave open of the HHI; of the reconciled year "
    "they and share_low and share_high hold 5 to 95 % of random trials. The "
    "reconciled year leads, and other printed figures stand beside it with why they differ.",
    also=(
        Also(
            "indices",
            Param("The indices that people quote, with their inputs."),
            only="--indices are of the newest year; leave {idle}, or ask an earlier day with "
            "--valid.",
        ),
    ),
)
def concentration(
    view: View,
    element: Element = ALL_ELEMENTS,
    *,
    stage: Stage = None,
    series: Annotated[bool, Param("One line a year; else the newest year of each stage.")] = False,
    since: Annotated[
        int, Param("First year of the series.", metavar="YEAR", bounds=FIRST_YEARS)
    ] = SINCE,
) -> Concentration:
    """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

    The reconciled year comes first; what sources print is another figure beneath it, with why it
    differs. With --full: what each share was divided by, the basis and the series. Years whose
    figures do not add up have no index and say why.

    Example: monazite concentration -e TREO --stage mine --series

    Example: monazite concentration -e Dy --stage mine --indices

    --indices adds HHI weighted by governance, EU, USGS and GeoPolRisk supply risks, N-1 and the
    EU limit of 65 %; what has no figures is not known, and the table says what is missing.
    GeoPolRisk counts the imports of the country, or area, of --market.

    >>> import monazite
    >>> found = monazite.load().concentration("TREO", stage="mine")
    >>> found.lines[0].leader, round(found.lines[0].share, 2)
    ('CHN', 0.69)
    """
    from monazite.analysis.concentration.by_year import find_concentration
    from monazite.analysis.concentration.standing import with_reconciled

    facts = view.facts(element)
    found = find_concentration(facts, stage, series=series, since=since)
    return with_reconciled(found, facts, stage)
