"""Workbooks: a table a sheet, no formula, and a fault where a file is none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from monazite.rows import bounds
from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables
from tests.conftest import SMALL_TABLES
from tests.rows.workbooks import BOOK, HEADER, ROW, SHEET, changed, instead, pack, parts


def read(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


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
        ownership=[
            ["row", "owner", "owned", "share_percent", "status", "valid_from", "source"],
            ["a", "lynas", "kuantan", "=50+1", "stated"],
        ],
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
    assert str(fault) == f"{file}: it is no workbook, or broken; save it again as XLSX, or as CSV"


def said_of(ontology: Path, file: Path, content: bytes) -> list[str]:
    """What is said of a workbook, without its name."""
    file.write_bytes(content)
    faults = read(ontology, file).faults
    return [str(fault).replace(str(file), "own") for fault in faults]


def test_a_workbook_with_a_stale_size_loses_nothing(small_ontology: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    file.write_bytes(changed(SHEET, instead(b'ref="A1:G2"', b'ref="A1:C1"')))
    tables = read(small_ontology, file)
    assert (tables.faults, tables.own) == ([], 1)
    assert tables.rows[-1].text("source") == "annual"


def test_what_stands_beside_the_header_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path / "own.xlsx", ownership=[HEADER, [*ROW, None, "a remark"]])
    assert [str(fault) for fault in read(small_ontology, file).faults] == [
        f'{file}, sheet ownership:2: "a remark" stands where the header has no column; '
        "name the column, or take it out"
    ]


def test_a_column_without_a_name_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path / "own.xlsx", ownership=[[*HEADER[:3], None, *HEADER[3:]]])
    (fault,) = read(small_ontology, file).faults
    assert str(fault).startswith(f"{file}, sheet ownership:1: a column has no name; columns are")


def test_a_broken_sheet_is_told_and_the_others_are_read(
    small_ontology: Path, tmp_path: Path
) -> None:
    twice = re.sub(rb"(<sheet .*?)ownership(.*?)rId1(.*?/>)", rb"\1a\2rId8\3\g<0>", parts()[BOOK])
    said = said_of(small_ontology, tmp_path / "own.xlsx", pack({**parts(), BOOK: twice}))
    assert said == ["own, sheet a: the workbook does not hold it; take it out, or write it anew"]
    assert read(small_ontology, tmp_path / "own.xlsx").own == 1


def test_a_remark_may_be_broken(small_ontology: Path, tmp_path: Path) -> None:
    for name in (b"view", b"_mine"):
        content = pack(
            {
                **parts(),
                BOOK: parts()[BOOK].replace(b"ownership", name),
                SHEET: b"<broken",
            }
        )
        assert said_of(small_ontology, tmp_path / "own.xlsx", content) == []


def test_a_wrong_header_is_one_fault(small_ontology: Path, tmp_path: Path) -> None:
    content = changed(SHEET, instead(b'<c r="C1" t="s">', b'<c r="C1" t="e">'))
    assert said_of(small_ontology, tmp_path / "own.xlsx", content) == [
        'own, sheet ownership:1: a cell holds the error "2"; write its value instead'
    ]


def test_names_of_sheets_are_shown(small_ontology: Path, tmp_path: Path) -> None:
    name = "ownersh\u202e\u2028\x9b".encode()
    content = changed(BOOK, instead(b'name="ownership"', b'name="%s"' % name))
    assert said_of(small_ontology, tmp_path / "own.xlsx", content) == [
        r"own, sheet ownersh\u202e\u2028\x9b: there is no table of that name; "
        'did you mean "ownership"?'
    ]


def test_a_sheet_may_be_named_in_capitals(small_ontology: Path, tmp_path: Path) -> None:
    content = changed(BOOK, instead(b'name="ownership"', b'name="Ownership"'))
    assert said_of(small_ontology, tmp_path / "own.xlsx", content) == []


def test_workbooks_share_the_bounds_of_a_reading(
    small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("a", "b"):
        workbook(folder / f"{name}.xlsx", ownership=[HEADER, [name, *ROW[1:]]])
    assert read(small_ontology, folder).faults == []
    lines = sum(text.count("\n") for text in SMALL_TABLES.values()) + 4
    monkeypatch.setattr(bounds, "ROWS", lines - 1)
    (fault,) = read(small_ontology, folder).faults
    assert "b.xlsx, sheet ownership: the tables have more than" in str(fault)


@given(header=st.lists(st.text(max_size=8), min_size=1, max_size=4, unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_header_says_is_told_in_characters_that_show(
    small_ontology: Path, tmp_path: Path, header: list[str]
) -> None:
    escaped = ["".join(f"_x{ord(each) % 0x10000:04X}_" for each in name) for name in header]
    cells = "".join(f'<c t="str"><v>{name}</v></c>' for name in escaped)
    rows = f'<sheetData><row r="1">{cells}</row></sheetData>'.encode()
    content = changed(SHEET, lambda part: re.sub(rb"<sheetData>.*</sheetData>", rows, part))
    said = said_of(small_ontology, tmp_path / "own.xlsx", content)
    assert said
    assert all(line.isprintable() for line in said)
