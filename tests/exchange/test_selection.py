"""What is exported: a view, or the rows of it that speak of one entity."""

from __future__ import annotations

import json

import pyoxigraph as ox

from monazite.exchange.portable_text import iri_of
from monazite.exchange.selection import VIEW_GRAPH, Selection
from monazite.rows.iris import BASE, EVIDENCE, NS, PREFIXES, row_iri
from monazite.triples.cards import rows_about
from monazite.triples.names import find_entity
from monazite.view import View

DERIVED = PREFIXES["prov"] + "wasDerivedFrom"


def objects(quads: list[ox.Quad], predicate: str, graph: str | None = None) -> list[str]:
    return [
        iri_of(quad.object)
        for quad in quads
        if quad.predicate.value == predicate and graph in (None, iri_of(quad.graph_name))
    ]


def subjects(quads: list[ox.Quad], predicate: str) -> set[str]:
    return {iri_of(quad.subject) for quad in quads if quad.predicate.value == predicate}


def row_graphs(quads: list[ox.Quad]) -> set[str]:
    graphs = {iri_of(quad.graph_name) for quad in quads}
    return {graph for graph in graphs if graph.startswith(BASE + "row/")}


def claims(selection: Selection) -> set[str]:
    rows = selection.rows()
    return {row_iri(row.table, row.key) for row in rows if row.table != "sources"}


def test_a_view_is_all_its_quads_and_three_that_describe_it(whole: Selection) -> None:
    quads, own = whole.quads(), set(whole.view.store.quads())
    added = [quad for quad in quads if quad not in own]
    assert len(quads) == len(own) + len(added)
    assert {quad.predicate.value for quad in added} == {
        PREFIXES["rdf"] + "type",
        "http://purl.org/dc/terms/title",
        NS + "view",
    }


def test_an_export_records_its_view(primary: View) -> None:
    quads = Selection(primary).quads()
    (text,) = objects(quads, NS + "view")
    assert json.loads(text) == primary.describe()
    assert json.loads(text)["tier"] == 1
    assert objects(quads, "http://purl.org/dc/terms/title", VIEW_GRAPH) == [primary.line()]


def test_rows_of_a_filtered_view_name_only_its_sources(primary: View) -> None:
    selection = Selection(primary)
    rows = selection.rows()
    sources = {row.key for row in rows if row.table == "sources"}
    cited = {cell.text for row in rows for cell in row.cells.get("source", ())}
    assert cited <= sources
    linked = set(objects(selection.quads(), DERIVED))
    assert linked == {f"{BASE}source/{key}" for key in cited}


def test_rows_of_a_view_are_the_rows_of_its_store(primary: View) -> None:
    selection = Selection(primary)
    assert row_graphs(selection.quads()) == claims(selection)


def test_an_entity_takes_its_rows_and_what_they_name(mine: Selection) -> None:
    assert mine.entity is not None
    assert mine.names is not None
    assert set(rows_about(mine.view.store, mine.entity)) < mine.names
    assert mine.names > {
        "facilities/mountain-pass",
        "organisations/mp-materials",
        "countries/USA",
        "ownership/mp-materials-mountain-pass-2017",
        "sources/sbc-2021-08",  # who says so
    }
    assert "facilities/bayan-obo" not in mine.names


def test_what_the_rows_of_an_entity_name_has_a_label_and_each_source_a_title(
    mine: Selection,
) -> None:
    assert mine.entity is not None
    quads = mine.quads()
    own = {row_iri(*name.split("/", 1)) for name in rows_about(mine.view.store, mine.entity)}
    named = {iri_of(quad.object) for quad in quads if iri_of(quad.graph_name) in own}
    named = {iri for iri in named if iri.startswith(BASE + "id/")}
    assert len(named) > 10
    assert named <= subjects(quads, PREFIXES["rdfs"] + "label")
    evidence = [quad for quad in quads if iri_of(quad.graph_name) == EVIDENCE]
    cited = set(objects(evidence, DERIVED))
    assert len(cited) > 10
    assert cited <= subjects(evidence, NS + "title")


def test_rows_and_quads_of_an_entity_are_the_same_rows(mine: Selection) -> None:
    assert {f"{row.table}/{row.key}" for row in mine.rows()} == set(mine.names or ())
    assert row_graphs(mine.quads()) == claims(mine)
    assert mine.about()["entity"] == "mountain-pass"


def test_an_entity_that_no_claim_names_is_its_identity(small: View) -> None:
    selection = Selection(small, find_entity(small.store, "NAM"))
    assert selection.names == frozenset({"countries/NAM", "sources/digest"})
