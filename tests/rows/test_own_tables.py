"""A reader's own tables: more rows, as CSV or a workbook, with every fault at its place."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from monazite.errors import UnreadableError
from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables

SOURCES = "id,publisher,title,published,accessed,kind,tier\nours,We,A note,2026-01,,company,3\n"
OWNERSHIP = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def read(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


def test_own_rows_stand_beside_the_shipped_and_may_name_them(
    small_ontology: Path, own: Path
) -> None:
    (own / "sources.csv").write_text(SOURCES, encoding="utf-8")
    row = "us-kuantan,lynas,kuantan-east,51,stated,2026-02,ours;annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + row, encoding="utf-8")
    tables = read(small_ontology, own)
    assert tables.faults == []
    assert [found.key for found in tables.of("ownership")] == ["lynas-kuantan", "us-kuantan"]
    assert tables.rows[-1].file == str(own / "sources.csv")


def test_own_faults_name_the_file_of_the_reader(small_ontology: Path, own: Path) -> None:
    rows = "lynas-kuantan,lynas,nowhere,x,stated,2026-02,annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + rows, encoding="utf-8")
    (own / "owners.csv").write_text("a\n", encoding="utf-8")
    file = own / "ownership.csv"
    said = [str(fault) for fault in read(small_ontology, own).faults]
    assert said.pop(1).startswith(f'{file}:2: in column "owned", "nowhere" is not in ')
    assert said == [
        f'{own / "owners.csv"}: there is no table of that name; did you mean "ownership"?',
        f'{file}:2: in column "share_percent", "x" is not a number; '
        "write digits and one point, or leave the cell blank",
        f'{file}:2: the key "lynas-kuantan" stands in ownership.csv:2 already; '
        "give the row a key of its own",
    ]


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_a_table_a_sheet(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "own.xlsx",
        view=[["anything"]],
        capacity=[
            ["row", "facility", "stage", "kind", "as_of", "value", "unit", "basis", "source", None],
            [
                *("east", "kuantan-east", "separation", "planned", datetime.date(2027, 1, 31)),
                *(1500.0, "t-per-year", "reo", "annual", None),
            ],
            [None] * 10,
            [
                *("east-2", "kuantan-east", "separation", "planned", 2028, 0.1),
                *("t-per-year", "reo", "digest", None),
            ],
        ],
    )
    tables = read(small_ontology, file)
    assert tables.faults == []
    first, second = tables.of("capacity")[-2:]
    assert [first.text(name) for name in ("as_of", "value")] == ["2027-01-31", "1500"]
    assert [second.text(name) for name in ("as_of", "value")] == ["2028", "0.1"]
    assert (second.file, second.line) == (f"{file}, sheet capacity", 4)


def test_a_formula_is_a_fault_and_never_a_number(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "own.xlsx",
        ownership=[OWNERSHIP.strip().split(","), ["a", "lynas", "kuantan", "=50+1", "stated"]],
        owner=[["row"]],
    )
    assert [str(fault) for fault in read(small_ontology, file).faults] == [
        f'{file}, sheet owner: there is no table of that name; did you mean "ownership"?',
        f"{file}, sheet ownership:2: a cell holds a formula; paste its value instead",
    ]


def test_what_is_no_workbook_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    file.write_text("not a zip", encoding="utf-8")
    (fault,) = read(small_ontology, file).faults
    assert str(fault).startswith(f"{file}: cannot be read as a workbook: ")


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_tables_is_a_sentence(
    small_ontology: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableError, match=r"cannot be read: No such file|holds no table"):
        read(small_ontology, tmp_path / name)
