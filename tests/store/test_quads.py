"""Rows as quads, alignments as Turtle, and counts of them: worked by hand, or read by rdflib."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.namespace import VOID
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from monazite.core.errors import QueryError
from monazite.core.package import ontology_folder
from monazite.core.results import do_nothing
from monazite.data.alignments import (
    FILE,
    Alignment,
    Alignments,
    all_alignments,
    literal,
    read_alignments,
    read_header,
    read_prefixes,
)
from monazite.data.columns import read_schema
from monazite.data.iris import BASE, NS, PREFIXES, VOCABULARY
from monazite.data.reader import Tables, read_tables
from monazite.store.answers import full
from monazite.store.chunks import all_facts
from monazite.store.names import PREFIX, Found, Lookup
from monazite.store.opening import open_store, read_all
from monazite.store.quads import to_nquads, vocabulary_nquads
from monazite.store.store import CountedSource, Store, read_statistics, store_of

XSD_STRING = f"^^<{XSD.string}>"
SHORT = [
    ("http://www.w3.org/2001/XMLSchema#", "xsd:"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"),
    ("http://www.w3.org/2000/01/rdf-schema#", "rdfs:"),
    ("http://www.w3.org/2004/02/skos/core#", "skos:"),
    ("http://www.w3.org/ns/prov#", "prov:"),
    (BASE + "ns#", "mz:"),
    (BASE, ""),
]
ABOVE = ("Claim", "Measurement", "Row")
"""What a figure of capacity is, by the superclasses of its class."""


def quads_of(ontology: Path, table: str, key: str) -> list[str]:
    """The quads of one row, in order, with short names."""
    schema = read_schema(ontology)
    tables = read_tables(ontology / "tables", schema)
    assert tables.faults == []
    (row,) = [row for row in tables.of(table) if row.key == key]
    text = "".join(to_nquads([row], schema))
    for long, short in SHORT:
        text = text.replace("<" + long, "<" + short)
    return text.splitlines()


def test_a_record_is_its_own_graph_and_its_sources_stand_in_the_evidence(
    small_ontology: Path,
) -> None:
    row = "<row/capacity/kuantan-2024>"
    assert quads_of(small_ontology, "capacity", "kuantan-2024") == [
        f"{row} <rdf:type> <mz:Capacity> {row} .",
        f"{row} <mz:facility> <id/facility/kuantan> {row} .",
        f"{row} <mz:stage> <scheme/stage/separation> {row} .",
        f"{row} <mz:material> <id/material/dysprosium-oxide> {row} .",
        f"{row} <mz:capacityKind> <scheme/capacity-kind/nameplate> {row} .",
        f'{row} <mz:asOf> "2024-02"^^<xsd:gYearMonth> {row} .',
        f'{row} <mz:asOfEarliest> "2024-02-01"^^<xsd:date> {row} .',
        f'{row} <mz:asOfLatest> "2024-02-29"^^<xsd:date> {row} .',
        f'{row} <mz:value> "1.5"^^<xsd:decimal> {row} .',
        f'{row} <mz:valueAsWritten> "1.50" {row} .',
        f'{row} <mz:low> "1"^^<xsd:decimal> {row} .',
        f'{row} <mz:high> "2"^^<xsd:decimal> {row} .',
        f"{row} <mz:unit> <scheme/unit/t-per-year> {row} .",
        f"{row} <mz:basis> <scheme/basis/reo> {row} .",
        f"{row} <prov:wasDerivedFrom> <source/annual> <graph/evidence> .",
        f"{row} <prov:wasDerivedFrom> <source/digest> <graph/evidence> .",
        f'{row} <mz:locator> "table 3" <graph/evidence> .',
        *(f"{row} <rdf:type> <mz:{name}> <graph/direct> ." for name in ABOVE),
        f'{row} <mz:starts> "2024-02-01"^^<xsd:date> {row} .',
        f'{row} <mz:ends> "2024-02-29"^^<xsd:date> {row} .',
    ]


def test_an_entity_is_described_by_its_row_and_has_the_classes_of_its_kind(
    small_ontology: Path,
) -> None:
    row, oxide = "<row/materials/dysprosium-oxide>", "<id/material/dysprosium-oxide>"
    assert quads_of(small_ontology, "materials", "dysprosium-oxide") == [
        f"{oxide} <rdf:type> <mz:Material> {row} .",
        f"{row} <mz:describes> {oxide} <graph/evidence> .",
        f"{row} <rdf:type> <mz:Row> <graph/direct> .",
        f'{oxide} <mz:id> "dysprosium-oxide" {row} .',
        f'{oxide} <rdfs:label> "dysprosium oxide" {row} .',
        f"{oxide} <mz:stage> <scheme/stage/separation> {row} .",
        f"{oxide} <mz:form> <scheme/material-form/oxide> {row} .",
        f"{oxide} <rdf:type> <mz:Oxide> {row} .",
        f"{oxide} <mz:element> <id/element/Dy> {row} .",
        f"{oxide} <mz:origin> <scheme/material-origin/compiled> {row} .",
        f"{row} <prov:wasDerivedFrom> <source/digest> <graph/evidence> .",
    ]


def test_an_element_of_a_kind_is_a_rare_earth_too(small_ontology: Path) -> None:
    quads = quads_of(small_ontology, "elements", "Dy")
    types = [line for line in quads if line.startswith("<id/element/Dy> <rdf:type>")]
    row = "<row/elements/Dy>"
    assert types == [
        f"<id/element/Dy> <rdf:type> <mz:{name}> {row} ."
        for name in ("ChemicalElement", "HeavyRareEarth", "RareEarth")
    ]


def test_a_name_carries_its_language_and_text_keeps_its_marks(small_ontology: Path) -> None:
    file = small_ontology / "tables" / "countries.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("马来西亚@zh", "马来西亚@zh;Malaya").replace(
            "asia,,digest,", 'asia,,digest,"a ""b"" \\c\nd\te"'
        ),
        encoding="utf-8",
    )
    row, country = "<row/countries/MYS>", "<id/country/MYS>"
    assert quads_of(small_ontology, "countries", "MYS") == [
        f"{country} <rdf:type> <mz:Country> {row} .",
        f"{row} <mz:describes> {country} <graph/evidence> .",
        f"{row} <rdf:type> <mz:Row> <graph/direct> .",
        f'{country} <mz:id> "MYS" {row} .',
        f'{country} <mz:iso2> "MY" {row} .',
        f'{country} <rdfs:label> "Malaysia" {row} .',
        f'{country} <skos:altLabel> "马来西亚"@zh {row} .',
        f'{country} <skos:altLabel> "Malaya" {row} .',
        f'{country} <mz:wikidata> "Q833" {row} .',
        f"{country} <mz:region> <scheme/region/south-eastern-asia> {row} .",
        f"{row} <prov:wasDerivedFrom> <source/digest> <graph/evidence> .",
        f'{row} <mz:note> "a \\"b\\" \\\\c\\nd\\te" {row} .',
    ]


@pytest.mark.parametrize(
    ("written", "quads"),
    [
        ("0", ['<mz:value> "0"^^<xsd:decimal>']),
        ("0.0", ['<mz:value> "0"^^<xsd:decimal>', '<mz:valueAsWritten> "0.0"']),
        ("1200", ['<mz:value> "1200"^^<xsd:decimal>']),
        ("1200.0", ['<mz:value> "1200"^^<xsd:decimal>', '<mz:valueAsWritten> "1200.0"']),
        ("007", ['<mz:value> "7"^^<xsd:decimal>', '<mz:valueAsWritten> "007"']),
        ("0.123456789012345678", ['<mz:value> "0.123456789012345678"^^<xsd:decimal>']),
    ],
)
def test_a_number_is_canonical_and_its_digits_are_kept(
    small_ontology: Path, written: str, quads: list[str]
) -> None:
    file = small_ontology / "tables" / "capacity.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2025,1200", f"2025,{written}"), encoding="utf-8")
    row = "<row/capacity/kuantan-2025>"
    found = quads_of(small_ontology, "capacity", "kuantan-2025")
    assert [line for line in found if "<mz:value" in line] == [f"{row} {q} {row} ." for q in quads]


@pytest.mark.parametrize(
    ("written", "datatype", "earliest", "latest"),
    [
        ("2025", "gYear", "2025-01-01", "2025-12-31"),
        ("2025-04", "gYearMonth", "2025-04-01", "2025-04-30"),
        ("2025-04-04", "date", "2025-04-04", "2025-04-04"),
    ],
)
def test_a_date_is_written_as_printed_and_with_both_bounds(
    small_ontology: Path, written: str, datatype: str, earliest: str, latest: str
) -> None:
    file = small_ontology / "tables" / "capacity.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2025,1200", f"{written},1200"), encoding="utf-8")
    row = "<row/capacity/kuantan-2025>"
    found = quads_of(small_ontology, "capacity", "kuantan-2025")
    assert [line for line in found if "<mz:asOf" in line] == [
        f'{row} <mz:asOf> "{written}"^^<xsd:{datatype}> {row} .',
        f'{row} <mz:asOfEarliest> "{earliest}"^^<xsd:date> {row} .',
        f'{row} <mz:asOfLatest> "{latest}"^^<xsd:date> {row} .',
    ]


def plain(subject: Node, predicate: Node, value: Node, graph: object) -> tuple[str, ...]:
    """A quad as text: a store types each plain text as xsd:string, rdflib does not."""
    return str(subject), str(predicate), value.n3().removesuffix(XSD_STRING), str(graph)


# rdflib's parser of N-Quads asks its Dataset for a name that its Dataset has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
def test_rdflib_reads_the_same_graph_as_the_store(small_ontology: Path) -> None:
    schema = read_schema(small_ontology)
    rows = read_tables(small_ontology / "tables", schema).rows
    text = "".join(to_nquads(rows, schema))
    read = Dataset()
    read.parse(data=text, format="nquads")
    store = store_of(text)
    assert len(store) == len(set(text.splitlines()))
    assert {plain(*quad) for quad in read.quads()} == {plain(*q) for q in store.dataset.quads()}


def test_the_vocabulary_has_no_blank_nodes(small_ontology: Path) -> None:
    lines = list(vocabulary_nquads(read_schema(small_ontology)))
    assert len(lines) > 1000
    assert all(line.endswith(f"<{BASE}graph/vocabulary> .\n") for line in lines)
    assert not any("_:" in line.split('"')[0] for line in lines)


FOLDER = ontology_folder()
ALL = "https://w3id.org/monazite/alignments"


@pytest.fixture(scope="module")
def everything(shipped: Tables) -> list[Alignment]:
    return all_alignments(FOLDER, shipped.schema, shipped.rows)


def test_the_turtle_is_in_step(everything: list[Alignment]) -> None:
    """``monazite alignments --format turtle > ontology/alignments.ttl`` writes it anew."""
    kept = (FOLDER / "alignments.ttl").read_text(encoding="utf-8")
    assert Alignments(tuple(everything), read_prefixes(FOLDER)).to_turtle() == kept


def test_rdflib_reads_the_alignments_back(everything: list[Alignment]) -> None:
    graph = Graph().parse(FOLDER / "alignments.ttl")
    said = {
        (URIRef(each.subject), URIRef(each.predicate), URIRef(each.object))
        for each in everything
        if not each.negative
    }
    assert said <= set(graph)
    denied = {
        (
            graph.value(node, OWL.sourceIndividual),
            graph.value(node, OWL.assertionProperty),
            graph.value(node, OWL.targetIndividual),
        )
        for node in graph.subjects(RDF.type, OWL.NegativePropertyAssertion)
    }
    assert denied == {
        (URIRef(each.subject), URIRef(each.predicate), URIRef(each.object))
        for each in everything
        if each.negative
    }
    head = len(list(graph.predicate_objects(URIRef(ALL))))
    linksets = set(graph.subjects(RDF.type, VOID.Linkset))
    assert len(graph) == len(said) + 5 * len(denied) + head + 5 * len(linksets)
    assert (None, OWL.sameAs, None) not in graph


def test_the_sssom_file_is_sorted_and_written_back_as_it_is() -> None:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    curated = read_alignments(FOLDER)
    found = Alignments(tuple(curated), read_prefixes(FOLDER), tuple(read_header(FOLDER)))
    assert found.to_sssom() == text
    lines = text.splitlines()[len(read_header(FOLDER)) + 1 :]
    assert lines == sorted(lines, key=lambda line: [line.split("\t")[i] for i in (0, 1, 3, 2)])


@pytest.mark.parametrize("text", ['a "b"', "a\\b", "a\nb\tc", "稀土"])
def test_a_literal_reads_back(text: str) -> None:
    graph = Graph().parse(data=f"<urn:a> <urn:b> {literal(text)} .", format="turtle")
    assert set(graph.objects()) == {Literal(text, lang="en")}


DERIVED = PREFIXES["prov"] + "wasDerivedFrom"
EVIDENCE = BASE + "graph/evidence"
TYPE = PREFIXES["rdf"] + "type"


def store_of_lines(*lines: tuple[str, str, str, str]) -> Store:
    text = [" ".join(f"<{part}>" for part in line) + " ." for line in lines]
    return store_of("\n".join(text))


def test_a_small_store_is_counted_right() -> None:
    one, two = f"{BASE}row/capacity/one", f"{BASE}row/capacity/two"
    tier = f"{BASE}scheme/source-tier/2"
    store = store_of_lines(
        (one, TYPE, NS + "Capacity", one),
        (one, NS + "facility", "urn:plant", one),
        (two, TYPE, NS + "Capacity", two),
        (one, DERIVED, BASE + "source/b", EVIDENCE),
        (one, DERIVED, BASE + "source/a", EVIDENCE),
        (BASE + "source/a", TYPE, NS + "Source", EVIDENCE),
        (BASE + "source/a", NS + "tier", tier, EVIDENCE),
        (one, NS + "facility", "urn:plant", "urn:another-graph"),
    )
    counts = read_statistics(store)
    assert (counts.quads, counts.triples, counts.subjects) == (8, 7, 3)
    assert counts.tables == {"capacity": 2}
    assert counts.classes == {NS + "Capacity": 2, NS + "Source": 1}
    assert counts.properties[NS + "facility"] == 1
    assert counts.sources == {BASE + "source/a": CountedSource("2", "")}
    assert counts.evidence == {one: (BASE + "source/a", BASE + "source/b")}


DY = URIRef(BASE + "id/element/Dy")
ONE = URIRef("urn:one")
CALL = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"


@pytest.fixture(scope="module", params=[False, True], ids=["in memory", "kept"])
def either(
    request: pytest.FixtureRequest, cut: Path, tmp_path_factory: pytest.TempPathFactory
) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONAZITE_CACHE", str(tmp_path_factory.mktemp("cache")))
        if request.param:
            open_store(cut).wait()
        return open_store(cut, cache=request.param)


@pytest.mark.parametrize(
    "write",
    [
        lambda dataset: dataset.update("CLEAR ALL"),
        lambda dataset: dataset.add((ONE, ONE, ONE)),
        lambda dataset: dataset.remove((None, None, None)),
        lambda dataset: dataset.graph(URIRef(VOCABULARY)).remove((None, None, None)),
        lambda dataset: dataset.parse(data="<urn:a> <urn:a> <urn:a> .", format="nt"),
        lambda dataset: dataset.store.update("CLEAR ALL", {}, {}, ""),
    ],
)
def test_nothing_is_written(either: Store, write: Callable[[Dataset], object]) -> None:
    before = len(either)
    with pytest.raises(QueryError, match="read-only here"):
        write(either.dataset)
    assert len(either) == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda dataset: dataset.query(CALL),
        lambda dataset: dataset.query(CALL.replace("I", chr(92) + "u0049")),
        lambda dataset: dataset.graph(URIRef(VOCABULARY)).query(CALL),
        lambda dataset: dataset.query(prepareQuery(CALL)),
        lambda dataset: dataset.query("ASK {}", DEBUG=True),
    ],
)
def test_nobody_is_called(either: Store, ask: Callable[[Dataset], object]) -> None:
    with pytest.raises(QueryError, match=r"SERVICE would send|as a text|^Leave out"):
        ask(either.dataset)


def test_it_is_read_as_any(either: Store) -> None:
    dataset = either.dataset
    assert str(dataset.value(DY, RDFS.label)) == "dysprosium"
    (row,) = dataset.query(f"SELECT ?l {{ <{DY}> rdfs:label ?l }}")
    assert str(row.l) == "dysprosium"  # type: ignore[union-attr]
    assert len(dataset.graph(URIRef(VOCABULARY))) > 100


ENTITIES = PREFIX + "SELECT DISTINCT ?thing { ?row mz:describes ?thing }"


def asked_of_all(store: Store, lookup: Lookup) -> dict[str, Found]:
    """What the engine finds where no thing is named."""
    text = lookup.text.replace("{ $THINGS }", "").replace("$THINGS", "")
    found: dict[str, Found] = {}
    for row in store.select(PREFIX + text):
        names = text.split("WHERE")[0].split("?thing ?")[1].strip().split(" ?")
        answer = {name: full(row[name]) for name in names}
        found.setdefault(str(row["thing"]), []).append(answer)
    return found


def sorted_found(found: dict[str, Found]) -> dict[str, list[list[tuple[str, str]]]]:
    return {
        thing: sorted(sorted(each.items()) for each in answers)
        for thing, answers in found.items()
        if answers
    }


def compare(store: Store, tables: Tables) -> set[str]:
    entities = {str(row["thing"]) for row in store.select(ENTITIES)}
    compared = set()
    for lookup, found in all_facts(tables.rows, tables.schema):
        right = asked_of_all(store, lookup)
        if lookup.name == "about":  # the engine finds classes, years and texts as well
            right = {thing: answers for thing, answers in right.items() if thing in entities}
        if lookup.name == "word":  # and names of terms, which are no entities, and single words
            right = {
                word: kept
                for word, answers in right.items()
                if word != '""'
                and (kept := [each for each in answers if f"<{each['entity']}>" in entities])
            }
        assert sorted_found(found) == sorted_found(right), lookup.name
        compared.add(lookup.name)
    return compared


def test_lookups_of_a_small_ontology(small_ontology: Path) -> None:
    tables = read_all(small_ontology, None, do_nothing)
    compared = compare(open_store(small_ontology, cache=False), tables)
    assert compared == {"label", "source", "about", "iri", "id", "code", "name", "word"}


@pytest.mark.whole
def test_lookups_of_the_shipped_rows(store: Store, shipped: Tables) -> None:
    assert len(compare(store, shipped)) == 8
