"""The named queries: complete headers, sound SPARQL, and answers worked out by hand."""

from __future__ import annotations

import csv
import json
import random
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest

from monazite.analysis.policies.status import with_statuses
from monazite.core.errors import MonaziteError
from monazite.core.package import ontology_folder
from monazite.store.answers import Answer, to_answer
from monazite.store.opening import open_store
from monazite.store.queries import NamedQuery, read_queries
from monazite.store.store import Store
from tests.store.hand_made import DAY, hand_made, pair

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "queries"
GROUPS = {"entities", "supply", "policies", "ownership", "time", "evidence"}
TYPES = {
    *("date", "year", "text", "stage", "element", "country", "facility", "organisation"),
    *("entity", "policy", "material", "statement", "row", "countries", "subject"),
}
ALL = read_queries(ontology_folder() / "queries")
NAMED = {name: query for name, query in ALL.items() if query.group != "network"}
NO_SOURCE_COLUMN = {"evidence-of"}
NO_ROW_COLUMN = {"sources-by-tier", "sources-known-by"}


class Case(TypedDict, total=False):
    """One hand-worked answer: rows that must be there, rows that must not, and how many in all."""

    why: str
    params: dict[str, str]
    rows: list[dict[str, str]]
    absent: list[dict[str, str]]
    count: int


@cache
def answer(store: Store, text: str) -> Answer:
    """Many cases ask the same: an answer is worked out once."""
    return to_answer(store.select(text))


def ask(store: Store, name: str, params: dict[str, str]) -> Answer:
    day = params.get("date", "2026-11-24")
    return answer(store, with_statuses(NAMED[name], store, day).bound(store, params))


def rows_like(found: Answer, wanted: dict[str, str]) -> list[dict[str, str]]:
    assert set(wanted) <= set(found.variables), f"no column {set(wanted) - set(found.variables)}"
    return [
        row
        for row in found.dicts()
        if all(row[column] == value for column, value in wanted.items())
    ]


def body_of(query: NamedQuery) -> str:
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))


def golden_cases() -> Iterator[tuple[str, int, Case]]:
    for file in sorted(GOLDEN.glob("*.json")):
        for number, case in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            yield file.stem, number, case


def test_every_question_has_answers_worked_out_by_hand() -> None:
    worked_out = {name for name, _, case in golden_cases() if case["rows"]}
    assert worked_out == set(NAMED)


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_the_header_is_complete(query: NamedQuery) -> None:
    assert query.title != query.name
    assert query.group in GROUPS
    assert query.about
    assert query.example.startswith(f"monazite query {query.name}")
    for parameter in query.parameters:
        assert parameter.type in TYPES
        assert parameter.about
        block = re.findall(r"VALUES\s+\?" + parameter.name + r"\s*\{([^}]*)\}", query.text)
        assert len(block) == 1
        assert (block[0].strip() == "UNDEF") == (not parameter.default)
        assert parameter.default or parameter.optional
    assert bool(query.worked_out) == ("(UNDEF" in query.text)
    bound = set(re.findall(r"VALUES\s+\?(\w+)\s*\{", body_of(query)))
    assert bound == {parameter.name for parameter in query.parameters}


@pytest.mark.parametrize("query", ALL.values(), ids=lambda query: query.name)
def test_its_answer_is_distinct_and_ordered(query: NamedQuery) -> None:
    body = body_of(query)
    assert "SELECT DISTINCT" in body
    assert re.search(r"^ORDER BY .+$", body, re.MULTILINE)
    assert not re.search(r"\b(COUNT|SUM|AVG)\(\s*(?!DISTINCT)", body)


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
@pytest.mark.whole
def test_it_answers_as_it_stands_and_shows_row_and_source(store: Store, query: NamedQuery) -> None:
    as_written = answer(store, query.text)
    assert as_written.rows
    assert query.name in NO_ROW_COLUMN or "row" in as_written.variables
    assert query.name in NO_SOURCE_COLUMN or "source" in as_written.variables
    assert len(set(as_written.rows)) == len(as_written.rows)


@pytest.mark.whole
@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_its_defaults_are_what_stands_in_its_text(store: Store, query: NamedQuery) -> None:
    assert answer(store, query.bound(store, {})) == answer(store, query.text)


@pytest.mark.whole
@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_its_example_answers(store: Store, query: NamedQuery) -> None:
    words = shlex.split(query.example)[3:]
    params = dict(word.split("=", 1) for word in words if word != "--param")
    assert ask(store, query.name, params).rows


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{number}") for name, number, case in golden_cases()],
)
def test_answers_worked_out_by_hand(store: Store, name: str, case: Case) -> None:
    found = ask(store, name, case["params"])
    missing = [wanted for wanted in case["rows"] if not rows_like(found, wanted)]
    assert not missing
    wrong = [row for unwanted in case.get("absent", []) for row in rows_like(found, unwanted)]
    assert not wrong
    assert len(found.rows) == case.get("count", len(found.rows))


@pytest.mark.parametrize("element", ["Nd", "Pr"])
@pytest.mark.parametrize("day", ["2025-04-15", "2025-10-20", "2026-11-24"])
def test_an_exempt_element_is_reached_only_through_items_that_say_so(
    store: Store, element: str, day: str
) -> None:
    params = {"element": element, "date": day, "shown": "all"}
    found = ask(store, "policies-on-element", params)
    reached = rows_like(found, {"policy_id": "mofcom-gac-2025-18"})
    assert reached
    assert {row["reached"] for row in reached} == {"only through a material that contains it"}
    assert {row["exempt"] for row in reached} == {"the element itself is exempt"}
    shown = ask(store, "policies-in-force", {**params})
    assert not rows_like(shown, {"policy_id": "mofcom-gac-2025-18"})


def test_totals_never_stand_among_countries(store: Store) -> None:
    everything = {"stage": "", "from": "1900", "to": "2100"}
    countries = ask(store, "production-by-country", everything).dicts()
    totals = ask(store, "world-production", everything).dicts()
    assert not {row["row"] for row in countries} & {row["row"] for row in totals}
    assert "World" not in {row["country_name"] for row in countries}


def told(store: Store, name: str) -> object:
    """What a question answers as it stands, in its order, or why it does not."""
    try:
        return ask(store, name, {}).rows
    except MonaziteError as error:
        return str(error)


def shuffled(ontology: Path, folder: Path) -> Path:
    """A copy of an ontology with the rows of each table in another order."""
    shutil.copytree(ontology, folder)
    order = random.Random(20_261_124)
    for file in sorted((folder / "tables").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        order.shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return folder


@pytest.mark.parametrize(
    ("ontology", "answered"),
    [("small_ontology", 3), pytest.param("cut", 30, marks=pytest.mark.whole)],
)
def test_the_order_of_rows_changes_no_quad_and_no_answer(
    ontology: str, answered: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(ontology)
    other = shuffled(folder, tmp_path / "shuffled")
    here, there = open_store(folder, cache=False), open_store(other, cache=False)
    assert set(there.quads()) == set(here.quads())
    answers = {name: told(here, name) for name in NAMED}
    assert {name: told(there, name) for name in NAMED} == answers
    assert sum(isinstance(each, tuple) and len(each) > 0 for each in answers.values()) > answered
    assert any(
        (other / "tables" / file.name).read_bytes() != file.read_bytes()
        for file in (folder / "tables").glob("*.csv")
    )


def test_a_default_is_not_joined_with_what_is_given() -> None:
    """What may be left out has an example: beside something given it is left out."""
    store = open_store()
    of_firm = {
        *("MP Materials Corp.", "MP Materials 10X magnet campus"),
        "Mountain Pass mine and processing facility",
    }
    of_japan = ask(store, "targeted-by", {"country": "JPN"}).dicts()
    assert {row["target_name"] for row in of_japan} == {"Japan", "All destinations"}
    example = ask(store, "targeted-by", {}).dicts()
    assert {row["target_name"] for row in example} == of_firm
    dated = ask(store, "targeted-by", {"date": "2025-06-11"}).dicts()
    assert {row["target_name"] for row in dated} == of_firm
    both = ask(store, "targeted-by", {"country": "JPN", "entity": "mp-materials"}).dicts()
    assert {row["target_name"] for row in both} == {"Japan", "All destinations"} | of_firm
    differ = ask(store, "figures-that-differ", {"country": "CHN"})
    assert (
        differ.dicts() == ask(store, "figures-that-differ", {"country": "CHN", "stage": ""}).dicts()
    )


CASES = Path(__file__).resolve().parents[1] / "golden" / "whole"
ROW_COLUMN = {"sources-by-tier": "source", "sources-known-by": "source"}


@dataclass
class WholeCase:
    """One case: what it would catch, what is asked, the rows, and which of them are the answer."""

    why: str
    given: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=dict)


def read_cases(name: str) -> Iterator[WholeCase]:
    for text in (CASES / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        why, *lines = text.strip().splitlines()
        case = WholeCase(why)
        for line in lines:
            mark, rest = line[0], line[1:].strip()
            if mark == "?":
                case.given |= {name.strip(): value for name, value in map(pair, rest.split(";"))}
            elif mark == "=":
                column, _, values = rest.partition(":")
                case.columns[column] = {value.strip() for value in values.split("|")}
            else:
                case.lines.append(rest)
                case.found |= {rest.split()[0]} if mark == "+" else set()
        yield case


def test_every_question_has_a_case_that_would_catch_a_half_answer() -> None:
    assert {file.stem for file in CASES.glob("*.txt")} == set(NAMED)
    for name in NAMED:
        for case in read_cases(name):
            assert case.found or case.columns, f"{name}: {case.why}"
            assert len(case.lines) > len(case.found) or case.columns, f"{name}: no near miss"


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, id=f"{name}: {case.why}")
        for name in NAMED
        if (CASES / f"{name}.txt").is_file()
        for case in read_cases(name)
    ],
)
def test_it_finds_all_that_it_promises_and_nothing_else(name: str, case: WholeCase) -> None:
    day = case.given.get("date", DAY)
    store = hand_made(case.lines, day)
    query = with_statuses(NAMED[name], store, day)
    answer = to_answer(store.select(query.bound(store, case.given))).dicts()
    for column, values in case.columns.items():
        assert {row[column] for row in answer} == values
    column = ROW_COLUMN.get(name, "row")
    start = "sources/" if column == "source" else ""
    assert {start + row[column].removeprefix("row/") for row in answer} == case.found
