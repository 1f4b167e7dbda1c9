"""The data cube, networks and FollowTheMoney: read back, held against their own rules, by hand.

The constraints are those of https://www.w3.org/TR/vocab-data-cube/#wf-rules, by their numbers.
Slices, hierarchies and measure dimensions are not used: IC-7 to IC-10, IC-15 to IC-18 and IC-20
have nothing to look at.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
from rdflib import Graph

from monazite.data.iris import BASE, NS, PREFIXES
from monazite.export.cube import CUBE, statistics, write_cube
from monazite.export.ftm import write_entities
from monazite.export.selection import VIEW_GRAPH, Selection, iri_of
from monazite.export.tables import write_graphml
from monazite.model.network.attributes import Network
from monazite.view.view import View
from tests.conftest import view_in_memory

PREFIX = f"""PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX skos: <{PREFIXES["skos"]}> PREFIX mz: <{NS}>
PREFIX xsd: <{PREFIXES["xsd"]}> PREFIX prov: <{PREFIXES["prov"]}>
PREFIX dimension: <{CUBE}dimension/> PREFIX measure: <{CUBE}measure/>
PREFIX attribute: <{CUBE}attribute/> PREFIX row: <{BASE}row/production/>
PREFIX country: <{BASE}id/country/> """
RULES = {
    "IC-1, one data set": (
        "{ ?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?d } } UNION { ?o a "
        "qb:Observation ; qb:dataSet ?d, ?e FILTER (?d != ?e) }",
        "?o a qb:Observation ; qb:dataSet ?x",
    ),
    "IC-2, one structure": (
        "{ ?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure ?s } } UNION { ?d a qb:DataSet "
        "; qb:structure ?s, ?t FILTER (?s != ?t) }",
        "?o a qb:DataSet ; qb:structure ?x",
    ),
    "IC-3, a measure": (
        "?s a qb:DataStructureDefinition FILTER NOT EXISTS { ?s "
        "qb:component/qb:measure/rdf:type qb:MeasureProperty }",
        "?o qb:measure ?x",
    ),
    "IC-4, dimensions have a range": (
        "?d a qb:DimensionProperty FILTER NOT EXISTS { ?d rdfs:range ?r }",
        "?o a qb:DimensionProperty ; rdfs:range ?x",
    ),
    "IC-5, concepts have a code list": (
        "?d a qb:DimensionProperty ; rdfs:range skos:Concept FILTER NOT EXISTS { ?d "
        "qb:codeList ?l }",
        "?o a qb:DimensionProperty ; qb:codeList ?x",
    ),
    "IC-6, only attributes may be missing": (
        "?c qb:componentRequired false FILTER NOT EXISTS { ?c qb:attribute/rdf:type "
        "qb:AttributeProperty }",
        "?o qb:attribute ?x",
    ),
    "IC-11, all dimensions": (
        "?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d FILTER NOT EXISTS { ?o ?d ?v }",
        "?o dimension:row ?x",
    ),
    "IC-14, all measures": (
        "?o qb:dataSet/qb:structure/qb:component/qb:measure ?m FILTER NOT EXISTS { ?o ?m ?v }",
        "?o measure:value ?x",
    ),
    "IC-19, codes from the code list": (
        "?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d . ?d qb:codeList ?l . ?o ?d "
        "?v FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?l . ?l a "
        "skos:ConceptScheme }",
        "?o skos:inScheme ?x",
    ),
    "components are declared": (
        "?c a qb:ComponentSpecification ; qb:dimension|qb:measure|qb:attribute ?p FILTER NOT "
        "EXISTS { ?p a ?kind ; rdfs:label ?l }",
        "?o a qb:MeasureProperty ; rdfs:label ?x",
    ),
    "an observation names its sources": (
        "?o a qb:Observation FILTER NOT EXISTS { ?o prov:wasDerivedFrom/mz:title ?t }",
        "?o prov:wasDerivedFrom ?x",
    ),
    "what is observed is declared": (
        "?o a qb:Observation ; qb:dataSet/qb:structure ?s ; ?p ?v FILTER (STRSTARTS(STR(?p), "
        "STR(dimension:)) || STRSTARTS(STR(?p), STR(attribute:))) FILTER NOT EXISTS { ?s "
        "qb:component/(qb:dimension|qb:attribute) ?p }",
        "?o qb:attribute ?x",
    ),
}
"""What breaks each rule, and the statements of which one is taken out to break it."""


def read_cube(content: bytes) -> ox.Store:
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
    return read_cube(write_cube(whole))


@pytest.mark.parametrize("rule", RULES)
def test_integrity(rule: str, cube: ox.Store) -> None:
    assert not ask(cube, RULES[rule][0])


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_fault_breaks_the_rule(rule: str, small: View) -> None:
    store = read_cube(write_cube(Selection(small)))
    assert not ask(store, RULES[rule][0])
    store.update(f"{PREFIX} DELETE {{ ?o ?p ?x }} WHERE {{ {RULES[rule][1]} . ?o ?p ?x }}")
    assert ask(store, RULES[rule][0])


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
    """The row production/chn-mine-magnet-rare-earths-2024-iea-2025, read_cube in the table."""
    query = f"""{PREFIX} SELECT ?v {{
        ?o measure:value ?v ; dimension:row row:chn-mine-magnet-rare-earths-2024-iea-2025 ;
          dimension:country country:CHN ; dimension:stage/skos:notation "mine" ;
          dimension:year 2024 ; attribute:unit/skos:notation "kt" }}"""
    assert [row["v"].value for row in select(cube, query)] == ["45.78735"]


def test_the_cube_records_its_view_and_reads_back_in_rdflib(small: View) -> None:
    graph = Graph().parse(data=write_cube(Selection(small)), format="turtle")
    store = read_cube(write_cube(Selection(small)))
    assert len(graph) == len(store)
    assert ask(store, f"?set a qb:DataSet . <{VIEW_GRAPH}> mz:view ?view")
    labels = {iri_of(q.object) for q in store if q.predicate.value == PREFIXES["rdfs"] + "label"}
    assert {"capacity: value", "capacity: value_low", "Kuantan plant"} <= labels


NASTY = "\x00\x07\x1b]]> <b>&\"'\ufffe 稀土"
CLEAN = "\ufffd\ufffd\ufffd]]> <b>&\"'\ufffd 稀土"


@pytest.fixture(scope="module")
def network(everything: View) -> Network:
    return everything.network("Dy", "USA")


def read_network(network: Network) -> nx.MultiDiGraph[str]:
    found = nx.read_graphml(io.BytesIO(write_graphml(network)))
    assert isinstance(found, nx.MultiDiGraph)
    return found


def nasty_network() -> Network:
    network = Network(view={"release": "2026-11-24", "line": NASTY}, element=NASTY)
    network.add_node(f"mine/{NASTY}", label=NASTY, rows=(NASTY,), share=0.5)
    network.add_node("mine/CHN", label="China", rows=(), share=None)
    network.add_edge("mine/CHN", f"mine/{NASTY}", key=NASTY, kind=NASTY)
    network.add_edge("mine/CHN", f"mine/{NASTY}", key="second", kind="trade")
    return network


def test_nodes_and_arcs_read_back(network: Network) -> None:
    found = read_network(network)
    assert set(found) == set(network)
    assert sorted((a, b) for a, b in found.edges()) == sorted((a, b) for a, b in network.edges())


def test_attributes_are_plain_and_what_is_not_known_is_left_out(network: Network) -> None:
    found = read_network(network)
    china, held = found.nodes["separation/CHN"], network.nodes["separation/CHN"]
    assert (china["label"], china["share"], china["year"]) == ("China", held["share"], held["year"])
    assert china["rows"].split(";") == list(held["rows"])
    unknown = [node for node in network if network.nodes[node].get("quantity", 0) is None]
    assert unknown
    assert all("quantity" not in found.nodes[node] for node in unknown)


def test_parallel_arcs_and_hostile_text_survive() -> None:
    ElementTree.fromstring(write_graphml(nasty_network()))
    found = read_network(nasty_network())
    assert found.number_of_edges() == 2
    assert found.nodes[f"mine/{CLEAN}"]["label"] == CLEAN
    assert {data["kind"] for *_, data in found.edges(data=True)} == {CLEAN, "trade"}


def test_graphml_carries_the_view(network: Network, everything: View) -> None:
    graphml = read_network(network)
    assert json.loads(graphml.graph["view"]) == everything.describe()
    assert (graphml.graph["element"], graphml.graph["market"]) == ("Dy", "USA")


@pytest.mark.parametrize("kind", ["", "flow", "firms", "policy"])
def test_networkx_writes_our_graphs_as_gexf(network: Network, everything: View, kind: str) -> None:
    graph = everything.centrality("Dy", market="USA", kind=kind).graph if kind else network.plain()
    out = io.BytesIO()
    nx.write_gexf(graph, out)
    found = nx.read_gexf(io.BytesIO(out.getvalue()))
    assert set(found) == set(graph)
    assert found.number_of_edges() == graph.number_of_edges()


REFERENCES = {"owner", "asset", "subject", "object", "entity", "proof"}


def entities(selection: Selection) -> dict[str, dict[str, Any]]:
    lines = write_entities(selection).decode().splitlines()
    found = {entity["id"]: entity for entity in map(json.loads, lines)}
    assert len(found) == len(lines)
    return found


@pytest.fixture(scope="module")
def everything() -> View:
    return view_in_memory()


@pytest.fixture(scope="module")
def found(everything: View) -> dict[str, dict[str, Any]]:
    return entities(Selection(everything))


def test_every_firm_body_person_facility_and_source_is_there(
    found: dict[str, dict[str, Any]], everything: View
) -> None:
    rows = Counter(row.table for row in Selection(everything).rows())
    schemata = Counter(entity["schema"] for entity in found.values())
    assert schemata["Asset"] == rows["facilities"]
    assert schemata["Person"] == rows["persons"]
    assert schemata["Document"] == rows["sources"] + 1  # the view
    assert (
        sum(schemata[name] for name in ("Company", "PublicBody", "Organization"))
        == (rows["organisations"])
    )


def test_a_holding_is_ownership_and_an_announced_one_is_not(
    found: dict[str, dict[str, Any]], everything: View
) -> None:
    status = Counter(row.text("status") for row in everything.rows() if row.table == "ownership")
    of_kind: dict[str, list[dict[str, Any]]] = {}
    for entity in found.values():
        of_kind.setdefault(entity["schema"], []).append(entity["properties"])
    announced = [x for x in of_kind["UnknownLink"] if x.get("role") == ["announced owner"]]
    assert len(announced) == status.pop("announced") > 5
    assert Counter(x["ownershipType"][0] for x in of_kind["Ownership"]) == status


def test_who_owns_mountain_pass(found: dict[str, dict[str, Any]]) -> None:
    entity = found["monazite-ownership-mp-materials-mountain-pass-2017"]
    properties = entity["properties"]
    assert entity["schema"] == "Ownership"
    assert {name: properties.get(name) for name in ("owner", "asset", "percentage", "endDate")} == {
        "owner": ["monazite-organisations-mp-materials"],
        "asset": ["monazite-facilities-mountain-pass"],
        "percentage": ["100"],
        "endDate": None,
    }
    assert properties["startDate"][0].startswith("2017")
    assert properties["recordId"] == ["ownership/mp-materials-mountain-pass-2017"]
    assert properties["retrievedAt"] == ["2026-11-24"]
    assert "monazite-sources-sbc-2021-08" in properties["proof"]
    source = found["monazite-sources-sbc-2021-08"]["properties"]
    assert source["sourceUrl"][0] in properties["sourceUrl"]
    assert source["publisher"][0] in properties["publisher"]


def test_a_firm_on_an_export_control_list_has_a_sanction(found: dict[str, dict[str, Any]]) -> None:
    listed = [entity for entity in found.values() if entity["schema"] == "Sanction"]
    of_mp = [
        e for e in listed if e["properties"]["entity"] == ["monazite-organisations-mp-materials"]
    ]
    assert [
        (e["properties"]["startDate"], e["properties"]["authority"], e["properties"]["country"])
        for e in of_mp
    ] == [(["2026-06-22"], ["Ministry of Commerce of the People's Republic of China"], ["cn"])]
    programs = {text for entity in listed for text in entity["properties"]["authorityId"]}
    assert programs == {"mofcom-2026-11", "mofcom-2026-28", "mofcom-2026-us-ten", "us-1260h-2026"}


def test_a_company_has_its_names_country_and_outside_ids(found: dict[str, dict[str, Any]]) -> None:
    company = found["monazite-organisations-mp-materials"]
    assert company["schema"] == "Company"
    properties = company["properties"]
    assert properties["name"] == ["MP Materials Corp."]
    assert (properties["country"], properties["ticker"]) == (["us"], ["NYSE:MP"])
    assert properties["cikCode"] == ["1801368"]
    assert "topics" not in properties
    state_owned = found["monazite-organisations-china-rare-earth-group"]["properties"]
    assert state_owned["topics"] == ["gov.soe"]


def assert_closed(found: dict[str, dict[str, Any]]) -> None:
    """Each reference is to an entity of the file."""
    for entity in found.values():
        properties = entity["properties"]
        for name in REFERENCES & set(properties):
            assert [target for target in properties[name] if target not in found] == []


def test_references_are_closed_and_facts_name_sources(found: dict[str, dict[str, Any]]) -> None:
    assert_closed(found)
    facts = [entity for entity in found.values() if entity["schema"] != "Document"]
    assert [entity["id"] for entity in facts if not entity["properties"].get("proof")] == []


def test_the_part_of_one_mine_is_closed_and_records_its_view(mine: Selection) -> None:
    part = entities(mine)
    assert {"monazite-facilities-mountain-pass", "monazite-organisations-mp-materials"} <= set(part)
    assert_closed(part)
    view = json.loads(part["monazite-view"]["properties"]["summary"][0])
    assert view == {**mine.view.describe(), "entity": "mountain-pass"}


def test_a_filtered_view_names_no_source_that_it_leaves_out(primary: View) -> None:
    part = entities(Selection(primary))
    assert_closed(part)
    assert "monazite-sources-article-2025-06" not in part


def test_the_library_reads_every_entity_without_changing_a_value(
    found: dict[str, dict[str, Any]],
) -> None:
    if not os.environ.get("MONAZITE_REQUIRE_FTM"):
        pytest.importorskip("followthemoney")
    model = import_module("followthemoney").model
    for entity in found.values():
        schema = model.get(entity["schema"])
        schema.validate(entity)
        read = model.get_proxy(entity, cleaned=False).to_dict()
        properties = {name: sorted(values) for name, values in read["properties"].items()}
        assert properties == entity["properties"], entity["id"]
