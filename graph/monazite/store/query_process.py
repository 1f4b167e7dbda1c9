"""A reader's own query, run in a child process that has limits and no network.

The engine has no time limit of its own, and answers ``SERVICE`` by a request of its own. Two
walls stand before that: the text is judged and rewritten (:mod:`monazite.store.sparql_text`),
and the child that runs it has no network (:mod:`monazite.core.limited_process`). What it need not
declare, and which name may be meant where it finds nothing, is said here too.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from monazite.core.errors import LimitError, QueryError, UnknownNameError, did_you_mean
from monazite.core.formats import grouped
from monazite.core.limited_process import Finished, Limits, limit_memory, run_limited, serve
from monazite.core.results import Struct
from monazite.data.alignments import read_prefixes
from monazite.data.columns import read_schema
from monazite.data.filters import Filters
from monazite.data.iris import BASE, NS, PREFIXES, SCHEME, VOCABULARY, local_name
from monazite.store.answers import Answer, full, quoted, read_answer, to_answer, write_answer
from monazite.store.names import find_entity
from monazite.store.opening import open_store
from monazite.store.queries import NamedQuery, parse_query, read_text
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


def preset_prefixes(ontology: Path) -> dict[str, str]:
    """Return the prefixes that are preset in a reader's query, such as ``facility``."""
    paths = (table.id_path for table in read_schema(ontology).tables.values() if table.id_path)
    ids = {path.strip("/").rpartition("/")[2]: BASE + path for path in paths}
    ids |= {"firm": ids["organisation"]} if "organisation" in ids else {}  # a shorter name
    schemes = {file.stem: f"{SCHEME}{file.stem}/" for file in (ontology / "schemes").glob("*.ttl")}
    ours = {name: iri for name, iri in PREFIXES.items() if iri.startswith(BASE)}
    others = {**read_prefixes(ontology), **PREFIXES, "owl": "http://www.w3.org/2002/07/owl#"}
    outside = {name: iri for name, iri in others.items() if not iri.startswith(BASE)}
    groups = ({"mz": ours["mz"]}, {**ids, "row": BASE + "row/"}, {**schemes, **ours}, outside)
    found: dict[str, str] = {}
    for group in groups:
        found |= {name: group[name] for name in sorted(group) if name not in found}
    return found


class AnsweredExample(Struct):
    """A question in words, its query to paste, and its answer."""

    name: str
    title: str
    text: str
    answer: Answer


def read_examples(folder: Path) -> tuple[NamedQuery, ...]:
    """Read the questions of a folder in the order of their names; none where it is missing."""
    return tuple(parse_query(file.stem, read_text(file)) for file in sorted(folder.glob("*.rq")))


def answer_examples(ontology: Path) -> tuple[AnsweredExample, ...]:
    """Answer the example questions of an ontology folder on all of its rows."""
    questions = read_examples(ontology / "examples")
    if not questions:
        return ()
    store, prefixes = open_store(ontology), preset_prefixes(ontology)

    def answer(query: NamedQuery) -> AnsweredExample:
        found = read_answer(write_answer(store.answer(query.text, prefixes)), query.name)
        if "ORDER BY" not in query.text:  # the same page each time
            found = replace(found, rows=tuple(sorted(found.rows, key=str)))
        return AnsweredExample(query.name, query.title, body_of(query.text), found)

    return store.attempt(lambda: tuple(map(answer, questions)))


def body_of(text: str) -> str:
    """Return a query without the lines of its header."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()


_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_TERM = re.compile(
    r"""(?P<label>(?:rdfs:label|skos:(?:alt|pref)Label)\s+)?"(?P<name>(?:[^"\\]|\\.)*)"
      | '(?:[^'\\]|\\.)*'
      | <(?P<iri>[^<>"{}|^`\\\s]*)>
      | (?<![\w?$@-])(?P<prefix>[A-Za-z][\w-]*):(?P<local>(?:[\w%-]|\\.|[.:](?=[\w%:-]))+)""",
    re.VERBOSE,
)
_LABELS = f"<{PREFIXES['rdfs']}label>|<{PREFIXES['skos']}altLabel>|<{PREFIXES['skos']}prefLabel>"
_CLASSES = (PREFIXES["rdfs"] + "Class", "http://www.w3.org/2002/07/owl#Class")
_LOCAL = re.compile(r"\w(?:[\w.-]*[\w-])?")  # what follows the colon of a short name unescaped
_NOTHING = ("", "0", "false")
_MANY = 2_000  # names among which one is looked for by its first three letters, which is quicker


def found_nothing(answer: Answer) -> bool:
    """Tell whether an answer is empty, no, or the count of nothing."""
    return len(answer) < 2 and all(full(term) in _NOTHING for row in answer.rows for term in row)


def find_hints(text: str, store: Store, prefixes: Mapping[str, str]) -> list[str]:
    """Name the terms of a judged query that the store lacks, and what may be meant.

    >>> from monazite.store.opening import open_store
    >>> find_hints("ASK { ?plant mz:ownedby ?firm }", open_store(), PREFIXES)
    ['The vocabulary has no property mz:ownedby; did you mean mz:ownedBy?']
    """
    known = {**prefixes, **dict(_DECLARED.findall(text))}
    asked = _AskedStore(store, known)
    told: list[str] = []
    for term in _TERM.finditer(_DECLARED.sub("", text)):
        if term["label"]:
            told += asked.no_name(term["name"])
        elif term["iri"]:
            told += asked.no_term(_absolute(term["iri"]))
        elif term["prefix"] in known:
            local = term["local"].replace("\\", "")
            told += asked.no_term(_absolute(known[term["prefix"]]) + local)
    return [*dict.fromkeys(told)]


def _absolute(iri: str) -> str:
    return iri if ":" in iri else BASE + iri


class _AskedStore:
    """The view that answered, and short names for what it holds."""

    def __init__(self, store: Store, prefixes: Mapping[str, str]) -> None:
        self._store, self._prefixes = store, prefixes

    def no_term(self, iri: str) -> Iterator[str]:
        """Say that the view has nothing of an address, and which one may be meant."""
        uses = (
            f"<{iri}> ?p ?o",
            f"?s <{iri}> ?o",
            f"?s ?p <{iri}>",
            f"GRAPH <{iri}> {{ ?s ?p ?o }}",
        )
        if any(self._holds(each) for each in uses):
            return
        short, what = self._short(iri), ""
        if iri.startswith(NS) or not iri.startswith(BASE):
            what = "class " if local_name(iri)[:1].isupper() else "property "
        meant = self._near(iri, what.strip())
        where = "The vocabulary has" if iri.startswith(NS) else "The data used have"
        if meant or iri.startswith(BASE):
            yield f"{where} no {what}{short}{f'; {meant}' if meant else '.'}"

    def no_name(self, name: str) -> Iterator[str]:
        """Say that nothing has a name, where another name of a thing is meant."""
        if not self._holds(f"?thing {_LABELS} ?name FILTER(STR(?name) = {quoted(name)})"):
            with suppress(UnknownNameError):
                meant = self._short(find_entity(self._store, name).iri)
                yield f'Nothing in the data used is named "{name}"; did you mean {meant}?'

    def _short(self, iri: str) -> str:
        """The shortest name of an address that a query may use."""
        names = [
            f"{name}:{iri.removeprefix(space)}"
            for name, space in self._prefixes.items()
            if iri.startswith(space) and _LOCAL.fullmatch(iri.removeprefix(space))
        ]
        return min(names, key=len, default=f"<{iri.removeprefix(BASE)}>")

    def _holds(self, pattern: str) -> bool:
        return bool(self._store.answer(f"ASK {{ {pattern} }}"))

    def _near(self, iri: str, what: str) -> str:
        """``did you mean ...?`` for a term of the same namespace, by its id or its name.

        An id may also be one of another kind: a firm, where a plant is asked for.
        """
        name = local_name(iri)
        space = iri.removesuffix(name)
        known = dict(self._names(space, what)) if name else {}
        if len(known) > _MANY:
            known = {each: known[each] for each in known if each[:3] == name[:3]}
        meant = did_you_mean(name, known) or did_you_mean(name.replace("-", " "), known)
        if meant:
            _, fit, _ = meant.split('"')
            return f"did you mean {self._short(known[fit])}?"
        ids = f"{BASE}id/"
        if not name or not space.startswith(ids):
            return ""
        others = (f"{each}{name}" for each in self._prefixes.values() if each.startswith(ids))
        found = next((other for other in others if self._holds(f"<{other}> ?p ?o")), "")
        return f"did you mean {self._short(found)}?" if found else ""

    def _names(self, space: str, what: str) -> Iterator[tuple[str, str]]:
        """What a namespace holds, by name and by id; an id comes before a name."""
        declared = f"GRAPH <{VOCABULARY}> {{ ?term a ?kind }}"
        used = {"property": "?s ?term ?o", "class": "?s a ?term"}.get(what, "?term a ?any")
        names = "" if what else f"OPTIONAL {{ ?term {_LABELS} ?name }}"
        answer = self._store.answer(
            f"SELECT ?term ?kind ?name {{ {{ SELECT DISTINCT ?term ?kind "
            f"{{ {declared if space == NS else used} "
            f"FILTER(isIRI(?term) && STRSTARTS(STR(?term), {quoted(space)})) }} }} {names} }} "
            "ORDER BY ?term"
        )
        found = [[full(term) for term in row] for row in to_answer(cast("Any", answer)).rows]
        fitting = [
            (iri, name)
            for iri, kind, name in found
            if space != NS or (kind in _CLASSES) == (what == "class")
        ]
        yield from ((name, iri) for iri, name in fitting if name)
        yield from ((local_name(iri), iri) for iri, _ in fitting)


if __name__ == "__main__":
    sys.exit(serve(answer))
