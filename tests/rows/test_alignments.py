"""Alignments: of things that exist, to terms that exist, and never both ways."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import SKOS, URIRef
from rdflib.namespace import DCTERMS, FOAF, GEO, ORG, PROV, SDO, TIME, DefinedNamespace

from monazite.errors import FaultyTablesError, UnknownNameError
from monazite.rows.alignments import (
    COLUMNS,
    FILE,
    Alignment,
    all_alignments,
    derive_alignments,
    find_alignments,
    read_alignments,
    read_prefixes,
)
from monazite.rows.iris import BASE, NS, SCHEME, entity_iri
from monazite.rows.reader import Tables
from monazite.shipped import ontology_folder

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


def test_superclasses_are_of_org_and_foaf_and_the_rest_are_matches(
    everything: list[Alignment],
) -> None:
    above = {
        each.object
        for each in everything
        if each.predicate.endswith("subClassOf") and each.object != str(SKOS.Concept)
    }
    assert above == {
        str(ORG.Organization),
        str(ORG.FormalOrganization),
        str(FOAF.Person),
    }


@pytest.mark.parametrize("space", CLOSED, ids=str)
def test_every_target_is_in_its_vocabulary(space: type[DefinedNamespace]) -> None:
    """Rdflib knows these vocabularies whole."""
    start = str(space)
    names = [each.object.removeprefix(start) for each in CURATED if each.object.startswith(start)]
    assert [name for name in names if name not in space] == []


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


def test_customs_codes_lead_to_the_concept_with_their_digits(shipped: Tables) -> None:
    digits = {
        entity_iri("id/code/", row.key): "".join(filter(str.isdigit, row.text("notation")))
        for row in shipped.of("codes")
    }
    start = read_prefixes(FOLDER)["cn"]
    found = {each.subject: each for each in CURATED if each.subject in digits}
    assert len(found) == 24
    for subject, each in found.items():
        target = each.object.removeprefix(start)
        assert (len(target), target[8:]) == (12, "0080")
        assert digits[subject][:8].ljust(8, "0") == target[:8]
        assert each.confidence <= Decimal("0.8")


def test_drafts_are_never_sure() -> None:
    drafts = [each for each in CURATED if "industrialontologies.org" in each.object]
    assert drafts
    assert max(each.confidence for each in drafts) <= Decimal("0.6")


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


def test_an_ontology_without_the_file_has_no_curated_alignment(tmp_path: Path) -> None:
    assert read_alignments(tmp_path) == []


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
