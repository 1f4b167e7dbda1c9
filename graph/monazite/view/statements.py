"""Who says so, and who says otherwise? Cards and claims."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.analysis.concentration.by_year import ConcentrationYear
    from monazite.analysis.conflicts.conflicts import Conflict
    from monazite.store.entity_card import EntityCard, ShortCard

_MANY = 500
"""Rows of an entity above which its card names no conflicts: they are those of all its trade."""


class StatementQuestions(FilteredRows):
    """Who says so, and who says otherwise?"""

    def show(self, name: str, *, full: bool = False) -> EntityCard:
        """Show what the rows say of an entity: facts, events in order, links, policies, sources.

        Args:
            name: id or name, in English or Chinese; ``deposit/mountain-pass`` for one of several.
            full: only the rows, without the short card, which takes a second the first time.

        Returns:
            Its short card, its rows, each with its sources, and what else has that name; of a
            policy first the line of :meth:`policies`.

        Raises:
            UnknownNameError: nothing is meant.
            SeveralMeantError: more than one thing is meant; it lists them with kind and id.

        >>> import monazite
        >>> monazite.load().show("Mountain Pass").entity.label
        'Mountain Pass mine and processing facility'
        >>> monazite.load().show("mofcom-gac-2025-18").opening.split(". ")[0]
        'In force: since 2025-04-04'
        """
        from monazite.store.entity_card import find_card

        found = find_card(self.store, self._tables, name, self.valid)
        if found.entity.is_a("Policy"):
            from monazite.analysis.policies.policies import lines_of

            (line,) = lines_of(self.store, self._tables, self.valid, [found.entity.id])
            found = replace(found, opening=line.text)
        return self._recorded(found if full else replace(found, short=self._short_card(found)))

    def _short_card(self, found: EntityCard) -> ShortCard:
        """The short card of an entity, as it was made before, or anew."""
        from monazite.core.package import hash_of, modules_below
        from monazite.store.entity_card import read_short

        by = hash_of("store/entity_card.py", *modules_below("model"), *modules_below("analysis"))
        others = [other.place for other in found.others]
        question = f"short card {found.entity.iri} {others} {self.valid} {by}"
        return read_short(
            self.store.kept(question, lambda: self._make_short_card(found).to_bytes())
        )

    def _make_short_card(self, found: EntityCard) -> ShortCard:
        """Make a card from what the other questions find."""
        from monazite.analysis.cards import CardView, find_short_card
        from monazite.analysis.concentration.by_year import find_concentration
        from monazite.analysis.concentration.standing import with_reconciled
        from monazite.analysis.conflicts.conflicts import KIND, check_kind, find_conflicts

        def conflicts() -> Sequence[Conflict]:
            about = {card.row for card in found.cards} if len(found) <= _MANY else set()
            rows = [
                row
                for row in (self.rows() if about else ())
                if row.table == "sources" or f"{row.table}/{row.key}" in about
            ]
            wanted = check_kind(KIND)
            every = find_conflicts(rows, self.schema, sources=self._speaking)
            return [conflict for conflict in every if conflict.kind in wanted]

        def leaders(element: str) -> Sequence[ConcentrationYear]:
            facts = self.facts(element)
            return with_reconciled(find_concentration(facts), facts).lines

        asked = CardView(self.store, self._tables, self.valid, conflicts, leaders)
        return find_short_card(found, asked)

    @property
    def _speaking(self) -> frozenset[str] | None:
        """The sources that a filtered view lets speak; a row keeps the names of the others too."""
        if not self.filters:
            return None
        from monazite.data.iris import PREFIXES, local_name

        query = f"SELECT DISTINCT ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"
        answers = self.store.select(query)
        return frozenset(local_name(found["source"].value) for found in answers)
