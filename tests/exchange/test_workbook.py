"""The workbook, read back with openpyxl."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import replace
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from monazite.errors import UnreadableError
from monazite.exchange.selection import Selection
from monazite.exchange.tables import cell_text, header_of
from monazite.exchange.workbook import LONGEST, write_xlsx
from monazite.rows.cells import Cell
from monazite.rows.reader import Row
from monazite.view import View
from tests.pages.hostile import HOSTILE
from tests.pages.test_any_text import hidden_in


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


def read(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def written(mine: Selection) -> bytes:
    return write_xlsx(mine)


def test_each_table_with_rows_is_a_sheet_with_its_rows(written: bytes, mine: Selection) -> None:
    book = read(written)
    counts = Counter(row.table for row in mine.rows())
    assert book.sheetnames == ["view", *sorted(counts)]
    assert {name: book[name].max_row - 1 for name in counts} == dict(counts)


def test_each_cell_reads_back(written: bytes, mine: Selection) -> None:
    book = read(written)
    tables = mine.view.schema.tables
    lines = {name: list(book[name].iter_rows(min_row=2)) for name in book.sheetnames}
    places: Counter[str] = Counter()
    numbers = 0
    for row in mine.rows():
        cells = lines[row.table][places[row.table]]
        places[row.table] += 1
        for name, cell in zip(header_of(tables[row.table]), cells, strict=True):
            text = cell_text(row, name)
            if isinstance(cell.value, (int, float)):
                assert tables[row.table].column(name).kind in {"decimal", "integer"}
                assert float(text) == cell.value
                numbers += 1
            else:
                assert (cell.value or "") == text
    assert numbers > 30


def test_all_rows_are_written(view: View) -> None:
    book = load_workbook(io.BytesIO(write_xlsx(Selection(view))), read_only=True)
    counts = Counter(row.table for row in Selection(view).rows())
    for name, count in counts.items():
        assert sum(1 for _ in book[name].iter_rows(values_only=True)) == count + 1


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "+1-1", "-1+2", "@SUM(1)", "#REF!"])
def test_a_text_is_never_a_formula_nor_an_error(text: str, small: View) -> None:
    sheet = read(write_xlsx(changed(small, text)))["facilities"]
    cell = sheet.cell(row=2, column=header_of(small.schema.tables["facilities"]).index("note") + 1)
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_control_characters_do_not_break_the_workbook(small: View) -> None:
    sheet = read(write_xlsx(changed(small, "a\x00\x07\x1b\ufffeb\nc")))["facilities"]
    assert "a\ufffd\ufffd\ufffd\ufffdb\nc" in {cell.value for cell in sheet[2]}


@pytest.mark.parametrize("text", [each for each in HOSTILE if each], ids=range(len(HOSTILE) - 1))
def test_no_part_of_a_workbook_hides_a_character(small: View, text: str) -> None:
    with ZipFile(io.BytesIO(write_xlsx(changed(small, text[:2000])))) as held:
        parts = [held.read(name).decode() for name in held.namelist()]
    assert [hidden_in(part) for part in parts] == [[]] * len(parts)


def test_a_text_longer_than_a_cell_is_told_and_not_cut(small: View) -> None:
    assert write_xlsx(changed(small, "x" * LONGEST))
    with pytest.raises(UnreadableError, match=r"note\" has 32,768 characters.+export csv\.$"):
        write_xlsx(changed(small, "x" * (LONGEST + 1)))


def test_a_number_shows_the_digits_it_was_written_with(small: View) -> None:
    sheet = read(write_xlsx(Selection(small)))["capacity"]
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
