"""JSON-LD: compacted with the shipped context, expanded where there is much, never fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from monazite.errors import UnreadableError
from monazite.exchange.jsonld import (
    COMPACTED_QUADS,
    make_context,
    read_context,
    write_context,
    write_jsonld,
)
from monazite.exchange.portable_text import iri_of
from monazite.exchange.selection import Selection
from monazite.rows.columns import read_schema
from monazite.shipped import ontology_folder
from monazite.view import View
from tests.exchange.hostile import NASTY, hostile_selection

IN_STEP = "run: monazite export context -o ontology/context.jsonld"


@pytest.fixture(scope="module")
def compacted(mine: Selection) -> bytes:
    return write_jsonld(mine)


def test_the_shipped_context_is_in_step_with_vocabulary_and_shapes(view: View) -> None:
    shipped = (ontology_folder() / "context.jsonld").read_bytes()
    assert shipped == write_context(Selection(view)), IN_STEP


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


def test_no_term_is_a_prefix_too() -> None:
    context = read_context()
    prefixes = {name for name, iri in context.items() if str(iri).endswith(("/", "#"))}
    assert prefixes == {"dcterms", "geo", "mz", "org", "prov", "rdf", "rdfs", "skos", "void", "xsd"}


def test_an_entity_is_compacted_and_its_context_stands_in_the_file(compacted: bytes) -> None:
    content = json.loads(compacted)
    assert content["@context"] == read_context()
    text = json.dumps(content["@graph"])
    assert '"facility": "https://w3id.org/monazite/id/facility/mountain-pass"' in text
    assert '"@type": "Capacity"' in text
    assert "https://w3id.org/monazite/ns#" not in text


def test_compacted_graphs_read_back_in_oxigraph(compacted: bytes, mine: Selection) -> None:
    found = list(ox.parse(compacted, format=ox.RdfFormat.JSON_LD))
    assert set(found) == set(mine.quads())
    assert len(found) == len(mine.quads())


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
    assert len(found) == len(whole.quads())
    assert set(found) == set(whole.quads())


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
