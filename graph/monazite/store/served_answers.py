"""Answers as a server gives them: of any graphs of the store, in all formats of SPARQL and RDF."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from monazite.core.errors import LimitError, QueryError
from monazite.core.formats import grouped
from monazite.data.iris import PREFIXES
from monazite.store.answers import AnyAnswer
from monazite.store.query_process import in_the_readers_words
from monazite.store.sparql_text import judge
from monazite.store.store import AskedGraphs, Store

TABLES: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
}
"""Formats of what SELECT and ASK give, by media type; the first where nobody asks for one."""
GRAPHS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
}
_SHORTEST = 12  # bytes that a triple takes at least, however it is written
_judge = lru_cache(maxsize=256)(lambda text: judge(text, may_choose_graphs=True))


class _Bounded(io.BytesIO):
    """Takes so many bytes, and refuses more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, part: object) -> int:
        content = memoryview(part)  # type: ignore[arg-type]
        if self.tell() + len(content) > self._most:
            raise self.refusal
        return super().write(content)

    @property
    def refusal(self) -> LimitError:
        """What is said of an answer that is longer."""
        return LimitError(
            f"The answer is longer than {grouped(self._most)} bytes; add LIMIT or narrow the query."
        )


def answer_query(
    store: Store,
    text: str,
    media: str,
    *,
    prefixes: Mapping[str, str],
    graphs: AskedGraphs | None,
    most: int,
) -> bytes:
    """Judge a query and answer it in the format of a media type."""
    query = _judge(text)
    if graphs is None and query.chooses_graphs:
        graphs = AskedGraphs()

    def answer() -> bytes:
        return _written(store.answer(query.text, prefixes, graphs=graphs), media, most)

    try:
        return store.attempt(answer)
    except QueryError as error:
        raise in_the_readers_words(error, query, prefixes) from None
    except ValueError as error:  # the engine knows more of IRIs than a pattern does
        raise QueryError(f"The query cannot be asked: {error}.") from None


def _written(answer: AnyAnswer, media: str, most: int) -> bytes:
    bounded = _Bounded(most)
    if isinstance(answer, ox.QueryTriples):
        seen: set[ox.Triple] = set()
        for triple in answer:
            seen.add(triple)
            if len(seen) * _SHORTEST > most:
                raise bounded.refusal
        ox.serialize(sorted(seen, key=str), bounded, format=GRAPHS[media], prefixes=PREFIXES)
    else:
        answer.serialize(bounded, format=TABLES[media])
    return bounded.getvalue()


def write_graph(ntriples: str, media: str) -> bytes:
    """Write triples of our own in the format of a media type, a key of ``GRAPHS``."""
    triples = [quad.triple for quad in ox.parse(ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)]
    return ox.serialize(triples, format=GRAPHS[media], prefixes=PREFIXES) or b""
