"""Where do rows differ, and is that a contradiction?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import question
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.analysis.conflicts.conflicts import Conflict, Conflicts
    from monazite.view.view import View


def _check_kind(kind: str) -> None:
    from monazite.analysis.conflicts.conflicts import check_kind

    check_kind(kind)


@question(
    group="How sure is that?",
    rank=3,
    title="Sources that disagree",
    says="Records that state different figures or dates for the same thing, and whether they "
    "contradict each other or differ in basis, definition, year, edition or rounding.",
    range="The figures of a conflict are its range; none of them is chosen here.",
)
def conflicts(
    view: View,
    name: Annotated[
        str | None,
        Param(
            "A name or id: a plant, firm, country, element.",
            metavar="[ENTITY]",
            position=True,
            completes=(),
        ),
    ] = None,
    *,
    kind: Annotated[
        str,
        Param(
            "real, basis, definition, year, edition, rounding or all.",
            *("-k", "KIND"),
            check=_check_kind,
        ),
    ] = "real",
) -> Conflicts:
    """List facts on which rows differ, the biggest difference first, with who says what.

    Rows that copy one root count once, and a later edition takes the place of an earlier one.

    Example: monazite conflicts "Mountain Pass"

    >>> import monazite
    >>> found = monazite.load().conflicts("Bukit Merah")
    >>> [line.text for line in found.conflicts[0].lines]
    ['1992', '1994-01-19']
    """
    from monazite.analysis.conflicts.conflicts import (
        choose_conflicts,
        conflicts_about,
        find_conflicts,
    )
    from monazite.store.names import find_entity

    entity = None if name is None else find_entity(view.store, name)
    rows = view.rows()
    found: Sequence[Conflict] = view.store.derive(
        ("conflicts", view.filters, view.data),
        lambda: tuple(find_conflicts(rows, view.schema, view._attributions)),
    )
    if entity is not None:
        found = conflicts_about(found, entity.iri, rows, view.schema)
    return choose_conflicts(found, kind, entity)
