"""An answer has its rows with sources, its range, its view, and what is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monazite.assistants.answers import answer_of, in_report, quoted_rows, unknown_answer
from monazite.assistants.extracts import MOST_CHARACTERS, Wanted
from monazite.assistants.offers import offers
from monazite.assistants.schemas import answer_schema
from monazite.assistants.work_of_tools import answer_tool
from monazite.view import View
from tests.conftest import view_in_memory

UNKNOWN: dict[str, dict[str, Any]] = {
    "ask": {"words": "unicorn zzqx"},
    "query": {"question": "production-by-country", "parameters": {"element": "Tm"}},
    "chokepoints": {"element": "Dy", "market": "ATA"},
    "after": {"line": "China separation", "element": "Dy", "market": "ATA"},
    "pairs": {"element": "Dy", "market": "ATA"},
    "cuts": {"element": "Pm", "market": "ATA"},
    "fixes": {"element": "Dy", "market": "ATA"},
    "replace": {"element": "Pm", "market": "ATA", "country": "CHN"},
    "concentration": {"element": "Pm"},
    "indices": {"element": "Pm"},
    "centrality": {"element": "Pm", "market": "ATA"},
    "balance": {"element": "Pm"},
    "conflicts": {"name": "LUX"},
    "claims": {"text": "the moon is made of monazite"},
    "policies": {"by": "ISL"},
    "rules": {"by": "ISL"},
    "diff": {"date1": "1901-01-01", "date2": "1901-01-02"},
    "parents": {"name": "mp-materials"},
    "graph": {"element": "Pm", "market": "ATA"},
}
"""Of each tool, a question that no record answers; tests of the server ask what they do answer."""


@pytest.fixture(scope="module")
def view() -> View:
    return view_in_memory()


def answered(view: View, tool: str, wanted: Wanted | None = None, **given: Any) -> dict[str, Any]:
    offer = offers()[tool]
    found = getattr(view, offer.verb)(*filter(None, [given.pop("question", None)]), **given)
    answer: dict[str, Any] = json.loads(
        json.dumps(answer_of(view, offer, found, wanted or Wanted()))
    )
    faults = [*Draft202012Validator(answer_schema(offer)).iter_errors(answer)]
    assert not faults, [(each.json_path, each.message[:200]) for each in faults]
    return answer


def test_rows_are_iris_with_who_says_so(view: View) -> None:
    answer = answered(view, "parents", name="mountain-pass")
    first = answer["rows"][0]
    assert first["row"] == f"https://w3id.org/monazite/row/{first['key']}"
    assert first["sources"][0]["source"].startswith("https://w3id.org/monazite/source/")
    assert all(each["publisher"] and each["tier"] in range(1, 5) for each in first["sources"])
    assert [each["key"] for each in answer["rows"]] == sorted(
        view.parents("mountain-pass").row_keys,
        key=json.dumps(answer["answer"]).find,
    ), "in the order in which the answer names them"


def test_a_loss_has_its_range_and_its_unit(view: View) -> None:
    answer = answered(view, "chokepoints", element="Dy", market="USA", year=2024)
    line = answer["answer"]["chokepoints"][0]
    assert answer["range"]["given"]
    assert line["loss_low"] <= line["loss"] <= line["loss_high"]
    assert "parts of 1" in offers()["chokepoints"].says
    assert answer["report"].startswith("> The United States would lose")
    assert answer["view"]["tables"] == view.describe()["tables"]


def test_a_large_answer_says_what_is_left_out(view: View) -> None:
    answer = answered(view, "timeline", name="mountain-pass")
    left = {each["part"]: each for each in answer["left_out"]}
    assert left["/answer/lines"]["shown"] == 20 < left["/answer/lines"]["of"]
    assert left["/rows"]["shown"] == len(answer["rows"]) == 10
    assert len(json.dumps(answer["answer"], ensure_ascii=False)) <= MOST_CHARACTERS


def test_rows_are_paged_as_lists_of_the_answer_are(view: View) -> None:
    first = answered(view, "show", Wanted("/rows", 0, 5), name="mountain-pass")
    second = answered(view, "show", Wanted("/rows", 5, 5), name="mountain-pass")
    assert second["report"] == ""
    keys = [each["key"] for part in (first, second) for each in part["rows"]]
    assert len({*keys}) == 10
    lines = answered(view, "show", Wanted("/answer/rows", 3, 2), name="mountain-pass")
    assert len(lines["answer"]["rows"]) == 2


@pytest.mark.parametrize("limit", [3, 20, 50])
def test_whoever_pages_on_from_an_answer_reads_each_row_once(view: View, limit: int) -> None:
    asked = {"element": "Dy", "market": "USA"}
    first = answered(view, "chokepoints", Wanted("", 0, limit), **asked)
    every = view.chokepoints("Dy", "USA").row_keys
    keys = [each["key"] for each in first["rows"]]
    while len(keys) < len({*every}):
        page = answered(view, "chokepoints", Wanted("/rows", len(keys), 100), **asked)
        keys += [each["key"] for each in page["rows"]]
    assert sorted(keys) == sorted({*every})


def test_a_later_page_has_the_rows_of_its_own_lines_and_says_where_they_stand(view: View) -> None:
    page = answered(view, "show", Wanted("", 40, 5), name="mountain-pass")
    keys = [each["key"] for each in page["rows"]]
    assert {each["row"] for each in page["answer"]["rows"]} <= {*keys}
    [left] = [each for each in page["left_out"] if each["part"] == "/rows"]
    same = answered(view, "show", Wanted("/rows", left["offset"], 10), name="mountain-pass")
    assert keys == [each["key"] for each in same["rows"]]


def test_the_rows_of_the_first_lines_come_first(view: View) -> None:
    answer = answered(view, "chokepoints", element="Dy", market="USA", year=2024)
    first = answer["answer"]["chokepoints"][0]["rows"][0]
    assert answer["rows"][0]["key"] == first
    bindings = answered(view, "query", question="reserves", parameters={"country": "BRA"})
    iri = bindings["answer"]["results"]["bindings"][0]["row"]["value"]
    assert bindings["rows"][0]["row"] == iri


def test_what_is_missing_stands_beside_what_is_found(view: View) -> None:
    answer = answered(view, "parents", name="mp-materials")
    assert not answer["known"], "no parent of it is on record"
    assert any("does not mean that there is none" in said for said in answer["not_known"])
    nothing = answered(view, "policies", by="ISL")
    assert nothing["answer"]["policies"] == []
    assert nothing["not_known"][-1].startswith("No record of this view answers that")


def test_a_question_that_the_rows_cannot_answer_is_an_answer(view: View) -> None:
    offer = offers()["concentration"]
    answer = unknown_answer(view, offer, "Promethium: no country shares found.")
    assert [*Draft202012Validator(answer_schema(offer)).iter_errors(answer)] == []
    assert (answer["known"], answer["answer"]) == (False, None)
    assert answer["not_known"] == ["Promethium: no country shares found."]


@pytest.mark.parametrize("tool", [*UNKNOWN])
def test_what_no_record_answers_is_not_known(view: View, tool: str) -> None:
    answer = json.loads(answer_tool(view, {"tool": tool, "arguments": UNKNOWN[tool]}))
    assert [*Draft202012Validator(answer_schema(offers()[tool])).iter_errors(answer)] == []
    assert (answer["known"], answer["range"]["given"]) == (False, False)
    assert answer["not_known"], "it says what is missing"


def test_no_range_is_no_range(view: View) -> None:
    assert not answered(view, "policies", to="USA")["range"]["given"]
    assert not answered(view, "cuts", element="Dy", market="USA")["range"]["given"], (
        "the range of an assumption is not that of a cut"
    )


def test_a_row_that_is_not_there_is_not_quoted(view: View) -> None:
    assert quoted_rows(view, ["capacity/nosuch"]) == []


def test_a_report_is_cut_between_lines() -> None:
    text = "\n".join("x" * 99 for _ in range(100))
    assert in_report(text).splitlines()[-1] == "(71 more lines)"
    assert in_report("a\u202eb") == "> a\ufffdb"
