"""The vocabulary, as pages and reports read it: labels, schemes, and the title of the tables."""

from __future__ import annotations

import re

import pytest

from monazite.rows.columns import read_schema
from monazite.rows.iris import BASE
from monazite.rows.vocabulary import Vocabulary, read_title, read_vocabulary
from monazite.shipped import ontology_folder


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(read_schema(ontology_folder()))


def test_every_scheme_file_is_a_scheme_with_concepts(vocabulary: Vocabulary) -> None:
    files = {file.stem for file in (ontology_folder() / "schemes").glob("*.ttl")}
    assert {scheme.name for scheme in vocabulary.schemes} == files
    assert all(scheme.concepts for scheme in vocabulary.schemes)


def test_terms_have_a_label_and_say_what_they_are(vocabulary: Vocabulary) -> None:
    assert len({term.iri for term in vocabulary.terms}) == len(vocabulary.terms)
    assert [term.name for term in vocabulary.terms if not term.label] == []


def test_the_title_of_the_tables() -> None:
    title = read_title(read_schema(ontology_folder()))
    assert title.iri == BASE + "dataset"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", title.issued)
    assert title.licence == "https://creativecommons.org/licenses/by/4.0/"
