"""What do the records say of one thing?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from monazite.asking.question import question
from monazite.data.declared import Param
from monazite.data.parameters import COUNTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.analysis.concentration.by_year import ConcentrationYear
    from monazite.analysis.conflicts.conflicts import Conflict
    from monazite.store.entity_card import EntityCard, ShortCard
    from monazite.view.view import View

_MANY = 500
"""Rows of an entity above which its card names no conflicts: they are those of all its trade."""


def _shown(
    found: EntityCard,
    _: Any,  # noqa: ANN401 - nothing is asked beside it
    *,
    limit: Annotated[
        int | None,
        Param("With --full: records a table may show, 20 unless told.", bounds=COUNTS, tables=True),
    ] = None,
) -> tuple[EntityCard, None]:
    return (found if limit is None else replace(found, short=None, limit=limit)), None


@question(
    group="Who says so, and since when?",
    rank=1,
    title="Card of a plant, firm, country, element or act",
    says="The card of one thing by id or name: what it makes, how much, who owns it, who buys, "
    "which rules apply, what is disputed. A number has its unit and year beside it; planned is not "
    "made.",
    range="None: these are figures as published. Where sources differ the card names both.",
    shown=_shown,
    lists=True,
)
def show(
    view: View,
    name: Annotated[
        str,
        Param(
            "Id or name, in English or Chinese; kind/id for one of several.",
            metavar="NAME",
            position=True,
            completes=(),
        ),
    ],
    *,
    full: Annotated[
        bool, Param("Only the rows, without the short card, which takes a second once.", tool=False)
    ] = False,
) -> EntityCard:
    """Print the card of a plant, firm, act, country, element or material, with its sources.

    State, products, amounts, owners, buyers, rules, what is disputed. --full prints all records. A
    name of several things has an answer for each, with kind and id.

    Example: monazite show "Mountain Pass"

    >>> import monazite
    >>> monazite.load().show("Mountain Pass").entity.label
    'Mountain Pass mine and processing facility'
    >>> monazite.load().show("mofcom-gac-2025-18").opening.split(". ")[0]
    'In force: since 2025-04-04'
    """
    from monazite.store.entity_card import find_card

    found = find_card(view.store, view._tables, name, view.valid)
    if found.entity.is_a("Policy"):
        from monazite.analysis.policies.policies import lines_of

        (line,) = lines_of(view.store, view._tables, view.valid, [found.entity.id])
        found = replace(found, opening=line.text)
    return found if full else replace(found, short=_short_card(view, found))


def _short_card(view: View, found: EntityCard) -> ShortCard:
    """The short card of an entity, as it was made before, or anew."""
    from monazite.core.package import hash_of, modules_below
    from monazite.store.entity_card import read_short

    by = hash_of("store/entity_card.py", *modules_below("model"), *modules_below("analysis"))
    others = [other.place for other in found.others]
    question = f"short card {found.entity.iri} {others} {view.valid} {by}"
    return read_short(view.store.kept(question, lambda: _make_short_card(view, found).to_bytes()))


def _make_short_card(view: View, found: EntityCard) -> ShortCard:
    """Make a card from what the other questions find."""
    from monazite.analysis.cards import CardView, find_short_card
    from monazite.analysis.concentration.by_year import find_concentration
    from monazite.analysis.concentration.standing import with_reconciled
    from monazite.analysis.conflicts.conflicts import KIND, check_kind, find_conflicts

    def conflicts() -> Sequence[Conflict]:
        about = {card.row for card in found.cards} if len(found) <= _MANY else set()
        places = sorted(view._row_places[row] for row in about if row in view._row_places)
        rows = [view._selected[place] for place in places]
        wanted = check_kind(KIND)
        every = find_conflicts(rows, view.schema, view._attributions) if rows else []
        return [conflict for conflict in every if conflict.kind in wanted]

    def leaders(element: str) -> Sequence[ConcentrationYear]:
        facts = view.facts(element)
        return with_reconciled(find_concentration(facts), facts).lines

    asked = CardView(view.store, view._tables, view.valid, conflicts, leaders)
    return find_short_card(found, asked)
