"""A questionnaire as a file: no cell runs, and what is written is read back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monazite.bills.answer_values import AnswerReader
from monazite.bills.answers import COLUMNS, read_answers
from monazite.errors import UnknownNameError
from monazite.exchange.questionnaires import write_questionnaire
from monazite.findings.exposure.asking.questionnaire import AskedQuestion

LOADED = "=cmd|' /C calc'!A0"
ASKED = (
    AskedQuestion("mass-1", LOADED, "What does one piece weigh?", (LOADED, "+1"), 3, None, "grams"),
    AskedQuestion("your-staff", "you", "How many?", (), 2, 0.0, "a number"),
)


@pytest.mark.parametrize("name", ["q.csv", "q.xlsx"])
def test_no_cell_runs_and_blanks_are_read_back(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(write_questionnaire(ASKED, file))
    reader = AnswerReader({"mass-1": "mass", "your-staff": "count"}, str, {}, {})
    found = read_answers(file, reader)
    assert (found.given, found.unanswered) == ((), ("mass-1", "your-staff"))
    if name.endswith("xlsx"):
        book = load_workbook(io.BytesIO(file.read_bytes()))
        assert tuple(each.value for each in book["questions"][1]) == COLUMNS
        cells = [cell for row in book["questions"].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
    else:
        assert "'=cmd" in file.read_text(encoding="utf-8")


def test_markdown_has_a_table_for_each_supplier_and_other_endings_are_refused() -> None:
    text = write_questionnaire(ASKED, Path("q.md")).decode()
    assert text.count("Questions to ") == 2
    assert "no legal advice" in text
    with pytest.raises(UnknownNameError, match=r"\.csv, \.md or \.xlsx"):
        write_questionnaire(ASKED, Path("q.pdf"))
