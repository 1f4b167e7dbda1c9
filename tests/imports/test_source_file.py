"""Files of sources: encodings, separators, titles above headers, wide lines, JSON, workbooks."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from monazite.errors import Faults, FaultyTablesError, UnreadableError
from monazite.imports.source_file import look_through, read_records

NEEDED = ("Country", "Value|Amount")


def read(file: Path, *encodings: str) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Line and cells of each record, and the faults."""
    faults = Faults()
    source = look_through(file, encodings)
    found = [(record.line, dict(record.cells)) for record in read_records(source, NEEDED, faults)]
    return found, [str(fault).removeprefix(str(file)) for fault in faults.gathered()]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_titles_separators_and_encodings(tmp_path: Path, mark: str, encoding: str) -> None:
    file = tmp_path / "x.csv"
    text = f"Of 2024\r\n\r\nCOUNTRY{mark} amount \r\nNœrway{mark} 5 \r\n\r\n{mark}\r\n"
    file.write_bytes(text.encode(encoding))
    assert read(file) == ([(4, {"country": "Nœrway", "amount": "5"})], [])
    assert look_through(file).digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_another_encoding_is_tried_and_else_told(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"Country,Value\nNorway,1\nT\xfcrkiye,2\n")
    assert read(file, "cp1252")[0][1][1]["country"] == "Türkiye"
    with pytest.raises(FaultyTablesError) as refused:
        look_through(file)
    (fault,) = refused.value.faults
    assert (fault.line, fault.what) == (3, "the text is not UTF-8")


def test_faults_of_forms(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    for text, told in {
        "": ":1: the file is empty; get it again",
        "a,b\n1,2\n": ":1: no line is the header of this kind of file; the header names Country, "
        "Value or Amount",
        "Country,Vaule\n": ':1: the column "Value or Amount" is missing; did you mean "vaule"?',
        "Country,Value,Value\n": ':1: the column "value" stands twice; take one out',
        'Country,Value\nNorway,"1\n': ":2: wrong quoting: unexpected end of data; mend the quotes "
        "of this row",
        "t,i,j,k,v,q\n": ":1: no line is the header of this kind of file; x.csv looks like a file "
        f"of CEPII (BACI): read it with monazite import baci {file} -o DIR",
    }.items():
        file.write_text(text, encoding="utf-8")
        assert read(file) == ([], [told])
    file.write_text("Country,Value\nNorway\nNorway,1,,\nNorway,1,2\n", encoding="utf-8")
    found, told_of = read(file)
    assert [line for line, _ in found] == [3], "blank cells beyond the header are none"
    assert [each[:2] for each in told_of] == [":2", ":4"]


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "x.zip").touch()
    for name, told in {
        "none": "cannot be read: No such file",
        "pipe": "is a pipe; name the file",
        "": "is a folder; name the file",
        "x.zip": "is packed; unpack it",
        "a\0b": "no file can have this name",
    }.items():
        with pytest.raises(UnreadableError, match=told):
            look_through(tmp_path / name)


def test_json_of_many_forms(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for text in (
        '[["country", "value"], ["Norway", 5]]',
        '{"data": [{"Country": "Norway", "Value": 5}]}',
        '[{"page": 1}, [{"country": {"id": "Norway"}, "value": "5"}]]',
    ):
        file.write_text(text, encoding="utf-8")
        ((_, cells),), told = read(file)
        assert (cells, told) == ({"country": "Norway", "value": "5"}, [])
    for text, says in {
        "{}": "no array of records",
        '[{"country": "a", "value": 1}': "the JSON ends within its array",
        '[{"country": "a", "value": ]': "broken JSON",
        "[1]": "record 1 is no object",
        '[{"a": 1}]': "is missing",
        "[" * 5000: "broken JSON",
    }.items():
        file.write_text(text, encoding="utf-8")
        assert says in read(file)[1][0], text


def test_a_formula_of_a_workbook_is_told_with_its_line(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for line in (["Of", "=NOW()"], ["Country", "Value"], ["Norway", 5], ["Peru", "=4+4"]):
        sheet.append(line)
    sheet.append(["Chile", "#DIV/0!"])
    file = tmp_path / "x.xlsx"
    book.save(file)
    assert read(file) == (
        [(3, {"country": "Norway", "value": "5"})],
        [
            ", sheet Data:4: a cell holds a formula that was never worked out; "
            "open the workbook, and save it",
            ', sheet Data:5: a cell holds the error "#DIV/0!"; write its value instead',
        ],
    )
    sheet["C2"] = "=1"
    book.save(file)
    found, told = read(file)
    assert (found, len(told)) == ([], 3), "the header has one too"


def test_a_formula_that_was_worked_out_has_its_value(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for line in (["Country", "Value"], ["Norway", "=2+3"]):
        sheet.append(line)
    plain, kept = tmp_path / "plain.xlsx", tmp_path / "kept.xlsx"
    book.save(plain)
    with ZipFile(plain) as old, ZipFile(kept, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>")
            new.writestr(name, part.replace(b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>"))
    assert read(kept) == ([(2, {"country": "Norway", "value": "5"})], [])
