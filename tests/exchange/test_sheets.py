"""Tables as a workbook, read back: numbers are numbers, and no text runs."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from monazite.exchange import sheets as writing
from monazite.exchange.sheets import tables_xlsx
from monazite.findings.exposure.sheet_tables import exposure_sheets
from monazite.tables import Table
from tests.findings.exposure.bills import example, hostile_exposure
from tests.pages.hostile import HOSTILE
from tests.pages.test_any_text import hidden_in

FEW = Table(
    "",
    ("part number", "=g", "share"),
    [["0042", "1,234.5", "12 %"], ["=1+1", "2 to 3 g", "not known"], ["@x", "-7", "0.5 %"]],
    right=("=g", "share"),
)


def test_numbers_are_numbers_and_texts_stay_texts() -> None:
    sheet = load_workbook(io.BytesIO(tables_xlsx({"Few": FEW})))["Few"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("0042", 1234.5, 0.12),
        ("=1+1", "2 to 3 g", "not known"),
        ("@x", -7, 0.005),
    ]
    assert (sheet["C2"].number_format, sheet["C4"].number_format) == ("0%", "0.0%")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width >= len("part number")


def test_an_exposure_has_a_sheet_for_each_table() -> None:
    found = example()
    book = load_workbook(io.BytesIO(tables_xlsx(exposure_sheets(found), "2026-11-24")))
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


def test_hostile_text_is_text() -> None:
    content = tables_xlsx(exposure_sheets(hostile_exposure()))
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f"] == []
            assert [hidden_in(str(cell.value)) for cell in row if hidden_in(str(cell.value))] == []
    assert HOSTILE[2].encode() not in b"".join(
        ZipFile(io.BytesIO(content)).read(name)
        for name in ZipFile(io.BytesIO(content)).namelist()
        if "rels" in name
    )


def test_a_redacted_workbook_names_nothing() -> None:
    plain, hidden = exposure_sheets(example()), exposure_sheets(example(redact=True))
    with ZipFile(io.BytesIO(tables_xlsx(hidden))) as book:
        whole = b"".join(map(book.read, book.namelist())).decode()
    assert [*hidden] == [name for name in plain if name in hidden]
    for each in example().lines:
        assert each.name not in whole
        assert [x.text for x in each.suppliers if x.text in whole] == []


def test_what_a_sheet_cannot_hold_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 2)
    sheet = load_workbook(io.BytesIO(tables_xlsx({"Few": FEW})))["Few"]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "part number",
        "0042",
        "2 more lines than a sheet holds: take --format csv.",
    ]
