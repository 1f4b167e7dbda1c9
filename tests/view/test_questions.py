"""Questions by name and SPARQL of one's own, asked of a view as the command asks them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from monazite.errors import QueryError, UnknownNameError
from monazite.triples.answers import Answer, Triples, YesOrNo
from monazite.view import View, load
from tests.cli.conftest import Run
from tests.conftest import view_in_memory

DY = "<https://w3id.org/monazite/id/element/Dy>"
NS = "https://w3id.org/monazite/ns#"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
OWN = f"SELECT ?name ?number ?none {{ {DY} {LABEL} ?name ; <{NS}atomicNumber> ?number }}"


@pytest.fixture
def view(built: Path) -> View:
    """The shipped rows, of which the child process finds the store."""
    return load()


def test_an_answer_has_a_length_iterates_and_gives_records() -> None:
    answer = view_in_memory().query("production-by-country", element="Dy")
    assert len(answer) == len(answer.rows) == len(list(answer)) > 0
    record = answer.records[0]
    assert isinstance(record["year"], int)
    assert record["country_name"] == answer.dicts()[0]["country_name"]
    assert {type(each["value"]) for each in answer} == {float, type(None)}  # some print a percent
    assert all(key.count("/") == 1 and key[:4] != "row/" for key in answer.row_keys)
    assert len(answer.row_keys) > 0


def test_an_answer_is_a_value_of_one_line() -> None:
    answer = view_in_memory().query("facility-life", facility="mountain-pass")
    again = view_in_memory().query("facility-life", facility="mountain-pass")
    assert {answer, again} == {answer}
    assert repr(answer) == f"<Answer facility-life: {len(answer)} rows>"
    frame = answer.to_dataframe()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(answer.variables)
    assert len(frame) == len(answer)


def test_the_command_prints_what_the_view_answers(run: Run, view: View) -> None:
    words = ("query", "facility-life", "-p", "facility=mountain-pass")
    answer = view.query("facility-life", facility="mountain-pass")
    assert json.loads(run(*words, "-f", "json").out) == json.loads(answer.to_json())
    assert run(*words, "-f", "csv").out == answer.to_csv()
    assert run(*words, "-f", "tsv").out == answer.to_tsv()
    assert run(*words, "-f", "markdown").out == answer.to_text("markdown")


def test_sparql_of_ones_own_is_a_table_of_terms(run: Run, view: View) -> None:
    answer = view.query(OWN)
    assert type(answer) is Answer
    assert answer.records == ({"name": "dysprosium", "number": 66, "none": None},)
    assert repr(answer) == "<Answer 1 row>"
    assert run("query", "-f", "json", stdin=OWN).out == answer.to_json()


@pytest.mark.whole
def test_yes_no_and_triples_are_answers_too(view: View) -> None:
    yes = view.query(f"ASK {{ {DY} ?p ?o }}")
    assert isinstance(yes, YesOrNo)
    assert (bool(yes), yes.records, yes.to_csv()) == (True, ({"answer": True},), "true\n")
    assert not view.query("ASK { <a:a> <a:b> <a:c> }")
    made = view.query(f"CONSTRUCT {{ {DY} {LABEL} ?name }} WHERE {{ {DY} {LABEL} ?name }}")
    assert isinstance(made, Triples)
    assert len(made) == len({made, made}.pop().records) == 1
    assert made.to_turtle().startswith("# Data: ")
    with pytest.raises(QueryError, match="Turtle is for CONSTRUCT"):
        yes.to_turtle()


def test_sparql_of_ones_own_has_limits(view: View) -> None:
    with pytest.raises(QueryError, match="more than 10 rows"):
        view.query("SELECT * { ?s ?p ?o }", max_rows=10)
    with pytest.raises(QueryError, match="read-only"):
        view.query("CLEAR ALL")
    with pytest.raises(QueryError, match="was stopped after"):
        view.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=1)


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        view_in_memory().query("policies-in-forse")


def test_questions_are_found_by_words_as_the_command_finds_them(run: Run) -> None:
    for words in ((), ("who", "owns"), ("owners",), ("ownerz",)):
        found = view_in_memory().ask(" ".join(words))
        assert json.loads(run("ask", *words, "-f", "json").out) == json.loads(found.to_json())
        assert run("ask", *words).out.split() == found.to_text().split()  # it wraps
        assert len(repr(found)) < 200
        assert {found} == {view_in_memory().ask(" ".join(words))}
    questions = view_in_memory().ask(group="time")
    assert [query.group for query in questions] == ["time"] * len(questions)
    assert list(questions.to_dataframe()["name"]) == [query.name for query in questions]


def test_a_child_of_a_view_in_memory_builds_its_own_store(small_ontology: Path) -> None:
    cache = Path(os.environ["MONAZITE_CACHE"])
    before = {*cache.glob("store-*")}
    view = load(ontology=small_ontology, cache=False)
    assert len(view.query(f"SELECT ?x {{ ?x a <{NS}Facility> }}")) == 2
    assert {*cache.glob("store-*")} == before
