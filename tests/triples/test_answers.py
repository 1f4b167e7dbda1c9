"""Answers: terms as values, and the standard formats there and back."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from monazite.errors import QueryError
from monazite.rows.iris import PREFIXES
from monazite.triples import answers
from monazite.triples.answers import (
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
from monazite.triples.store import store_of

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


def test_answers_that_are_too_long_are_refused_as_they_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = ox.Store()
    engine.add(ox.Quad(ROW, ox.NamedNode("urn:b"), ox.Literal("x" * 100)))
    monkeypatch.setattr(answers, "_LONGEST", 99)
    for text in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(QueryError, match="more than 99 characters; narrow it"):
            write_answer(engine.query(text), 3)
        assert len(read_answer(write_answer(engine.query(text)))) == 1


def test_an_ask_is_true_or_false_as_a_whole() -> None:
    yes, no = (read_answer(f'{{"boolean": {x}}}'.encode()) for x in ("true", "false"))
    assert isinstance(yes, YesOrNo)
    assert (bool(yes), bool(no)) == (True, False)


def test_any_text_is_one_string_of_sparql() -> None:
    text = '" } DELETE { ?s ?p ?o }\\\n'
    assert len(store_of("")) == 0
    found = ox.Store().query(f"SELECT ?t {{ BIND({quoted(text)} AS ?t) }}")
    assert to_answer(found).records == ({"t": text},)  # type: ignore[arg-type]
