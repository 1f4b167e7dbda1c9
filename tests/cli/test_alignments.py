"""``monazite alignments``: what corresponds to what, of one term or of all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite.shipped import ontology_folder
from tests.cli.conftest import Run


def test_one_term_is_told_with_confidence_and_what_it_is_not(run: Run) -> None:
    table = run("alignments", "Policy").out
    assert "not exactMatch" in table
    assert "eli:LegalResource" in table
    told = json.loads(run("alignments", "Dy", "-f", "json").out)
    found = {each["object"]: each for each in told["alignments"]}
    assert found["http://www.wikidata.org/entity/Q1843"]["origin"] == "elements"
    assert found["http://purl.obolibrary.org/obo/CHEBI_33377"]["confidence"] == 0.95
    assert found["http://www.wikidata.org/entity/Q695"]["negative"] is True


def test_turtle_is_the_shipped_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "alignments.ttl"
    assert run("alignments", "-f", "turtle", "-o", str(file)).code == 0
    assert file.read_bytes() == (ontology_folder() / "alignments.ttl").read_bytes()


def test_sssom_holds_the_curated_and_the_derived(run: Run) -> None:
    lines = run("alignments", "-f", "sssom").out.splitlines()
    assert lines[0] == "#curie_map:"
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert {len(row) for row in rows} == {8}
    assert all(":" in row[0] and ":" in row[3] and "//" not in row[3] for row in rows[1:])
    assert ["mzid:country/CHN", "skos:exactMatch", "", "wikidata:Q148"] in [row[:4] for row in rows]


@pytest.mark.parametrize("words", [("Polcy",), ("-f", "owl")])
def test_bad_input_is_one_sentence(words: tuple[str, ...], run: Run) -> None:
    run("alignments", *words).assert_refused()
