"""Arguments that are wrong are refused by sentences that say what to do."""

from __future__ import annotations

from typing import Any

import pytest

from monazite.assistants.arguments import check_arguments
from monazite.assistants.offers import offers
from monazite.errors import UnknownNameError
from monazite.rows.dates import read_today


@pytest.mark.parametrize(
    ("tool", "given", "sentence"),
    [
        ("show", {}, "show needs name."),
        ("show", {"name": 7}, "name is a text, not 7."),
        ("show", {"name": ["a"]}, "name is a text, not ['a']."),
        ("show", {"name": "x" * 2001}, "name has 2,001 characters; at most 2,000 are read."),
        ("cuts", {"k": True}, "k is a whole number, not True."),
        ("cuts", {"left": "half"}, "left is a number, not 'half'."),
        ("cuts", {"limit": 0}, "limit is 1 to 100, not 0."),
        ("cuts", {"offset": -1}, "offset is 0 or more, not -1."),
        ("diff", {"date1": "../a"}, 'date1 is a date, 2025, 2025-06 or 2025-06-11, not "../a".'),
        ("info", {"valid": "soon"}, 'valid is a date, 2025, 2025-06 or 2025-06-11, not "soon".'),
        (
            "timeline",
            {"name": "Dy", "until": "today"},
            'until is a date, 2025, 2025-06 or 2025-06-11, not "today".',
        ),
        ("info", {"without": "a"}, "without is a list of texts, not 'a'."),
        ("info", {"without": [1]}, "without is a list of texts, not [1]."),
        (
            "query",
            {"question": "SELECT * { ?s ?p ?o }"},
            'question is the name of a question, as ask lists them, not "SELECT * { ?s ?p ?o }".',
        ),
        ("info", {"elment": "Dy"}, 'info has no parameter "elment"; did you mean "element"?'),
    ],
)
def test_a_fault_is_a_sentence(tool: str, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_arguments(offers()[tool], given)
    assert str(refused.value) == sentence


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(UnknownNameError, match=r"show needs name\. tier is a whole number"):
        check_arguments(offers()["show"], {"tier": "2"})


def test_what_is_hidden_in_a_name_is_shown() -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_arguments(offers()["show"], {"name": "a", "a\u202eb" * 50: 1})
    assert "\u202e" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_null_is_not_given() -> None:
    assert check_arguments(offers()["show"], {"name": "a", "tier": None}) == {"name": "a"}
    assert check_arguments(offers()["cuts"], {"left": 0}) == {"left": 0}


@pytest.mark.parametrize(
    ("tool", "name"),
    [("info", "valid"), ("info", "known"), ("diff", "date1"), ("diff", "date2")],
)
def test_today_is_the_day_of_the_clock(tool: str, name: str) -> None:
    needed = {"diff": {"date1": "2025", "date2": "2026"}}.get(tool, {})
    taken = check_arguments(offers()[tool], {**needed, name: "today"})
    assert taken == {**needed, name: read_today("today")}
    assert str(taken[name]) >= "2026-11-24"
