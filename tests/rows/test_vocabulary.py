"""The vocabulary as values: terms with what stands above them, schemes with their concepts."""

from __future__ import annotations

from monazite.rows.columns import read_schema
from monazite.rows.iris import NS, SCHEME, local_name
from monazite.rows.vocabulary import Vocabulary, read_title, read_vocabulary
from monazite.shipped import ontology_folder

SCHEMA = read_schema(ontology_folder())
WORDS: Vocabulary = read_vocabulary(SCHEMA)


def test_every_term_is_of_our_own_and_explained() -> None:
    assert [term.iri for term in WORDS.terms] == sorted({term.iri for term in WORDS.terms})
    for term in WORDS.terms:
        assert term.iri == NS + term.name
        assert term.label, term.iri
        assert term.comment, term.iri


def test_what_stands_above_a_class_is_a_class() -> None:
    kinds = {term.iri: term.kind for term in WORDS.terms}
    above = [each for term in WORDS.terms if term.kind == "class" for each in term.above]
    assert {kinds.get(each, "class") for each in above} == {"class"}
    assert any(each in kinds for each in above)


def test_the_concepts_of_a_scheme_are_the_codes_of_its_columns() -> None:
    for scheme in WORDS.schemes:
        codes = SCHEMA.codes.get(scheme.class_iri, {})
        for concept in scheme.concepts:
            assert codes[concept.code] == concept.iri
            assert local_name(concept.iri) in (concept.code, concept.code.casefold())
    assert len({scheme.name for scheme in WORDS.schemes}) == len(WORDS.schemes)


def test_a_label_is_found_or_the_last_part_stands_for_it() -> None:
    assert WORDS.label(SCHEME + "stage/magnet") == "Magnet"
    assert WORDS.label("https://example.org/a#b") == "b"


def test_the_ontology_says_what_it_is() -> None:
    title = read_title(SCHEMA)
    assert title.iri == "https://w3id.org/monazite/dataset"
    assert title.title
    assert title.licence.startswith("http")
    assert WORDS.licence.startswith("http")
    assert WORDS.version
