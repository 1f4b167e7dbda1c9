"""RDF 1.2: rows as reifiers of what they say, read back in Oxigraph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from monazite.exchange.portable_text import iri_of
from monazite.exchange.rdf12 import write_annotations
from monazite.exchange.selection import Selection
from monazite.rows.iris import BASE, DIRECT, DIRECT_EVIDENCE, NS, PREFIXES

REIFIES = PREFIXES["rdf"] + "reifies"
ASK = f"""PREFIX mz: <{NS}> PREFIX rdf: <{PREFIXES["rdf"]}> PREFIX prov: <{PREFIXES["prov"]}>
SELECT ?row ?source WHERE {{
  <{BASE}id/facility/mountain-pass> <{PREFIXES["rdfs"]}label> ?name .
  ?row rdf:reifies <<( <{BASE}id/facility/mountain-pass> <{PREFIXES["rdfs"]}label> ?name )>> ;
    prov:wasDerivedFrom ?source }} ORDER BY ?source"""


@pytest.mark.whole
def test_annotations_hold_every_row_graph(whole: Selection) -> None:
    found = [quad.triple for quad in ox.parse(write_annotations(whole), format=ox.RdfFormat.TURTLE)]
    of_rows = {q for q in whole.quads() if iri_of(q.graph_name).startswith(BASE + "row/")}
    said = {
        ox.Quad(t.object.subject, t.object.predicate, t.object.object, t.subject)
        for t in found
        if t.predicate.value == REIFIES and isinstance(t.object, ox.Triple)
    }
    facts = {quad for quad in said if iri_of(quad.graph_name).startswith(BASE + "direct/")}
    assert said - facts == of_rows
    direct = {quad.triple for quad in whole.quads() if iri_of(quad.graph_name) == DIRECT}
    assert {quad.triple for quad in facts} <= direct
    assert len({quad.triple for quad in facts}) == len(facts) > 1000
    parts = {PREFIXES["rdf"] + name for name in ("subject", "predicate", "object")}
    union = {q.triple for q in whole.quads() if q.predicate.value not in parts}
    assert {t for t in found if t.predicate.value != REIFIES} == union
    assert len(found) == len(union) + len(said)


@pytest.mark.whole
def test_a_direct_fact_reifies_its_triple_and_names_its_rows(whole: Selection) -> None:
    store = ox.Store()
    store.load(write_annotations(whole), format=ox.RdfFormat.TURTLE)
    plant, firm = f"{BASE}id/facility/mountain-pass", f"{BASE}id/organisation/mp-materials"
    ask = f"""PREFIX mz: <{NS}> PREFIX rdf: <{PREFIXES["rdf"]}> SELECT ?row ?sure WHERE {{
      ?fact rdf:reifies <<( <{plant}> mz:operatedBy <{firm}> )>> ; mz:evidence ?row ;
        mz:certainty ?sure }}"""
    answer = store.query(ask)
    assert isinstance(answer, ox.QuerySolutions)
    found = [(row["row"].value, row["sure"].value) for row in answer]
    assert {row.rsplit("/", 2)[-2] for row, _ in found} == {"operations"}
    assert {sure.rsplit("/", 1)[-1] for _, sure in found} == {"surely"}


def test_who_says_a_triple_is_one_pattern_away(mine: Selection) -> None:
    store = ox.Store()
    store.load(write_annotations(mine), format=ox.RdfFormat.TURTLE)
    answer = store.query(ASK)
    assert isinstance(answer, ox.QuerySolutions)
    found = [(row["row"].value, row["source"].value) for row in answer]
    assert {row for row, _ in found} == {BASE + "row/facilities/mountain-pass"}
    assert [source.rsplit("/", 1)[-1] for _, source in found] == [
        "ihub-mp-history",
        "mp-q4-2025",
        "register-mp",
        "wikimp-diff",
        "wikivisually-mp",
    ]


def test_the_export_of_a_plant_says_who_operates_it_and_where_it_stands(mine: Selection) -> None:
    found = {(iri_of(q.graph_name), q.predicate.value) for q in mine.quads()}
    assert (DIRECT, NS + "operatedBy") in found
    assert (DIRECT, PREFIXES["geo"] + "asWKT") in found
    assert (DIRECT_EVIDENCE, NS + "evidence") in found
