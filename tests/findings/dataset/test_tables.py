"""The description of the data set as DCAT and VoID, read back by rdflib."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID

from monazite.findings.dataset.inventory import DatasetDescription
from monazite.rows.iris import NS
from tests.conftest import view_in_memory

DATASET = URIRef("https://w3id.org/monazite/dataset")


@cache
def describe(*, line: str = "", **given: Any) -> tuple[DatasetDescription, Graph]:
    described = view_in_memory(**given).info("Dy")
    if line:
        assert described.view is not None
        described = replace(described, view=replace(described.view, text=line))
    return described, Graph().parse(data=described.to_turtle(), format="turtle")


def partitions(graph: Graph, dataset: URIRef) -> dict[str, int]:
    found = {}
    for node in graph.objects(dataset, VOID.classPartition):
        found[str(graph.value(node, VOID["class"]))] = graph.value(node, VOID.entities)
    for node in graph.objects(dataset, VOID.propertyPartition):
        found[str(graph.value(node, VOID.property))] = graph.value(node, VOID.triples)
    return {iri: int(str(count)) for iri, count in found.items()}


def test_the_whole_is_a_data_set_with_its_counts() -> None:
    described, graph = describe()
    assert set(graph.objects(DATASET, RDF.type)) == {DCAT.Dataset, VOID.Dataset}
    assert graph.value(DATASET, DCTERMS.license) == URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )
    counts = described.inventory.statistics
    assert graph.value(DATASET, VOID.triples) == Literal(counts.triples)
    parts = partitions(graph, DATASET)
    assert parts == {**counts.classes, **counts.properties}
    assert parts[NS + "Facility"] == counts.tables["facilities"]
    for node in graph.objects(DATASET, DCAT.distribution):
        assert graph.value(node, DCAT.mediaType)
        assert graph.value(node, DCAT.accessURL)
        assert graph.value(node, DCTERMS.license)


def test_a_filtered_view_is_a_subset_with_counts_of_its_own() -> None:
    _, graph = describe(without=("table:baci",))
    (subset,) = graph.objects(DATASET, VOID.subset)
    assert isinstance(subset, URIRef)
    assert not list(graph.objects(DATASET, VOID.triples))
    assert NS + "BaciFlow" not in partitions(graph, subset)
    _, other = describe(tier=1)
    assert set(other.objects(DATASET, VOID.subset)) != {subset}
    _, same = describe(without=("table:baci",))
    assert set(same.objects(DATASET, VOID.subset)) == {subset}


@pytest.mark.parametrize("line", ['"""" . <urn:a> <urn:b> <urn:c> .', "a\\\nb", "稀土"])
def test_hostile_words_stay_a_text(line: str) -> None:
    described, graph = describe(line=line)
    text = f"{described.title.description} {line}"
    assert graph.value(DATASET, DCTERMS.description) == Literal(text, lang="en")
    assert (URIRef("urn:a"), None, None) not in graph
