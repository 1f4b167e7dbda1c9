"""The vocabulary: terms, schemes, names, roots, when rows speak of one fact, and alignments."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import SKOS, URIRef
from rdflib.namespace import DCTERMS, FOAF, GEO, ORG, PROV, SDO, TIME, DefinedNamespace

from monazite.core.errors import FaultyTablesError, UnknownNameError
from monazite.core.package import ontology_folder
from monazite.data.alignments import (
    COLUMNS,
    FILE,
    Alignment,
    all_alignments,
    derive_alignments,
    find_alignments,
    read_alignments,
    read_prefixes,
)
from monazite.data.columns import read_schema
from monazite.data.iris import BASE, NS, SCHEME, entity_iri, local_name, row_iri, row_name
from monazite.data.reader import Tables
from monazite.data.sameness import ComparedColumns, Sameness, read_attributions, root_of
from monazite.data.vocabulary import Vocabulary, read_vocabulary
from tests.golden.lines import lines_of

SCHEMA = read_schema(ontology_folder())
WORDS: Vocabulary = read_vocabulary(SCHEMA)


def test_every_term_is_of_our_own_and_explained() -> None:
    assert [term.iri for term in WORDS.terms] == sorted({term.iri for term in WORDS.terms})
    for term in WORDS.terms:
        assert term.iri == NS + term.name
        assert term.label, term.iri
        assert term.comment, term.iri


def test_the_concepts_of_a_scheme_are_the_codes_of_its_columns() -> None:
    for scheme in WORDS.schemes:
        codes = SCHEMA.codes.get(scheme.class_iri, {})
        for concept in scheme.concepts:
            assert codes[concept.code] == concept.iri
            assert local_name(concept.iri) in (concept.code, concept.code.casefold())
    assert len({scheme.name for scheme in WORDS.schemes}) == len(WORDS.schemes)


def test_the_short_name_of_a_row_leads_back_to_it() -> None:
    assert row_name(row_iri("capacity", "mt-weld-2024")) == "capacity/mt-weld-2024"
    assert row_name("https://example.org/a") == "https://example.org/a"


@given(st.text(min_size=1))
@example("a/b#c?d")
def test_a_key_is_one_segment_of_an_iri_that_parses(key: str) -> None:
    key = key.encode("utf-8", "replace").decode()
    for iri in (row_iri("capacity", key), entity_iri("id/facility/", key)):
        assert ox.NamedNode(iri).value == iri
        assert iri.count("/") == 6
        assert "#" not in iri


LETTERS = st.sampled_from("abcdef")


@given(st.dictionaries(LETTERS, LETTERS), LETTERS)
def test_a_root_is_found_whatever_the_chain(roots: dict[str, str], source: str) -> None:
    """Also in a circle, which the check ``root-circle`` finds; a root of a root is the root."""
    found = root_of(source, roots)
    assert found == source or found in roots.values()
    if found not in roots:
        assert root_of(found, roots) == found


def test_every_root_of_the_tables_is_a_source_and_no_copy_of_a_copy_is_lost(
    shipped: Tables,
) -> None:
    says = read_attributions(shipped.rows, shipped.schema)
    lines = {line["id"]: line for line in lines_of("sources").values()}
    assert set(says) == set(lines)
    for name, line in lines.items():
        root = says[name].root
        assert lines[root]["root"] == ""
        assert (root != name) == bool(line["root"])
        assert says[name].author == lines[root]["publisher"]


UNIT = "https://w3id.org/monazite/scheme/unit/"


@pytest.fixture(scope="module")
def sameness(shipped: Tables) -> Sameness:
    return Sameness(shipped.schema, shipped.rows)


def names(rule: ComparedColumns) -> tuple[list[str], list[str], list[str]]:
    return (
        [column.name for column in rule.fact],
        [column.name for column in rule.defined],
        [column.name for column in rule.period],
    )


@pytest.mark.parametrize(
    ("table", "fact", "defined", "period", "says"),
    [
        ("production", ["country", "stage", "material"], [], ["year"], "number"),
        ("ownership", ["owner", "owned"], ["status"], ["valid_from", "valid_until"], "number"),
        ("facility_events", ["facility", "event"], ["stage", "part"], [], "date"),
        ("operations", ["facility", "stage"], [], ["from", "until"], "name"),
        (
            "trade",
            ["exporter", "importer", "code"],
            ["description", "kind"],
            ["year", "period_from", "period_until"],
            "number",
        ),
    ],
)
def test_the_columns_of_a_fact(
    sameness: Sameness,
    table: str,
    fact: list[str],
    defined: list[str],
    period: list[str],
    says: str,
) -> None:
    rule = sameness.rules[table]
    assert names(rule) == (fact, defined, period)
    assert rule.says_what == says


@pytest.mark.parametrize(
    ("unit", "base", "factor"),
    [("kt", "t", 1000), ("million-t", "t", 1_000_000), ("t", "t", 1), ("lb", "t", 0.00045359237)],
)
def test_units_lead_to_their_base(sameness: Sameness, unit: str, base: str, factor: float) -> None:
    found, by = sameness.concepts.in_base(UNIT + unit)
    assert found == UNIT + base
    assert by == pytest.approx(factor)


FOLDER = ontology_folder()
CURATED = read_alignments(FOLDER)
ELEMENT = BASE + "id/element/"
CLOSED: tuple[type[DefinedNamespace], ...] = (DCTERMS, FOAF, GEO, ORG, PROV, SDO, SKOS, TIME)
HEAD = "#curie_map:\n#  mz: https://w3id.org/monazite/ns#\n#  owl: http://www.w3.org/2002/07/owl#\n"


@pytest.fixture(scope="module")
def everything(shipped: Tables) -> list[Alignment]:
    return all_alignments(FOLDER, shipped.schema, shipped.rows)


def test_every_subject_exists(everything: list[Alignment], shipped: Tables) -> None:
    named = {str(getattr(triple.subject, "value", "")) for triple in shipped.schema.vocabulary}
    for row in shipped.rows:
        table = shipped.schema.tables[row.table]
        if table.id_path:
            named.add(entity_iri(table.id_path, row.key))
    assert {each.subject for each in everything} - named == set()


def test_no_alignment_stands_twice(shipped: Tables) -> None:
    derived = [each.key for each in derive_alignments(shipped.schema, shipped.rows)]
    keys = [each.key for each in CURATED]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert set(keys) & set(derived) == set(), "write it in one place"


def test_nothing_that_is_denied_is_also_said(everything: list[Alignment]) -> None:
    """An exact match is a close one too; whoever denies the weaker denies the stronger."""
    stronger = {str(SKOS.closeMatch): {str(SKOS.closeMatch), str(SKOS.exactMatch)}}
    said = {(each.subject, each.predicate, each.object) for each in everything if not each.negative}
    denied = [each for each in everything if each.negative]
    assert len(denied) >= 10
    for each in denied:
        assert each.comment, "a denial has a reason"
        for predicate in stronger.get(each.predicate, {each.predicate}):
            assert (each.subject, predicate, each.object) not in said, each


def test_every_target_is_in_its_vocabulary() -> None:
    """Rdflib knows these vocabularies whole."""
    for space in CLOSED:
        targets = [each.object for each in CURATED if each.object.startswith(str(space))]
        assert [each for each in targets if each.removeprefix(str(space)) not in space] == []


@pytest.mark.parametrize("start", ["http://purl.obolibrary.org/obo/CHEBI_", "https://minmod.isi"])
def test_the_seventeen_rare_earths_have_a_target_each(start: str, shipped: Tables) -> None:
    found = {
        each.subject.removeprefix(ELEMENT): each.object
        for each in CURATED
        if each.subject.startswith(ELEMENT) and each.object.startswith(start) and not each.negative
    }
    rare = {row.key for row in shipped.of("elements") if row.text("class") in {"lree", "hree"}}
    assert len(rare) == 17
    assert rare <= set(found)
    assert len(set(found.values())) == len(found), "two elements, one target"


def test_what_the_tables_and_the_vocabulary_say_is_derived(shipped: Tables) -> None:
    found = {each.key: each for each in derive_alignments(shipped.schema, shipped.rows)}
    exact = str(SKOS.exactMatch)
    china = BASE + "id/country/CHN"
    for subject, target, origin in (
        (china, "http://www.wikidata.org/entity/Q148", "countries"),
        (china, "http://publications.europa.eu/resource/authority/country/CHN", "countries"),
        (ELEMENT + "Dy", "http://www.wikidata.org/entity/Q1843", "elements"),
        (SCHEME + "unit/t", "http://qudt.org/vocab/unit/TONNE", "schemes"),
    ):
        assert found[subject, exact, target, False].origin == origin
    named = sum(bool(row.text("wikidata")) for row in shipped.rows)
    assert sum("wikidata.org" in key[2] for key in found) == named


def write(folder: Path, *lines: str) -> Path:
    text = HEAD + "\n".join(["\t".join(COLUMNS), *lines]) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_a_bad_file_says_every_fault_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mz:Row\towl:sameAs\t\towl:Thing\t\tmz:x\t0.5\t",
        "mz:Row\tskos:closeMatch\tNo\teli:Law\t\tmz:x\t1.5\t",
        "mz:Row\tskos:closeMatch",
    )
    with pytest.raises(FaultyTablesError) as raised:
        read_alignments(tmp_path)
    text = str(raised.value)
    assert f'{FILE}:5: predicate_id "owl:sameAs" is no alignment' in text
    for part in ('object_id "eli:Law"', 'is "No"', 'confidence "1.5"', 'predicate_id "skos:close'):
        assert f"{FILE}:6: " in text
        assert part in text
    assert f"{FILE}:7: 2 fields instead of 8; one tab" in text


@pytest.mark.parametrize("content", [b"subject_id\tobject_id\n", b"\xff\xfe"])
def test_a_file_that_is_no_sssom_is_one_fault(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(FaultyTablesError) as raised:
        read_alignments(tmp_path)
    assert len(raised.value.faults) == 1


def test_a_term_is_found_by_its_name_or_theirs(everything: list[Alignment]) -> None:
    prefixes = read_prefixes(FOLDER)
    by_name = find_alignments(everything, "dy", prefixes)
    assert {each.subject for each in by_name} == {ELEMENT + "Dy"}
    assert URIRef("http://purl.obolibrary.org/obo/CHEBI_33377") in {
        URIRef(each.object) for each in by_name if not each.negative
    }
    by_theirs = find_alignments(everything, "CHEBI:33377", prefixes)
    assert {(each.subject.removeprefix(ELEMENT), each.negative) for each in by_theirs} == {
        ("Dy", False),
        ("Tm", True),
    }
    assert find_alignments(everything, NS + "Policy", prefixes)
    with pytest.raises(UnknownNameError, match='speaks of "mz:Polcy"; did you mean "mz:Policy'):
        find_alignments(everything, "mz:Polcy", prefixes)
