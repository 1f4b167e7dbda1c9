"""Workbooks and blank forms, read back: numbers are numbers, no text runs, nothing is hidden."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from monazite.bom.answers import COLUMNS, AnswerReader, read_answers
from monazite.bom.questionnaire import AskedQuestion
from monazite.bom.reading import read_bill
from monazite.core.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.core.tables import Table
from monazite.core.workbook import LONGEST, tables_xlsx
from monazite.data.reader import Cell, Row
from monazite.export.bills import BLANK_COLUMNS, blank_bill, write_questionnaire
from monazite.export.selection import Selection
from monazite.export.tables import cell_text, header_of
from monazite.export.workbook import write_xlsx
from monazite.view.view import View
from tests.bom.bills import example, hostile_exposure
from tests.conftest import view_in_memory
from tests.report.hostile import HOSTILE
from tests.report.test_any_text import hidden_in


class Changed(Selection):
    """A selection with one text changed in every facility."""

    text = ""

    def rows(self) -> list[Row]:
        return [
            replace(row, cells={**row.cells, "note": (Cell(self.text),)})
            if row.table == "facilities"
            else row
            for row in super().rows()
        ]


def changed(view: View, text: str) -> Selection:
    selection = Changed(view)
    object.__setattr__(selection, "text", text)
    return selection


def read_book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def written(mine: Selection) -> bytes:
    return write_xlsx(mine)


def test_each_cell_reads_back(written: bytes, mine: Selection) -> None:
    book = read_book(written)
    tables = mine.view.schema.tables
    counts = Counter(row.table for row in mine.rows())
    assert book.sheetnames == ["view", *sorted(counts)]
    lines = {name: iter(book[name].iter_rows(min_row=2)) for name in counts}
    numbers = 0
    for row in mine.rows():
        cells = next(lines[row.table])
        for name, cell in zip(header_of(tables[row.table]), cells, strict=True):
            text = cell_text(row, name)
            if isinstance(cell.value, (int, float)):
                assert tables[row.table].column(name).kind in {"decimal", "integer"}
                assert float(text) == cell.value
                numbers += 1
            else:
                assert (cell.value or "") == text
    assert numbers > 30
    assert [*map(next, lines.values(), [None] * len(lines))] == [None] * len(lines)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1-1", "-1+2", "@SUM(1)", "#REF!"])
def test_a_text_is_never_a_formula_nor_an_error(text: str, small: View) -> None:
    sheet = read_book(write_xlsx(changed(small, text)))["facilities"]
    cell = sheet.cell(row=2, column=header_of(small.schema.tables["facilities"]).index("note") + 1)
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


@pytest.mark.parametrize("text", [each for each in HOSTILE if each], ids=range(len(HOSTILE) - 1))
def test_no_part_of_a_workbook_hides_a_character(small: View, text: str) -> None:
    with ZipFile(io.BytesIO(write_xlsx(changed(small, text[:2000])))) as held:
        parts = [held.read(name).decode() for name in held.namelist()]
    assert [hidden_in(part) for part in parts] == [[]] * len(parts)


def test_control_characters_do_not_break_the_workbook(small: View) -> None:
    sheet = read_book(write_xlsx(changed(small, "a\x00\x07\x1b\ufffeb\nc")))["facilities"]
    assert "a\ufffd\ufffd\ufffd\ufffdb\nc" in {cell.value for cell in sheet[2]}


def test_a_text_longer_than_a_cell_is_told_and_not_cut(small: View) -> None:
    assert write_xlsx(changed(small, "x" * LONGEST))
    with pytest.raises(UnreadableError, match=r"note\" has 32,768 characters.+export csv\.$"):
        write_xlsx(changed(small, "x" * (LONGEST + 1)))


def test_a_number_shows_the_digits_it_was_written_with(small: View) -> None:
    sheet = read_book(write_xlsx(Selection(small)))["capacity"]
    header = [cell.value for cell in sheet[1]]
    value = sheet.cell(row=2, column=header.index("value") + 1)
    assert (value.value, value.number_format) == (1.5, "0.00")  # "1.50" in the table
    key = sheet.cell(row=2, column=1)
    assert (key.value, key.data_type) == ("kuantan-2024", "s")


def test_the_view_is_the_first_sheet(primary: View) -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(Selection(primary))), read_only=True)["view"]
    found = {str(line[0]): line[1] for line in sheet.iter_rows(values_only=True)}
    assert found["view"] == primary.line()
    assert found["tier"] == "1"
    assert json.loads(str(found["cost"])) == primary.describe()["cost"]
    assert found["ownership"] == sum(row.table == "ownership" for row in primary.rows())


def test_no_clock_is_in_the_file(written: bytes) -> None:
    with ZipFile(io.BytesIO(written)) as parts:
        assert {item.date_time for item in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", core)) == {"2026-11-24T00:00:00Z"}


FEW = Table(
    "",
    ("part number", "=g", "share", "loss", "size"),
    [
        ["0042", "1,234.5", "12 %", "46 % (40 % to 51 %)", "at least 0.4 %"],
        ["=1+1", "2 to 3", "not known", "<1 %", "20 days"],
        ["@x", "-7", "0.5 %", "", "1, assumed"],
    ],
    right=("=g", "share", "loss", "size"),
)


def test_numbers_stand_below_their_unit_and_texts_stay_texts() -> None:
    sheet = load_workbook(io.BytesIO(tables_xlsx({"Few": FEW})))["Few"]
    columns = [*zip(*sheet.iter_rows(values_only=True), strict=True)]
    assert columns == [
        ("part number", "0042", "=1+1", "@x"),
        ("=g low", 1234.5, 2, -7),
        ("=g high", 1234.5, 3, -7),
        ("share, %", 12, "not known", 0.5),
        ("loss, %", 46, 1, None),
        ("loss low, %", 40, None, None),
        ("loss high, %", 51, None, None),
        ("loss note", None, "<", None),
        ("size", 0.4, 20, 1),
        ("size unit", "%", "days", None),
        ("size note", "at least", None, "assumed"),
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width >= len("part number")


@pytest.mark.parametrize("asked", ["concentration", "chokepoints"])
def test_an_answer_is_a_workbook_of_numbers(asked: str) -> None:
    found = getattr(view_in_memory(), asked)("Dy")
    book = load_workbook(io.BytesIO(found.to_xlsx()))
    held = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert book.sheetnames[0] == "About"
    loose = re.compile(r"[<>]?[\d,.]+ (?:%|t)(?: \([\d-]+\))?")
    assert [text for text in held if isinstance(text, str) and loose.fullmatch(text)] == []


def test_an_exposure_has_a_sheet_for_each_table() -> None:
    found = example()
    book = load_workbook(io.BytesIO(tables_xlsx(found.sheets(), "2026-11-24")))
    assert book.sheetnames[:3] == ["About", "Grams", "Grams by line"]
    assert max(map(len, book.sheetnames)) <= 31
    # about, grams, and what programs read stand beside the tables; the first of these is grams
    sheets = 2 + len(found.csv_tables()) + len(found.tables()) - 1
    assert len({*map(str.casefold, book.sheetnames)}) == sheets
    grams = {row[:2]: row[2:4] for row in book["Grams"].iter_rows(min_row=2, values_only=True)}
    assert grams["Dy", "all"] == pytest.approx((29.952 + 19.4256, 48.672 + 19.4256))
    assert grams["Dy", "tested"] == pytest.approx((19.4256, 19.4256))
    rows = [row[0] for row in book["Line by rule"].iter_rows(min_row=2, values_only=True)]
    assert rows == [each.sheet_row for each in found.judgements]
    about = book.properties
    assert (about.title, about.creator, str(about.created)[:10]) == (None, "openpyxl", "2026-11-24")
    header, *lines = book["All lines"].iter_rows(values_only=True)
    masses = [row[header.index("mass, g")] for row in lines]
    known = [None if x == "not known" else pytest.approx(x, rel=0.01) for x in masses]
    assert known == [each.mass for each in found.lines]


def test_hostile_text_is_text() -> None:
    content = hostile_exposure().to_xlsx()
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f"] == []
            assert [hidden_in(str(cell.value)) for cell in row if hidden_in(str(cell.value))] == []
    assert HOSTILE[2].encode() not in b"".join(
        ZipFile(io.BytesIO(content)).read(name)
        for name in ZipFile(io.BytesIO(content)).namelist()
        if "rels" in name
    )


class Longer(list[list[str]]):
    """Rows that say they are two more than a sheet holds."""

    def __len__(self) -> int:
        return 1_048_577


def test_what_a_sheet_cannot_hold_is_counted() -> None:
    table = Table("", ("a",), Longer([["1"], ["2"]]))
    sheet = load_workbook(io.BytesIO(tables_xlsx({"Few": table})))["Few"]
    said = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert said == ["a", "1", "2", "3 more lines than a sheet holds: take --format csv."]


@pytest.mark.parametrize("name", ["bill.csv", "bill.XLSX"])
def test_an_empty_bill_is_read_and_has_no_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(blank_bill(file))
    assert blank_bill(file) == file.read_bytes()
    with pytest.raises(FaultyTablesError, match="the bill has no line") as told:
        read_bill(file, {"dy": "Dy"})
    assert len(told.value.faults) == 1


def test_a_workbook_has_a_sheet_of_help_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(blank_bill(Path("bill.xlsx"))))
    assert book.sheetnames == ["bill", "_help"]
    assert [cell.value for cell in book["bill"][1]] == [each[0] for each in BLANK_COLUMNS]
    assert len([*book["_help"].rows]) == len(BLANK_COLUMNS) + 1
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.rows for cell in row}
    assert "f" not in kinds


def test_another_ending_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="An empty bill is"):
        blank_bill(Path("bill.ods"))


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
