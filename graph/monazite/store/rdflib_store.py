"""The store as people who know rdflib take it: it is read, and never written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from oxrdflib import OxigraphStore

from monazite.core.errors import QueryError
from monazite.store.sparql_text import judge

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.query import Result
    from rdflib.term import Identifier


class ReadOnlyStore(OxigraphStore):
    """A store of rdflib that refuses what writes, and queries that reach out."""

    def query(
        self,
        query: object,
        initNs: Mapping[str, Any],  # noqa: N803 - the names of rdflib
        initBindings: Mapping[str, Identifier],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: object,
    ) -> Result:
        """Answer a query, judged as one of the command line is, without limits of its own."""
        if not isinstance(query, str):
            raise QueryError("Give the query as a text: one that was parsed cannot be judged.")
        if kwargs:  # rdflib would evaluate by itself what the engine does not know
            raise QueryError(f"Leave out {', '.join(sorted(kwargs))}: the engine does not take it.")
        text = judge(query).text
        return super().query(text, initNs, initBindings, queryGraph)

    def add_graph(self, graph: Graph) -> None:
        """Do nothing: a graph is named in order to read it."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise QueryError("The rows are read-only here; write a copy, rdflib.Graph() + dataset.")

    add = remove = remove_graph = update = destroy = _refuse
    addN = _refuse  # noqa: N815 - the name of rdflib
