"""What would overturn the first chokepoint?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from monazite.asking.question import BaseYear, Element, Horizon, Market, question
from monazite.core.results import do_nothing
from monazite.data import parameters
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.analysis.robustness.result import EvidenceCut
    from monazite.analysis.robustness.sampling import Step
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


def _shown(
    found: EvidenceCut,
    beside: Mapping[str, Any],
    *,
    top: Annotated[
        int, Param("How many figures to list.", "-n", bounds=parameters.COUNTS)
    ] = parameters.FIGURES,
) -> tuple[EvidenceCut, None]:
    del beside
    return found.top(top), None


@question(
    group="How sure is that?",
    title="What would overturn the first chokepoint",
    says="The fewest records that, if wrong, would put another loss first. It takes one to three "
    "minutes. threshold and losses are parts of 1.",
    range="low and high of a line are the ends of a figure, ranged_by says of what. sets are those "
    "that were tried, method says whether all were: one that was not found may still exist.",
    first=("top", parameters.FIGURES),
    shown=_shown,
    bar="Testing the figures",
)
def doubt(
    view: View,
    element: Element = parameters.ELEMENT,
    market: Market = parameters.MARKET,
    *,
    horizon: Horizon = parameters.HORIZON,
    year: BaseYear = None,
    threshold: Annotated[
        float | None,
        Param(
            "Loss that must not be crossed; half of the loss if not given.",
            metavar="PERCENT",
            bounds=parameters.THRESHOLDS,
            percent=True,
            tool=False,
        ),
    ] = None,
    exact: Annotated[
        int,
        Param(
            "Size of sets up to which all are tried.",
            bounds=parameters.EXACTS,
            most=parameters.EXACTS.high,
            tool=False,
        ),
    ] = parameters.EXACT,
    trials: Annotated[
        int,
        Param(
            "Sets of a size are all tried if they are no more than this; 25 take a second.",
            metavar="N",
            bounds=parameters.TRIAL_COUNTS,
            most=10_000,
            tool=False,
        ),
    ] = parameters.TRIALS,
    step: Step | None = None,
) -> EvidenceCut | OrNotKnown:
    """Print the figures and assumptions that, if wrong or dropped, unseat the first chokepoint.

    The smallest set of them, what dropping each figure or moving it does to rank one and its loss,
    and how much of the result rests on news, weak sources and assumptions.

    Example: monazite doubt -e Sm --top 5

    >>> import monazite
    >>> found = monazite.load().doubt("Sm", exact=1, trials=0)
    >>> found.label, [len(each.members) for each in found.sets]
    ('China separation', [2])
    """
    from monazite.analysis.robustness.evidence_cut import find_evidence_cut

    asked = (element, market, horizon, year, threshold, exact, trials)
    found: EvidenceCut = view.store.derive(
        ("doubt", view.filters, view.data, view.valid, asked),
        lambda: find_evidence_cut(
            view.network(element, market),
            view.facts(element),
            view.schema,
            parameters.Contingency(horizon=horizon),
            year=year,
            threshold=threshold,
            size=exact,
            bound=trials,
            step=step or do_nothing,
        ),
    )
    return found
