"""What is offered, what a model is told of it, and arguments that are refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monazite.core.errors import UnknownNameError
from monazite.data.dates import read_today
from monazite.server.assistants.server import answer_schema, check_arguments, report_schema
from monazite.server.assistants.tools import OF_VIEW, PAGING, offers, read_table
from monazite.view.view import View
from tests.cli.test_every_command import objects
from tests.reference_pages import build

NOT_OFFERED = {
    "aggregate_trade": "reads and writes files",
    "alignments": "of the vocabulary",
    "backtest": "a whole report on past rules",
    "brief": "a document, and may read a bill",
    "draws": "takes as long as the draws that are shipped",
    "explore": "a page of many questions",
    "export": "writes files",
    "exposure": "reads a bill of materials, which is the reader's own affair",
    "figure": "a picture",
    "push": "writes to a store elsewhere",
    "scenario": "reads a file, and runs long with random trials",
}
"""Verbs that no tool asks, with why."""


def test_every_verb_is_offered_or_said_why_not() -> None:
    offered = {*offers()}
    verbs = {name for name in build.verbs() if name in build.commands() or name in offered}
    assert offered <= {*build.verbs()}
    assert verbs - offered <= {*NOT_OFFERED}
    assert {*NOT_OFFERED} & offered == set()


def test_a_tool_has_the_defaults_of_its_verb() -> None:
    found = offers()["chokepoints"].parameters
    assert (found["element"]["default"], found["approval"]["default"]) == ("MREE", 0.5)
    assert offers()["show"].required == ("name",)
    assert "until" in offers()["timeline"].parameters
    assert "from" in offers()["timeline"].parameters, "Python alone writes from_"


@pytest.mark.parametrize("tool", offers())
def test_a_tool_says_what_its_numbers_mean_and_when_nothing_is_known(tool: str) -> None:
    offer = offers()[tool]
    assert "not known" in offer.description
    assert " Range: " in offer.description
    assert len(offer.description) < 1_000, "a model reads all of them before it asks"
    assert re.fullmatch(r"[a-z]+", tool)
    assert callable(getattr(View, offer.tool))


@pytest.mark.parametrize("tool", offers())
def test_arguments_have_a_closed_schema_that_says_what_each_is(tool: str) -> None:
    schema = json.loads(json.dumps(offers()[tool].schema, default=dict))
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert {*schema["properties"]} >= {*OF_VIEW, *PAGING}
    for name, each in schema["properties"].items():
        assert each["description"], name
        assert not re.search(r"``|None|SPARQL|folder|Python", each["description"]), name


def test_no_tool_takes_a_place_on_the_disk() -> None:
    given = {name for each in offers().values() for name in each.parameters}
    assert given & {"data", "bom", "tables", "template", "network", "report", "ontology"} == set()


def test_the_prompts_use_the_parameters_that_they_name() -> None:
    for each in read_table("prompts"):
        assert {*re.findall(r"\{(\w+)\}", each["text"])} == {*each["parameters"].split()}


@pytest.mark.parametrize("tool", offers())
def test_an_answer_has_a_closed_schema_with_that_of_its_report(tool: str) -> None:
    schema = answer_schema(offers()[tool])
    Draft202012Validator.check_schema(schema)
    answer: dict[str, Any] = schema["properties"]["answer"]
    report = report_schema(tool)
    assert {*answer["properties"]} == {*report["properties"]} - {"view"}
    for each in objects(schema):
        assert each["additionalProperties"] is False
        for name, field in each["properties"].items():
            assert field.get("description") or field.get("$ref"), name


def test_what_is_in_an_answer_can_be_left_out() -> None:
    """A list that had to have items could not be cut."""
    assert "minItems" not in json.dumps([answer_schema(each) for each in offers().values()])


@pytest.mark.parametrize(
    ("tool", "given", "sentence"),
    [
        ("show", {}, "show needs name."),
        ("show", {"name": 7}, "name is a text, not 7."),
        ("show", {"name": ["a"]}, "name is a text, not ['a']."),
        ("show", {"name": "x" * 2001}, "name has 2,001 characters; at most 2,000 are read."),
        ("cuts", {"k": True}, "k is a whole number, not True."),
        ("cuts", {"left": "half"}, "left is a number, not 'half'."),
        ("cuts", {"limit": 0}, "limit is 1 to 100, not 0."),
        ("cuts", {"offset": -1}, "offset is 0 or more, not -1."),
        ("diff", {"date1": "../a"}, 'date1 is a date, 2025, 2025-06 or 2025-06-11, not "../a".'),
        ("info", {"valid": "soon"}, 'valid is a date, 2025, 2025-06 or 2025-06-11, not "soon".'),
        (
            "timeline",
            {"name": "Dy", "until": "today"},
            'until is a date, 2025, 2025-06 or 2025-06-11, not "today".',
        ),
        ("info", {"without": "a"}, "without is a list of texts, not 'a'."),
        ("info", {"without": [1]}, "without is a list of texts, not [1]."),
        (
            "query",
            {"question": "SELECT * { ?s ?p ?o }"},
            'question is the name of a question, as ask lists them, not "SELECT * { ?s ?p ?o }".',
        ),
        ("info", {"elment": "Dy"}, 'info has no parameter "elment"; did you mean "element"?'),
    ],
)
def test_a_fault_is_a_sentence(tool: str, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_arguments(offers()[tool], given)
    assert str(refused.value) == sentence


def test_what_is_hidden_in_a_name_is_shown() -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_arguments(offers()["show"], {"name": "a", "a\u202eb" * 50: 1})
    assert "\u202e" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_null_is_not_given() -> None:
    assert check_arguments(offers()["show"], {"name": "a", "tier": None}) == {"name": "a"}
    assert check_arguments(offers()["cuts"], {"left": 0}) == {"left": 0}


@pytest.mark.parametrize(
    ("tool", "name"), [("info", "valid"), ("info", "known"), ("diff", "date1"), ("diff", "date2")]
)
def test_today_is_the_day_of_the_clock(tool: str, name: str) -> None:
    needed = {"diff": {"date1": "2025", "date2": "2026"}}.get(tool, {})
    taken = check_arguments(offers()[tool], {**needed, name: "today"})
    assert taken == {**needed, name: read_today("today")}
    assert str(taken[name]) >= "2026-11-24"
