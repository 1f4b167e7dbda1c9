"""What a view holds, against counts of the tables, and as DCAT and VoID read back by rdflib."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID

from monazite.analysis.concentration.shares import stage_shares
from monazite.analysis.inventory import DatasetDescription, Inventory, five_years, take_inventory
from monazite.core.package import ontology_folder
from monazite.data.columns import Schema, TableShape
from monazite.data.iris import BASE, NS
from monazite.store.store import CountedSource, Statistics, read_statistics
from tests.conftest import view_in_memory


@cache
def of_view(**given: Any) -> Inventory:
    view = view_in_memory(**given)
    return take_inventory(read_statistics(view.store), view.schema)


def test_sources_by_tier_and_age_are_those_of_the_file() -> None:
    file = ontology_folder() / "tables" / "sources.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    inventory = of_view()
    assert {each.group: each.sources for each in inventory.tiers} == Counter(
        row["tier"] for row in rows
    )
    ages = {each.group: each.sources for each in inventory.ages}
    assert ages["undated"] == sum(not row["published"] for row in rows)
    late = [row for row in rows if "2020" <= row["published"][:4] <= "2024"]
    assert ages["2020 to 2024"] == len(late)
    assert sum(ages.values()) == inventory.sources == len(rows)


@pytest.mark.parametrize(
    "given", [{}, {"tier": 1}, {"known": "2010"}, {"without": ("table:baci",)}]
)
def test_facts_are_those_of_the_view(given: dict[str, Any]) -> None:
    view = view_in_memory(**given)
    inventory = of_view(**given)
    facts = sum(table.rows for table in inventory.tables if table.kind == "fact")
    assert facts == view.describe()["rows"]
    assert sum(tier.facts for tier in inventory.tiers) == facts
    assert sum(age.facts for age in inventory.ages) == facts


def test_a_fact_counts_once_with_its_best_and_its_newest_source() -> None:
    """Worked by hand: three facts, one of two sources; the entity's row is no fact."""
    schema = Schema(
        {
            "prices": TableShape("prices", NS + "Price", "record", "", "event", (), ()),
            "elements": TableShape(
                "elements", NS + "ChemicalElement", "entity", "id/", "none", (), ()
            ),
            "sources": TableShape("sources", NS + "Source", "source", "source/", "none", (), ()),
        }
    )
    counts = Statistics(
        quads=0,
        triples=0,
        subjects=0,
        tables={"prices": 3, "elements": 1},
        classes={NS + "Source": 2},
        properties={},
        sources={"urn:old": CountedSource("1", "1999-04"), "urn:new": CountedSource("3", "2025")},
        evidence={
            f"{BASE}row/prices/a": ("urn:new", "urn:old"),
            f"{BASE}row/prices/b": ("urn:new",),
            f"{BASE}row/prices/c": ("urn:new",),
            f"{BASE}row/elements/Dy": ("urn:old",),
        },
    )
    inventory = take_inventory(counts, schema)
    assert [(each.group, each.sources, each.facts) for each in inventory.tiers] == [
        ("1", 1, 1),
        ("3", 1, 2),
    ]
    assert [(each.group, each.sources, each.facts) for each in inventory.ages] == [
        ("1995 to 1999", 1, 0),
        ("2025 to 2029", 1, 3),
    ]
    assert [(each.table, each.kind, each.rows) for each in inventory.tables] == [
        ("elements", "identity", 1),
        ("prices", "fact", 3),
        ("sources", "source", 2),
    ]
    assert inventory.rows == 6


def test_coverage_is_that_of_the_chokepoint_report() -> None:
    view = view_in_memory()
    network = view.network("Dy")
    counts = read_statistics(view.store)
    inventory = take_inventory(counts, view.schema, stage_shares(network))
    report = {stage.stage: stage.coverage for stage in view.chokepoints("Dy").stages}
    assert {each.stage: each.coverage for each in inventory.coverage} == report
    assert report["metal"] is None, "not known is not nought"


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


@pytest.mark.parametrize(
    ("published", "years"),
    [("2025", "2025 to 2029"), ("1989-12-31", "1985 to 1989"), ("", "undated")],
)
def test_five_years(published: str, years: str) -> None:
    assert five_years(published) == years
