"""Records of a CSV text: the line on which each begins, and what is refused."""

from __future__ import annotations

import pytest

from monazite.errors import BadFileError
from monazite.rows.bounds import Budget
from monazite.rows.csv_records import csv_records, utf8_text


def test_a_record_says_on_which_line_it_begins() -> None:
    text = 'a;b\n"1\n2";3\n\n4;5\n'
    assert list(csv_records(text, Budget(), ";")) == [
        (1, ["a", "b"]),
        (2, ["1\n2", "3"]),
        (5, ["4", "5"]),
    ]


def test_the_first_byte_that_is_wrong_has_a_line() -> None:
    with pytest.raises(BadFileError) as told:
        utf8_text(b"a\nb\xff\n")
    assert (told.value.what, told.value.line) == ("the text is not UTF-8", 2)
    with pytest.raises(BadFileError, match="wrong quoting"):
        list(csv_records('"a', Budget()))
