"""Which rules weigh what a part contains?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import question
from monazite.questions.policies import AnyElement, Issuer

if TYPE_CHECKING:
    from monazite.analysis.rules.rules import Rules
    from monazite.view.view import View


@question(
    title="Rules that weigh what a part contains",
    says="Clauses with a threshold: by mass, by value or none, and which approval follows. A part "
    "above a threshold may need a licence; that is no advice of law.",
    range="None: thresholds are as published.",
)
def rules(view: View, element: AnyElement = None, *, by: Issuer = None) -> Rules:
    """List the conditions by which items come under acts, and whether they bind on that day.

    A view of a day holds only the clauses that can hold on it.

    >>> import monazite
    >>> found = monazite.load().rules("Dy", by="CHN")
    >>> [line.asks for line in found if line.condition.clause == "tested-low"]
    ['Dy + Tb at most 0.1 % of mass', 'NdFeB magnet', 'Dy + Tb content was tested']
    """
    from monazite.analysis.rules.rules import find_rules

    asked = (view._store_of_all_days(), view._tables, view.valid, element)
    return find_rules(*asked, by=by, whole=view.filters.valid is None)
