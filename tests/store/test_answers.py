"""Answers and their records, what is said of an empty one, and thirty questions of a newcomer."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.core.errors import QueryError
from monazite.core.package import ontology_folder
from monazite.data.iris import PREFIXES, SCHEME
from monazite.store.answers import (
    Answer,
    YesOrNo,
    full,
    quoted,
    read_answer,
    short,
    to_answer,
    to_python,
    write_answer,
)
from monazite.store.queries import NamedQuery, QueryRecord
from monazite.store.query_process import (
    answer_examples,
    find_hints,
    found_nothing,
    preset_prefixes,
    read_examples,
)
from monazite.store.sparql_text import judge
from monazite.store.store import Store, store_of

ROW = ox.NamedNode("https://w3id.org/monazite/row/capacity/a")
TRIPLE = ox.Triple(ROW, ox.NamedNode("urn:b"), ox.Literal("c"))
TERMS = (
    ROW,
    ox.BlankNode("x"),
    ox.Literal("镝", language="zh"),
    ox.Literal("1.50", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal")),
    ox.Literal('a "quote"\n'),
    TRIPLE,
    None,
)
ANSWER = Answer(tuple("abcdefg"), (TERMS,), "plants")


def test_json_comes_back_as_it_was_written() -> None:
    engine = ox.Store()
    for term in TERMS[:-1]:
        engine.add(ox.Quad(ROW, ox.NamedNode("urn:b"), term))
    text = "SELECT ?o ?none { ?s ?p ?o } ORDER BY STR(?o)"
    told = to_answer(engine.query(text), name="plants")  # type: ignore[arg-type]
    assert len(told) == len(TERMS) - 1
    assert read_answer(write_answer(engine.query(text)), "plants") == told


def test_records_have_numbers_short_names_and_none() -> None:
    (record,) = ANSWER.records
    assert (record["a"], record["c"], record["d"], record["g"]) == (
        "row/capacity/a",
        "镝",
        1.5,
        None,
    )
    assert ANSWER.row_keys == ("capacity/a",)
    assert len(ANSWER) == 1
    assert repr(ANSWER) == "<Answer plants: 1 row>"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1", "boolean", True),
        ("0", "boolean", False),
        ("7", "integer", 7),
        ("2024", "gYear", "2024"),
    ],
)
def test_numbers_and_truths_are_values_and_dates_stay_texts(
    text: str, kind: str, value: object
) -> None:
    found = to_python(ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + kind)))
    assert found == value
    assert type(found) is type(value)


def test_csv_has_whole_names_and_tsv_terms_as_turtle_has_them() -> None:
    assert ANSWER.to_csv().split("\n")[1].startswith(f"{ROW.value},")
    head, line = ANSWER.to_tsv().splitlines()
    assert head.split("\t")[0] == "?a"
    assert line.split("\t")[:3] == [f"<{ROW.value}>", "_:x", '"镝"@zh']
    assert (short(None), full(None), full(ROW)) == ("", "", ROW.value)


def test_rows_beyond_the_limit_are_refused_and_not_cut() -> None:
    engine = ox.Store()
    for number in range(3):
        engine.add(ox.Quad(ROW, ox.NamedNode("urn:b"), ox.Literal(number)))
    text = "SELECT ?n { ?s ?p ?n }"
    assert len(to_answer(engine.query(text), 3)) == 3  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="more than 2 rows; add LIMIT"):
        to_answer(engine.query(text), 2)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="more than 2 triples; add LIMIT"):
        write_answer(engine.query("CONSTRUCT WHERE { ?s ?p ?o }"), 2)
    assert len(read_answer(write_answer(engine.query("CONSTRUCT WHERE { ?s ?p ?o }"), 3))) == 3


def test_an_ask_is_true_or_false_as_a_whole() -> None:
    yes, no = (read_answer(f'{{"boolean": {x}}}'.encode()) for x in ("true", "false"))
    assert isinstance(yes, YesOrNo)
    assert (bool(yes), bool(no)) == (True, False)


def test_any_text_is_one_string_of_sparql() -> None:
    text = '" } DELETE { ?s ?p ?o }\\\n'
    assert len(store_of("")) == 0
    found = ox.Store().query(f"SELECT ?t {{ BIND({quoted(text)} AS ?t) }}")
    assert to_answer(found).records == ({"t": text},)  # type: ignore[arg-type]


RECORD = QueryRecord(
    {"row": "row/capacity/a", "year": "2024", "share": "0.5", "low": "", "total": "true"}, "shares"
)


def test_each_text_as_what_it_stands_for() -> None:
    assert (RECORD.number("share"), RECORD.maybe_number("low")) == (0.5, None)
    assert (RECORD.year(), RECORD.maybe_integer("low")) == (2024, None)
    assert (RECORD.row(), RECORD.flag("total"), RECORD.flag("low")) == ("capacity/a", True, False)


@pytest.mark.parametrize(
    ("read", "column", "said"),
    [
        ("number", "row", 'gives "row/capacity/a", which is not a number.'),
        ("number", "low", 'gives "", which is not a number.'),
        ("integer", "share", 'gives "0.5", which is not a whole number.'),
        ("flag", "year", 'gives "2024", which is not true or false.'),
    ],
)
def test_a_text_that_is_something_else_names_query_and_column(
    read: str, column: str, said: str
) -> None:
    with pytest.raises(QueryError, match=re.escape(f'"{column}" of the query shares {said}')):
        getattr(RECORD, read)(column)


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    said = 'The query shares has no column "high"; its columns are row, year, share, low, total.'
    with pytest.raises(QueryError, match=re.escape(said)):
        RECORD.maybe_number("high")


def test_a_record_beside_it_keeps_the_query_and_changes_nothing() -> None:
    other = RECORD.beside(year="2023")
    assert (other.year(), RECORD.year(), other.query) == (2023, 2024, "shares")
    assert pickle.loads(pickle.dumps(other)) == other
    assert pickle.loads(pickle.dumps(other)).query == "shares"


Ask = Callable[[str], list[str]]
PRESET = preset_prefixes(ontology_folder())


def hints(store: Store, text: str) -> list[str]:
    return find_hints(judge(text).text, store, PRESET)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("?x mz:shareprecent ?y", "The vocabulary has no property mz:shareprecent; "
         "did you mean mz:sharePercent?"),
        ("?x a mz:Facilty", "The vocabulary has no class mz:Facilty; did you mean mz:Facility?"),
        ("?x mz:zzzzzz ?y", "The vocabulary has no property mz:zzzzzz."),
        ("?x mz:country/^mz:opertor ?y", "The vocabulary has no property mz:opertor; "
         "did you mean mz:operator?"),
        ("?x rdfs:lable ?y", "The data used have no property rdfs:lable; did you mean rdfs:label?"),
        ("facility:mountain-pas ?p ?y", "The data used have no facility:mountain-pas; "
         "did you mean facility:mountain-pass?"),
        ("VALUES ?x { element:dysprosium } ?x ?p ?y", "The data used have no element:dysprosium; "
         "did you mean element:Dy?"),
        ("?x mz:stage ?y FILTER(?y = stage:mining)", "The data used have no stage:mining; "
         "did you mean stage:mine?"),
        ("facility:mp-materials ?p ?y", "The data used have no facility:mp-materials; "
         "did you mean firm:mp-materials?"),
        ("<row/capacity/none> ?p ?y", "The data used have no <row/capacity/none>."),
        ("?x a mz:Facility OPTIONAL { ?x mz:contry ?y }", "The vocabulary has no property "
         "mz:contry; did you mean mz:country?"),
    ],
)  # fmt: skip
def test_a_term_that_is_not_there_is_named(store: Store, pattern: str, sentence: str) -> None:
    assert hints(store, f"SELECT * {{ {pattern} }}") == [sentence]


def test_a_name_of_something_else_is_told(store: Store) -> None:
    assert hints(store, 'ASK { ?x rdfs:label "Mountain Pass" }') == [
        'Nothing in the data used is named "Mountain Pass"; did you mean facility:mountain-pass?'
    ]


def test_a_query_that_is_sound_is_left_alone(store: Store) -> None:
    assert hints(store, "ASK { ?x a mz:Facility ; mz:country country:CHN }") == []
    assert hints(store, f"PREFIX s: <{SCHEME}> ASK {{ ?x mz:stage s:stage\\/mine }}") == []
    assert hints(store, 'ASK { ?x ?p "mz:none" FILTER(?x = "1"^^xsd:date && ?x<?y) }') == []


@pytest.mark.parametrize(
    ("answer", "is_nothing"),
    [
        (b'{"head": {}, "boolean": false}', True),
        (b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}', True),
        (b'{"head": {"vars": ["n"]}, "results": {"bindings": '
         b'[{"n": {"type": "literal", "value": "0"}}]}}', True),
        (b'{"head": {"vars": ["n"]}, "results": {"bindings": '
         b'[{"n": {"type": "literal", "value": "7"}}]}}', False),
        (b"", True),
    ],
)  # fmt: skip
def test_what_an_empty_answer_is(answer: bytes, is_nothing: bool) -> None:
    found = read_answer(answer)
    assert isinstance(found, Answer | YesOrNo)
    assert found_nothing(found) is is_nothing


GOLDEN = Path(__file__).resolve().parents[1] / "golden"
ANSWERS = json.loads((GOLDEN / "examples.json").read_text(encoding="utf-8"))
"""By question: how many rows answered_to it, some of them, and why, as read in the tables."""
SHOWN = read_examples(ontology_folder() / "examples")
MORE = read_examples(GOLDEN / "newcomer")


@cache
def answered_to(store: Store, text: str) -> Answer:
    return read_answer(write_answer(store.answer(text, PRESET)))


def by_name(query: NamedQuery) -> str:
    return query.name


@pytest.mark.parametrize("query", [*SHOWN, *MORE], ids=by_name)
def test_a_newcomer_finds_what_the_tables_say(query: NamedQuery, store: Store) -> None:
    wanted = ANSWERS[query.name]
    found = answered_to(store, query.text)
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
    assert hints(store, query.text) == []


def test_an_ontology_without_questions_is_asked_nothing(small_ontology: Path) -> None:
    (small_ontology / "tables" / "elements.csv").write_text("broken", encoding="utf-8")
    assert answer_examples(small_ontology) == ()
