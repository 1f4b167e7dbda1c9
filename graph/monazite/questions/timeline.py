"""What happened, in order?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Page, question
from monazite.core.errors import UnknownNameError
from monazite.data.declared import Param
from monazite.data.parameters import stages

if TYPE_CHECKING:
    from monazite.analysis.timeline.result import Timeline
    from monazite.view.view import View

_ONE = ("name", "policy", "stage")


def check_timeline(
    name: str | None = None,
    policy: str | None = None,
    from_: str | None = None,
    until: str | None = None,
    stage: str | None = None,
) -> None:
    """Refuse a timeline of nothing, of two things, or between what are no days."""
    from monazite.store.queries import day_of

    if name and policy:
        raise UnknownNameError("Name an entity or a policy, not both.")
    if not (name or policy or stage):
        raise UnknownNameError("Name an entity, a policy (--policy) or a stage (--stage).")
    for date in (from_, until):
        if date is not None:
            day_of(date)


@question(
    group="Who says so, and since when?",
    rank=4,
    title="What happened in order",
    says="Dated records of a plant, firm, country, element, material, stage or act, in order. A "
    "date that is only a month or year is written so.",
    range="None: dates are as published; sources that differ stand as two lines.",
    together=check_timeline,
    pages=(
        Page(
            *("svg", "Draw the strip to this file.", "timeline"),
            lambda view, found: view.timeline_svg(found),
            "FILE.svg",
        ),
        Page(
            *("html", "Write it as a page.", "timeline"),
            lambda view, found: view.timeline_html(found),
        ),
    ),
)
def timeline(
    view: View,
    name: Annotated[
        str | None,
        Param(
            "A facility, organisation, element, country or material.",
            metavar="ENTITY",
            position=True,
            completes=(),
            one_of=_ONE,
        ),
    ] = None,
    *,
    policy: Annotated[
        str | None,
        Param("The steps of a policy.", *("-p", "NAME"), completes=("policy",), one_of=_ONE),
    ] = None,
    stage: Annotated[
        str | None,
        Param("Only, or all of, this stage.", *("-s", "STAGE"), suggests=stages, one_of=_ONE),
    ] = None,
    from_: Annotated[str | None, Param("The first day shown.", metavar="DATE")] = None,
    until: Annotated[str | None, Param("The last day shown.", metavar="DATE")] = None,
    all_: Annotated[bool, Param("Also what changes no state, of a country or stage.")] = False,
) -> Timeline:
    """Print what happened, in order: events, policies, owners, links, prices, shares, statements.

    Example: monazite timeline "Mountain Pass" --html mountain-pass.html

    >>> import monazite
    >>> found = monazite.load().timeline("Mountain Pass", until="1952")
    >>> [(each.date, each.event) for each in found if each.event]
    [('1949', 'Discovered'), ('1952', 'Opened')]
    """
    from monazite.analysis.timeline.timeline import timeline_of
    from monazite.store.names import find_entity

    entity = None
    if policy:
        entity = find_entity(view.store, policy, "Policy", what="policy")
    elif name:
        entity = find_entity(view.store, name)
    found = timeline_of(view.store, view.schema, view.valid, entity, stage=stage, whole=all_)
    return found.between(from_, until)
