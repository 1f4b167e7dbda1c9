"""Answers: terms as values, and the standard formats there and back."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from monazite.errors import QueryError
from monazite.rows.iris import PREFIXES
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
    write_table,
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
    assert read_answer(write_table(ANSWER, "json"), "SELECT", "plants") == ANSWER


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
    assert repr(ANSWER) == "<Answer plants: 1 rows>"


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
    assert write_table(ANSWER, "csv").decode().split("\n")[1].startswith(f"{ROW.value},")
    head, line = write_table(ANSWER, "tsv").decode().splitlines()
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
    with pytest.raises(QueryError, match="more than 2 triples"):
        write_answer(engine.query("CONSTRUCT WHERE { ?s ?p ?o }"), "turtle", 2)


def test_a_format_fits_its_kind_of_query() -> None:
    engine = ox.Store()
    with pytest.raises(QueryError, match="take json, csv or tsv"):
        write_answer(engine.query("SELECT * { ?s ?p ?o }"), "turtle")
    with pytest.raises(QueryError, match="take --format turtle"):
        write_answer(engine.query("CONSTRUCT WHERE { ?s ?p ?o }"), "csv")
    ask = "ASK { ?s ?p ?o }"
    assert write_answer(engine.query(ask), "csv") == b"false\n"
    assert json.loads(write_answer(engine.query(ask), "json")) == {"head": {}, "boolean": False}


def test_an_ask_is_true_or_false_as_a_whole() -> None:
    yes, no = (read_answer(f'{{"boolean": {x}}}'.encode(), "ASK") for x in ("true", "false"))
    assert isinstance(yes, YesOrNo)
    assert (bool(yes), bool(no)) == (True, False)


def test_any_text_is_one_string_of_sparql() -> None:
    text = '" } DELETE { ?s ?p ?o }\\\n'
    assert len(store_of("")) == 0
    found = ox.Store().query(f"SELECT ?t {{ BIND({quoted(text)} AS ?t) }}")
    assert to_answer(found).records == ({"t": text},)  # type: ignore[arg-type]
