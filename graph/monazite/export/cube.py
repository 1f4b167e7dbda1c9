"""The statistics as an RDF Data Cube (https://www.w3.org/TR/vocab-data-cube/).

Each number column of a table is a data set with one measure; each number is one observation.
Dimensions are the columns that every row fills with one value, and the row itself: two sources that
disagree are two observations. All other columns are attributes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pyoxigraph as ox

from monazite.core.results import Struct, do_nothing
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.iris import BASE, EVIDENCE, NS, PREFIXES, local_name
from monazite.export.rdf import serialise
from monazite.export.selection import VIEW_GRAPH, Progress, Selection, in_order, iri_of

CUBE = BASE + "cube/"
_QB = "http://purl.org/linked-data/cube#"
_SDMX = "http://purl.org/linked-data/sdmx/2009/"
_RDFS, _SKOS, _XSD = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["xsd"]
_DERIVED = PREFIXES["prov"] + "wasDerivedFrom"
_ROW = BASE + "row/"
_SAME_AS_SDMX = {
    "country": "dimension#refArea",
    "year": "dimension#refPeriod",
    "unit": "attribute#unitMeasure",
    "value": "measure#obsValue",
}
_KINDS = {
    "dimension": "DimensionProperty",
    "measure": "MeasureProperty",
    "attribute": "AttributeProperty",
}
_CONCEPT = ("inScheme", "notation", "prefLabel")
_Term: TypeAlias = ox.NamedNode | ox.Literal
_Facts: TypeAlias = dict[str, list[tuple[str, _Term]]]
"""Property and value of each row, by its IRI."""


class _Component(Struct):
    """A column as a part of the structure of a data set."""

    role: str  # dimension | measure | attribute
    column: Column

    @property
    def iri(self) -> str:
        return f"{CUBE}{self.role}/{local_name(self.column.path)}"


def write_cube(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the statistics of a view, or those that name an entity, as Turtle."""
    triples = in_order(_triples(selection, progress))
    return serialise(triples, ox.RdfFormat.TURTLE, selection.view.schema, progress)


def statistics(schema: Schema) -> list[TableShape]:
    """Return the tables of statistics: records that speak of a period."""
    tables = schema.tables.values()
    return [table for table in tables if table.kind == "record" and table.time == "period"]


def _triples(selection: Selection, progress: Progress) -> Iterator[ox.Triple]:
    schema, quads = selection.view.schema, selection.quads(progress)
    facts, sources = _facts(quads)
    used: set[str] = set()
    components: dict[str, list[_Component]] = defaultdict(list)
    for table in statistics(schema):
        rows = [iri for iri in facts if iri.startswith(f"{_ROW}{table.name}/")]
        for measure in (column for column in table.columns if column.kind == "decimal"):
            parts = _components(table, measure)
            observed = [
                triple
                for row in rows
                for triple in _observation(row, table, parts, facts[row] + sources[row])
            ]
            if observed:
                yield from observed
                yield from _structure(table, parts)
                used |= {t.object.value for t in observed if isinstance(t.object, ox.NamedNode)}
                for part in parts:
                    components[part.iri].append(part)
    schemes = {
        iri_of(triple.object): iri_of(triple.subject)
        for triple in schema.vocabulary
        if triple.predicate.value == NS + "conceptClass"
    }
    for parts in components.values():
        yield from _property(parts, schemes)
    yield from _concepts(schema, used)
    yield from (quad.triple for quad in quads if _describes(quad, used))


def _facts(quads: Iterable[ox.Quad]) -> tuple[_Facts, _Facts]:
    facts: _Facts = defaultdict(list)
    sources: _Facts = defaultdict(list)
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, _Term):
            continue
        if quad.graph_name == subject:
            facts[subject.value].append((quad.predicate.value, value))
        elif quad.predicate.value == _DERIVED:
            sources[subject.value].append((_DERIVED, value))
    return facts, sources


def _components(table: TableShape, measure: Column) -> list[_Component]:
    row = Column("row", NS + "row", "reference", (NS + "Claim",), required=True)
    found = [_Component("dimension", row)]
    for column in table.columns:
        if column.key or column.about_row or column.kind == "decimal":
            continue
        fixed = column.required and not column.many
        found.append(_Component("dimension" if fixed else "attribute", column))
    return [*found, _Component("measure", measure)]


def _observation(
    row: str, table: TableShape, parts: list[_Component], facts: list[tuple[str, _Term]]
) -> Iterator[ox.Triple]:
    measure = parts[-1].column
    by_path = {part.column.path: part.iri for part in parts}
    if measure.path not in {path for path, _ in facts}:
        return
    own = f"{BASE}observation/{row.removeprefix(_ROW)}/{measure.name}"
    yield _link(own, PREFIXES["rdf"] + "type", _QB + "Observation")
    yield _link(own, _QB + "dataSet", _data_set(table, measure))
    yield _link(own, parts[0].iri, row)
    for path, value in facts:
        if path in by_path or path == _DERIVED:
            yield _triple(own, by_path.get(path, path), value)


def _data_set(table: TableShape, measure: Column) -> str:
    return f"{CUBE}{table.name}/{measure.name}"


def _structure(table: TableShape, parts: list[_Component]) -> Iterator[ox.Triple]:
    measure = parts[-1].column
    own = _data_set(table, measure)
    structure = own + "/structure"
    yield _link(own, PREFIXES["rdf"] + "type", _QB + "DataSet")
    yield _told(own, _RDFS + "label", f"{table.name}: {measure.name}")
    yield _told(own, _RDFS + "comment", f"{table.description} {measure.description}")
    yield _link(own, "http://purl.org/dc/terms/isPartOf", BASE + "dataset")
    yield _link(own, "http://purl.org/dc/terms/source", VIEW_GRAPH)
    yield _link(own, _QB + "structure", structure)
    yield _link(structure, PREFIXES["rdf"] + "type", _QB + "DataStructureDefinition")
    for order, part in enumerate(parts, start=1):
        component = f"{structure}/{local_name(part.column.path)}"
        yield _link(structure, _QB + "component", component)
        yield _link(component, PREFIXES["rdf"] + "type", _QB + "ComponentSpecification")
        yield _link(component, _QB + part.role, part.iri)
        yield _told(component, _QB + "order", order)
        if part.role == "attribute":
            yield _told(component, _QB + "componentRequired", False)


def _property(parts: list[_Component], schemes: dict[str, str]) -> Iterator[ox.Triple]:
    """One property of all tables: the same column may be narrower in one of them."""
    part = parts[0]
    own, column = part.iri, part.column
    yield _link(own, PREFIXES["rdf"] + "type", _QB + _KINDS[part.role])
    yield _told(own, _RDFS + "label", column.name.replace("_", " "))
    yield _told(own, _RDFS + "comment", column.description or "The row that says it.")
    yield _link(own, _RDFS + "subPropertyOf", column.path)
    same = _SAME_AS_SDMX.get(local_name(column.path))
    if same is not None and same.startswith(part.role):
        yield _link(own, _RDFS + "subPropertyOf", _SDMX + same)
    classes = {name for each in parts for name in each.column.classes}
    codes = {schemes[name] for name in classes if name in schemes}
    yield _link(own, _RDFS + "range", _range(column, classes, codes))
    if len(classes) == 1 and codes:
        yield _link(own, PREFIXES["rdf"] + "type", _QB + "CodedProperty")
        yield _link(own, _QB + "codeList", codes.pop())


def _range(column: Column, classes: set[str], codes: set[str]) -> str:
    if column.kind in {"decimal", "integer", "string"}:
        return _XSD + column.kind
    if column.kind not in {"reference", "in-table"}:
        return _RDFS + "Literal"
    if len(classes) != 1:
        return _RDFS + "Resource"
    return _SKOS + "Concept" if codes else min(classes)


def _concepts(schema: Schema, used: set[str]) -> Iterator[ox.Triple]:
    """The concepts that observations name, with their schemes."""
    concept, scheme = _SKOS + "Concept", _SKOS + "ConceptScheme"
    for triple in schema.vocabulary:
        subject = iri_of(triple.subject)
        if subject not in used:
            continue
        if triple.predicate.value in {_SKOS + name for name in _CONCEPT}:
            yield triple
            yield _link(subject, PREFIXES["rdf"] + "type", concept)
        if triple.predicate.value == _SKOS + "inScheme":
            yield _link(iri_of(triple.object), PREFIXES["rdf"] + "type", scheme)


def _describes(quad: ox.Quad, used: set[str]) -> bool:
    """Names of the entities, the cited sources whole, and the view."""
    subject, predicate = iri_of(quad.subject), quad.predicate.value
    if iri_of(quad.graph_name) == EVIDENCE:
        return subject in used and not subject.startswith(_ROW)
    return subject == VIEW_GRAPH or (subject in used and predicate == _RDFS + "label")


def _triple(subject: str, predicate: str, value: _Term) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return _triple(subject, predicate, ox.NamedNode(value))


def _told(subject: str, predicate: str, value: str | int) -> ox.Triple:
    return _triple(subject, predicate, ox.Literal(value))
