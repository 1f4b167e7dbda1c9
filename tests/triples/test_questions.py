"""Questions found by words: what ranks before what, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import UnknownNameError
from monazite.triples.askable import COMMANDS
from monazite.triples.queries import NamedQuery, Parameter, parse_query, read_queries
from monazite.triples.questions import GROUPS, near_word, questions_of, search_questions

EVERY = questions_of(read_queries())


def question(name: str, title: str, about: str = "", *parameters: str) -> NamedQuery:
    lines = [f"# title: {title}", "# group: time", f"# about: {about}"]
    lines += [f"# param: {parameter} | date | 2025 | A day." for parameter in parameters]
    return parse_query(name, "\n".join([*lines, f"# example: monazite query {name}"]))


SMALL = [
    question("life", "The life of a mine", "What happened, in order."),
    question("price", "Price of a mine", "", "day"),
    question("sold", "Who bought what", "Mines that were sold; the day is as printed."),
]


def names(text: str, asked: list[NamedQuery] | None = None) -> list[str]:
    return [query.name for query in search_questions(asked or EVERY, text).questions]


def test_groups_come_in_their_order_and_the_inside_is_not_asked() -> None:
    groups = [query.group for query in EVERY]
    assert groups == sorted(groups, key=GROUPS.index)
    assert set(groups) == {*GROUPS} - {COMMANDS}
    assert not any(query.name.startswith("network-") for query in EVERY)
    assert {query.group for query in questions_of(read_queries(), "Policies")} == {"policies"}
    with pytest.raises(UnknownNameError, match='did you mean "policies"'):
        questions_of(read_queries(), "polices")


def test_a_name_is_the_one_that_is_meant() -> None:
    found = search_questions(EVERY, "price-on")
    assert (found.questions[0].name, found.exactly, len(found.questions)) == ("price-on", True, 1)
    assert search_questions(EVERY, "Price On") == found


def test_title_goes_before_remarks_and_remarks_count_only_alone() -> None:
    assert names("mine", SMALL) == ["life", "price"]  # "sold" says it in its remarks only
    assert names("printed", SMALL) == ["sold"]
    assert names("day", SMALL) == ["price"]  # a parameter goes before a remark


def test_most_words_win_and_the_rest_is_named() -> None:
    found = search_questions(SMALL, "price of the mine in japan")
    assert [query.name for query in found.questions] == ["price"]
    assert found.missing == ("japan",)


def test_endings_and_beginnings() -> None:
    assert names("prices", SMALL) == names("pric", SMALL) == ["price"]
    assert names("pr", SMALL) == []  # two letters begin too much


def test_words_that_say_little_are_passed_over_unless_alone() -> None:
    assert names("what is the life", SMALL) == ["life"]
    assert names("who", SMALL) == ["sold"]


def test_nothing_found_names_a_near_word() -> None:
    found = search_questions(EVERY, "ownerz")
    assert (found.questions, found.missing) == ((), ("ownerz",))
    assert near_word(EVERY, found.missing) == 'did you mean "owners"?'
    assert search_questions(EVERY, "%%%").missing == ("%%%",)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("who owns", "owners"),
        ("price", "price-on"),
        ("who supplies", "suppliers-of"),
        ("capacity output", "capacity-against-output"),
        ("plan", "plans-and-outcomes"),
        ("one source", "single-source-facts"),
        ("claim", "statement-evidence"),
        ("depends", "import-dependence"),
    ],
)
def test_what_an_analyst_would_type(text: str, wanted: str) -> None:
    assert wanted in names(text)[:3]


@given(st.text(max_size=40))
def test_any_text_finds_each_question_once_and_the_same_again(text: str) -> None:
    found = search_questions(EVERY, text)
    assert len({query.name for query in found.questions}) == len(found.questions)
    assert found == search_questions(reversed(EVERY), text)
    assert not found.exactly or len(found.questions) == 1


def test_parameters_are_as_the_header_says() -> None:
    (parameter,) = question("x", "X", "", "day").parameters
    assert parameter == Parameter("day", "date", "2025", optional=False, about="A day.")
