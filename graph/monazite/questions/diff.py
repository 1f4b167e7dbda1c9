"""What changed between two days?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Element, Market, question
from monazite.core.errors import UnknownNameError
from monazite.data.dates import read_today
from monazite.data.declared import Param
from monazite.data.parameters import ELEMENT, MARKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monazite.analysis.changes import Changes
    from monazite.view.view import View


def _check(date1: str, date2: str | None = None) -> None:
    """Refuse days that are none or not in their order; folders are read later."""
    from monazite.view.own_tables import are_folders

    if date2 is not None and not are_folders(date1, date2):
        _in_order(date1, date2)


def _remarks(found: Changes, fmt: str) -> Iterator[str]:
    if not found:
        yield f"Nothing changed from {found.before} to {found.after}."
    yield from found.notes if fmt in {"table", "markdown"} else ()


@question(
    group="Who says so, and since when?",
    rank=5,
    title="What changed between two days",
    says="What was true on one day and not on the other: shares, acts, plants, owners, supply. It "
    "is about the world between two days, by the records of today.",
    range="None: shares are parts of 1 of the newest figure by each day.",
    together=_check,
    remarks=_remarks,
)
def diff(
    view: View,
    date1: Annotated[
        str, Param("The earlier day, or release.", metavar="DATE1", position=True, reads=read_today)
    ],
    date2: Annotated[
        str | None,
        Param(
            "The later day, or release; with --known DATE1, none is needed.",
            metavar="DATE2",
            position=True,
            reads=read_today,
            needed=True,
        ),
    ] = None,
    *,
    element: Element = ELEMENT,
    market: Market = MARKET,
) -> Changes:
    """Say in sentences what changed between two days; --known DATE1 DATE2 compares what was known.

    What changes for the market comes first; what certainly does not touch the element is left out.
    Two folders are two releases of the tables, or folders as ontology/tables: each record that was
    added, changed or removed is told as well.

    Example: monazite diff 2025-05-15 2026-01-15 -e Dy -m JPN

    Example: monazite diff --known 2025-05-20 2026-11-24

    >>> import monazite
    >>> found = monazite.load().diff("2014-12-31", "2016-06-30")
    >>> [each.kind for each in found if each.subject.startswith("Mountain Pass mine")]
    ['suspended']
    >>> monazite.load(known="2025-05-20").diff("2026-11-24").before
    'what was known by 2025-05-20'
    """
    from monazite.analysis.changes import ComparedView, find_changes
    from monazite.view.own_tables import are_folders, diff_releases, opened_again

    if date2 is not None and are_folders(date1, date2):
        return diff_releases(view, date1, date2, element=element, market=market)
    known, valid = view.filters.known, view.filters.valid
    if date2 is not None:
        if valid is not None:
            raise UnknownNameError(
                "A comparison of two days takes no --valid: the days are its own."
            )
        before, after = (
            ComparedView(view.store, view.schema, day, day) for day in _in_order(date1, date2)
        )
        return find_changes(before, after, element, market)
    if known is None:
        raise UnknownNameError("Name two days: monazite diff 2025-05-15 2026-01-15.")
    early, late = _in_order(known, date1)
    later = opened_again(view, late)
    before, after = (
        ComparedView(each.store, each.schema, each.valid, f"what was known by {day}")
        for each, day in ((view, early), (later, late))
    )
    return later._recorded(find_changes(before, after, element, market))


def _in_order(date1: str, date2: str) -> tuple[str, str]:
    """Return two days in their order, each the last that its date can mean."""
    from monazite.store.queries import day_of

    first, last = day_of(date1), day_of(date2)
    if first > last:
        raise UnknownNameError(f"{date1} comes after {date2}; write the earlier day first.")
    return first, last
