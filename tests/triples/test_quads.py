"""Rows as quads: every expected quad here is written by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import XSD, Dataset
from rdflib.term import Node

from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables
from monazite.triples.quads import to_nquads, vocabulary_nquads
from monazite.triples.store import Store, store_of

BASE = "https://w3id.org/monazite/"
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


def test_the_superclasses_of_what_a_row_says_are_direct_facts(shipped: Tables) -> None:
    text = "".join(to_nquads(shipped.of("baci")[:1], shipped.schema))
    (own, *higher) = re.findall(r"#type> <\S+#(\w+)> <https://w3id.org/monazite/(\w+/\w+)", text)
    assert own == ("BaciFlow", "row/baci")
    assert {graph for _, graph in higher} == {"graph/direct"}
    assert {"Claim", "Row"} <= {name for name, _ in higher}


def test_an_element_of_a_kind_is_a_rare_earth_too(small_ontology: Path) -> None:
    quads = quads_of(small_ontology, "elements", "Dy")
    types = [line for line in quads if line.startswith("<id/element/Dy> <rdf:type>")]
    row = "<row/elements/Dy>"
    assert types == [
        f"<id/element/Dy> <rdf:type> <mz:{name}> {row} ."
        for name in ("ChemicalElement", "HeavyRareEarth", "RareEarth")
    ]


def test_a_record_that_names_a_form_is_no_thing_of_that_form(store: Store) -> None:
    formed = "SELECT ?row { ?row <https://w3id.org/monazite/ns#coversForm> ?form"
    assert [*store.select(formed + " }")]
    assert [*store.select(formed + " ; a <https://w3id.org/monazite/ns#Oxide> }")] == []


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


def test_a_source_stands_in_the_evidence_graph(small_ontology: Path) -> None:
    source, graph = "<source/annual>", "<graph/evidence>"
    assert quads_of(small_ontology, "sources", "annual") == [
        f"{source} <rdf:type> <mz:Source> {graph} .",
        f'{source} <mz:id> "annual" {graph} .',
        f'{source} <mz:publisher> "Lynas" {graph} .',
        f'{source} <mz:title> "Annual report" {graph} .',
        f'{source} <mz:url> "https://example.org/a"^^<xsd:anyURI> {graph} .',
        f'{source} <mz:published> "2024-10"^^<xsd:gYearMonth> {graph} .',
        f'{source} <mz:publishedEarliest> "2024-10-01"^^<xsd:date> {graph} .',
        f'{source} <mz:publishedLatest> "2024-10-31"^^<xsd:date> {graph} .',
        f'{source} <mz:accessed> "2026-11-24"^^<xsd:date> {graph} .',
        f'{source} <mz:accessedEarliest> "2026-11-24"^^<xsd:date> {graph} .',
        f'{source} <mz:accessedLatest> "2026-11-24"^^<xsd:date> {graph} .',
        f"{source} <mz:sourceKind> <scheme/source-kind/company> {graph} .",
        f"{source} <mz:tier> <scheme/source-tier/1> {graph} .",
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


def test_an_iri_carries_the_points_and_capitals_of_its_key(shipped: Tables) -> None:
    (row,) = [row for row in shipped.of("baci") if row.key == "aut-cze-2846.10-1995"]
    first = next(to_nquads([row], shipped.schema))
    assert first.startswith(f"<{BASE}row/baci/aut-cze-2846.10-1995> ")


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


def test_one_filter_on_the_first_day_finds_events_dated_by_a_year(
    store: Store, shipped: Tables
) -> None:
    """Comparing ``mz:date`` itself with a day drops every date that is a year or a month."""
    since = "2020-01-01"
    ask = (
        f"SELECT (COUNT(*) AS ?n) {{ ?event a <{BASE}ns#FacilityEvent> ; <{BASE}ns#%s> ?day "
        f'FILTER(?day >= "{since}"^^<{XSD.date}>) }}'
    )
    counted = {name: int(next(store.select(ask % name))["n"].value) for name in ("starts", "date")}
    dates = [row.text("date") for row in shipped.of("facility_events")]
    assert counted["starts"] == sum(date[:4] >= since[:4] for date in dates)
    assert counted["date"] < counted["starts"]
