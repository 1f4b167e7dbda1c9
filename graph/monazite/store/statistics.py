"""What a store holds, counted: rows by table, triples by class and property, and its sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from monazite.core.results import Value
from monazite.data.iris import BASE, NS, PREFIXES, local_name
from monazite.store.store import Store

_CLASSES = "SELECT ?key (COUNT(DISTINCT ?s) AS ?count) { ?s a ?key } GROUP BY ?key"
_PROPERTIES = (
    "SELECT ?key (COUNT(*) AS ?count) { SELECT DISTINCT ?s ?key ?o { ?s ?key ?o } } GROUP BY ?key"
)
_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?count) { ?s ?p ?o }"
_GRAPHS = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }"
_SOURCES = f"""PREFIX mz: <{NS}> SELECT ?source ?tier ?published {{
  ?source a mz:Source ; mz:tier ?tier . OPTIONAL {{ ?source mz:published ?published }} }}"""
_EVIDENCE = f"SELECT DISTINCT ?row ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"


@dataclass(frozen=True)
class CountedSource:
    """A source of the store: its tier, and its date as printed (empty where it has none)."""

    tier: str
    published: str


@dataclass(frozen=True)
class Statistics(Value):
    """Counts of a store.

    Attributes:
        quads: how many there are.
        triples: how many there are.
        classes: members of each class, by IRI.
        properties: triples of each property, by IRI.
        evidence: the sources of each row, by IRI.
    """

    quads: int
    triples: int
    subjects: int
    tables: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    sources: Mapping[str, CountedSource]
    evidence: Mapping[str, tuple[str, ...]]


def count_triples(store: Store) -> int:
    """Count the triples of a store, each once however many graphs state it."""
    return store.derive("triples", lambda: sum(_counts(store, _PROPERTIES).values()))


def read_statistics(store: Store) -> Statistics:
    """Count what is in a store: a triple in two named graphs is one triple and two quads."""
    properties = _counts(store, _PROPERTIES)
    sources = {}
    for row in store.select(_SOURCES):
        day = "" if row["published"] is None else row["published"].value
        sources[row["source"].value] = CountedSource(local_name(row["tier"].value), day)
    evidence: dict[str, list[str]] = defaultdict(list)
    for row in store.select(_EVIDENCE):
        evidence[row["row"].value].append(row["source"].value)
    # each row is one named graph, but sources, which share the graph of the evidence
    graphs = [row["graph"].value.partition(f"{BASE}row/") for row in store.select(_GRAPHS)]
    tables = Counter(name.partition("/")[0] for before, own, name in graphs if own and not before)
    return Statistics(
        quads=len(store),
        triples=sum(properties.values()),
        subjects=next(int(row["count"].value) for row in store.select(_SUBJECTS)),
        tables=dict(sorted(tables.items())),
        classes=_counts(store, _CLASSES),
        properties=properties,
        sources=sources,
        evidence={row: tuple(sorted(found)) for row, found in evidence.items()},
    )


def _counts(store: Store, query: str) -> dict[str, int]:
    found = {row["key"].value: int(row["count"].value) for row in store.select(query)}
    return dict(sorted(found.items()))
