"""Was that already so in May? Timeline, comparison, parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.ownership.parents import Parents
    from monazite.findings.timeline.timeline import Timeline


class HistoryQuestions(FilteredRows):
    """Was that already so in May?"""

    def timeline(self, name: str | None = None, *, stage: str | None = None) -> Timeline:
        """Put what happened in order.

        Args:
            name: of a plant, firm, country, element or policy.
            stage: of a whole stage of the chain.
        """
        from monazite.findings.timeline.timeline import timeline_of
        from monazite.triples.names import find_entity

        view = self
        entity = find_entity(view.store, name) if name else None
        return timeline_of(view.store, view.schema, view.valid, entity, stage=stage)

    def parents(self, name: str) -> Parents:
        """Follow who owns a plant or firm up to the ultimate parent, on the view's day.

        Args:
            name: id or name of a facility or organisation.
        """
        from monazite.findings.ownership.parents import find_parents

        found = find_parents(self.store, name, self.valid)
        return self._seen(found, rows=found.rows)
