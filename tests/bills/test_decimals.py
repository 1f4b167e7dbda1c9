"""Decimal marks: all cells of a column decide, and what two ways read is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.decimals import Written, decimal_mark, written_number
from monazite.errors import BadCellError
from monazite.rows.xlsx.numbers import CellNumber


def read(*cells: str) -> tuple[str, list[float]]:
    column = [written_number(cell) for cell in cells]
    mark = decimal_mark(column)
    return mark, [each.value(mark[0]) for each in column] if mark in {".", ","} else []


@pytest.mark.parametrize(
    ("cells", "mark", "numbers"),
    [
        (("1.350", "0,5"), ",", [1350, 0.5]),
        (("1.350", "0.5"), ".", [1.35, 0.5]),
        (("1,350", "1,350,000"), ".", [1350, 1350000]),
        (("1.265.000", "14,2"), ",", [1265000, 14.2]),
        (("12", "7"), ".", [12, 7]),
        (("0.350",), ".", [0.35]),
        (("1234.567",), ".", [1234.567]),
        (("1'234.5", "1 000"), ".", [1234.5, 1000]),
        (("12,5", "12.5"), ".,", []),
        (("1.350",), "?", []),
        (("1.350", "2,400"), "?", []),
    ],
)
def test_a_column_decides(cells: tuple[str, ...], mark: str, numbers: list[float]) -> None:
    assert read(*cells) == (mark, numbers)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("12-14", "is a range"),
        ("12 – 14", "is a range"),
        ("12 bis 14", "is a range"),
        ("2024-12-14", "is a date"),
        ("14.12.2024", "is a date"),
        ("MX-4471-A", "reads as a part number"),
        ("M4471", "reads as a part number"),
        ("about", "is none"),
        ("12 14", "is more than one number"),
    ],
)
def test_what_is_no_number_is_told(cell: str, said: str) -> None:
    with pytest.raises(BadCellError, match=said):
        written_number(cell)


def test_a_number_of_a_workbook_needs_no_mark() -> None:
    cells = [written_number(CellNumber("1.125")), written_number("2,5")]
    assert decimal_mark(cells) == ","
    assert [each.value(",") for each in cells] == [1.125, 2.5]


def test_digits_between_other_marks_must_be_thousands() -> None:
    with pytest.raises(BadCellError, match="is not a number"):
        Written("1.35,0").value(",")


@given(st.decimals(0, 10**9, places=4), st.sampled_from(".,"))
def test_a_number_written_with_thousands_comes_back(number: object, mark: str) -> None:
    text = f"{number:,.4f}"
    written = text if mark == "." else text.translate(str.maketrans(".,", ",."))
    column = [written_number(written), written_number(f"0{mark}5")]
    assert column[0].value(decimal_mark(column)) == pytest.approx(float(text.replace(",", "")))
