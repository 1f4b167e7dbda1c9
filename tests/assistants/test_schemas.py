"""The schema of an answer: closed, described, and the report's own in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monazite.assistants.offers import offers
from monazite.assistants.schemas import answer_schema, report_schema
from tests.cli.test_contract import objects


@pytest.mark.parametrize("tool", offers())
def test_an_answer_has_a_closed_schema_with_that_of_its_report(tool: str) -> None:
    schema = answer_schema(offers()[tool])
    Draft202012Validator.check_schema(schema)
    answer: dict[str, Any] = schema["properties"]["answer"]
    report = report_schema(offers()[tool].verb)
    assert {*answer["properties"]} == {*report["properties"]} - {"view"}
    for each in objects(schema):
        assert each["additionalProperties"] is False
        for name, field in each["properties"].items():
            assert field.get("description") or field.get("$ref"), name


def test_what_is_in_an_answer_can_be_left_out() -> None:
    """A list that had to have items could not be cut."""
    assert "minItems" not in json.dumps([answer_schema(each) for each in offers().values()])
