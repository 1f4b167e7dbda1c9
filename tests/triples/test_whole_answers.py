"""What each question must not leave out: rows by hand, those it must find beside near misses.

A case of ``tests/golden/whole`` is what it would catch, in words; ``?`` with the parameters; and
rows (:mod:`tests.triples.hand_made`), a ``+`` before each that the answer must hold. It must hold
no other. ``= column: a | b`` says what else must stand in a column, in all rows together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monazite.findings.policies.status import with_statuses
from monazite.triples.answers import to_answer
from monazite.triples.queries import read_queries
from tests.triples.hand_made import DAY, hand_made, pair

CASES = Path(__file__).resolve().parents[1] / "golden" / "whole"
NAMED = {name: query for name, query in read_queries().items() if query.group != "network"}
ROW_COLUMN = {"sources-by-tier": "source", "sources-known-by": "source"}


@dataclass
class Case:
    """One case: what it would catch, what is asked, the rows, and which of them are the answer."""

    why: str
    given: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=dict)


def read_cases(name: str) -> Iterator[Case]:
    for text in (CASES / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        why, *lines = text.strip().splitlines()
        case = Case(why)
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
def test_it_finds_all_that_it_promises_and_nothing_else(name: str, case: Case) -> None:
    day = case.given.get("date", DAY)
    store = hand_made(case.lines, day)
    query = with_statuses(NAMED[name], store, day)
    answer = to_answer(store.select(query.bound(store, case.given))).dicts()
    for column, values in case.columns.items():
        assert {row[column] for row in answer} == values
    column = ROW_COLUMN.get(name, "row")
    start = "sources/" if column == "source" else ""
    assert {start + row[column].removeprefix("row/") for row in answer} == case.found
