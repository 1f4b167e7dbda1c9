"""Firms by who controls them, by hand: no country on the way, no link inside a firm."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import pytest

from monazite.findings.centrality.firm_graph import FirmGraph, firm_graph
from monazite.triples.records import QueryRecord
from tests.conftest import view_in_memory
from tests.findings.test_ownership import DAY, row


def link(supplier: str, customer: str, *, element: str = "Dy", sure: bool = True) -> QueryRecord:
    """A row as ``network-links`` answers it; ``plant-`` is a facility, ``XXX`` a country."""

    def kind(who: str) -> str:
        return "country" if who.isupper() else "facility" if "plant" in who else "organisation"

    return QueryRecord(
        {
            "supplier": supplier,
            "supplierKind": kind(supplier),
            "supplierLabel": supplier.title(),
            "customer": customer,
            "customerKind": kind(customer),
            "customerLabel": customer.title(),
            "element": element,
            "certainty": "surely" if sure else "perhaps",
            "row": f"row/supply_links/{supplier}-{customer}-{element}",
        }
    )


def graph_of(
    *links: QueryRecord,
    holdings: tuple[QueryRecord, ...] = (),
    runs: tuple[tuple[str, str], ...] = (),
) -> FirmGraph:
    facts = SimpleNamespace(
        derive=lambda _, work: work(),
        links=links,
        members=frozenset({"Dy"}),
        date=DAY,
        sites=[
            SimpleNamespace(facility=plant, operators=((who, who.title()),)) for plant, who in runs
        ],
        ask=lambda name, **given: links if name == "supplies-certainty" else holdings,
    )
    return firm_graph(facts)  # type: ignore[arg-type]


def edges(found: FirmGraph) -> dict[tuple[str, str], int]:
    return {(tail, head): edge["links"] for tail, head, edge in found.graph.edges(data=True)}


def test_a_plant_stands_as_the_last_parent_of_who_owns_it() -> None:
    held = row("firm", "plant-one", "100"), row("group", "firm", "60")
    found = graph_of(link("plant-one", "buyer"), holdings=held)
    assert edges(found) == {("group", "buyer"): 1}
    assert found.graph.nodes["group"]["label"] == "GROUP"


def test_who_runs_a_plant_stands_for_it_where_nobody_owns_it_on_record() -> None:
    held = (row("group", "firm", "60"),)
    found = graph_of(link("plant-one", "buyer"), holdings=held, runs=(("plant-one", "firm"),))
    assert edges(found) == {("group", "buyer"): 1}


def test_a_plant_that_several_run_or_own_stands_for_itself() -> None:
    runs = ("plant-one", "firm"), ("plant-one", "other")
    found = graph_of(link("plant-one", "buyer"), runs=runs)
    assert edges(found) == {("plant-one", "buyer"): 1}
    assert found.graph.nodes["plant-one"]["kind"] == "plant"


def test_where_the_top_splits_the_highest_that_all_ways_share_stands() -> None:
    """Both own the group, so that neither stands; the group does, for itself and its firm."""
    held = (
        row("group", "firm", "60"),
        row("state", "group", "73"),
        row("agency", "group", "", status="controlling"),
    )
    found = graph_of(link("firm", "buyer"), link("group", "other"), holdings=held)
    assert edges(found) == {("group", "buyer"): 1, ("group", "other"): 1}
    assert found.split == ("GROUP",)


def test_northern_rare_earth_stands_as_baotou_iron_and_steel() -> None:
    """As ``monazite parents northern-rare-earth``: two are named above Baotou Iron and Steel."""
    found = firm_graph(view_in_memory().facts("NdPr"))
    assert "northern-rare-earth" not in found.graph
    assert "Baotou Iron and Steel (Group) Co., Ltd." in found.split


def test_a_link_is_as_sure_as_the_fact_that_one_supplies_the_other() -> None:
    """Direct facts, which rules work out, are as sure as the surest of their rows."""
    facts = view_in_memory().facts("NdPr")
    asked = (
        "PREFIX mz: <https://w3id.org/monazite/ns#> SELECT ?fact ?row ?certainty WHERE { GRAPH "
        "<https://w3id.org/monazite/graph/direct-evidence> { ?fact mz:evidence ?row ; "
        "mz:certainty ?certainty . ?fact <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> "
        "mz:supplies } }"
    )
    sure = {
        answer.row()
        for answer in facts.ask("supplies-certainty", date=facts.date)
        if answer["certainty"] == "surely"
    }
    rows: dict[str, set[str]] = defaultdict(set)
    said = {}
    for found in facts.store.select(asked):
        fact = found["fact"].value
        rows[fact].add(found["row"].value.partition("/row/")[2])
        said[fact] = found["certainty"].value.rpartition("/")[2]
    assert set(said.values()) == {"surely", "perhaps"}
    for fact, certainty in said.items():
        assert (certainty == "surely") == bool(rows[fact] & sure), rows[fact]
    graph = firm_graph(facts).graph
    assert any(edge["surely"] < edge["links"] for *_, edge in graph.edges(data=True))
    for *_, edge in graph.edges(data=True):
        assert edge["surely"] == len(sure & set(edge["rows"]))


def test_no_path_leads_over_a_country() -> None:
    found = graph_of(link("one", "CHN"), link("CHN", "two"), link("one", "two"))
    assert edges(found) == {("one", "two"): 1}
    assert found.to_places == 2


def test_links_inside_a_firm_and_of_other_elements_are_none() -> None:
    held = row("group", "one", "60"), row("group", "two", "60")
    other = link("one", "three", element="Sm")
    found = graph_of(link("one", "two"), other, link("one", "four", element=""), holdings=held)
    assert edges(found) == {("group", "four"): 1}
    assert found.inside == 1


def test_rows_of_one_pair_are_one_edge_and_say_how_many_are_sure() -> None:
    held = (row("group", "one", "60"),)
    found = graph_of(link("one", "two"), link("group", "two", sure=False), holdings=held)
    edge = found.graph.edges["group", "two"]
    assert (edge["links"], edge["surely"], len(edge["rows"])) == (2, 1, 2)


def test_columns_say_what_a_firm_does() -> None:
    graph = graph_of(link("one", "two"), link("two", "three")).graph
    columns = {node: cells["role"] for node, cells in graph.nodes(data=True)}
    assert columns == {"one": "supplies", "two": "supplies and buys", "three": "buys"}


@pytest.mark.parametrize("element", ["Dy", "NdPr", "Y"])
def test_the_shipped_links_have_no_country_and_no_subsidiary(element: str) -> None:
    """Mountain Pass stands as MP Materials, Kuantan as Lynas; no node is a country."""
    facts = view_in_memory().facts(element)
    graph = firm_graph(facts).graph
    assert not {node for node in graph if node in facts.country_labels}
    assert {kind for _, kind in graph.nodes(data="kind")} <= {"firm", "plant"}
    assert not {"mountain-pass", "lynas-malaysia-kuantan"} & set(graph)
    assert all(edge["rows"] for *_, edge in graph.edges(data=True))
