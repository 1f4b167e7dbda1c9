"""The data cube: the integrity constraints of the specification, and every number once.

The constraints are those of https://www.w3.org/TR/vocab-data-cube/#wf-rules, by their numbers.
Slices, hierarchies and measure dimensions are not used: IC-7 to IC-10, IC-15 to IC-18 and IC-20
have nothing to look at.
"""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from rdflib import Graph

from monazite.exchange.cube import CUBE, statistics, write_cube
from monazite.exchange.portable_text import iri_of
from monazite.exchange.selection import VIEW_GRAPH, Selection
from monazite.rows.iris import BASE, NS, PREFIXES
from monazite.view import View

PREFIX = f"""PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX skos: <{PREFIXES["skos"]}> PREFIX mz: <{NS}>
PREFIX xsd: <{PREFIXES["xsd"]}> PREFIX prov: <{PREFIXES["prov"]}>
PREFIX dimension: <{CUBE}dimension/> PREFIX measure: <{CUBE}measure/>
PREFIX attribute: <{CUBE}attribute/> PREFIX row: <{BASE}row/production/>
PREFIX country: <{BASE}id/country/> """
BROKEN = {
    "IC-1, one data set": """{ ?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?d } }
        UNION { ?o a qb:Observation ; qb:dataSet ?d, ?e FILTER (?d != ?e) }""",
    "IC-2, one structure": """{ ?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure ?s } }
        UNION { ?d a qb:DataSet ; qb:structure ?s, ?t FILTER (?s != ?t) }""",
    "IC-3, a measure": """?s a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?s qb:component/qb:measure/rdf:type qb:MeasureProperty }""",
    "IC-4, dimensions have a range": """?d a qb:DimensionProperty
        FILTER NOT EXISTS { ?d rdfs:range ?r }""",
    "IC-5, concepts have a code list": """?d a qb:DimensionProperty ; rdfs:range skos:Concept
        FILTER NOT EXISTS { ?d qb:codeList ?l }""",
    "IC-6, only attributes may be missing": """?c qb:componentRequired false
        FILTER NOT EXISTS { ?c qb:attribute/rdf:type qb:AttributeProperty }""",
    "IC-11, all dimensions": """?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d
        FILTER NOT EXISTS { ?o ?d ?v }""",
    "IC-14, all measures": """?o qb:dataSet/qb:structure/qb:component/qb:measure ?m
        FILTER NOT EXISTS { ?o ?m ?v }""",
    "IC-19, codes from the code list": """
        ?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d . ?d qb:codeList ?l . ?o ?d ?v
        FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?l . ?l a skos:ConceptScheme }""",
    "components are declared": """?c a qb:ComponentSpecification ;
        qb:dimension|qb:measure|qb:attribute ?p FILTER NOT EXISTS { ?p a ?kind ; rdfs:label ?l }""",
    "an observation names its sources": """?o a qb:Observation
        FILTER NOT EXISTS { ?o prov:wasDerivedFrom/mz:title ?t }""",
    "what is observed is declared": """?o a qb:Observation ; qb:dataSet/qb:structure ?s ; ?p ?v
        FILTER (STRSTARTS(STR(?p), STR(dimension:)) || STRSTARTS(STR(?p), STR(attribute:)))
        FILTER NOT EXISTS { ?s qb:component/(qb:dimension|qb:attribute) ?p }""",
}
PLANTED = {
    "IC-1, one data set": "?o a qb:Observation ; qb:dataSet ?x",
    "IC-2, one structure": "?o a qb:DataSet ; qb:structure ?x",
    "IC-3, a measure": "?o qb:measure ?x",
    "IC-4, dimensions have a range": "?o a qb:DimensionProperty ; rdfs:range ?x",
    "IC-5, concepts have a code list": "?o a qb:DimensionProperty ; qb:codeList ?x",
    "IC-6, only attributes may be missing": "?o qb:attribute ?x",
    "IC-11, all dimensions": "?o dimension:row ?x",
    "IC-14, all measures": "?o measure:value ?x",
    "IC-19, codes from the code list": "?o skos:inScheme ?x",
    "components are declared": "?o a qb:MeasureProperty ; rdfs:label ?x",
    "an observation names its sources": "?o prov:wasDerivedFrom ?x",
    "what is observed is declared": "?o qb:attribute ?x",
}


def read(content: bytes) -> ox.Store:
    store = ox.Store()
    store.bulk_load(content, format=ox.RdfFormat.TURTLE)
    return store


def ask(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"{PREFIX} ASK {{ {pattern} }}"))


def select(store: ox.Store, query: str) -> ox.QuerySolutions:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return found


@pytest.fixture(scope="module")
def cube(whole: Selection) -> ox.Store:
    return read(write_cube(whole))


@pytest.mark.parametrize("rule", BROKEN)
def test_integrity(rule: str, cube: ox.Store) -> None:
    assert not ask(cube, BROKEN[rule])


@pytest.mark.parametrize("rule", BROKEN)
def test_a_planted_fault_breaks_the_rule(rule: str, small: View) -> None:
    store = read(write_cube(Selection(small)))
    assert not ask(store, BROKEN[rule])
    store.update(f"{PREFIX} DELETE {{ ?o ?p ?x }} WHERE {{ {PLANTED[rule]} . ?o ?p ?x }}")
    assert ask(store, BROKEN[rule])


def test_no_two_observations_share_their_dimensions(cube: ox.Store) -> None:
    """IC-12, which as SPARQL is quadratic."""
    query = f"""{PREFIX} SELECT ?o ?set ?d ?v {{ ?o qb:dataSet ?set ; ?d ?v
        FILTER STRSTARTS(STR(?d), STR(dimension:)) }}"""
    places: dict[str, set[tuple[str, str]]] = {}
    for row in select(cube, query):
        place = places.setdefault(row["o"].value, {("set", row["set"].value)})
        place.add((row["d"].value, str(row["v"])))
    counts = Counter(frozenset(place) for place in places.values())
    assert len(counts) == len(places)


def test_every_number_of_the_statistics_is_one_observation(
    whole: Selection, cube: ox.Store
) -> None:
    tables = {table.name: table for table in statistics(whole.view.schema)}
    assert {"production", "baci", "trade", "reserves", "prices", "governance"} <= set(tables)
    expected: Counter[str] = Counter()
    for row in whole.view.rows():
        for name, cells in row.cells.items() if row.table in tables else ():
            if tables[row.table].column(name).kind == "decimal":
                expected[f"{CUBE}{row.table}/{name}"] += len(cells)
    query = f"{PREFIX} SELECT ?set {{ ?o a qb:Observation ; qb:dataSet ?set }}"
    found = Counter(row["set"].value for row in select(cube, query))
    assert found == expected
    assert found[CUBE + "baci/usd"] == len([r for r in whole.view.rows() if r.table == "baci"])


def test_an_observation_is_its_row(cube: ox.Store) -> None:
    """The row production/chn-mine-magnet-rare-earths-2024-iea-2025, read in the table."""
    query = f"""{PREFIX} SELECT ?v {{
        ?o measure:value ?v ; dimension:row row:chn-mine-magnet-rare-earths-2024-iea-2025 ;
          dimension:country country:CHN ; dimension:stage/skos:notation "mine" ;
          dimension:year 2024 ; attribute:unit/skos:notation "kt" }}"""
    assert [row["v"].value for row in select(cube, query)] == ["45.78735"]


def test_the_cube_records_its_view_and_reads_back_in_rdflib(small: View) -> None:
    graph = Graph().parse(data=write_cube(Selection(small)), format="turtle")
    store = read(write_cube(Selection(small)))
    assert len(graph) == len(store)
    assert ask(store, f"?set a qb:DataSet . <{VIEW_GRAPH}> mz:view ?view")
    labels = {iri_of(q.object) for q in store if q.predicate.value == PREFIXES["rdfs"] + "label"}
    assert {"capacity: value", "capacity: value_low", "Kuantan plant"} <= labels


def test_a_part_without_statistics_is_an_empty_cube(small: View) -> None:
    from monazite.triples.names import find_entity

    store = read(write_cube(Selection(small, find_entity(small.store, "NAM"))))
    assert not ask(store, "?o a qb:Observation")
    assert not ask(store, "?o a qb:DataSet")
