"""Who says so, and who says otherwise? Cards, claims, conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.findings.claims.claims import Claim
    from monazite.findings.conflicts.conflicts import Conflict


class StatementQuestions(FilteredRows):
    """Who says so, and who says otherwise?"""

    def conflicts(self, name: str | None = None) -> list[Conflict]:
        """Find facts on which rows differ, real contradictions first.

        Args:
            name: only about this entity; about all if None.

        >>> import monazite
        >>> monazite.load().conflicts("Mountain Pass")[0].kind
        'real'
        """
        from monazite.findings.conflicts.conflicts import conflicts_about, find_conflicts
        from monazite.triples.names import find_entity

        view = self
        entity = find_entity(view.store, name) if name else None
        rows = view.rows()
        found = find_conflicts(rows, view.schema, sources=self._speaking)
        return conflicts_about(found, entity.iri, rows, view.schema) if entity else found

    @property
    def _speaking(self) -> frozenset[str] | None:
        """The sources that a filtered view lets speak; a row keeps the names of the others too."""
        if not self.filters:
            return None
        from monazite.rows.iris import PREFIXES, local_name

        query = f"SELECT DISTINCT ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"
        answers = self.store.select(query)
        return frozenset(local_name(found["source"].value) for found in answers)

    def claims(self, *, cache: bool = True) -> tuple[Claim, ...]:
        """Hold public claims against the rows of the view; what is claimed is the same in all.

        Args:
            cache: keep the store of all rows in the user's cache folder.

        >>> import monazite
        >>> len(monazite.load().claims())
        26
        """
        from monazite.findings.claims.claims import find_claims
        from monazite.triples.store import open_store

        view = self
        said = (
            open_store(view.ontology, data=view.data, cache=cache) if view.filters else view.store
        )
        return find_claims(said, view.store, view.schema)
