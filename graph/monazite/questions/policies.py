"""Which acts are in force, and what do they cover?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import PLACES, Also, question
from monazite.data.dates import read_today
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.analysis.policies.policies import Policies
    from monazite.view.view import View

AnyElement = Annotated[
    str | None,
    Param("Only what covers this element or group.", *("-e", "ELEMENT"), completes=("element",)),
]
Issuer = Annotated[
    str | None,
    Param("Only acts that this country or union issued.", metavar="COUNTRY", completes=PLACES),
]


@question(
    group="Who says so, and since when?",
    rank=3,
    title="Acts in force and what they cover",
    says="Export controls, tariffs, subsidies and stockpiles: status on day, what each covers, who "
    "issued it and at whom it is aimed. In force is of that day; suspended is not repealed.",
    range="None: dates are as published; a date that is only a month or year is not made a day.",
    also=(
        Also(
            "rules",
            Param("The conditions by which an item comes under acts."),
            only="--rules prints conditions: leave {idle}.",
        ),
    ),
)
def policies(
    view: View,
    element: AnyElement = None,
    *,
    to: Annotated[
        str | None,
        Param(
            "Only acts aimed at it, at a firm there, or at all countries.",
            metavar="COUNTRY",
            completes=PLACES,
        ),
    ] = None,
    by: Issuer = None,
    since: Annotated[
        str | None,
        Param(
            "Only acts that began, changed or ended since this day.",
            metavar="DATE",
            reads=read_today,
        ),
    ] = None,
) -> Policies:
    """List acts: in force or not, since when, what they cover, at whom, who says so.

    May be in force means that the records leave it open; the column why says how. Without --valid
    it is asked of the release day. To see whether it was so in May, name a day of May and compare.

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-11-24

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-05-31

    Example: monazite policies --to JPN --since 2026-01-01

    Example: monazite policies --rules --by CHN -e Dy

    >>> import monazite
    >>> found = monazite.load().policies("Dy", to="JPN", by="CHN", since="2026")
    >>> [(line.policy, line.status.text) for line in found if line.policy == "mofcom-2026-1"]
    [('mofcom-2026-1', 'in force: since 2026-01-06')]
    """
    from monazite.analysis.policies.policies import find_policies

    asked = (view.store, view._tables, view.valid, element)
    return find_policies(*asked, to=to, by=by, since=since)
