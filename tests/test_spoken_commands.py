"""A sentence leads to what is there: a tool for a model, an address or a field on a page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import monazite
from monazite.assistants.offers import offers
from monazite.cli.app import GROUPS
from monazite.serve.verbs import served_verbs
from monazite.spoken_commands import (
    FINDINGS,
    TERMINAL,
    TOOLS,
    VIEWED,
    for_assistant,
    for_page,
    for_view,
)

COMMANDS = {name for names in GROUPS.values() for name in names}


@pytest.mark.parametrize(
    ("sentence", "tool", "page"),
    [
        (
            "no market; search with: monazite query entities-named.",
            'no market; search with: the tool query with {"question": "entities-named", '
            '"parameters": {"name": "NAME"}}.',
            "no market; search with: /questions/entities-named?name=NAME.",
        ),
        (
            "52 more: monazite policies --by CHN\nAimed",
            '52 more: the tool policies with {"by": "CHN"}\nAimed',
            "52 more: /findings/policies?by=CHN\nAimed",
        ),
        (
            "1 more: monazite query facilities-in -p country=CHN How",
            '1 more: the tool query with {"question": "facilities-in", "parameters": '
            '{"country": "CHN"}} How',
            "1 more: /questions/facilities-in?country=CHN How",
        ),
        (
            "look at monazite balance for what does not close.",
            "look at the tool balance for what does not close.",
            "look at /findings/balance for what does not close.",
        ),
        ("The query x needs --param element=... (y)", *["The query x needs element=... (y)"] * 2),
        ("Only these; --kind all lists them.", *["Only these; kind=all lists them."] * 2),
        ("widen --valid, --known or --tier.", *['widen "valid", "known" or "tier".'] * 2),
        ("Add an assay with --data.", *['Add an assay with the server\'s option "data".'] * 2),
        (
            "8 others; --full names them.",
            "8 others; answer names them.",
            "8 others; JSON names them.",
        ),
        ("No more.\nMore: --full", "No more.", "No more."),
        ("load it: monazite push URL.", *["load it: the terminal command monazite push URL."] * 2),
        ("Steenkampskraal monazite mine, monazite concentrate", *[""] * 2),
        ('style="fill:var(--loss-3)" monazite treatment plant', *[""] * 2),
    ],
)
def test_a_sentence_leads_to_what_is_there(sentence: str, tool: str, page: str) -> None:
    assert for_assistant(sentence) == (tool or sentence)
    assert for_page(sentence) == (page or sentence)


def test_in_markup_signs_of_an_address_are_escaped() -> None:
    told = for_page("<b>monazite doubt -e La -m USA.</b>", markup=True)
    assert told == "<b>/findings/doubt?element=La&amp;market=USA.</b>"


def test_tools_and_addresses_are_those_that_are_offered() -> None:
    assert offers().keys() == TOOLS
    assert served_verbs().keys() >= FINDINGS
    assert COMMANDS >= TERMINAL


def test_no_sentence_of_the_package_keeps_a_command_that_has_a_tool() -> None:
    told = [
        each.value
        for file in sorted(Path(monazite.__file__).parent.rglob("*.py"))
        if file.parent.name != "cli"
        for each in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    whole = [text for text in told if "\n\n" not in text and "var(" not in text]
    # A part of a sentence may begin within quotes of the whole one.
    sentences = [
        text.replace('"', "") if text.startswith('" ') or text.count('"') % 2 else text
        for text in whole
    ]
    left = re.compile(
        rf"(?<!command )\bmonazite ({'|'.join(sorted(TOOLS))})\b(?![a-z-])|[ (]--[a-z]+\b(?!:)"
    )
    for said in (for_assistant, for_page):
        assert [text for text in map(said, sentences) if left.search(text)] == []


def test_a_command_asks_the_view_that_its_reader_asked() -> None:
    asked = "--valid 2012 --without 'A & B'"
    assert for_view("4 more: monazite policies -e dy", asked) == (
        f"4 more: monazite policies -e dy {asked}"
    )
    for plain in (
        "Open it with monazite import baci FILE.",
        "list them with: monazite query --list",
        "The monazite mine of Kerala.",
        'He said "monazite show Pm".',
    ):
        assert for_view(plain, asked) == plain
    assert for_view("monazite show Nd", "") == "monazite show Nd"


def test_every_command_that_asks_a_view_takes_its_options() -> None:
    from typer.main import get_command

    from monazite.cli.app import app

    known = get_command(app).commands  # type: ignore[attr-defined]
    for name in VIEWED & known.keys():
        assert {"valid", "known", "tier", "without", "data"} <= {x.name for x in known[name].params}
