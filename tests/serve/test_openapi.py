"""The OpenAPI description: true to the parameters and schemas, and answers keep to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from monazite.serve.verbs import OF_VIEW, served_verbs
from monazite.triples.queries import read_queries
from tests.cli.contract import validator
from tests.serve.conftest import Served
from tests.sharing import THOROUGH

LISTS = ("/questions", "/findings")


@pytest.fixture(scope="module")
def described(small: Served) -> dict[str, Any]:
    """The description, as it is served."""
    found: dict[str, Any] = small.client.get("/openapi.json").json()
    return found


def references(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from ([content["$ref"]] if isinstance(content.get("$ref"), str) else [])
        for each in content.values():
            yield from references(each)
    elif isinstance(content, list):
        for each in content:
            yield from references(each)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    for reference in {*references(described)}:
        place: Any = described
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert isinstance(place, dict)


def test_every_finding_and_question_is_described(described: dict[str, Any]) -> None:
    paths = described["paths"]
    for name, asked in served_verbs().items():
        parameters = paths[f"/findings/{name}"]["get"]["parameters"]
        assert [each["name"] for each in parameters][: len(asked)] == [each.name for each in asked]
        assert all(len(each["description"]) > 10 for each in parameters), name
    group = [name for name, each in read_queries().items() if each.group == "policies"]
    assert {f"/questions/{name}" for name in group} <= {*paths}
    names = [each["operationId"] for path in paths.values() for each in path.values()]
    assert len(names) == len({*names})


def test_a_schema_says_what_it_says_in_its_file(described: dict[str, Any]) -> None:
    """A schema whose parts stand elsewhere now finds fault with the same as before."""
    schema = described["components"]["schemas"]["parents"]
    moved = Draft202012Validator({**schema, "components": described["components"]})
    before = validator("parents")
    assert before is not None
    wrong: list[dict[str, Any]] = [{}, {"view": {}}, {"view": {"text": 1}, "entity": 2}]
    for content in wrong:
        found, known = (
            {each.json_path for each in v.iter_errors(content)} for v in (moved, before)
        )
        assert found == known


def test_parameters_of_the_view_are_everywhere(described: dict[str, Any]) -> None:
    for path, each in described["paths"].items():
        if path not in LISTS:
            names = [parameter["name"] for parameter in each["get"]["parameters"]]
            assert {asked.name for asked in OF_VIEW} <= {*names}, path
            assert len(names) == len({*names}), path


@pytest.mark.whole
def test_whatever_is_asked_by_the_description_is_answered_by_it(small: Served) -> None:
    """Requests made of the description, right and wrong ones: no 5xx, no answer beside it."""
    described = json.loads(small.client.get("/openapi.json").text)
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=small.address)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) > 70

    for operation in operations[:: 1 if THOROUGH else 5]:
        ask(operation, small)


def ask(operation: Any, served: Served) -> None:
    """Ask what a path describes, and what it does not."""
    made = st.tuples(
        *(
            operation.as_strategy(generation_mode=mode)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        )
    )

    @given(cases=made)
    @settings(
        max_examples=2,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    def are_answered(cases: tuple[Any, ...]) -> None:
        for case in cases:
            words = case.as_transport_kwargs(base_url=served.address)
            answer = served.client.get(words["url"], params=words.get("params"))
            check(case, answer)

    are_answered()


def check(case: Any, answer: httpx.Response) -> None:
    assert answer.status_code in {200, 400, 404}, (case.path, case.query, answer.text)
    if answer.status_code == 200:
        report = case.path.rpartition("/")[2] if "/findings/" in case.path else "query"
        schema = validator(report)
        assert schema is not None
        if case.path not in LISTS:
            assert [*schema.iter_errors(answer.json())] == []
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.json()["detail"]) > 10


def test_a_stranger_may_not_ask_for_work_without_end(
    described: dict[str, Any], small: Served
) -> None:
    """What the description allows at most is allowed, and nothing above it is begun."""
    of_doubt = described["paths"]["/findings/doubt"]["get"]["parameters"]
    most = {
        each["name"]: each["schema"]["maximum"] for each in of_doubt if "maximum" in each["schema"]
    }
    assert {*most} == {"trials", "exact", "top"}
    for name, number in most.items():
        answer = small.client.get("/findings/doubt", params={name: number + 1})
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(f"{name} may be {number:,} at most here; ")
    scenarios = described["paths"]["/findings/scenarios"]["get"]["parameters"]
    assert any(each["name"] == "draws" and "maximum" in each["schema"] for each in scenarios)


def test_what_must_be_given_is_described_so(described: dict[str, Any]) -> None:
    of_diff = described["paths"]["/findings/diff"]["get"]["parameters"]
    assert {each["name"] for each in of_diff if each["required"]} == {"date1", "date2"}
    of_timeline = described["paths"]["/findings/timeline"]["get"]["parameters"]
    told = {each["name"] for each in of_timeline if "must be given" in each["description"]}
    assert told == {"name", "policy", "stage"}


def test_nothing_that_writes_elsewhere_is_a_finding(small: Served) -> None:
    answer = small.client.get("/findings/push", params={"address": "http://127.0.0.1:9/"})
    assert answer.status_code == 404


def test_refusals_of_the_server_are_described(described: dict[str, Any]) -> None:
    told = {*described["paths"]["/findings/doubt"]["get"]["responses"]}
    assert {"405", "414", "421", "431", "500", "503"} <= told
