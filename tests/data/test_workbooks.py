"""Workbooks: a table a sheet, all cells or a sentence, whatever the file is."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_LZMA, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as NewWorkbook
from openpyxl import load_workbook

from monazite.core.errors import BadCellError, BadFileError, MonaziteError
from monazite.data import bounds, workbook
from monazite.data import workbook as package
from monazite.data.bounds import Budget
from monazite.data.columns import read_schema
from monazite.data.reader import Tables, read_tables
from monazite.data.workbook import CellNumber, Value, Workbook
from tests.conftest import SMALL_TABLES
from tests.data.workbooks import (
    BOOK,
    HEADER,
    LINKS,
    MAIN,
    ROW,
    SHEET,
    STYLES,
    TEXTS,
    changed,
    instead,
    pack,
    parts,
    without,
)

Sheets = list[tuple[str, dict[tuple[int, int], Value]]]


def read(content: bytes) -> Sheets:
    """Every sheet of a workbook: its name, and its cells by row and column."""
    book = Workbook(content, Budget())
    return [
        (
            sheet.name,
            {
                (row, column): value
                for row, cells in book.cells(sheet).items()
                for column, value in cells.items()
            },
        )
        for sheet in book.sheets
    ]


def read_by_another(content: bytes) -> Sheets:
    """The same by openpyxl, which takes a workbook for what its programs write."""
    book = load_workbook(io.BytesIO(content))
    return [
        (
            sheet.title,
            {
                (cell.row, cell.column): as_text(cell.value)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value not in {None, ""}
            },
        )
        for sheet in book.worksheets
    ]


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value!r}"
    return str(value)


GOOD = read(pack(parts()))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda x: x == 0 or 1e-4 < abs(x) < 1e15
    ),
    st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(2200, 1, 1)).map(
        lambda day: day.replace(microsecond=0)
    ),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=20).filter(
        lambda text: not text.startswith("=") and "_x" not in text and "\uffff" not in text
    ),
)


@given(st.lists(st.lists(VALUES, max_size=5), max_size=5), st.sampled_from(["a", "B c", "稀土"]))
def test_what_a_program_writes_is_read_as_openpyxl_reads_it(
    rows: list[list[object]], name: str
) -> None:
    book, file = NewWorkbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(row)
    try:
        book.save(file)
        expected = read_by_another(file.getvalue())
    except ValueError:  # a text that XML cannot hold
        return
    assert read(file.getvalue()) == expected


HARMLESS = {
    "stale size": changed(SHEET, instead(b'ref="A1:G2"', b'ref="A1:C1"')),
    "no size": changed(SHEET, lambda part: re.sub(rb"<dimension[^>]*>", b"", part)),
    "rows out of order": changed(
        SHEET,
        lambda part: re.sub(rb"(<row r=\"1\">.*?</row>)(<row r=\"2\">.*?</row>)", rb"\2\1", part),
    ),
    "cells out of order": changed(
        SHEET, lambda part: re.sub(rb"(<c r=\"B2\".*?</c>)(<c r=\"C2\".*?</c>)", rb"\2\1", part)
    ),
    "no names of cells": changed(SHEET, lambda part: re.sub(rb' r="[A-Z]?[0-9]"', b"", part)),
    "strict names": changed(SHEET, instead(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")),
    "prefixed names": changed(
        SHEET, lambda part: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", part).replace(b"xmlns=", b"xmlns:x=")
    ),
    "another encoding": changed(
        SHEET,
        lambda part: (
            b'<?xml version="1.0"?>'.decode().encode("utf-16") + part.decode().encode("utf-16-le")
        ),
    ),
    "no file of sizes": changed("docProps/app.xml", lambda _: b"<"),
    "no theme": without("xl/theme/theme1.xml"),
    "rich text": changed(
        TEXTS, instead(b"<si><t>lynas</t></si>", b"<si><r><t>ly</t></r><r><t>nas</t></r></si>")
    ),
    "pronounced": changed(
        TEXTS, instead(b"<t>lynas</t>", b"<t>lynas</t><rPh sb='0' eb='1'><t>LAI</t></rPh>")
    ),
    "blank cells": changed(
        SHEET, instead(b'<c r="G2"', b'<c r="XFD2" s="1"/><c r="H2" t="s"/><c r="G2"')
    ),
    "name of a part in capitals": changed(LINKS, instead(b"sheet1.xml", b"SHEET1.xml")),
    "another part twice": pack({**parts(), "xl/media/image.png": b"x" * 1000}),
}


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_matter_loses_nothing(content: bytes) -> None:
    assert read(content) == GOOD


def cell(old: bytes, new: bytes) -> bytes:
    return changed(SHEET, instead(old, new))


SHARE = b'<c r="D2" t="n"><v>51</v></c>'
DAY = b"<v>46054</v>"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it is no workbook, or broken"),
    "cut": (pack(parts())[:-300], "it is no workbook, or broken"),
    "password": (LOCKED, "it is locked by a password, or an old XLS"),
    "empty archive": (pack({}), 'the part "xl/workbook.xml" is missing'),
    "no workbook": (without(BOOK), 'the part "xl/workbook.xml" is missing'),
    "no links": (without(LINKS), "the workbook does not hold it"),
    "no cells": (without(SHEET), 'the part "xl/worksheets/sheet1.xml" is missing'),
    "no texts": (without(TEXTS), 'the part "xl/sharedStrings.xml" is missing'),
    "no styles": (without(STYLES), 'the part "xl/styles.xml" is missing'),
    "link to nothing": (changed(BOOK, instead(b"rId1", b"rId8")), "the workbook does not hold it"),
    "link outside": (
        changed(LINKS, instead(b'sheet1.xml"', b'sheet1.xml" TargetMode="External"')),
        "the workbook does not hold it",
    ),
    "link out of the archive": (
        changed(LINKS, instead(b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd")),
        'the part "etc/passwd" is missing',
    ),
    "no sheet": (
        changed(BOOK, lambda part: re.sub(rb"<sheet .*?/>", b"", part)),
        "it has 0 sheets",
    ),
    "a sheet of dialogs": (
        changed(LINKS, instead(b'worksheet"', b'dialogsheet"')),
        "holds no cells",
    ),
    "broken XML": (cell(b"</sheetData>", b"</sheet"), "a part of it is broken"),
    "entities": (changed(SHEET, lambda part: ENTITIES + part), "a part of it is broken"),
    "unknown encoding": (
        changed(SHEET, lambda part: b'<?xml version="1.0" encoding="x-none"?>' + part),
        "a part of it is broken",
    ),
    "row of a billion": (cell(b'<row r="2"', b'<row r="1000000000"'), 'number "1000000000", and a'),
    "cell of another row": (cell(b'"D2"', b'"D3"'), 'a cell of row 2 is named "D3"'),
    "cell beyond the last column": (cell(b'"D2"', b'"XFE2"'), 'a cell of row 2 is named "XFE2"'),
    "cell twice": (cell(b'"D2"', b'"C2"'), "a cell of row 2 stands twice"),
    "row twice": (cell(b"</sheetData>", b'<row r="2">' + SHARE + b"</row></sheetData>"), "twice"),
    "a row in another element": (
        changed(SHEET, lambda part: re.sub(rb"(<row r=.2..*?</row>)", rb"<x><y>\1</y></x>", part)),
        "a part of it is broken",
    ),
    "a cell in another element": (cell(SHARE, b"<x>" + SHARE + b"</x>"), "a part of it is broken"),
    "a value in another element": (
        cell(b"<v>51</v>", b"<x><v>51</v></x>"),
        "a part of it is broken",
    ),
    "deep": (cell(b"</sheetData>", b"<a>" * 200 + b"</a>" * 200 + b"</sheetData>"), "is broken"),
    "wide tag": (
        cell(b"<sheetData>", b"<sheetData %s>" % b" ".join(b'a%d=""' % i for i in range(60))),
        "a part of it is broken",
    ),
    "a text in pieces": (changed(TEXTS, instead(b"lynas", b"ly<x/>nas")), "a part of it is broken"),
    "packed oddly": (pack(parts(), ZIP_LZMA), "is packed in an unusual way"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_a_broken_workbook_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadFileError, match=said) as refused:
        read(content)
    assert refused.value.fix


WRONG: dict[str, tuple[bytes, tuple[int, int], str]] = {
    "formula": (cell(b"<v>51</v>", b"<f>50+1</f><v>51</v>"), (2, 4), "a cell holds a formula"),
    "array": (cell(b"<v>51</v>", b'<f t="array" ref="D2">50+1</f>'), (2, 4), "holds a formula"),
    "error": (cell(SHARE, b'<c r="D2" t="e"><v>#N/A</v></c>'), (2, 4), 'the error "#N/A"'),
    "text not there": (cell(b"<v>11</v>", b"<v>12</v>"), (2, 7), "is not in the workbook"),
    "neither": (cell(SHARE, b'<c r="D2" t="b"><v>2</v></c>'), (2, 4), "neither true nor false"),
    "unknown kind": (
        cell(SHARE, b'<c r="D2" t="z"><v>2</v></c>'),
        (2, 4),
        "kind that is not known",
    ),
    "no number": (cell(b"<v>51</v>", b"<v>5_1</v>"), (2, 4), 'the number "5_1" of a cell is none'),
    "endless": (cell(b"<v>51</v>", b"<v>1e999</v>"), (2, 4), "is larger than any"),
    "long": (cell(b"<v>51</v>", b"<v>%s</v>" % (b"5" * 5000)), (2, 4), "of a cell is none"),
    "date of no day": (cell(DAY, b"<v>1e300</v>"), (2, 6), "a date that does not exist"),
    "style not there": (cell(b's="1"', b's="99"'), (2, 6), 'the style "99", which is not there'),
}


@pytest.mark.parametrize(("content", "place", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_cell_is_told_and_the_others_are_read(
    content: bytes, place: tuple[int, int], said: str
) -> None:
    ((_, cells),) = read(content)
    wrong = cells.pop(place)
    assert isinstance(wrong, BadCellError)
    assert said in wrong.what
    assert cells == {at: value for at, value in GOOD[0][1].items() if at != place}


TOLD: dict[str, tuple[bytes, str]] = {
    "inline": (b'<c r="D2" t="inlineStr"><is><t>a</t></is></c>', "a"),
    "inline rich": (b'<c r="D2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
    "text of a formula": (b'<c r="D2" t="str"><v>a</v></c>', "a"),
    "true": (b'<c r="D2" t="b"><v>1</v></c>', "true"),
    "day": (b'<c r="D2" t="d"><v>2025-06-11T00:00:00</v></c>', "2025-06-11"),
    "hour": (b'<c r="D2" s="1"><v>46054.5</v></c>', "2026-02-01 12:00:00"),
    "exponent": (b'<c r="D2"><v>1.5E3</v></c>', "1500"),
    "small": (b'<c r="D2"><v>1E-7</v></c>', "0.0000001"),
    "rest of a sum": (b'<c r="D2"><v>1.1000000000000001</v></c>', "1.1"),
    "escaped": (b'<c r="D2" t="str"><v>a_x000A_b</v></c>', "a\nb"),
    "characters": (b'<c r="D2" t="str"><v>&#x7A00;&amp;<![CDATA[<a>]]></v></c>', "稀&<a>"),
}


@pytest.mark.parametrize(("new", "text"), TOLD.values(), ids=TOLD)
def test_a_cell_of_any_kind_is_its_text(new: bytes, text: str) -> None:
    assert dict(read(cell(SHARE, new)))["ownership"][2, 4] == text


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    content = changed(
        BOOK, lambda part: re.sub(b"<workbookPr */>", b'<workbookPr date1904="1"/>', part)
    )
    assert read(content) == read_by_another(content) != GOOD


def test_two_sheets_of_one_name_are_two() -> None:
    twice = changed(BOOK, lambda part: re.sub(rb"(<sheet .*?/>)", rb"\1\1", part))
    assert read(twice) == GOOD * 2


BOUNDS: dict[str, tuple[object, str, int, str]] = {
    "rows": (bounds, "ROWS", 1, "the tables have more than 1 rows; leave out"),
    "cells": (bounds, "CELLS", 13, "the tables have more than 13 cells; leave out"),
    "characters": (bounds, "CHARACTERS", 50, "the tables have more than 50 characters"),
    "unpacked": (bounds, "EXPANDED_BYTES", 5_000, "more than 5,000 unpacked bytes; leave"),
    "parts": (package, "PARTS", 3, "it has more than 3 parts; save it again"),
    "tags": (workbook, "TAGS", 40, "a part of it is broken"),
    "sheets": (workbook, "SHEETS", 0, "it has 1 sheets, and no more than 0 are read"),
    "last row": (workbook, "LAST_ROW", 1, 'a row has the number "2", and a sheet ends at 1'),
    "last column": (workbook, "LAST_COLUMN", 6, 'a cell of row 1 is named "G1"'),
}


@pytest.mark.parametrize(("room", "name", "bound", "said"), BOUNDS.values(), ids=BOUNDS)
def test_what_is_beyond_a_bound_is_refused(
    monkeypatch: pytest.MonkeyPatch, room: object, name: str, bound: int, said: str
) -> None:
    monkeypatch.setattr(room, name, bound)
    with pytest.raises(BadFileError, match=said):
        read(pack(parts()))


def test_a_text_longer_than_a_cell_is_a_wrong_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "CELL_CHARACTERS", 12)
    ((_, cells),) = read(pack(parts()))
    wrong = [at for at, value in cells.items() if isinstance(value, BadCellError)]
    assert wrong == [(1, 4)]


def test_a_part_is_unpacked_no_further_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """300 MB of blanks in 0.3 MB; what the archive says of its size is not believed."""
    bomb = changed(SHEET, lambda part: part.replace(b"</worksheet>", b" " * 9_000_000))
    monkeypatch.setattr(bounds, "EXPANDED_BYTES", 1 << 20)
    with pytest.raises(BadFileError, match="more than 1,048,576 unpacked bytes"):
        read(bomb)


def test_a_part_that_is_not_read_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "EXPANDED_BYTES", 1 << 20)
    assert read(pack({**parts(), "docProps/app.xml": b" " * 9_000_000})) == GOOD


def any_bytes(content: bytes) -> st.SearchStrategy[bytes]:
    """A few bytes changed, cut or put in at some places."""
    places = st.lists(
        st.tuples(st.integers(0, len(content)), st.integers(0, 9), st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    )

    def change(edits: list[tuple[int, int, bytes]]) -> bytes:
        found = content
        for place, cut, new in edits:
            found = found[:place] + new + found[place + cut :]
        return found

    return places.map(change)


@given(any_bytes(pack(parts())))
def test_whatever_the_bytes_are_they_are_read_or_refused(content: bytes) -> None:
    with suppress(MonaziteError):
        read(content)


TAG = re.compile(rb"<[^<>]*>|[^<>]+")
TOKENS = [
    *(b"<c/>", b"<row/>", b"<v>1</v>", b'<c r="A2"><v>1</v></c>', b"<f>1</f>", b"<!-- -->"),
    *(b"0", b"-1", b"1e300", b"99999999999", b"nan", b"A1", b"ZZZ9", b"_x0000_", b"\xe2\x80\xae"),
    *(b"<![CDATA[x]]>", b"<?pi?>", b"&#1;", b"<mc:a xmlns:mc='m'/>", b"<is><t>x</t></is>", b""),
]


@st.composite
def any_parts(draw: st.DrawFn) -> Mapping[str, bytes]:
    """The good workbook, with tags and texts of a part left out, said twice or replaced."""
    name = draw(st.sampled_from([SHEET, SHEET, TEXTS, BOOK, LINKS, STYLES]))
    pieces = TAG.findall(parts()[name])
    for _ in range(draw(st.integers(1, 3))):
        at, other = draw(st.integers(0, len(pieces) - 1)), draw(st.integers(0, len(pieces) - 1))
        pieces[at] = draw(st.sampled_from([*TOKENS, pieces[other], pieces[at] + pieces[other]]))
    return {**parts(), name: b"".join(pieces)}


@given(any_parts())
def test_whatever_the_xml_says_nothing_is_lost_that_openpyxl_reads(
    content: Mapping[str, bytes],
) -> None:
    packed = pack(content)
    try:
        found = read(packed)
    except BadFileError:
        return
    with ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
    try:
        expected = dict(read_by_another(packed))
    except Exception:  # noqa: BLE001 - what it raises is what it stumbles over
        return
    for name, cells in found:
        for at, text in expected.get(name, {}).items():
            assert isinstance(cells[at], BadCellError) or cells[at] == text


def test_a_sheet_says_which_cells_were_made_one_and_which_hold_numbers() -> None:
    book, file = NewWorkbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append([0.03, "0.03", datetime.date(2026, 2, 1), "x"])
    sheet["A1"].number_format = "0.0%"
    sheet.append([1.125, None, "y", None])
    sheet.merge_cells("C2:D2")
    book.save(file)
    opened = Workbook(file.getvalue(), Budget())
    cells, merged = opened.content(opened.sheets[0])
    assert (merged, opened.has_macros) == (("C2:D2",), False)
    share, text, day, _ = cells[1].values()
    assert isinstance(share, CellNumber)
    assert share.percent
    assert [type(each) for each in (text, day)] == [str, str]
    number = cells[2][1]
    assert isinstance(number, CellNumber)
    assert (number, number.percent) == ("1.125", False)


def tables_of(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


def saved(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = NewWorkbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_a_table_a_sheet(small_ontology: Path, tmp_path: Path) -> None:
    file = saved(
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
    tables = tables_of(small_ontology, file)
    assert tables.faults == []
    first, second = tables.of("capacity")[-2:]
    assert [first.text(name) for name in ("as_of", "value")] == ["2027-01-31", "1500"]
    assert [second.text(name) for name in ("as_of", "value")] == ["2028", "0.1"]
    assert (second.file, second.line) == (f"{file}, sheet capacity", 4)


def said_of(ontology: Path, file: Path, content: bytes) -> list[str]:
    """What is said of a saved, without its name."""
    file.write_bytes(content)
    faults = tables_of(ontology, file).faults
    return [str(fault).replace(str(file), "own") for fault in faults]


def test_what_stands_beside_the_header_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = saved(tmp_path / "own.xlsx", ownership=[HEADER, [*ROW, None, "a remark"]])
    assert [str(fault) for fault in tables_of(small_ontology, file).faults] == [
        f'{file}, sheet ownership:2: "a remark" stands where the header has no column; '
        "name the column, or take it out"
    ]


def test_a_column_without_a_name_is_a_fault(small_ontology: Path, tmp_path: Path) -> None:
    file = saved(tmp_path / "own.xlsx", ownership=[[*HEADER[:3], None, *HEADER[3:]]])
    (fault,) = tables_of(small_ontology, file).faults
    assert str(fault).startswith(f"{file}, sheet ownership:1: a column has no name; columns are")


def test_a_broken_sheet_is_told_and_the_others_are_read(
    small_ontology: Path, tmp_path: Path
) -> None:
    twice = re.sub(rb"(<sheet .*?)ownership(.*?)rId1(.*?/>)", rb"\1a\2rId8\3\g<0>", parts()[BOOK])
    said = said_of(small_ontology, tmp_path / "own.xlsx", pack({**parts(), BOOK: twice}))
    assert said == ["own, sheet a: the workbook does not hold it; take it out, or write it anew"]
    assert tables_of(small_ontology, tmp_path / "own.xlsx").own == 1


def test_a_remark_may_be_broken(small_ontology: Path, tmp_path: Path) -> None:
    for name in (b"view", b"_mine"):
        named = parts()[BOOK].replace(b"ownership", name)
        content = pack({**parts(), BOOK: named, SHEET: b"<broken"})
        assert said_of(small_ontology, tmp_path / "own.xlsx", content) == []


def test_a_wrong_header_is_one_fault(small_ontology: Path, tmp_path: Path) -> None:
    content = changed(SHEET, instead(b'<c r="C1" t="s">', b'<c r="C1" t="e">'))
    assert said_of(small_ontology, tmp_path / "own.xlsx", content) == [
        'own, sheet ownership:1: a cell holds the error "2"; write its value instead'
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
        saved(folder / f"{name}.xlsx", ownership=[HEADER, [name, *ROW[1:]]])
    assert tables_of(small_ontology, folder).faults == []
    lines = sum(text.count("\n") for text in SMALL_TABLES.values()) + 4
    monkeypatch.setattr(bounds, "ROWS", lines - 1)
    (fault,) = tables_of(small_ontology, folder).faults
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
