"""Columns of text: what wraps, what never breaks, and how narrow a table becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.text_columns import lay_out, wide, wrapped

WORDS = st.text(alphabet="ab 中文é9%", max_size=60)


@given(WORDS, st.integers(4, 30))
def test_no_line_is_wider_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert max(map(wide, lines)) <= width
    assert "".join(lines).replace(" ", "") == "".join(text.split())


@given(WORDS, st.integers(8, 30))
def test_what_goes_on_is_indented(text: str, width: int) -> None:
    first, *others = wrapped(text, width, "  ")
    assert not first.startswith(" ")
    assert all(line.startswith("  ") and line.strip() for line in others)


@pytest.mark.parametrize("text", ["of 69 % lost", "of 3,331 t lost", "of 12 kt lost"])
def test_a_number_stays_with_its_unit(text: str) -> None:
    number = text.removeprefix("of ").removesuffix(" lost")
    for width in range(len(number), 20):
        assert any(number in line for line in wrapped(text, width))


@pytest.mark.parametrize("width", [24, 30, 40, 80, 120])
def test_numbers_are_whole_at_any_width_and_heads_wrap(width: int) -> None:
    rows = [["China separation and at mine", "1,234,567", "92 % to 100 %"]]
    lines = lay_out(
        ["what stops", "home first", "in trials"], rows, ["home first", "in trials"], width
    )
    assert max(map(wide, lines)) <= width
    assert any("1,234,567" in line for line in lines)
    assert any("92 % to 100 %" in line for line in lines)


def test_what_does_not_fit_side_by_side_is_told_cell_by_cell() -> None:
    rows = [["Discovered", "1,234,567 t of ore", ""], ["Sold", "2 t", "x"]]
    lines = lay_out(["event", "how much", "note"], rows, ["how much"], 40)
    assert lines[0].split() == ["event", "how", "much", "note"]
    assert lay_out(["event", "how much", "note"], rows, ["how much"], 24) == [
        "event     Discovered",
        "how much  1,234,567 t of",
        "          ore",
        "",
        "event     Sold",
        "how much  2 t",
        "note      x",
    ]


def test_an_address_goes_on_in_the_next_line() -> None:
    address = "https://example.org/" + "x" * 60
    lines = lay_out(["what", "where"], [["a", address]], width=40)
    assert max(map(wide, lines)) <= 40
    assert "".join(line[6:].strip() for line in lines[1:]) == address
