"""A questionnaire is read back by key: every fault at once, with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from monazite.bills.answer_values import COUNT, YES_OR_NO, AnswerReader
from monazite.bills.answers import read_answers
from monazite.bills.bill import StatedContent
from monazite.errors import FaultyTablesError, UnreadableError
from monazite.exchange.sheets import tables_xlsx
from monazite.tables import Table

READER = AnswerReader(
    {
        **{f"{kind}-1": kind for kind in ("made-in", "content", "mass", "recycled", "coating")},
        "mine-1": "mine",
        "chinese-technology-1": "chinese-technology",
        "your-staff": COUNT,
        "your-cots": YES_OR_NO,
        "your-ships-as": "ships-as",
    },
    lambda text: {"China": "CHN", "CHN": "CHN", "Japan": "JPN"}.get(text, ""),
    {"dy": "Dy", "tb": "Tb", "terbium": "Tb"},
    {"ships-as": frozenset({"magnet", "assembly"})},
)
GOOD = [
    ("key", "parts", "answer", "evidence", "date"),
    ("made-in-1", "x", "China; Japan", "invoice", "2026-11-28"),
    ("content-1", "x", "Dy 0,5-1,2 %; terbium 0", "Prüfbericht", ""),
    ("mass-1", "x", "12,5 g", "", ""),
    ("recycled-1", "x", "15 %", "", ""),
    ("coating-1", "x", "'=Ni-Cu-Ni", "", ""),
    ("mine-1", "x", "CHN", "", ""),
    ("chinese-technology-1", "x", "nein", "", ""),
    ("your-staff", "", "600", "", ""),
    ("your-cots", "", "", "", "2026-11-20"),
    ("your-ships-as", "", "magnet", "", ""),
    ("", "", "", "", ""),
]


def written(rows: Sequence[Sequence[str]], file: Path) -> Path:
    if file.suffix == ".xlsx":
        sheets = {"_help": [("key", "answer")], "asked": rows}
        tables = {
            name: Table("", tuple(x[0]), [[*row] for row in x[1:]]) for name, x in sheets.items()
        }
        file.write_bytes(tables_xlsx(tables))
    else:
        file.write_text("".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
def test_what_is_answered_and_what_is_not(tmp_path: Path, name: str) -> None:
    quoted = [[f'"{cell}"' for cell in row] for row in GOOD]
    rows: Sequence[Sequence[str]] = GOOD if name.endswith("xlsx") else quoted
    found = read_answers(written(rows, tmp_path / name), READER)
    assert {each.key: each.given for each in found.given} == {
        "made-in-1": ("CHN", "JPN"),
        "content-1": (StatedContent("Dy", 0.5, 1.2, "tested"), StatedContent("Tb", 0, 0, "tested")),
        "mass-1": 12.5,
        "recycled-1": 15,
        "coating-1": "=Ni-Cu-Ni",  # a text, which no spreadsheet ran
        "mine-1": ("CHN",),
        "chinese-technology-1": False,
        "your-staff": 600,
        "your-ships-as": ("magnet",),
    }
    assert found.unanswered == ("your-cots",)
    assert found.given[0].day == "2026-11-28"


def test_every_fault_comes_at_once_with_row_and_column(tmp_path: Path) -> None:
    rows = [
        ("answer", "key", "date", "evidence"),
        ("China", "made-in-9", "", ""),
        ("Polen", "made-in-1", "28.11.2026", ""),
        ("Xx 3 %", "content-1", "2026-02-30", "hearsay"),
        ("Dy 3", "content-1", "", ""),
        ("Dy 3-2 %", "content-1", "", ""),
        ("heavy", "mass-1", "", ""),
        ("-1 g", "mass-1", "", ""),
        ("1.350 g", "mass-1", "", ""),
        ("120 %", "recycled-1", "", ""),
        ("perhaps", "your-cots", "", ""),
        ("boat", "your-ships-as", "", ""),
        ("=1+1", "your-staff", "", ""),
        ("yes", "", "", ""),
    ]
    with pytest.raises(FaultyTablesError) as caught:
        read_answers(written(rows, tmp_path / "a.csv"), READER)
    told = [str(each) for each in caught.value.faults]
    assert [(each.line, each.what.split(":")[0]) for each in caught.value.faults] == [
        (2, 'column B ("key")'),
        (3, 'column A ("answer")'),
        (3, 'column C ("date")'),
        (4, 'column A ("answer")'),
        (4, 'column C ("date")'),
        (4, 'column D ("evidence")'),
        *((row, 'column A ("answer")') for row in range(5, 14)),
        (14, 'column B ("key")'),
    ]
    assert 'no question has the key "made-in-9"' in told[0]
    assert '"Polen" is no country that is understood' in told[1]
    assert "write it as 2026-11-28" in told[2]


def test_one_question_is_answered_once(tmp_path: Path) -> None:
    same = [GOOD[0], ("mass-1", "", "2 g", "", ""), ("mass-1", "", "2.0 g", "", "")]
    assert len(read_answers(written(same, tmp_path / "a.csv"), READER).given) == 2
    with pytest.raises(FaultyTablesError, match="row 2 answers the same question otherwise"):
        read_answers(
            written([*same[:2], ("mass-1", "", "3 g", "", "")], tmp_path / "b.csv"), READER
        )


def test_what_is_no_questionnaire_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is no file of answers, which ends"):
        read_answers(tmp_path / "a.md", READER)
    with pytest.raises(FaultyTablesError, match="no row is the header"):
        read_answers(written([("a", "b"), ("1", "2")], tmp_path / "a.csv"), READER)
