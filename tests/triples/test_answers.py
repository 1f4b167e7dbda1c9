"""Answers: terms as values of Python, every format, and a limit that is told."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from monazite.errors import QueryError
from monazite.triples.answers import quoted, short, to_answer, to_python, write_answer, write_table
from monazite.triples.store import Store, store_of

DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
ROWS = f'<x:a> <x:p> "1.5"^^<{DECIMAL}> <x:g> .\n<x:b> <x:p> "=\\"b\\"" <x:g> .\n'


@pytest.fixture
def two() -> Store:
    return store_of(ROWS)


def test_a_table_has_a_length_iterates_and_gives_records(two: Store) -> None:
    found = to_answer(two.select("SELECT ?s ?o ?none { ?s <x:p> ?o } ORDER BY ?s"), name="few")
    assert len(found) == len(list(found)) == 2
    assert found.records == (
        {"s": "x:a", "o": 1.5, "none": None},
        {"s": "x:b", "o": '="b"', "none": None},
    )
    assert repr(found).count("\n") == 0
    assert hash(found) == hash(
        to_answer(two.select("SELECT ?s ?o ?none { ?s <x:p> ?o } ORDER BY ?s"), name="few")
    )


def test_more_than_the_limit_is_told(two: Store) -> None:
    with pytest.raises(QueryError, match="more than 1 rows; add LIMIT or narrow it"):
        to_answer(two.select("SELECT ?s { ?s ?p ?o }"), 1)
    with pytest.raises(QueryError, match="more than 1 triples; narrow it"):
        write_answer(two.answer("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), "turtle", 1)


def test_the_engine_reads_its_own_formats_back(two: Store) -> None:
    found = to_answer(two.select("SELECT ?s ?o { ?s <x:p> ?o } ORDER BY ?s"))
    read = ox.parse_query_results(write_table(found, "json"), format=ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QuerySolutions)
    assert to_answer(read) == found
    assert write_table(found, "csv").startswith(b"s,o")
    assert write_table(found, "tsv").startswith(b"?s\t?o")


def test_a_kind_of_query_has_its_formats(two: Store) -> None:
    ask = two.answer("ASK { ?s ?p ?o }")
    assert write_answer(ask, "csv") == b"true\n"
    assert json.loads(write_answer(ask, "json"))["boolean"] is True
    with pytest.raises(QueryError, match="Turtle is for CONSTRUCT"):
        write_answer(ask, "turtle")
    with pytest.raises(QueryError, match="give triples; take --format turtle"):
        write_answer(two.answer("DESCRIBE <x:a>"), "csv")


def test_a_text_cannot_leave_its_quotes() -> None:
    text = '" } DROP ALL # \\'
    (found,) = store_of(ROWS).select(f"SELECT ({quoted(text)} AS ?t) {{}}")
    assert found["t"].value == to_python(found["t"]) == short(found["t"]) == text
    assert (short(None), to_python(None)) == ("", None)
