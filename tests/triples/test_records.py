"""Records of a query: texts read as what they stand for, or a sentence that names the column."""

from __future__ import annotations

import pickle
from copy import deepcopy

import pytest

from monazite.errors import QueryError
from monazite.triples.records import QueryRecord

RECORD = QueryRecord(
    {"row": "row/trade/a", "year": "2024", "t": "1.50", "low": "", "sum": "true"}, "q"
)


def test_texts_are_read_as_what_they_stand_for() -> None:
    assert (RECORD.text("t"), RECORD.row(), RECORD.year()) == ("1.50", "trade/a", 2024)
    assert (RECORD.number("t"), RECORD.maybe_number("t"), RECORD.maybe_number("low")) == (
        *(1.5, 1.5),
        None,
    )
    assert (RECORD.integer("year"), RECORD.maybe_integer("low")) == (2024, None)
    assert (RECORD.flag("sum"), RECORD.flag("low")) == (True, False)


@pytest.mark.parametrize(
    ("verb", "name", "said"),
    [
        ("number", "low", 'The column "low" of the query q gives "", which is not a number.'),
        (
            "integer",
            "t",
            'The column "t" of the query q gives "1.50", which is not a whole number.',
        ),
        ("flag", "t", 'The column "t" of the query q gives "1.50", which is not true or false.'),
        ("text", "x", 'The query q has no column "x"; its columns are row, year, t, low, sum.'),
        ("maybe_number", "x", 'The query q has no column "x"; '),
    ],
)
def test_what_cannot_be_read_names_the_column(verb: str, name: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        getattr(RECORD, verb)(name)
    assert str(caught.value).startswith(said)


def test_a_record_is_a_value_that_keeps_its_query() -> None:
    assert deepcopy(RECORD) == pickle.loads(pickle.dumps(RECORD)) == RECORD
    assert deepcopy(RECORD).query == RECORD.beside(t="2").query == "q"
    assert (RECORD.beside(t="2").number("t"), RECORD.number("t")) == (2, 1.5)
    assert hash(RECORD) == hash(deepcopy(RECORD))
