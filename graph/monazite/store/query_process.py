"""A reader's own query, run in a child process that has limits and no network.

The engine has no time limit of its own, and answers ``SERVICE`` by a request of its own. Two
walls stand before that: the text is judged and rewritten (:mod:`monazite.store.sparql_text`),
and the child that runs it has no network (:mod:`monazite.core.limited_process`).
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from monazite.core.errors import LimitError, QueryError, did_you_mean
from monazite.core.formats import grouped
from monazite.core.limited_process import Finished, Limits, limit_memory, run_limited, serve
from monazite.data.filters import Filters
from monazite.data.iris import PREFIXES
from monazite.store.answers import write_answer
from monazite.store.opening import open_store
from monazite.store.query_help import preset_prefixes
from monazite.store.sparql_text import JudgedQuery, judge
from monazite.store.store import AskedGraphs, Store

_PREFIXED = re.compile(r"([\w.-]*):[^\s:]*$")  # a name with its prefix, at the end of a text


def run_guarded(
    text: str,
    ontology: Path,
    *,
    data: Path | None = None,
    filters: Filters | None = None,
    reason: str | None = None,
    cache: bool,
    rows: int,
    limits: Limits,
) -> Finished:
    """Judge and run a query in a child process."""
    task: dict[str, Any] = {"ontology": str(ontology), "data": str(data) if data else None}
    task |= {"filters": asdict(filters or Filters()), "reason": reason}
    try:
        return run_limited(
            "monazite.store.query_process",
            {**task, "cache": cache, "rows": rows},
            text.encode(),
            limits,
            what="query",
            too_slow="narrow it, or allow more time",
            too_big="narrow it",
        )
    except UnicodeEncodeError:
        raise QueryError("The query holds half of a character; write it as UTF-8.") from None
    except LimitError as error:
        raise QueryError(str(error)) from None


def answer(task: dict[str, Any], sent: bytes) -> bytes:
    """Judge the query that was sent, and write its answer from the view of its task."""
    warnings.simplefilter("ignore")  # stderr is for the error
    query, ontology = judge(sent.decode()), Path(task["ontology"])
    prefixes = preset_prefixes(ontology)
    filters = Filters(**{**task["filters"], "without": tuple(task["filters"]["without"])})
    data = Path(task["data"]) if task["data"] else None
    store = open_store(ontology, data=data, filters=filters, cache=task["cache"])
    if task["reason"]:
        from monazite.store.derived_triples import reason

        store = reason(store, ontology, valid=task["reason"]).store
    limit_memory(task["memory"])
    try:
        return store.attempt(lambda: write_answer(store.answer(query.text, prefixes), task["rows"]))
    except QueryError as error:
        raise in_the_readers_words(error, query, prefixes) from None
    except OSError as error:
        if "os error 13" in str(error):  # the wall holds, whatever was let through before
            raise QueryError("The query would reach out, which none may.") from None
        raise


def in_the_readers_words(
    error: QueryError, query: JudgedQuery, prefixes: Mapping[str, str]
) -> QueryError:
    """Say where a fault stands in the text as it was written."""
    place = re.search(r"error at (\d+):(\d+)", str(error))
    if place is None or int(place[1]) != 1:
        return error
    column = int(place[2])
    used = _PREFIXED.search(query.text[: column - 1])
    if "Prefix not found" in str(error) and used:
        fix = did_you_mean(used[1], prefixes) or "monazite query --prefixes lists those that are."
        return QueryError(f'No prefix "{used[1]}" is declared or preset; {fix}')
    return QueryError(f"The query cannot be parsed: {query.where(column)}.")


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
        found, bounded = store.answer(query.text, prefixes, graphs=graphs), _Bounded(most)
        if isinstance(found, ox.QueryTriples):
            seen: set[ox.Triple] = set()
            for triple in found:
                seen.add(triple)
                if len(seen) * _SHORTEST > most:
                    raise bounded.refusal
            ox.serialize(sorted(seen, key=str), bounded, format=GRAPHS[media], prefixes=PREFIXES)
        else:
            found.serialize(bounded, format=TABLES[media])
        return bounded.getvalue()

    try:
        return store.attempt(answer)
    except QueryError as error:
        raise in_the_readers_words(error, query, prefixes) from None
    except ValueError as error:  # the engine knows more of IRIs than a pattern does
        raise QueryError(f"The query cannot be asked: {error}.") from None


def write_graph(ntriples: str, media: str) -> bytes:
    """Write triples of our own in the format of a media type, a key of ``GRAPHS``."""
    triples = [quad.triple for quad in ox.parse(ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)]
    return ox.serialize(triples, format=GRAPHS[media], prefixes=PREFIXES) or b""


if __name__ == "__main__":
    sys.exit(serve(answer))
