"""Numbers as sources print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import BadCellError
from monazite.imports.numbers import number_is_missing, number_of, plain


@pytest.mark.parametrize("text", ["", "-", "—", "..", "NA", " n.a. ", "NaN", "null"])
def test_words_for_none(text: str) -> None:
    assert number_is_missing(text)
    assert number_of(text) is None


@pytest.mark.parametrize(
    "text", ["1,23", "1.2.3", "=1", "1 2", "1e999", "inf", "0x10", "e5", "." * 3 + "1", "1" * 30]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadCellError):
        number_of(text)


@given(st.decimals(0, 10**12, places=3))
def test_digits_come_back(number: Decimal) -> None:
    read = number_of(f"{number:,}")
    assert read == number
    assert read is not None
    assert Decimal(plain(read)) == number
    assert "E" not in plain(read)
