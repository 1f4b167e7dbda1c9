"""What is exported: a view, or the part of it that speaks of one entity."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

import pyoxigraph as ox

from monazite.core.results import Struct, do_nothing
from monazite.data.iris import (
    BASE,
    DIRECT,
    DIRECT_EVIDENCE,
    EVIDENCE,
    NS,
    PREFIXES,
    entity_iri,
    row_iri,
    row_name,
)
from monazite.data.parameters import ELEMENT, MARKET
from monazite.store.cards import rows_about

if TYPE_CHECKING:
    from monazite.data.columns import Schema
    from monazite.data.reader import Row
    from monazite.model.network.attributes import Network
    from monazite.store.names import Entity
    from monazite.store.store import Store


def iri_of(term: object) -> str:
    """Return the IRI of a term of the engine, or the text of a literal; else an empty text."""
    return str(getattr(term, "value", ""))


def subjects_of(schema: Schema, predicate: str, *objects: str) -> Iterator[str]:
    """Yield the IRIs of the vocabulary of which one of some objects is said."""
    for triple in schema.vocabulary:
        is_said = triple.predicate.value == predicate and iri_of(triple.object) in objects
        if is_said and isinstance(triple.subject, ox.NamedNode):
            yield triple.subject.value


VIEW_GRAPH = BASE + "graph/view"
"""Graph and subject of the description of the view that an RDF export was taken with."""
Progress: TypeAlias = Callable[[float], None]
"""Told now and then which share of the work is done, from 0 to 1."""
_Item = TypeVar("_Item")
_EVERY = 4096
READ = 0.8
"""Share of the time of an export that reading and sorting take."""
_NAMED = f"""PREFIX mz: <{NS}> SELECT DISTINCT ?row WHERE {{
  VALUES ?by {{ $ROWS }} GRAPH ?by {{ ?s ?p ?entity }} ?row mz:describes ?entity }}"""
_EVIDENCE = f"""PREFIX prov: <{PREFIXES["prov"]}>
SELECT DISTINCT ?row ?source WHERE {{ ?row prov:wasDerivedFrom ?source }}"""
_SOURCES = f"PREFIX mz: <{NS}> SELECT DISTINCT ?source WHERE {{ ?source a mz:Source }}"
_CITED = f"""PREFIX mz: <{NS}> PREFIX prov: <{PREFIXES["prov"]}>
SELECT DISTINCT ?source WHERE {{
  VALUES ?row {{ $ROWS }} ?row prov:wasDerivedFrom/mz:root* ?source }}"""

# a pattern with the graph named: a variable graph joined to two names took 20 times as long
_ABOUT_ROWS = " UNION ".join(
    f"{{ VALUES ?s {{ $ROWS }} GRAPH <{graph}> {{ ?s ?p ?o }} BIND(<{graph}> AS ?g) }}"
    for graph in (EVIDENCE, VIEW_GRAPH)
)
_QUADS = f"""SELECT ?s ?p ?o ?g WHERE {{
  {{ VALUES ?g {{ $ROWS }} GRAPH ?g {{ ?s ?p ?o }} }} UNION {_ABOUT_ROWS} }}"""


_DIRECT = f"""PREFIX rdf: <{PREFIXES["rdf"]}> SELECT ?s ?p ?o ?g WHERE {{
  {{
    SELECT DISTINCT ?fact {{ {{ ?fact rdf:subject <$IRI> }} UNION {{ ?fact rdf:object <$IRI> }} }}
  }}
  {{
    GRAPH <{DIRECT_EVIDENCE}> {{ ?fact ?p ?o }}
    BIND(?fact AS ?s) BIND(<{DIRECT_EVIDENCE}> AS ?g)
  }}
  UNION
  {{ ?fact rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . BIND(<{DIRECT}> AS ?g) }} }}"""
"""The direct facts that an entity is one end of."""


class Exported(Protocol):
    """What an export needs of a view; ``monazite.View`` is one."""

    @property
    def store(self) -> Store:
        """The quads of the view."""

    @property
    def schema(self) -> Schema:
        """The tables and closed lists."""

    def describe(self) -> dict[str, object]:
        """Return what the view is, for JSON."""

    def line(self) -> str:
        """Return what the view is, as one line."""

    def rows(self) -> list[Row]:
        """Return the rows of the view, in the order of the tables."""

    def network(self, element: str = ELEMENT, market: str = MARKET) -> Network:
        """Build the network of an element and a market."""


def in_order(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return each triple once, sorted."""
    found = {str(each): each for each in triples}
    return [each for _, each in sorted(found.items())]


def part(progress: Progress, begin: float, end: float) -> Progress:
    """Return the progress of a part of the work."""
    return lambda share: progress(begin + share * (end - begin))


def watched(items: Iterable[_Item], total: int, progress: Progress) -> Iterator[_Item]:
    """Yield items and tell the share that is done, every few thousand of them."""
    for done, item in enumerate(items):
        if done % _EVERY == 0:
            progress(done / max(total, 1))
        yield item


class Selection(Struct):
    """A view, or the rows of it that speak of one entity and what these rows name.

    The rows of an entity are those that describe it or name it, those that describe what they
    name (identity, so that every name has its label), and the sources of all of them.
    """

    view: Exported
    entity: Entity | None = None  # None for all rows, or for ``only``
    only: tuple[str, ...] = ()  # the rows that are wanted, with what they name and their sources

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The rows as ``table/key``; None is every row of the view."""
        if self.entity is None and not self.only:
            return None
        own = list(self.only)
        if self.entity is not None:
            own += rows_about(self.view.store, self.entity)
        named = (row_name(iri) for iri in self._ask(_NAMED, "row", own))
        rows = frozenset((*own, *named))
        return rows | self.sources_of(rows)

    def sources_of(self, rows: Iterable[str]) -> frozenset[str]:
        """Return the sources that rows cite, and what these copy, as rows of their table."""
        (sources,) = (t for t in self.view.schema.tables.values() if t.kind == "source")
        path = BASE + sources.id_path
        cited = (iri.removeprefix(path) for iri in self._ask(_CITED, "source", rows))
        return frozenset(f"{sources.name}/{key}" for key in cited)

    def _ask(self, query: str, variable: str, rows: Iterable[str]) -> Iterator[str]:
        iris = " ".join(f"<{row_iri(*name.split('/', 1))}>" for name in sorted(rows))
        for found in self.view.store.select(query.replace("$ROWS", iris)):
            yield found[variable].value

    def rows(self) -> list[Row]:
        """Return the rows, in the order of the tables, with those sources that the view keeps."""
        cited: dict[str, set[str]] = defaultdict(set)
        for found in self.view.store.select(_EVIDENCE):
            cited[found["row"].value].add(found["source"].value)
        sources = {found["source"].value for found in self.view.store.select(_SOURCES)}
        kept = []
        for row in self.view.rows():
            if self.names is not None and f"{row.table}/{row.key}" not in self.names:
                continue
            iri = self._subject(row.table, row.key)
            if self.view.schema.tables[row.table].kind == "source":
                kept += [row] if iri in sources else []
                continue
            cells = row.cells.get("source", ())
            left = tuple(cell for cell in cells if cell.iri in cited[iri])
            fewer = len(left) < len(cells)  # the view leaves out some of its sources
            kept.append(replace(row, cells={**row.cells, "source": left}) if fewer else row)
        return kept

    def by_table(self) -> dict[str, list[Row]]:
        """Return the rows of each table by its name; a table has an entry, be it empty."""
        found: dict[str, list[Row]] = {name: [] for name in sorted(self.view.schema.tables)}
        for row in self.rows():
            found[row.table].append(row)
        return found

    def about(self) -> dict[str, object]:
        """Return what is exported, for JSON: the view, and the entity if it is one."""
        found = self.view.describe()
        if self.only:
            found = {**found, "records": list(self.only)}
        return found if self.entity is None else {**found, "entity": self.entity.id}

    def line(self) -> str:
        """Return what is exported, as one line."""
        line = self.view.line()
        return line if self.entity is None else f"{self.entity.label}; {line}"

    def quads(self, progress: Progress = do_nothing) -> list[ox.Quad]:
        """Return the quads, sorted by graph and triple, with a description of the view."""
        found = [*self.statements(progress), *self._description()]
        return sorted(found, key=lambda quad: (iri_of(quad.graph_name), str(quad.triple)))

    def statements(self, progress: Progress = do_nothing) -> Iterator[ox.Quad]:
        """Yield the quads of the rows, in no order."""
        store = self.view.store
        if self.names is None:
            yield from watched(store.quads(), len(store), part(progress, 0, READ))
            return
        rows = " ".join(sorted(f"<{self._subject(*name.split('/', 1))}>" for name in self.names))
        asked = [_QUADS.replace("$ROWS", rows)]
        asked += [] if self.entity is None else [_DIRECT.replace("$IRI", self.entity.iri)]
        for found in (each for query in asked for each in store.select(query)):
            yield ox.Quad(found["s"], found["p"], found["o"], found["g"])

    def triples(self, progress: Progress = do_nothing) -> list[ox.Triple]:
        """Return the union of all graphs, each triple once, sorted."""
        return in_order(quad.triple for quad in self.quads(progress))

    def _subject(self, table: str, key: str) -> str:
        """The IRI under which the evidence graph knows a row: a source has no graph of its own."""
        found = self.view.schema.tables[table]
        return entity_iri(found.id_path, key) if found.kind == "source" else row_iri(table, key)

    def _description(self) -> Iterator[ox.Quad]:
        described = ox.NamedNode(VIEW_GRAPH)
        content = json.dumps(self.about(), ensure_ascii=False, sort_keys=True)
        for predicate, value in (
            (PREFIXES["rdf"] + "type", ox.NamedNode("http://rdfs.org/ns/void#Dataset")),
            ("http://purl.org/dc/terms/title", ox.Literal(self.line())),
            (NS + "view", ox.Literal(content)),
        ):
            yield ox.Quad(described, ox.NamedNode(predicate), value, described)
