"""The tables of questions and filters name all commands and filters, and count true.

``MONAZITE_UPDATE_README=1`` writes the number of questions anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from monazite.parameters import TIERS
from monazite.shipped import ontology_folder
from monazite.triples.queries import read_queries
from monazite.triples.questions import questions_of
from tests.reference_pages import build

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
VIEWS = (ROOT / "examples" / "views.md").read_text(encoding="utf-8")
"""The page of views, to which the README leads."""


def rows_below(head: str, text: str = TEXT) -> dict[str, str]:
    """The rows of a table by their first cell."""
    found = re.search(rf"^\| {head} \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found is not None, head
    cells = [line.strip("| ").split(" | ") for line in found[1].splitlines()]
    return {first: " | ".join(rest) for first, *rest in cells}


ASKED = {
    question: {word.split()[0] for word in re.findall(r"`([^`]+)`", commands)}
    for question, commands in rows_below("you ask").items()
}


def test_every_command_answers_a_question_and_no_other_is_named() -> None:
    named, commands = set().union(*ASKED.values()), {*build.commands()}
    assert commands <= named, f'add to the table "you ask" of README.md: {commands - named}'
    assert named <= commands, f'no such command, in the table "you ask": {named - commands}'


def test_the_parts_of_a_view_are_the_questions() -> None:
    parts = {question.partition("? ")[0].rstrip("?."): own for question, own in build.questions()}
    for question, commands in ASKED.items():
        verbs = {*parts.get(question.rstrip("?."), ())} & {*build.commands()}
        assert verbs <= commands, question


def test_the_number_of_questions_is_true() -> None:
    (count,) = re.findall(r"`ask` finds one of (\d+) questions", TEXT)
    found = len(questions_of(read_queries()))
    said, true = (f"`ask` finds one of {each} questions" for each in (count, found))
    if os.environ.get("MONAZITE_UPDATE_README") == "1":
        README.write_text(TEXT.replace(said, true), encoding="utf-8")
        return
    assert said == true, f'Write "{true}" in README.md, or MONAZITE_UPDATE_README=1 does.'


def test_the_filters_are_those_of_every_command() -> None:
    shared = {each.name: each for each in build.view_options()}
    del shared["no_cache"]
    told = [cell.strip("`") for cell in rows_below("filter", VIEWS)]
    assert told == [
        each.opts[0] if each.is_flag else f"{each.opts[0]} {build.metavar(each)}"
        for each in shared.values()
    ]


def test_the_tiers_are_those_of_the_scheme() -> None:
    scheme = (ontology_folder() / "schemes" / "source-tier.ttl").read_text(encoding="utf-8")
    labels = re.findall(r'skos:prefLabel "(\w+)"@en', scheme)
    told = re.findall(r"(\d) (\w+)", rows_below("filter", VIEWS)["`--tier N`"])
    assert [int(number) for number, _ in told] == list(TIERS)
    assert [word.casefold() for _, word in told] == [label.casefold() for label in labels]
