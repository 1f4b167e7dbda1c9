"""Records of a query: texts read as what they stand for, and a sentence where they do not."""

from __future__ import annotations

import pickle
import re

import pytest

from monazite.errors import QueryError
from monazite.triples.records import QueryRecord

RECORD = QueryRecord(
    {"row": "row/capacity/a", "year": "2024", "share": "0.5", "low": "", "total": "true"}, "shares"
)


def test_each_text_as_what_it_stands_for() -> None:
    assert RECORD.text("share") == "0.5"
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
