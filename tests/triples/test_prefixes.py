"""Preset prefixes: a short name for whatever the shapes and schemes name, and no two of a kind."""

from __future__ import annotations

import re
from pathlib import Path

from monazite.rows.columns import read_schema
from monazite.rows.iris import BASE, NS, PREFIXES, SCHEME
from monazite.shipped import ontology_folder
from monazite.triples.prefixes import preset_prefixes

PRESET = preset_prefixes(ontology_folder())


def test_what_the_issue_of_each_name_is() -> None:
    wanted = {
        "mz": NS,
        "facility": BASE + "id/facility/",
        "firm": BASE + "id/organisation/",
        "country": BASE + "id/country/",
        "element": BASE + "id/element/",
        "policy": BASE + "id/policy/",
        "source": BASE + "source/",
        "row": BASE + "row/",
        "stage": SCHEME + "stage/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "dcterms": "http://purl.org/dc/terms/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "org": "http://www.w3.org/ns/org#",
        "schema": "https://schema.org/",
    }
    assert {name: PRESET.get(name) for name in wanted} == wanted
    assert PRESET.items() >= PREFIXES.items()


def test_every_id_and_every_concept_has_a_prefix() -> None:
    schema = read_schema(ontology_folder())
    spaces = {*PRESET.values()}
    ids = {BASE + table.id_path for table in schema.tables.values() if table.id_path}
    assert ids - spaces == set()
    concepts = {iri for codes in schema.codes.values() for iri in codes.values()}
    assert {iri.rpartition("/")[0] + "/" for iri in concepts} - spaces == set()


def test_a_name_is_one_that_sparql_takes_and_no_word_that_reaches_out() -> None:
    for name in PRESET:
        assert re.fullmatch(r"[A-Za-z](?:[\w-]*\w)?", name), name
        assert name.casefold() not in {"from", "service", "prefix", "base"}


def test_ours_come_first_and_an_own_name_before_an_outside_one() -> None:
    assert next(iter(PRESET)) == "mz"
    assert PRESET["unit"] == SCHEME + "unit/", "QUDT's units have another prefix nowhere else"
    places = [iri.startswith(BASE) for iri in PRESET.values()]
    assert places == sorted(places, reverse=True)


def test_an_ontology_of_ones_own_has_the_prefixes_of_its_shapes(small_ontology: Path) -> None:
    found = preset_prefixes(small_ontology)
    assert "facility" in found
    assert "policy" not in found
    assert found["skos"] == PREFIXES["skos"]
