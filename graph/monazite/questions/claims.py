"""What do people claim, and what do the records say?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import question
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.analysis.claims import Claim, Claims
    from monazite.view.view import View


def _check_verdict(verdict: str) -> None:
    from monazite.analysis.claims import check_verdict

    check_verdict(verdict)


@question(
    group="Who says so, and since when?",
    rank=2,
    title="What people claim and what the records say",
    says="Claims with a verdict: supported, partly-contradicted, contradicted or not-known, and "
    "the records for and against. A claim that is not listed was not checked: that is not known.",
    range="None: a verdict is of the records, and not-known is one of them.",
    is_no=True,
    remarks=lambda found, _: (
        () if found else [f"No claim is meant; without words, all {found.known} are listed."]
    ),
)
def claims(
    view: View,
    text: Annotated[
        str, Param("Words of the claim, or its id: c16.", metavar="TEXT|ID", position=True)
    ] = "",
    *,
    verdict: Annotated[
        str,
        Param(
            "supported, partly-contradicted, contradicted or not-known.",
            metavar="VERDICT",
            check=_check_verdict,
        ),
    ] = "",
    speaker: Annotated[str, Param("Only who is called so.", metavar="NAME")] = "",
) -> Claims:
    """List public claims with a verdict by the rows of the view; one claim with all its records.

    Exit 1 if no claim is meant.

    Example: monazite claims Malaysia

    >>> import monazite
    >>> found = monazite.load().claims("Malaysia")
    >>> [(claim.id, claim.verdict) for claim in found]
    [('c16-malaysia-1992', 'partly contradicted')]
    """
    from monazite.analysis.claims import Claims, choose_claims, find_claims
    from monazite.data.filters import Filters

    whole = view.store_of(Filters()) if view.filters else view.store
    every = [_judged(view, each) for each in find_claims(whole, view.store, view._tables)]
    chosen = choose_claims(every, text, verdict=verdict, speaker=speaker)
    return Claims(tuple(chosen), len(every))


def _judged(view: View, claim: Claim) -> Claim:
    """A claim with what can be worked out of its forecast from the rows of the view."""
    if claim.forecast is None:
        return claim
    from monazite.analysis.replacement.replacement import ELEMENTS, find_replacement, judge_forecast
    from monazite.core.errors import MonaziteError
    from monazite.store.names import find_entity

    asked = claim.forecast
    try:
        market, country = (
            find_entity(view.store, place, "Country", "Area")
            for place in (asked.market, asked.country)
        )
        found = [
            find_replacement(view.facts(element), market, country, asked.by) for element in ELEMENTS
        ]
    except MonaziteError:  # the view cannot answer: the claim is left to its rows
        return claim
    return replace(claim, worked_out=(judge_forecast(found),))
