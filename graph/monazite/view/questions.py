"""Something of your own: named questions and SPARQL."""

from __future__ import annotations

from monazite.errors import UnknownNameError
from monazite.triples.answers import Answer, to_answer
from monazite.triples.queries import day_of, read_query
from monazite.view.filtered_rows import FilteredRows


class OwnQuestions(FilteredRows):
    """Something of your own."""

    def query(self, name: str, /, **given: str) -> Answer:
        """Answer a named query; a parameter ``date`` that is not given is the view's date.

        Raises:
            UnknownNameError: the query, a parameter, or what one names, is not known; or a
                ``date`` is given that is not the day on which the view is valid.

        >>> import monazite
        >>> answer = monazite.load().query("policies-in-force", date="2025-06-11")
        >>> len(answer.rows) > 0
        True
        """
        query = read_query(name, self.ontology / "queries")
        if any(parameter.name == "date" for parameter in query.parameters):
            given.setdefault("date", self.valid)
            if self.filters.valid and day_of(given["date"]) != self.valid:
                raise UnknownNameError(
                    f"The view holds only what is valid on {self.valid}; ask date="
                    f"{given['date']} of a view of that day, or of all rows."
                )
        return to_answer(self.store.select(query.bound(self.store, given)))
