"""Cells: each kind of column takes its own, and what it does not take is a fault with a fix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import BadCellError
from monazite.rows.cells import Cell, read_cell, split_cell
from monazite.rows.columns import Column


def column(kind: str, *, many: bool = False, key: bool = False) -> Column:
    return Column("c", "https://example.org/c", kind, many=many, key=key)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("decimal", "-0.50", "1e3"),
        ("decimal", "12345678901234567890", "1,000"),
        ("integer", "-3", "3.0"),
        ("boolean", "true", "yes"),
        ("anyURI", "https://example.org/a?b=1#c", "example.org"),
        ("date", "2025-06", "2025-13"),
        ("text", "稀土@zh", "稀土\x00"),
    ],
)
def test_a_kind_takes_its_own(kind: str, good: str, bad: str) -> None:
    assert good.startswith(read_cell(good, column(kind)).text)
    with pytest.raises(BadCellError) as caught:
        read_cell(bad, column(kind))
    assert caught.value.what
    assert caught.value.fix


def test_only_a_list_is_split() -> None:
    assert split_cell("a; b;;c", column("string")) == ["a; b;;c"]
    assert split_cell("a; b;;c", column("string", many=True)) == ["a", "b", "c"]
    assert split_cell("", column("string")) == split_cell("", column("string", many=True)) == []


@pytest.mark.parametrize("key", ["-a", "a b", "é", ""])
def test_a_key_stands_in_an_address_as_it_is(key: str) -> None:
    with pytest.raises(BadCellError):
        read_cell(key, column("string", key=True))
    assert read_cell("mt-weld.2+a", column("string", key=True)) == Cell("mt-weld.2+a")


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_keeps_the_digits_it_was_written_with(number: object) -> None:
    assert read_cell(f"{number:f}", column("decimal")).text == f"{number:f}"
