"""The vocabulary, the schemes and the shapes: declared, described, and free of contradiction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import owlrl  # type: ignore[import-untyped]  # it ships no types
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, PROV, VANN, VOID
from rdflib.term import Node

from monazite.rows.iris import BASE, NS, PREFIXES, SCHEME
from monazite.rows.reader import Tables
from monazite.shipped import ontology_folder
from monazite.triples.checks import to_ntriples
from monazite.triples.quads import to_nquads
from monazite.triples.store import Store

FOLDER = ontology_folder()
TURTLE = sorted(FOLDER.glob("**/*.ttl"))
PARAMETERS = ("horizon", "contingency-event")
"""Closed lists that no column takes: what a reader may ask for."""
DIRECT = "certainty"
"""The closed list that no column takes and direct facts use."""
SCHEMES = sorted((FOLDER / "schemes").glob("*.ttl"))
MZ = Namespace(NS)
OUTSIDE = (
    *(str(RDF), str(RDFS), str(OWL), str(SKOS), str(PROV), str(DCTERMS), str(DCAT), str(VOID)),
    *(str(ORG), str(FOAF), str(VANN), PREFIXES["geo"]),
)
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(FOLDER / "monazite.ttl")


@pytest.fixture(scope="module")
def schemes() -> Graph:
    graph = Graph()
    for file in SCHEMES:
        graph.parse(file)
    return graph


def own_terms(graph: Graph) -> Iterator[URIRef]:
    for subject in set(graph.subjects(RDF.type)):
        if isinstance(subject, URIRef) and str(subject).startswith(NS):
            yield subject


@pytest.mark.parametrize("file", TURTLE, ids=lambda file: str(file.relative_to(FOLDER)))
def test_rdflib_and_oxigraph_read_the_same_number_of_triples(file: Path) -> None:
    parsed = {(q.subject, q.predicate, q.object) for q in ox.parse(path=str(file))}
    assert len(parsed) == len(Graph().parse(file)) > 0


def test_the_ontology_has_a_version_and_a_licence(vocabulary: Graph) -> None:
    ontology = URIRef(NS.removesuffix("#"))
    assert (ontology, RDF.type, OWL.Ontology) in vocabulary
    version = str(vocabulary.value(ontology, OWL.versionInfo))
    assert vocabulary.value(ontology, OWL.versionIRI) == URIRef(f"{ontology}/{version}")
    assert "apache.org/licenses" in str(vocabulary.value(ontology, DCTERMS.license))


@pytest.mark.parametrize("wanted", [RDFS.label, RDFS.comment, SKOS.example])
def test_every_term_is_described(vocabulary: Graph, wanted: URIRef) -> None:
    missing = [term for term in own_terms(vocabulary) if not vocabulary.value(term, wanted)]
    assert missing == []


def test_every_term_is_declared_once(vocabulary: Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for term in own_terms(vocabulary):
        assert len(kinds & set(vocabulary.objects(term, RDF.type))) == 1, term
        labels = list(vocabulary.objects(term, RDFS.label))
        assert len(labels) == 1, term


def test_whatever_the_shapes_and_schemes_name_is_declared(
    vocabulary: Graph, schemes: Graph
) -> None:
    declared = set(own_terms(vocabulary))
    graph = Graph()
    graph += schemes
    for file in sorted((FOLDER / "shapes").glob("*.ttl")):
        graph.parse(file)
    named = {
        term
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(NS)
    }
    assert named - declared == set()


@pytest.mark.parametrize(
    "query",
    ["SELECT DISTINCT ?term { ?s ?term ?o }", "SELECT DISTINCT ?term { ?s a ?term }"],
    ids=["properties", "classes"],
)
def test_whatever_the_quads_use_is_declared(store: Store, vocabulary: Graph, query: str) -> None:
    declared = {str(term) for term in own_terms(vocabulary)}
    used = {solution["term"].value for solution in store.select(query)}
    assert {term for term in used - declared if not term.startswith(OUTSIDE)} == set()


def test_every_closed_column_has_a_scheme(shipped: Tables, schemes: Graph) -> None:
    schema = shipped.schema
    of_tables = {table.class_iri for table in schema.tables.values()}
    closed = {
        name
        for table in schema.tables.values()
        for column in table.columns
        for name in column.classes
        if name not in of_tables
    }
    asked = {
        str(schemes.value(URIRef(SCHEME + name), MZ.conceptClass)) for name in (*PARAMETERS, DIRECT)
    }
    assert closed | asked == set(schema.codes)
    assert all(schema.codes[name] for name in closed | asked)
    assert {str(term) for term in schemes.objects(None, MZ.conceptClass)} == closed | asked


def test_terms_that_count_records_count_those_that_are_held(shipped: Tables) -> None:
    """UN Comtrade lets fewer than 100,000 records in all be given on."""
    licences = {row.key: row.text("licence") for row in shipped.rows if row.table == "sources"}
    said = {
        source: int(found[1])
        for source, text in licences.items()
        if (found := re.search(r"(\d+) records are held here", text))
    }
    held = Counter(
        cell.text
        for row in shipped.rows
        for cell in row.cells.get("source", ())
        if cell.text in said
    )
    assert held == said
    assert {"comtrade-2023", "comtrade-us-via-akashok1"} <= said.keys()
    assert sum(said.values()) < 100_000


def test_every_class_of_a_table_is_of_one_table(shipped: Tables, vocabulary: Graph) -> None:
    """A subclass of it would fall under the shapes of two tables."""
    classes = [URIRef(table.class_iri) for table in shipped.schema.tables.values()]
    assert len(set(classes)) == len(classes)
    for one in classes:
        assert not set(vocabulary.transitive_objects(one, RDFS.subClassOf)) & set(classes) - {one}


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: str(file.stem))
def test_every_concept_is_described_and_stands_in_its_scheme(file: Path) -> None:
    graph = Graph().parse(file)
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert str(scheme) == SCHEME + file.stem
    assert graph.value(scheme, SKOS.prefLabel)
    assert graph.value(scheme, SKOS.definition)
    concepts = list(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        assert graph.value(concept, SKOS.inScheme) == scheme
        code = str(graph.value(concept, SKOS.notation))
        assert str(concept) == f"{scheme}/{code}"
        assert (concept, RDF.type, graph.value(scheme, MZ.conceptClass)) in graph
        for wanted in (SKOS.prefLabel, SKOS.definition, SKOS.example):
            texts = [text for text in graph.objects(concept, wanted) if text.language == "en"]  # type: ignore[attr-defined]  # literals only
            assert len(texts) == 1, (concept, wanted)
    codes = list(graph.objects(None, SKOS.notation))
    assert len(codes) == len(set(codes))


def test_every_scheme_has_a_concept_that_some_row_uses(store: Store, schemes: Graph) -> None:
    ask = (
        "SELECT DISTINCT ?scheme { ?s ?p ?o . ?o a <%s> ; <%s> ?scheme . FILTER(?p NOT IN (<%s>)) }"
    )
    query = ask % (SKOS.Concept, SKOS.inScheme, SKOS.broader)
    used = {solution["scheme"].value for solution in store.select(query)}
    every = {str(term) for term in schemes.subjects(RDF.type, SKOS.ConceptScheme)}
    assert every - {SCHEME + name for name in PARAMETERS} == used


# Reasoning


def contradictions(graph: Graph) -> set[Node]:
    """Close a graph under OWL 2 RL, and return what is in no possible world."""
    closure = owlrl.DeductiveClosure(owlrl.OWLRL_Semantics)
    closure.expand(graph)
    return set(graph.subjects(RDF.type, OWL.Nothing)) | set(graph.subjects(RDF.type, ERROR))


def members(vocabulary: Graph) -> Graph:
    """One nameless member of each class: without it no reasoner sees that a class is empty."""
    graph = Graph()
    for one in own_terms(vocabulary):
        if (one, RDF.type, OWL.Class) in vocabulary:
            graph.add((BNode(), RDF.type, one))
    return graph


@pytest.mark.whole
def test_no_class_is_impossible_and_no_row_contradicts(vocabulary: Graph, shipped: Tables) -> None:
    rows = shipped.rows[::60]
    text = to_ntriples(to_nquads(rows, shipped.schema), shipped.schema).splitlines()
    own = [line for line in text if not line.startswith((f"<{NS}", f"<{SCHEME}", "_:"))]
    graph = vocabulary + members(vocabulary)
    graph.parse(data="\n".join(own), format="nt")
    assert len(graph) > len(vocabulary) + 500
    assert contradictions(graph) == set()


@pytest.mark.parametrize(
    "classes",
    [("Facility", "Organisation"), ("Country", "Area"), ("Capacity", "Facility")],
)
def test_the_reasoner_finds_a_planted_contradiction(
    vocabulary: Graph, classes: tuple[str, str]
) -> None:
    axioms = Graph()
    for predicate in (RDFS.subClassOf, OWL.members, RDF.first, RDF.rest, RDF.type):
        for subject, value in vocabulary.subject_objects(predicate):
            axioms.add((subject, predicate, value))
    thing = URIRef(BASE + "id/facility/both")
    for name in classes:
        axioms.add((thing, RDF.type, MZ[name]))
    assert contradictions(axioms)
