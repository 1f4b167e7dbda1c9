"""The command ``ask``: it lists and searches the questions, and says that it is no more."""

from __future__ import annotations

import csv
import io
import json
import shlex

import pytest

from monazite.cli.app import COMMANDS
from monazite.triples.queries import read_queries
from monazite.triples.questions import GROUPS, questions_of
from tests.cli.conftest import Run

NOTE = "It matches words, not meaning."
NAMES = {query.name for query in questions_of(read_queries())}


def test_it_lists_all_questions_by_group_with_a_line_to_paste(run: Run) -> None:
    done = run("ask")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line for line in lines if line in GROUPS] == list(GROUPS)
    pasted = [shlex.split(line) for line in lines if line.strip().startswith("monazite ")]
    assert {words[2] for words in pasted if words[1] == "query"} - {"--list"} == NAMES
    assert {words[1] for words in pasted} == {*COMMANDS} - {"ask"}
    assert len(NAMES) >= 36
    assert NOTE in lines[-1]


def test_words_find_a_question_and_its_card(run: Run) -> None:
    for words in (["owners"], ["--group", "ownership", "owners"]):
        out = run("ask", *words).out
        assert out.startswith("Who owns a facility or firm on a date")
        assert "To paste: monazite query owners --param" in out
        assert "date       date" in out
        assert NOTE in out
    assert run("ask", "what", "was", "the", "price").out.count("monazite query") == 3


def test_only_lines_to_paste_are_wider_than_a_page(run: Run) -> None:
    for words in ([], ["owners"], ["trade"], ["who", "makes", "magnets"]):
        lines = run("ask", *words).out.splitlines()
        assert [each for each in lines if len(each) > 80 and "monazite " not in each] == []


def test_a_long_cell_goes_on_below_its_column(run: Run) -> None:
    lines = run("ask", "facilities-by-element").out.splitlines()
    (place,) = [at for at, each in enumerate(lines) if each.startswith("date  ")]
    column = lines[place].index("Output")
    assert lines[place + 1][:column].strip() == ""
    assert lines[place + 1][column] != " "


def test_its_line_to_paste_runs(run: Run) -> None:
    out = run("ask", "price-on").out
    line = next(line for line in out.splitlines() if line.startswith("To paste: monazite "))
    done = run(*shlex.split(line)[3:])
    assert done.code == 0
    assert "120" in done.out


def test_formats_say_the_same(run: Run) -> None:
    found = json.loads(run("ask", "-g", "time", "-f", "json").out)
    assert found["note"] == NOTE
    names = [question["name"] for question in found["questions"]]
    rows = list(csv.DictReader(io.StringIO(run("ask", "-g", "time", "-f", "csv").out)))
    assert [row["name"] for row in rows] == names
    marked = run("ask", "-g", "time", "-f", "markdown").out
    assert all(f"({name})" in marked for name in names)
    (life,) = json.loads(run("ask", "facility-life", "-f", "json").out)["questions"]
    assert life["parameters"] == [
        {
            "name": "facility",
            "type": "facility",
            "default": "mountain-pass",
            "optional": False,
            "about": "The mine or plant.",
        }
    ]


@pytest.mark.parametrize("fmt", ["table", "csv", "markdown"])
def test_nothing_found_is_a_no(fmt: str, run: Run) -> None:
    done = run("ask", "ownrs", "-f", fmt)
    assert (done.code, done.out) == (1, "")
    assert done.err == 'Nothing fits; no command or question has: ownrs; did you mean "owners"?\n'
    assert json.loads(run("ask", "ownrs", "-f", "json").out)["questions"] == []


def test_a_wrong_group_or_format_is_a_mistake(run: Run) -> None:
    assert "groups are commands, entities" in run("ask", "-g", "foo").assert_refused()
    assert "There is no format" in run("ask", "-f", "xml").assert_refused()


def test_it_opens_no_store(run_process: Run) -> None:
    done = run_process("ask", "owners", MONAZITE_CACHE="/nowhere/at/all")
    assert (done.code, done.err) == (0, "")
