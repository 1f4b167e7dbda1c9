"""Questions as text: each with its parameters and a line to paste."""

from __future__ import annotations

import json

from monazite.triples.queries import NamedQuery, Parameter
from monazite.triples.question_text import (
    NOTE,
    question_table,
    questions_dict,
    questions_table,
    write_questions,
)

ELEMENT = Parameter("element", "Element", "Dy", False, "of which element")
YEAR = Parameter("year", "year", "", True, "of which year")
PLACE = Parameter("place", "Country", "", False, "where")
SHARES = NamedQuery(
    "shares",
    "Who makes what?",
    "Output",
    "Shares.",
    (ELEMENT, YEAR, PLACE),
    "monazite ask shares",
    "",
)
PLAIN = NamedQuery(
    "plants", "Which plants | are there?", "Plants", "", (), "monazite ask plants", ""
)


def test_a_list_has_a_heading_for_each_group_or_none() -> None:
    text = write_questions([SHARES, PLAIN], "table", grouped=True)
    assert text.index("Output\n") < text.index("(shares)") < text.index("Plants\n")
    assert "\nOutput\n" not in f"\n{write_questions([SHARES], 'table', grouped=False)}"
    assert text.count("      parameters: ") == 1  # the other has none
    assert "parameters: element (Element) = Dy; year (year, optional); place (Country)\n" in text
    assert "(plants)\n      monazite ask plants\n" in text
    assert NOTE in text


def test_markdown_escapes_what_would_be_a_table() -> None:
    text = write_questions([PLAIN], "markdown", grouped=True)
    assert "## Plants" in text
    assert "- **Which plants \\| are there?** (plants)" in text


def test_the_card_says_of_each_parameter_whether_it_must_be_given() -> None:
    lines = [list(row) for row in question_table(SHARES).rows]
    assert [(row[1], row[2]) for row in lines] == [
        ("Element", "Dy"),
        ("year, optional", "none"),
        ("Country", "must be given"),
    ]


def test_tables_and_json_say_the_same() -> None:
    (row,) = questions_table([SHARES]).rows
    told = json.loads(json.dumps(questions_dict([SHARES])))["questions"][0]
    assert [row[1], row[2], row[5]] == [told["name"], told["title"], told["example"]]
    assert [each["default"] for each in told["parameters"]] == ["Dy", None, None]
