"""Alignments as Turtle: in step with what they are derived from, and read by rdflib."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.namespace import VOID

from monazite.rows.alignments import (
    FILE,
    Alignment,
    all_alignments,
    read_alignments,
    read_header,
    read_prefixes,
)
from monazite.rows.iris import ALIGNMENTS, BASE
from monazite.rows.reader import Tables
from monazite.shipped import ontology_folder
from monazite.triples.alignments import curie, literal, to_sssom, to_turtle
from monazite.triples.store import Store

FOLDER = ontology_folder()
ALL = "https://w3id.org/monazite/alignments"


@pytest.fixture(scope="module")
def everything(shipped: Tables) -> list[Alignment]:
    return all_alignments(FOLDER, shipped.schema, shipped.rows)


def test_the_turtle_is_in_step(everything: list[Alignment]) -> None:
    """``monazite alignments --format turtle > ontology/alignments.ttl`` writes it anew."""
    kept = (FOLDER / "alignments.ttl").read_text(encoding="utf-8")
    assert to_turtle(everything, read_prefixes(FOLDER)) == kept


def test_rdflib_reads_the_alignments_back(everything: list[Alignment]) -> None:
    graph = Graph().parse(FOLDER / "alignments.ttl")
    said = {
        (URIRef(each.subject), URIRef(each.predicate), URIRef(each.object))
        for each in everything
        if not each.negative
    }
    assert said <= set(graph)
    denied = {
        (
            graph.value(node, OWL.sourceIndividual),
            graph.value(node, OWL.assertionProperty),
            graph.value(node, OWL.targetIndividual),
        )
        for node in graph.subjects(RDF.type, OWL.NegativePropertyAssertion)
    }
    assert denied == {
        (URIRef(each.subject), URIRef(each.predicate), URIRef(each.object))
        for each in everything
        if each.negative
    }
    head = len(list(graph.predicate_objects(URIRef(ALL))))
    linksets = set(graph.subjects(RDF.type, VOID.Linkset))
    assert len(graph) == len(said) + 5 * len(denied) + head + 5 * len(linksets)
    assert (None, OWL.sameAs, None) not in graph


def test_the_linksets_count_the_links_to_each_vocabulary(everything: list[Alignment]) -> None:
    graph = Graph().parse(FOLDER / "alignments.ttl")
    counted = 0
    for each in graph.subjects(RDF.type, VOID.Linkset):
        space, link = graph.value(each, VOID.objectsTarget), graph.value(each, VOID.linkPredicate)
        links = [target for _, _, target in graph.triples((None, link, None))]
        own = [target for target in links if str(target).startswith(str(space))]
        assert int(str(graph.value(each, VOID.triples))) == len(own) > 0
        assert str(graph.value(each, VOID.subjectsTarget)) == BASE + "dataset"
        counted += len(own)
    assert counted == sum(not each.negative for each in everything)


def test_alignments_are_in_the_store_and_what_is_none_is_not(
    everything: list[Alignment], store: Store
) -> None:
    ask = f"SELECT ?s ?p ?o {{ GRAPH <{ALIGNMENTS}> {{ ?s ?p ?o }} }}"
    found = {(each["s"].value, each["p"].value, each["o"].value) for each in store.select(ask)}
    said = {(each.subject, each.predicate, each.object) for each in everything if not each.negative}
    assert said <= found
    denied = {(each.subject, each.predicate, each.object) for each in everything if each.negative}
    assert denied
    assert denied.isdisjoint(found)


def test_the_sssom_file_is_sorted_and_written_back_as_it_is() -> None:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    curated = read_alignments(FOLDER)
    assert to_sssom(curated, read_prefixes(FOLDER), read_header(FOLDER)) == text
    lines = text.splitlines()[len(read_header(FOLDER)) + 1 :]
    assert lines == sorted(lines, key=lambda line: [line.split("\t")[i] for i in (0, 1, 3, 2)])


def test_a_name_that_turtle_would_have_to_escape_is_written_whole() -> None:
    prefixes = {"mzid": "https://w3id.org/monazite/id/"}
    assert curie("https://w3id.org/monazite/id/element/Dy", prefixes) == (
        "<https://w3id.org/monazite/id/element/Dy>"
    )


@pytest.mark.parametrize("text", ['a "b"', "a\\b", "a\nb\tc", "稀土"])
def test_a_literal_reads_back(text: str) -> None:
    graph = Graph().parse(data=f"<urn:a> <urn:b> {literal(text)} .", format="turtle")
    assert set(graph.objects()) == {Literal(text, lang="en")}
