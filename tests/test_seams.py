"""Typed seams: answers of queries and attributes of the network are read in one place each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import monazite
from monazite.errors import QueryError
from monazite.triples.records import QueryRecord

PACKAGE = Path(monazite.__file__).parent
ROOMS = ("findings", "network", "quantities")
"""Rooms that ask named queries and read their answers."""
SPARQL = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b[^.]*\{|\bPREFIX\s+\w*:\s*<")
"""A query, or the beginning of one."""


def trees(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def is_column(node: ast.AST) -> bool:
    """``answer["tonnes"]``, perhaps with a default: ``answer["tonnes"] or 0``."""
    if isinstance(node, ast.BoolOp):
        return is_column(node.values[0])
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    )


def converts(node: ast.AST) -> bool:
    """A text of an answer read as a number, a flag or the key of a row, by hand."""
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name) and called.id in {"float", "int"}:
            return any(map(is_column, node.args))
        if isinstance(called, ast.Attribute) and called.attr == "removeprefix":
            return [getattr(each, "value", None) for each in node.args] == ["row/"]
    if isinstance(node, ast.Compare) and is_column(node.left):
        return any(getattr(each, "value", None) in {"true", "false"} for each in node.comparators)
    return False


def test_answers_are_read_through_their_record() -> None:
    by_hand = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*ROOMS)
        for node in ast.walk(tree)
        if converts(node) and isinstance(node, ast.expr)
    ]
    assert by_hand == []


def test_questions_are_asked_by_name() -> None:
    written_out = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*ROOMS, "pages", "cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SPARQL.search(node.value)
    ]
    assert written_out == []


def test_a_record_reads_its_texts() -> None:
    texts = {"row": "row/a/b", "year": "2024", "low": "", "part": "0.5", "sure": "true", "old": ""}
    record = QueryRecord(texts, "network-capacity")
    assert (record.row(), record.year(), record.text("part")) == ("a/b", 2024, "0.5")
    assert (record.number("part"), record.maybe_number("low")) == (0.5, None)
    assert (record.integer("year"), record.maybe_integer("low")) == (2024, None)
    assert (record.flag("sure"), record.flag("old")) == (True, False)
    assert record.beside(old="false")["old"] == "false"
    assert hash(record) == hash(record.beside())


def test_an_error_names_the_query_and_the_column() -> None:
    record = QueryRecord({"part": "half"}, "network-capacity")
    for read in (record.number, record.integer, record.flag):
        with pytest.raises(QueryError, match='"part" of the query network-capacity gives "half"'):
            read("part")
    with pytest.raises(QueryError, match='query network-capacity has no column "year"'):
        record.year()


def test_nobody_changes_an_answer_that_is_kept() -> None:
    with pytest.raises(TypeError):
        QueryRecord({"part": "1"})["part"] = "2"
