"""DCAT 3: Turtle and JSON-LD say the same, and every thing has an address."""

from __future__ import annotations

from pathlib import Path

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, XSD

from monazite.exchange.catalogues.dcat import to_dcat_jsonld, to_dcat_turtle
from monazite.exchange.catalogues.published import PublishedView, publish
from monazite.view import load

SPDX = "http://spdx.org/rdf/terms#"


def read(published: PublishedView) -> Graph:
    return Graph().parse(data=to_dcat_turtle(published), format="turtle")


def test_both_forms_are_the_same_statements(published: PublishedView) -> None:
    parsed = Graph()
    for quad in read_jsonld(to_dcat_jsonld(published)):
        parsed.add(quad)
    graph = read(published)
    assert isomorphic(parsed, graph)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def read_jsonld(text: str) -> list[tuple[URIRef, URIRef, URIRef | Literal]]:
    """By rdflib, which is another reader than the one that wrote the Turtle."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*Graph().parse(data=text, format="json-ld")]


def test_each_file_is_a_distribution_with_size_and_checksum(published: PublishedView) -> None:
    graph, dataset = read(published), URIRef(published.iri)
    assert (dataset, RDF.type, DCAT.Dataset) in graph
    found = {}
    for file in graph.objects(dataset, DCAT.distribution):
        size, checksum = (
            graph.value(file, DCAT.byteSize),
            graph.value(file, URIRef(f"{SPDX}checksum")),
        )
        value = graph.value(checksum, URIRef(f"{SPDX}checksumValue"))
        assert isinstance(value, Literal)
        assert value.datatype == XSD.hexBinary
        found[str(graph.value(file, DCTERMS.title))] = (int(str(size)), str(value))
    assert found == {each.name: (each.size, each.sha256) for each in published.files}


def test_a_part_says_of_what_it_is_a_part(cut: Path) -> None:
    part = publish(load(ontology=cut, tier=1))
    whole = (URIRef(part.iri), DCTERMS.isPartOf, URIRef(part.title.iri))
    assert whole in read(part)
    assert not [*read(publish(load(ontology=cut))).triples((None, DCTERMS.isPartOf, None))]
