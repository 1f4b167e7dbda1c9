"""What can be asked beside the questions, and thirty plain questions that find what answers them.

The last ten were written before any of them was asked. Six of them found what they should when
they were first asked; words were added for the others, so that they are no hold-out any more.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import typer.main

from monazite.cli.app import COMMANDS, app
from monazite.triples.askable import read_askable
from monazite.triples.names import Entity
from monazite.triples.queries import read_queries
from monazite.triples.questions import find_questions
from tests.triples.test_asked_names import KNOWN

PLAIN = json.loads(
    (Path(__file__).parents[1] / "golden" / "plain-questions.json").read_text(encoding="utf-8")
)
FIRST = 3
"""Places among which what is meant is looked for."""


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names as they are kept beside a store, of a few things."""
    monkeypatch.setattr("monazite.triples.questions.names_beside_the_store", lambda: KNOWN)


def test_there_are_thirty_plain_questions_and_two_that_nothing_fits() -> None:
    assert len({question for question, _ in PLAIN}) == 30
    assert [fits for _, fits in PLAIN].count([]) == 2


@pytest.mark.parametrize(("question", "wanted"), PLAIN, ids=[question for question, _ in PLAIN])
def test_a_plain_question_finds_what_answers_it(question: str, wanted: list[str]) -> None:
    found = [each.name for each in find_questions(question).questions]
    assert ({*found[:FIRST]} & {*wanted}) if wanted else not found, found


def test_every_command_can_be_asked_for_with_a_line_that_it_understands() -> None:
    askable = read_askable()
    assert {name for name, each in askable.items() if each.line} == {*COMMANDS} - {"ask"}
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name in (name for name in COMMANDS if name != "ask"):
        program, command, *words = shlex.split(askable[name].filled({}))
        assert (program, command) == ("monazite", name)
        assert known[command].make_context(command, words).params


def test_every_line_is_of_a_command_or_a_question() -> None:
    assert {*read_askable()} - {*COMMANDS} <= {*read_queries()}


def test_what_is_named_stands_in_the_line_to_paste() -> None:
    lines = [each.example for each in find_questions("who owns Mountain Pass").questions]
    assert {*lines[:2]} == {
        "monazite parents mountain-pass",
        "monazite query owners --param entity=mountain-pass",
    }
    (found,) = find_questions("what happens if Malaysia stops, of terbium").questions
    assert found.example == "monazite chokepoints -e Tb -m WLD --full"
    assert "listed one by one" in found.title
    (of_all,) = [
        each for each in find_questions("what stops").questions if each.name == "chokepoints"
    ]
    assert of_all.example == "monazite chokepoints -e Dy -m WLD"


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [
        ("Who buys from Lynas?", "supply-links", "suppliers-of"),
        ("stockpile", "policies", ""),
        ("what can we use instead of dysprosium", "replace", ""),
        ("replace neodymium", "replace", ""),
        ("who makes magnets outside China", "facilities-by-element", ""),
    ],
)
def test_other_words_lead_to_the_nearest_question(
    question: str, wanted: str, unwanted: str
) -> None:
    found = [each.name for each in find_questions(question).questions]
    assert wanted in found[:FIRST]
    assert unwanted not in found


def test_a_name_alone_asks_for_its_card() -> None:
    first = find_questions("Mountain Pass").questions[0]
    assert first.example == "monazite show mountain-pass"


def test_a_word_said_a_thousand_times_says_no_more() -> None:
    assert find_questions("from " * 1000).questions == find_questions("from").questions
    once = find_questions("who owns Mountain Pass", names=())
    assert find_questions("who owns Mountain Pass " * 500, names=()).questions == once.questions


def test_names_are_those_that_are_given() -> None:
    def lines(names: list[tuple[str, Entity]]) -> list[str]:
        found = find_questions("who owns Mountain Pass", names=names)
        return [each.example for each in found.questions]

    asked = "monazite query owners --param entity=mountain-pass"
    assert asked in lines(KNOWN)
    assert asked not in lines([])
