"""Questions and findings as JSON: the bytes of the command, as the description says, and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monazite.server.findings import served_verbs
from monazite.store.queries import read_queries
from tests.cli.conftest import Run
from tests.server.conftest import Served

if TYPE_CHECKING:
    pass
import json
from collections.abc import Iterator

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.cli.contract import validator


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("owners?date=2020", "owners -p date=2020"),
        ("element-profile?element=Dy&known=2025", "element-profile -p element=Dy --known 2025"),
        ("policies-in-force?date=2025-06-11", "policies-in-force -p date=2025-06-11"),
    ],
)
def test_a_question_is_the_bytes_of_its_command(
    path: str, line: str, served: Served, run: Run
) -> None:
    answer = served.client.get(f"/questions/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.text == run("query", *line.split(), "-f", "json").out


def test_the_findings_are_listed_with_a_sentence_and_the_address_of_each(served: Served) -> None:
    told = served.client.get("/findings").json()
    assert [each["name"] for each in told] == [*served_verbs()]
    about = {each["name"]: each["about"] for each in told}
    assert about["parents"].startswith("Follow a firm or plant up")
    assert all(each.endswith(".") and "\n" not in each for each in about.values())
    described = served.client.get("/openapi.json").json()["paths"]
    assert {each["address"] for each in told} <= {*described}
    assert "/findings" in described


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("findings/nosuch", 404, 'There is no finding "nosuch"; there are after, alignments'),
        ("findings/parents", 400, "name is missing: "),
        ("findings/parents?name=lynas&name=mp", 400, "name is given 2 times; give it once."),
        ("findings/parents?nam=lynas", 400, 'did you mean "name"?'),
        ("findings/parents?name=nosuch-thing", 400, "nosuch-thing"),
        ("findings/balance?year=soon", 400, 'year is a whole number, not "soon".'),
        ("findings/cuts?left=2", 400, "part, 0 to 1, not 2"),
        ("findings/concentration?series=yes", 400, 'series is true or false, not "yes".'),
        ("findings/chokepoints?horizon=soon", 400, "soon"),
        ("findings/balance?element=Pm", 404, "No record of "),
        ("findings/parents?name=lynas&valid=soon", 400, '"soon" is not a date'),
        ("findings/parents?name=lynas&tier=9", 400, "There is no tier 9"),
        ("findings/parents?name=lynas&without=table:nosuch", 400, "nosuch"),
        ("findings/parents?name=%E9", 400, "not UTF-8"),
        ("questions/owner", 404, 'Unknown question "owner"; did you mean "owners"?'),
        ("questions/Owners", 404, "a name of small letters"),
        ("questions/element-profile?element=Xx", 400, "Xx"),
        ("questions/owners?x=1", 400, 'There is no parameter "x"'),
    ],
)
def test_a_fault_is_told_in_a_sentence(
    path: str, status: int, sentence: str, served: Served
) -> None:
    answer = served.client.get(f"/{path}")
    assert answer.status_code == status, answer.text
    assert sentence in answer.json()["detail"]
    assert answer.json()["status"] == status


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


@pytest.mark.whole
def test_whatever_is_asked_by_the_description_is_answered_by_it(small: Served) -> None:
    """Requests made of the description, right and wrong ones: no 5xx, no answer beside it."""
    described = json.loads(small.client.get("/openapi.json").text)
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=small.address)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) > 70

    for operation in operations[::6]:
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
