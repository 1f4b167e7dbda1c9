"""Thirty questions of a newcomer: twenty of the reference and ten more, with hand-made answers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from monazite.shipped import ontology_folder
from monazite.triples.answers import Answer, read_answer, write_answer
from monazite.triples.examples import answer_examples, read_examples
from monazite.triples.prefixes import preset_prefixes
from monazite.triples.queries import NamedQuery
from monazite.triples.query_hints import find_hints
from monazite.triples.sparql_text import judge
from monazite.triples.store import Store

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
ANSWERS = json.loads((GOLDEN / "examples.json").read_text(encoding="utf-8"))
"""By question: how many rows answer it, some of them, and why, as read in the tables."""
SHOWN = read_examples(ontology_folder() / "examples")
MORE = read_examples(GOLDEN / "newcomer")
PRESET = preset_prefixes(ontology_folder())


@cache
def answer(store: Store, text: str) -> Answer:
    return read_answer(write_answer(store.answer(text, PRESET)))


def by_name(query: NamedQuery) -> str:
    return query.name


def test_there_are_twenty_and_ten() -> None:
    assert (len(SHOWN), len(MORE)) == (20, 10)
    assert {*ANSWERS} == {query.name for query in (*SHOWN, *MORE)}


@pytest.mark.parametrize("query", [*SHOWN, *MORE], ids=by_name)
def test_a_newcomer_finds_what_the_tables_say(query: NamedQuery, store: Store) -> None:
    wanted = ANSWERS[query.name]
    found = answer(store, query.text)
    assert len(found) == wanted.get("count", len(found)), wanted["why"]
    for is_there, rows in ((True, wanted["rows"]), (False, wanted.get("absent", []))):
        for row in rows:
            there = any(row.items() <= each.items() for each in found.dicts())
            assert there is is_there, (row, wanted["why"])


@pytest.mark.parametrize("query", [*SHOWN, *MORE], ids=by_name)
def test_a_question_is_one_line_to_paste_that_nothing_is_said_of(
    query: NamedQuery, store: Store
) -> None:
    title, line = query.text.splitlines()
    assert title == f"# title: {query.title}"
    assert query.title.endswith("?")
    assert not {"'", "\\", "<"} & {*line.replace("< ", "")}, "it stands between single quotes"
    assert "PREFIX" not in line
    assert find_hints(judge(query.text).text, store, PRESET, of_nothing=False) == []


def test_the_answers_are_those_of_the_rows(store: Store) -> None:
    answered = answer_examples(ontology_folder())
    assert [each.title for each in answered] == [query.title for query in SHOWN]
    for each, query in zip(answered, SHOWN, strict=True):
        assert each.text == query.text.splitlines()[1]
        found = answer(store, query.text).rows
        in_order = found if "ORDER BY" in each.text else tuple(sorted(found, key=str))
        assert each.answer.rows == in_order
        assert each.answer.name == query.name


def test_an_ontology_without_questions_is_asked_nothing(small_ontology: Path) -> None:
    (small_ontology / "tables" / "elements.csv").write_text("broken", encoding="utf-8")
    assert answer_examples(small_ontology) == ()
