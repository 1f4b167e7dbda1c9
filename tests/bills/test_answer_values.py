"""What an answer may say, by the kind of its question; what is not sure is refused."""

from __future__ import annotations

import pytest

from monazite.bills.answer_values import AnswerReader
from monazite.errors import BadCellError
from monazite.rows.xlsx.numbers import CellNumber

READER = AnswerReader({}, lambda text: text if len(text) == 3 else "", {"dy": "Dy"}, {})


def test_numbers_of_a_workbook_are_taken_as_they_are() -> None:
    shown = CellNumber("0.15")
    shown.percent = True
    assert READER.given("recycled", shown, "") == 15
    assert READER.given("mass", "0,0125 kg", "") == 12.5
    with pytest.raises(BadCellError, match="no number with its unit"):
        READER.given("mass", CellNumber("12.5"), "")  # grams or kilograms is not said


@pytest.mark.parametrize("text", ["Dy", "Dy lots", "Dy 1 %; Dy 2 %", "3 %", "Dy 101 %"])
def test_a_content_names_each_rare_earth_once_with_its_unit(text: str) -> None:
    with pytest.raises(BadCellError):
        READER.given("content", text, "tested")


def test_a_text_is_any_text_and_countries_are_told_once() -> None:
    assert READER.given("coating", "Ni", "") == "Ni"
    assert READER.given("made-in", "CHN; JPN; CHN", "") == ("CHN", "JPN")
