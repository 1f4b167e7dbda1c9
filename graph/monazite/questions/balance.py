"""Does a year add up?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from monazite.asking.question import Assumptions, BaseYear, Element, Page, question
from monazite.data.declared import Param
from monazite.data.parameters import COUNTS, ELEMENT

if TYPE_CHECKING:
    from monazite.core.tables import Table
    from monazite.model.balance.result import Balance
    from monazite.view.view import View

TOP = 6


def _shown(
    found: Balance,
    beside: Mapping[str, Any],
    *,
    fmt: str,
    top: Annotated[
        int, Param("How many countries and flows of a stage.", "-n", bounds=COUNTS, tables=True)
    ] = TOP,
    assumptions: Assumptions = False,
) -> tuple[Balance, Sequence[Table] | None]:
    del beside
    if fmt in {"csv", "tsv", "json"}:
        return found, None
    return found, found.tables(top=top, assumptions=assumptions)


def _html(view: View, found: Balance, top: int, assumptions: bool) -> str:
    return view.balance_html(found, found.tables(top=top, assumptions=assumptions))


@question(
    group="How sure is that?",
    rank=4,
    title="Supply against use of an element in a year",
    says="Tonnes of the contained element unless unit says otherwise. A surplus or shortfall that "
    "no record explains is unaccounted for, not stock and not smuggling.",
    range="low and high beside a value, and left_range, are the ends of what sources and "
    "assumptions allow.",
    shown=_shown,
    pages=(
        Page(
            *("svg", "Draw the flows to this file.", "balance"),
            lambda view, found: view.balance_svg(found),
            "FILE.svg",
        ),
        Page("html", "Write it as a page.", "balance", _html),
        Page(
            *("write_lp", "Write the programme that reconciles it.", "programme"),
            lambda view, found: view.balance_programme(found.element, year=found.year),
            "FILE.lp",
        ),
    ),
)
def balance(view: View, element: Element = ELEMENT, *, year: BaseYear = None) -> Balance:
    """Balance an element: made, traded, used, and what is unaccounted for.

    All amounts are tonnes of the element. The reconciled year leads, the least change to figures
    inside their ranges; what records print stands beside it. A surplus or shortfall is never closed
    by hand. With --full: what records print by country, what the change moved, what other
    interpretations leave, and the trade.

    Example: monazite balance -e Dy --year 2024

    >>> import monazite
    >>> monazite.load().balance("NdPr", year=2024).closings[0].stage
    'mine'
    """
    from monazite.model.balance.balance import find_balance

    return find_balance(view.store, element, view.valid, year)
