"""Cells: what fits a column of each kind, and what is said of what does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monazite.errors import BadCellError
from monazite.rows.cells import Cell, read_cell, split_cell
from monazite.rows.columns import Column

SHARE = Column("share", "p", "decimal", minimum=Decimal(0), maximum=Decimal(100))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "-12"),
        ("decimal", "0.123456789012345678"),
        ("date", "2024-02-29"),
        ("anyURI", "https://example.org/a?b=c"),
        ("boolean", "true"),
        ("string", 'with "quotes"'),
    ],
)
def test_what_fits_stays_as_it_is_written(kind: str, text: str) -> None:
    assert read_cell(text, Column("c", "p", kind)) == Cell(text)


@pytest.mark.parametrize(
    ("kind", "text", "what", "fix"),
    [
        ("integer", "1.0", '"1.0" is not a whole number', "write digits only"),
        ("integer", "１", '"１" is not a whole number', "write digits only"),
        ("decimal", "1,5", '"1,5" is not a number', "one point"),
        ("decimal", "1e3", '"1e3" is not a number', "one point"),
        ("decimal", "0.1234567890123456789", "more than 18 digits", "round it"),
        ("decimal", "9" * 19 + ".5", "more than 18 digits before the point", "its unit"),
        ("integer", "9" * 5_000, "more than 18 digits before the point", "check the number"),
        ("date", "2023-02-29", "is not a date", "write 2025"),
        ("anyURI", "example.org", "is not an address", "from https:// on"),
        ("boolean", "True", "neither true nor false", "true or false"),
        ("text", "稀土 @zh", "begins or ends with a blank", "take the blank out"),
        ("string", " a", "begins or ends with a blank", "take the blank out"),
        ("string", "a\x00b", "a character that does not show", "take it out"),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_do(
    kind: str, text: str, what: str, fix: str
) -> None:
    with pytest.raises(BadCellError) as raised:
        read_cell(text, Column("c", "p", kind))
    assert what in raised.value.what
    assert fix in raised.value.fix


@pytest.mark.parametrize(("text", "fits"), [("0", 1), ("100.0", 1), ("-0.1", 0), ("100.1", 0)])
def test_both_ends_of_a_range_are_in_it(text: str, fits: int) -> None:
    if fits:
        assert read_cell(text, SHARE).text == text
    else:
        with pytest.raises(BadCellError, match=r"is (below 0|above 100)"):
            read_cell(text, SHARE)


def test_a_key_is_what_an_address_can_carry() -> None:
    key = Column("row", "p", "string", key=True)
    assert read_cell("mt-weld.2024+1", key).text == "mt-weld.2024+1"
    for text in ("a/b", "-a", "a b", "镝"):
        with pytest.raises(BadCellError, match="an address cannot carry"):
            read_cell(text, key)


def test_only_a_known_language_is_one() -> None:
    names = Column("names", "p", "text", many=True)
    assert read_cell("稀土@zh", names) == Cell("稀土", "zh")
    assert read_cell("a@xx", names) == Cell("a@xx")


def test_several_values_stand_only_in_a_column_that_is_a_list() -> None:
    assert split_cell("a; b;;", Column("c", "p", "string", many=True)) == ["a", "b"]
    assert split_cell("a; b", Column("c", "p", "string")) == ["a; b"]
    assert split_cell("", Column("c", "p", "string")) == []
