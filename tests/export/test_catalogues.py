"""Catalogues of a view: as their own libraries read them, and whether two copies are the same."""

from __future__ import annotations

import csv
import json
import warnings
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS

from monazite.core.errors import UnreadableError
from monazite.data.parameters import CATALOGUES
from monazite.export.catalogues import (
    CANONICAL,
    PublishedView,
    compare_copies,
    find_catalogue,
    is_description,
    publish,
    read_description,
    to_croissant,
    to_dcat_jsonld,
    to_dcat_turtle,
)
from monazite.view.opening import load
from monazite.view.view import View
from tests.export.conftest import WriteCopy


def test_sizes_and_hashes_are_those_of_the_exported_files(
    published: PublishedView, write_copy: WriteCopy
) -> None:
    folder = write_copy("dcat", "dataset.ttl").parent
    for each in published.files:
        content = (folder / each.name).read_bytes()
        assert (each.size, each.sha256) == (len(content), sha256(content).hexdigest())
    names = {each.name for each in published.files}
    assert names == {file.name for file in folder.glob("*.csv")} | {CANONICAL}


def test_the_canonical_hash_is_that_of_another_canonicalisation(
    small_view: View, published: PublishedView
) -> None:
    written = small_view.export("nquads")
    assert isinstance(written, bytes)
    rows = ox.Dataset(
        quad
        for quad in ox.parse(written, format=ox.RdfFormat.N_QUADS)
        if not str(quad.graph_name.value).endswith("/graph/view")
    )
    rows.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = "".join(sorted(f"{quad} .\n" for quad in rows))
    assert published.files[-1].sha256 == sha256(text.encode()).hexdigest()


def test_a_view_has_its_own_address_and_what_repeats_it(cut: Path) -> None:
    whole, part = publish(load(ontology=cut)), publish(load(ontology=cut, tier=1, known="2024"))
    assert whole.is_whole
    assert not part.is_whole
    assert whole.iri == "https://w3id.org/monazite/dataset"
    assert part.iri.startswith("https://w3id.org/monazite/view/")
    assert json.loads(part.repeated_json) == {
        "valid": None,
        "known": "2024-12-31",
        "tier": 1,
        "without": [],
        "data": None,
    }
    assert part.files[-1].sha256 != whole.files[-1].sha256
    assert "tier 1" in part.description


def read_dcat(published: PublishedView) -> Graph:
    return Graph().parse(data=to_dcat_turtle(published), format="turtle")


def test_both_forms_are_the_same_statements(published: PublishedView) -> None:
    parsed = Graph()
    for quad in read_jsonld(to_dcat_jsonld(published)):
        parsed.add(quad)
    graph = read_dcat(published)
    assert isomorphic(parsed, graph)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def read_jsonld(text: str) -> list[tuple[URIRef, URIRef, URIRef | Literal]]:
    """By rdflib, which is another reader than the one that wrote the Turtle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*Graph().parse(data=text, format="json-ld")]


def test_a_part_says_of_what_it_is_a_part(cut: Path) -> None:
    part = publish(load(ontology=cut, tier=1))
    whole = (URIRef(part.iri), DCTERMS.isPartOf, URIRef(part.title.iri))
    assert whole in read_dcat(part)
    assert not [*read_dcat(publish(load(ontology=cut))).triples((None, DCTERMS.isPartOf, None))]


@pytest.mark.whole
@pytest.mark.filterwarnings("ignore")
def test_its_own_library_finds_no_fault_and_reads_the_records(write_copy: WriteCopy) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    file = write_copy("croissant", "croissant.json")
    dataset = mlcroissant.Dataset(str(file))
    assert dataset.metadata.ctx.issues.report() == ""
    assert dataset.metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    records = [*dataset.records("capacity")]
    with (file.parent / "capacity.csv").open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    assert [each["capacity/row"].decode() for each in records] == [row["row"] for row in rows]
    pairs = [
        (each["capacity/value"], row["value"]) for each, row in zip(records, rows, strict=True)
    ]
    assert all(number == float(text) for number, text in pairs if text)


def test_each_table_has_its_columns_described(published: PublishedView) -> None:
    told = json.loads(to_croissant(published))
    assert isinstance(told["@context"], dict), "no context has to be fetched"
    by_name = {each["name"]: each for each in told["recordSet"]}
    assert {f"{name}.csv" for name in by_name} == {*published.shapes}
    for each in by_name.values():
        assert all(field["description"] for field in each["field"]), each["name"]
    kinds = {field["name"]: field["dataType"] for field in by_name["capacity"]["field"]}
    assert (kinds["value"], kinds["as_of"]) == ("sc:Float", "sc:Text"), "2024-02 is no date"


@pytest.mark.parametrize("form", CATALOGUES)
def test_each_description_is_read_back_as_it_was_written(
    form: str, published: PublishedView
) -> None:
    content = find_catalogue(form)(published).encode()
    assert is_description(content)
    copy = read_description(content, "copy")
    assert copy.sums == {each.name: each.sha256 for each in published.files}
    assert copy.view == json.loads(published.repeated_json)
    same, sentences = compare_copies(copy, published)
    assert same
    assert sentences[0].startswith("Same: ")


def differences(form: str, published: PublishedView, **changed: dict[str, object]) -> list[str]:
    """What is told of a copy that has some files otherwise."""
    names = {name.replace("_", "."): given for name, given in changed.items()}
    files = [replace(x, **names.get(x.name, {})) for x in published.files]  # type: ignore[arg-type]
    content = find_catalogue(form)(replace(published, files=tuple(files))).encode()
    same, sentences = compare_copies(read_description(content, "copy"), published)
    assert not same
    return [*sentences]


@pytest.mark.parametrize("form", CATALOGUES)
def test_what_differs_is_named(form: str, published: PublishedView) -> None:
    other: dict[str, object] = {"sha256": "0" * 64}
    told = differences(form, published, capacity_csv=other, canonical_nq=other)
    assert told[0].startswith("Not the same: the canonical hash is 000000000000 there and ")
    assert told[1] == "Other contents: capacity.csv."
    assert differences(form, published, capacity_csv={"size": 1})[1] == "Other sizes: capacity.csv."


def test_the_same_statements_in_other_files_are_told_apart(published: PublishedView) -> None:
    told = differences("dcat", published, capacity_csv={"sha256": "0" * 64})
    assert told[0].startswith("The statements are the same")
    fewer = find_catalogue("dcat-jsonld")(replace(published, files=published.files[1:])).encode()
    same, sentences = compare_copies(read_description(fewer, "copy"), published)
    assert not same
    assert sentences[-1] == f"Only here: {published.files[0].name}."


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"@context": {}, "distribution": []}',
        '{"@context": {}, "view": "{}", "distribution": [{"contentUrl": "a", "sha256": "b"}]}',
        '{"@context": {}, "view": "{}", "distribution": [{"contentUrl": "canonical.nq",'
        ' "sha256": "../etc"}]}',
        '{"@context": "http://192.0.2.1/c", "@graph": [{"@id": "a"}]}',
        '{"@context": {}, "@graph": [{"@id": "./", "view": "{}", "hasPart": [{"@id": "x"}]}]}',
        "@prefix a: <urn:a> . a:b a:c a:d .",
        "@prefix",
        "[" * 9_000,
    ],
)
def test_what_is_no_description_is_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableError, match="is no description of a copy"):
        read_description(text.encode(), "copy.json")


def test_a_page_is_no_description() -> None:
    assert not is_description(b"<!doctype html><p>@context")
    assert not is_description(b"%PDF-1.7")
    assert not is_description(b"{ no context }")
