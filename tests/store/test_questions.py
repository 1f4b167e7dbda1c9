"""Plain questions: names told from other words, what ranks before what, and lines to paste."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from monazite.cli.app import app, commands
from monazite.core.errors import UnknownNameError
from monazite.data.iris import BASE
from monazite.store.names import Entity
from monazite.store.queries import NamedQuery, Parameter, parse_query, read_queries, read_query
from monazite.store.questions import COMMANDS as OF_COMMANDS
from monazite.store.questions import (
    GROUPS,
    filled,
    find_names,
    find_questions,
    ids_of,
    names_beside_the_store,
    names_to_ask,
    near_word,
    question_table,
    questions_of,
    read_askable,
    search_questions,
)
from tests.results import records_in

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
    assert set(groups) == {*GROUPS} - {OF_COMMANDS}
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


@given(st.text(max_size=40))
def test_any_text_finds_each_question_once_and_the_same_again(text: str) -> None:
    found = search_questions(EVERY, text)
    assert len({query.name for query in found.questions}) == len(found.questions)
    assert found == search_questions(reversed(EVERY), text)
    assert not found.exactly or len(found.questions) == 1


def entity(place: str, label: str) -> Entity:
    return Entity(f"{BASE}id/{place}", label, frozenset())


DY, TB = entity("element/Dy", "dysprosium"), entity("element/Tb", "terbium")
IN = entity("element/In", "indium")
NDPR = entity("element-group/ndpr", "NdPr")
CHINA, JAPAN = entity("country/CHN", "China"), entity("country/JPN", "Japan")
MINE = entity("facility/mountain-pass", "Mountain Pass mine")
LYNAS = entity("organisation/lynas", "Lynas Rare Earths")
OXIDE = entity("material/dysprosium-oxide", "dysprosium oxide")
KNOWN = [
    *((each.label, each) for each in (DY, TB, IN, NDPR, CHINA, JAPAN, MINE, LYNAS, OXIDE)),
    *((each.id, each) for each in (DY, TB, IN, NDPR, CHINA, JAPAN, MINE, LYNAS, OXIDE)),
    ("Lynas", LYNAS),
    ("France", entity("country/FRA", "France")),
    ("Australia", entity("country/AUS", "Australia")),
    ("Malaysia", entity("country/MYS", "Malaysia")),
    ("United States", entity("country/USA", "United States")),
]


def test_the_longest_name_is_meant_and_the_other_words_are_left() -> None:
    assert find_names("who owns Mountain Pass?", KNOWN) == ([MINE], ["who", "owns"])
    assert find_names("the mountain pass mine", KNOWN) == ([MINE], ["the"])


def test_a_short_word_is_a_symbol_by_its_capitals() -> None:
    assert find_names("in Dy", KNOWN) == ([DY], ["in"])
    assert find_names("In dy", KNOWN) == ([IN], ["dy"])


def test_names_go_to_parameters_of_their_kind_in_their_order() -> None:
    ids = ids_of([JAPAN, CHINA])
    assert filled(read_query("import-dependence"), ids) == (
        "monazite query import-dependence --param importer=JPN --param exporter=CHN"
    )


def test_the_country_after_from_is_the_exporter() -> None:
    for text in ("import by Japan from China", "from China to Japan"):
        ids = ids_of(find_names(text, KNOWN)[0])
        for name in ("import-dependence", "trade-between"):
            words = {*filled(read_query(name), ids).split()}
            assert {"importer=JPN", "exporter=CHN"} <= words, (text, name)
    alone = ids_of(find_names("imports from China", KNOWN)[0])
    assert "importer" not in filled(read_query("trade-between"), alone)


@pytest.mark.parametrize(
    ("text", "markets"),
    [
        ("how much would Japan lose without China", ["JPN"]),
        ("dysprosium for Malaysia", ["MYS"]),
        ("would China stop", []),
        ("what if Malaysia stops", []),
        ("imports from China", []),
    ],
)
def test_who_would_lose_is_the_market(text: str, markets: list[str]) -> None:
    assert ids_of(find_names(text, KNOWN)[0]).get("market", []) == markets


def test_the_price_of_an_element_is_that_of_its_oxide() -> None:
    ids = ids_of([DY], KNOWN)
    assert filled(read_query("price-on"), ids) == (
        "monazite query price-on --param material=dysprosium-oxide"
    )
    assert ids_of([NDPR], KNOWN)["element"] == ["NdPr"]


def test_what_fits_no_parameter_leaves_the_example() -> None:
    query = read_query("closed-facilities")
    assert filled(query, ids_of([JAPAN])) == query.example


PLAIN = json.loads(
    (Path(__file__).parents[1] / "golden" / "plain-questions.json").read_text(encoding="utf-8")
)
FIRST = 3  # Places among which what is meant is looked for


@pytest.fixture(autouse=True)
def known_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names as they are kept beside a store, of a few things."""
    monkeypatch.setattr("monazite.store.questions.names_beside_the_store", lambda: KNOWN)


@pytest.mark.parametrize(("question", "wanted"), PLAIN, ids=[question for question, _ in PLAIN])
def test_a_plain_question_finds_what_answers_it(question: str, wanted: list[str]) -> None:
    found = [each.name for each in find_questions(question).questions]
    assert ({*found[:FIRST]} & {*wanted}) if wanted else not found, found


def test_every_command_can_be_asked_for_with_a_line_that_it_understands() -> None:
    askable = read_askable()
    assert {name for name, each in askable.items() if each.line} == {*commands()} - {"ask"}
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name in (name for name in commands() if name != "ask"):
        program, command, *words = shlex.split(askable[name].filled({}))
        assert (program, command) == ("monazite", name)
        assert known[command].make_context(command, words).params


def test_every_line_is_of_a_command_or_a_question() -> None:
    assert {*read_askable()} - {*commands()} <= {*read_queries()}


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


def test_a_name_alone_asks_for_its_card() -> None:
    first = find_questions("Mountain Pass").questions[0]
    assert first.example == "monazite show mountain-pass"


def test_a_word_said_a_thousand_times_says_no_more() -> None:
    assert find_questions("from " * 1000).questions == find_questions("from").questions
    once = find_questions("who owns Mountain Pass", names=())
    assert find_questions("who owns Mountain Pass " * 500, names=()).questions == once.questions


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
PLANTS = NamedQuery(
    "plants", "Which plants | are there?", "Plants", "", (), "monazite ask plants", ""
)


def test_the_card_says_of_each_parameter_whether_it_must_be_given() -> None:
    lines = records_in(question_table(SHARES))
    assert [(line["type"], line["default"]) for line in lines] == [
        ("Element", "Dy"),
        ("year, optional", "none"),
        ("Country", "must be given"),
    ]


def test_names_are_read_again_where_the_store_was_just_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = SimpleNamespace(wait=lambda: None)
    found = mock.Mock(side_effect=[OSError("gone"), written, written])
    monkeypatch.setattr("monazite.store.opening.open_store", found)
    monkeypatch.setattr("monazite.store.questions.names_to_ask", lambda _: KNOWN)
    assert names_beside_the_store() == KNOWN
    found.side_effect = OSError("gone")
    assert names_beside_the_store() == []


def test_that_there_are_no_names_is_never_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monazite.store.questions.cached_names", lambda *_: [])
    keeping: Any = SimpleNamespace(kept=lambda _, work: work())
    with pytest.raises(FileNotFoundError):
        names_to_ask(keeping)
