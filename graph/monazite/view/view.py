"""The view: filtered rows, and everything that can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monazite.core.errors import UnknownNameError
from monazite.data.parameters import MAX_ROWS, ROW_COUNTS, TIMEOUT, TIMEOUTS, check_text
from monazite.store.answers import Answer, read_answer, to_answer
from monazite.store.queries import NAME, NamedQuery, day_of, parse_query, read_query
from monazite.view.filtered_rows import FilteredRows


class OwnQuestions(FilteredRows):
    """Something of your own."""

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that SPARQL of your own need not declare, with their addresses.

        >>> import monazite
        >>> monazite.load().prefixes["facility"]
        'https://w3id.org/monazite/id/facility/'
        """
        from monazite.store.prefixes import preset_prefixes

        return preset_prefixes(self.ontology)

    def query(
        self,
        question: str | NamedQuery,
        /,
        *,
        reason: bool = False,
        timeout: float = TIMEOUT,
        max_rows: int = MAX_ROWS,
        parameters: Mapping[str, str] | None = None,
        **given: str,
    ) -> Answer:
        """Answer a named question, or SPARQL of your own in a process with limits.

        Args:
            question: the name of a question, as :meth:`ask` lists them; or SPARQL, which may not
                write, nor reach out by ``SERVICE`` or ``FROM``. It need not declare the prefixes
                of ``prefixes``, and may say relative addresses, ``<row/capacity/...>``.
            reason: ask what the rules infer as well: places, kinds of plants, parents, supply.
            timeout: seconds that SPARQL of your own may take.
            max_rows: rows that SPARQL of your own may give.
            parameters: the parameters of the question by name, where one has a name that Python
                or this method uses otherwise.
            given: the same as words of Python; ``date``, if it is not given, is the view's day.

        Returns:
            A table of terms, with its ``records`` as values of Python; a ``YesOrNo`` for ASK,
            ``Triples`` for CONSTRUCT and DESCRIBE. Where SPARQL of your own finds nothing, its
            ``notes`` say which terms the vocabulary or the view lacks.

        Raises:
            UnknownNameError: the question, a parameter, or what one names, is not known; or a
                ``date`` is given that is not the day on which the view is valid.
            QueryError: SPARQL of your own is broken, not allowed, too slow or too much.

        >>> import monazite
        >>> view = monazite.load()
        >>> answer = view.query("policies-in-force", date="2025-06-11")
        >>> answer.name, len(answer) > 0
        ('policies-in-force', True)
        >>> view.query("SELECT ?number { element:Dy mz:atomicNumber ?number }").records
        ({'number': 66},)
        >>> view.query("ASK { ?element mz:atomicnumber 66 }").notes
        ('The vocabulary has no property mz:atomicnumber; did you mean mz:atomicNumber?',)
        """
        TIMEOUTS.check(timeout)
        ROW_COUNTS.check(max_rows)
        if not isinstance(question, NamedQuery):
            check_text(question, "question")
        words = {**(parameters or {}), **given}
        if isinstance(question, str) and NAME.fullmatch(question):
            named = read_query(question, self.ontology / "queries")
            view = self.reason() if reason and not self.reasoned else self
            return view._named(named, words)
        view = replace(self, reasoned=True) if reason else self  # the child applies the rules
        return view._own(question, words, timeout, max_rows)

    def _named(self, query: NamedQuery, given: dict[str, str]) -> Answer:
        if any(parameter.name == "date" for parameter in query.parameters):
            given.setdefault("date", self.valid)
            if self.filters.valid and day_of(given["date"]) != self.valid:
                raise UnknownNameError(
                    f"The view holds only what is valid on {self.valid}; ask date="
                    f"{given['date']} of a view of that day, or of all rows."
                )
            if query.worked_out and given["date"]:
                from monazite.analysis.policies.status import with_statuses

                query = with_statuses(query, self.store, given["date"])
            if query.works_out("policy-touches"):
                from monazite.analysis.policies.selection import with_touches

                query = with_touches(query, self.store, given)
        found = self.store.select(query.bound(self.store, given))
        return self._recorded(to_answer(found, name=query.name))

    def _own(
        self, question: str | NamedQuery, given: dict[str, str], timeout: float, max_rows: int
    ) -> Answer:
        from monazite.core.limited_process import Limits
        from monazite.store.query_hints import find_hints, found_nothing
        from monazite.store.query_process import run_guarded
        from monazite.store.sparql_text import judge, kind_of

        query = parse_query("", question) if isinstance(question, str) else question
        text = query.bound(self.store, given) if given else query.text
        kind_of(text)  # what is no query at all is told before the child begins
        self.store.wait()  # the child opens what is built here, outside the time limit
        done = run_guarded(
            text,
            self.ontology,
            data=self.data,
            filters=self.filters,
            reason=self.valid if self.reasoned else None,
            cache=self.cached,
            rows=max_rows,
            limits=Limits(seconds=timeout),
        )
        answer = read_answer(done.output, query.name)
        notes = _without(done.missing)
        if found_nothing(answer):
            notes += (*find_hints(judge(text).text, self.store, self.prefixes),)
        return self._recorded(replace(answer, notes=notes))


def _without(walls: tuple[str, ...]) -> tuple[str, ...]:
    """Say which walls the system does not give around a query."""
    if not walls:
        return ()
    return (
        f"This system gives no wall of these around a query of your own: {', '.join(walls)}; its "
        "time is limited all the same, and its text was refused if it reached out.",
    )


@dataclass(frozen=True)
class View(OwnQuestions):
    """Rows that hold on a day, were known by a day, from some sources: everything is asked of it.

    People who know rdflib take ``dataset``; people who know networkx take ``network()``.

    Attributes:
        store: the rows as RDF quads, those that the filters keep.
        ontology: the folder with vocabulary, shapes, tables and questions.
        valid: the day asked about, an ISO date.
        filters: what was asked for, as it was asked.
        data: the reader's own tables, None without.
        reasoned: whether the store holds what the rules infer as well.
        cached: whether stores are kept in the user's cache folder.
    """
