"""The schemas of reports: closed, described, one for each; ``run`` holds every output to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from tests.cli.contract import faults_of, is_json, report_of
from tests.reference_pages import build

SCHEMAS = build.schemas()
NO_REPORT = {"export"}
"""Commands with a format whose JSON is that of others: RDF as JSON-LD, entities as FtM."""


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
    assert {*SCHEMAS} == (having | {"indices"}) - NO_REPORT


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
