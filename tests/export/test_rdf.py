"""RDF texts read back in the libraries that own the formats, with equal counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset, Graph, URIRef

from monazite.core.errors import UnreadableError
from monazite.core.formats import xml_text
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.iris import BASE, DIRECT, NS, PREFIXES
from monazite.export.rdf import (
    COMPACTED_QUADS,
    make_context,
    prefixes_of,
    read_context,
    write_annotations,
    write_context,
    write_jsonld,
    write_nquads,
    write_rdfxml,
    write_trig,
    write_turtle,
)
from monazite.export.selection import Selection, iri_of
from monazite.view.view import View
from tests.export.conftest import NASTY, hostile_selection

Written = dict[str, tuple[Callable[[Selection], bytes], ox.RdfFormat]]
GRAPHS: Written = {
    "trig": (write_trig, ox.RdfFormat.TRIG),
    "nquads": (write_nquads, ox.RdfFormat.N_QUADS),
}
UNIONS: Written = {
    "turtle": (write_turtle, ox.RdfFormat.TURTLE),
    "xml": (write_rdfxml, ox.RdfFormat.RDF_XML),
}


@pytest.mark.parametrize("name", [*GRAPHS, *UNIONS])
def test_all_reads_back_in_oxigraph(name: str, whole: Selection) -> None:
    write, fmt = {**GRAPHS, **UNIONS}[name]
    found = list(ox.parse(write(whole), format=fmt))
    if name in GRAPHS:
        assert set(found) == set(whole.quads())
        assert len(found) == len(whole.view.store) + 3
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in whole.quads()}
        assert len(found) == len(set(found))


@pytest.mark.parametrize("name", UNIONS)
def test_the_union_reads_back_in_rdflib(name: str, mine: Selection) -> None:
    write, _ = UNIONS[name]
    graph = Graph().parse(data=write(mine), format=name)
    assert len(graph) == len(mine.triples())
    dy = URIRef("https://w3id.org/monazite/id/facility/mountain-pass")
    assert "Mountain Pass mine and processing facility" in {str(o) for o in graph.objects(dy)}


def test_lines_of_nquads_are_sorted_by_graph_and_triple(small: View) -> None:
    lines = write_nquads(Selection(small)).decode().splitlines()
    graph_first = [(line.rsplit(" ", 2)[1].strip("<>"), line.rsplit(" ", 2)[0]) for line in lines]
    assert graph_first == sorted(graph_first)
    assert len(set(lines)) == len(lines)


def test_turtle_has_a_prefix_for_what_occurs_and_for_nothing_else(small: View) -> None:
    text = write_turtle(Selection(small)).decode()
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert {"mz:", "facility:", "source:", "row-capacity:", "unit:", "rdfs:"} <= declared
    assert "mineral:" not in declared
    body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
    assert "facility:kuantan" in body
    assert "<https://w3id.org/monazite/id/facility/" not in body


def test_prefixes_are_one_to_one_and_none_lies_in_another() -> None:
    prefixes = prefixes_of(read_schema(ontology_folder()))
    assert len(set(prefixes.values())) == len(prefixes)
    nested = [
        (name, other)
        for name, iri in prefixes.items()
        for other, longer in prefixes.items()
        if longer.startswith(iri) and other != name
    ]
    assert nested == []


@pytest.mark.parametrize("name", GRAPHS)
def test_hostile_text_is_kept_where_the_format_can_hold_it(name: str, small: View) -> None:
    write, fmt = GRAPHS[name]
    written = write(hostile_selection(small))
    found = {iri_of(quad.object) for quad in ox.parse(written, format=fmt)}
    assert NASTY in found


def test_hostile_text_leaves_xml_whole(small: View) -> None:
    content = write_rdfxml(hostile_selection(small))
    ElementTree.fromstring(content)  # a parser of XML that is strict
    graph = Graph().parse(data=content, format="xml")
    (found,) = [str(value) for value in graph.objects() if "<script>" in str(value)]
    assert found == "=1+1" + 9 * "\ufffd" + " ]]> <script>&\"' 稀土 \n\t"
    assert len(graph) == len(hostile_selection(small).triples())


REIFIES = PREFIXES["rdf"] + "reifies"
WHO_SAYS = f"""PREFIX mz: <{NS}> PREFIX rdf: <{PREFIXES["rdf"]}> PREFIX prov: <{PREFIXES["prov"]}>
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


def test_who_says_a_triple_is_one_pattern_away(mine: Selection) -> None:
    store = ox.Store()
    store.load(write_annotations(mine), format=ox.RdfFormat.TURTLE)
    answer = store.query(WHO_SAYS)
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


@pytest.fixture(scope="module")
def compacted(mine: Selection) -> bytes:
    return write_jsonld(mine)


def test_the_shipped_context_is_in_step_with_vocabulary_and_shapes(view: View) -> None:
    shipped = (ontology_folder() / "context.jsonld").read_bytes()
    in_step = "run: monazite export context -o ontology/context.jsonld"
    assert shipped == write_context(Selection(view)), in_step


def test_every_column_class_and_property_has_a_term() -> None:
    schema = read_schema(ontology_folder())
    context = make_context(schema)
    assert context["facility"] == {"@id": "mz:facility", "@type": "@id"}
    assert context["value"] == {"@id": "mz:value", "@type": "xsd:decimal"}
    assert context["valueAsWritten"] == "mz:valueAsWritten"
    assert context["published"] == "mz:published"  # typed by its length, value by value
    assert context["publishedLatest"] == {"@id": "mz:publishedLatest", "@type": "xsd:date"}
    assert context["label"] == "rdfs:label"
    for table in schema.tables.values():
        assert table.class_iri.rsplit("#", 1)[-1] in context
        for column in table.columns:
            assert column.path.rsplit("/", 1)[-1].rsplit("#", 1)[-1] in context


def test_an_entity_is_compacted_and_its_context_stands_in_the_file(compacted: bytes) -> None:
    content = json.loads(compacted)
    assert content["@context"] == read_context()
    text = json.dumps(content["@graph"])
    assert '"facility": "https://w3id.org/monazite/id/facility/mountain-pass"' in text
    assert '"@type": "Capacity"' in text
    assert "https://w3id.org/monazite/ns#" not in text


def test_compacted_graphs_read_back_in_oxigraph(compacted: bytes, mine: Selection) -> None:
    assert sorted(map(str, ox.parse(compacted, format=ox.RdfFormat.JSON_LD))) == sorted(
        map(str, mine.quads())
    )


# rdflib's own parser asks its Dataset for a name that its Dataset has deprecated.
@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
def test_compacted_graphs_read_back_in_rdflib(compacted: bytes, mine: Selection) -> None:
    dataset = Dataset()
    dataset.parse(data=compacted, format="json-ld")
    quads = {(str(s), str(p), str(o), str(g)) for s, p, o, g in dataset.quads()}
    assert quads == {
        (iri_of(q.subject), q.predicate.value, iri_of(q.object), iri_of(q.graph_name))
        for q in mine.quads()
    }


@pytest.mark.whole
def test_much_is_expanded_and_reads_back(whole: Selection) -> None:
    assert len(whole.quads()) > COMPACTED_QUADS
    written = write_jsonld(whole)
    assert b"@context" not in written
    found = list(ox.parse(written, format=ox.RdfFormat.JSON_LD))
    assert (len(found), set(found)) == (len(whole.quads()), set(whole.quads()))


@pytest.mark.whole
def test_a_small_view_is_compacted_and_keeps_hostile_text(small: View) -> None:
    written = write_jsonld(hostile_selection(small))
    assert "@context" in json.loads(written)
    assert NASTY in {iri_of(q.object) for q in ox.parse(written, format=ox.RdfFormat.JSON_LD)}


def test_a_missing_context_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"context.jsonld is missing or broken"):
        read_context(tmp_path)
    (tmp_path / "context.jsonld").write_text("[]", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"context.jsonld is missing or broken"):
        read_context(tmp_path)


@given(st.text())
def test_any_text_is_text_that_xml_takes(text: str) -> None:
    kept = xml_text(text)
    assert len(kept) == len(text)
    read = ElementTree.fromstring(f"<a>{escape(kept)}</a>".encode()).text or ""
    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_what_xml_can_hold_is_left_alone() -> None:
    assert xml_text("Dy\t镝\n😀\ufffd") == "Dy\t镝\n😀\ufffd"
    assert xml_text("\ud800\ufffe\x0b") == "\ufffd" * 3
