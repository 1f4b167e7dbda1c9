"""The schemas of reports: closed, described, one for each; ``run`` holds every output to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from tests.cli.contract import OF_OPTIONS, OF_WORDS, faults_of, is_json, report_of
from tests.mirror import TESTS
from tests.reference_pages import build
from tests.results import own_results

SCHEMAS = build.schemas()
NO_REPORT = {"export"}
"""Commands with a format whose JSON is that of others: RDF as JSON-LD, entities as FtM."""
RESULTS = {
    "fixes": "tests/cli/test_cuts.py",
    "after": "tests/cli/test_chokepoints.py",
    "draws": "tests/cli/test_chokepoints.py",
    "pairs": "tests/cli/test_chokepoints.py",
    "figure": "tests/pages/test_figures.py",
    "graph": "tests/cli/test_graph.py",
    "brief": "tests/cli/test_brief.py",
    "verify": "tests/cli/test_verify.py",
}
"""Results that no command prints alone as JSON, with the file that holds them to their schema."""
OTHERWISE = {
    "CutsAndFixes": "what cuts --fix prints: cuts.json",
    "Triples": "an Answer: query.json",
    "YesOrNo": "an Answer: query.json",
    "ExplorerPage": "a page and no records: explore prints none",
}
"""Results whose schema has the name of another, with what they are."""


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("required"), list):
            yield schema
        for each in schema.values():
            yield from objects(each)


def test_every_report_has_a_schema() -> None:
    having = {
        name
        for name, command in build.commands().items()
        if any(option.name == "fmt" for option in command.params)
    }
    assert {*SCHEMAS} == (having | {*RESULTS, *OF_OPTIONS.values(), *OF_WORDS.values()}) - NO_REPORT


@pytest.mark.parametrize("report", RESULTS)
def test_a_result_that_no_command_prints_is_held_to_its_schema(report: str) -> None:
    text = (TESTS.parent / RESULTS[report]).read_text(encoding="utf-8")
    assert f'check_result("{report}", ' in text or f'"{report}": view.{report}(' in text, report
    assert "check_result(" in text


def test_each_result_names_its_schema() -> None:
    titles = {schema["title"] for schema in SCHEMAS.values()}
    without = [
        f"{name} has no schema: write one with that title in examples/reference/schemas"
        for name in sorted({*own_results()} - titles - {*OTHERWISE})
    ]
    assert not without, "\n".join(without)
    assert titles <= {*own_results()}


def test_a_holder_that_is_no_parent_may_have_no_remark(run: Run) -> None:
    done = run("parents", "bukit-merah", "--valid", "1990", "-f", "json")  # held to its schema
    holders = json.loads(done.out)["other_holders"]
    assert None in [row["note"] for holder in holders for row in holder["rows"]]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_closed_and_says_what_each_field_is(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["description"].count("`monazite ") == 1
    for each in objects(SCHEMAS[name]):
        assert each["additionalProperties"] is False
        for field, said in each["properties"].items():
            assert said.get("description") or said.get("$ref"), field
            kinds = said.get("type", [])
            if "$ref" not in said:
                assert ("null" in said["description"].lower()) == ("null" in kinds), (field, said)


def test_what_is_not_in_the_contract_is_found(run: Run) -> None:
    words = ("parents", "mountain-pass", "-f", "json")
    assert (report_of(words), is_json(words), is_json(words[:2])) == ("parents", True, False)
    found = json.loads(run(*words).out)
    assert faults_of("parents", found) == []
    assert faults_of("parents", {**found, "more": 1}) != []
    assert faults_of("parents", {**found, "day": None}) != []
    del found["chains"]
    assert faults_of("parents", found) != []
