"""Bills as people write them: what is read, and every fault of a sheet at once, with its place."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from monazite.bills import sheets
from monazite.bills.bill import Bill
from monazite.bills.reading import read_bill
from monazite.errors import FaultyTablesError, UnreadableError

NAMES = {"dy": "Dy", "dysprosium": "Dy", "tb": "Tb"}
HEAD = "Pos;Teile-Nr.;Benennung;Menge;Gewicht (g);Werkstoff\n"


def bill(tmp_path: Path, text: str | bytes, name: str = "bom.csv") -> Bill:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_bill(file, NAMES)


def faults(tmp_path: Path, text: str | bytes, name: str = "bom.csv") -> list[str]:
    with pytest.raises(FaultyTablesError) as told:
        bill(tmp_path, text, name)
    return [str(each).removeprefix(f"{tmp_path}/") for each in told.value.faults]


def workbook(rows: list[list[object]], merged: str = "", title: str = "BOM") -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(file)
    return file.getvalue()


def test_units_of_the_cell_the_header_and_a_column(tmp_path: Path) -> None:
    cells = bill(tmp_path, "Part;Qty;Mass\nA;1;2 kg\nB;1;5 g\nC;1;1 oz\nD;1;250 mg\nE;1;2 lb\n")
    assert [each.mass for each in cells.lines] == pytest.approx(
        [2000, 5, 28.349523125, 0.25, 907.18474]
    )
    column = bill(tmp_path, "Part,Qty,Mass,Weight unit\nA,1,1.5,kg\nB,1,7,g\n")
    assert [each.mass for each in column.lines] == [1500, 7]
    whole = bill(tmp_path, "Part\tQty\tTotal weight [kg]\nA\t4\t2.5\n", "bom.tsv")
    assert [each.mass for each in whole.lines] == [625]


def test_pieces_of_each_line_go_through_the_levels(tmp_path: Path) -> None:
    read = bill(tmp_path, HEAD + "1;A;Motor;;;\n1.1;B;Rotor;2;;\n1.1.1;C;Magnet;12;1,5;NdFeB\n")
    assert read.quantities == (1, 2, 24)
    assert (read.product, read.notes) == (
        "Motor",
        (
            "Levels are those of the points of positions.",
            "The first line has no quantity: it is taken as one product.",
        ),
    )


def test_suppliers_by_tier_with_splits(tmp_path: Path) -> None:
    head = "Part,Qty,Supplier,Country,Made in,Split,Supplier 2,Split 2,Tier 2 supplier\n"
    read = bill(
        tmp_path, head + "A,1,One,DEU,CHN,60 %,Two,40 %,Three\nB,1,Four (70 %); Five,,,,,,\n"
    )
    told = [(x.name, x.tier, x.country, x.made_in, x.split) for x in read.lines[0].suppliers]
    assert told == [
        ("One", 1, "DEU", "CHN", 0.6),
        ("Two", 1, "", "", 0.4),
        ("Three", 2, "", "", None),
    ]
    assert [(x.name, x.split) for x in read.lines[1].suppliers] == [("Four", 0.7), ("Five", None)]


def test_a_comma_or_stroke_behind_a_share_parts_firms(tmp_path: Path) -> None:
    cells = ("JL MAG (70%), Noveon (30%)", "One 70,5 % / Two 29,5 %", "Ore Co., Ltd. (40 %)", "A/S")
    lines = "".join(f"A;1;{cell}\n" for cell in cells)
    found = bill(tmp_path, f"Part;Qty;Supplier\n{lines}").lines
    assert [[(each.name, each.split) for each in one.suppliers] for one in found] == [
        [("JL MAG", 0.7), ("Noveon", 0.3)],
        [("One", 0.705), ("Two", 0.295)],
        [("Ore Co., Ltd.", 0.4)],
        [("A/S", None)],
    ]


def test_who_makes_a_part_that_another_sells_is_of_tier_2(tmp_path: Path) -> None:
    read = bill(tmp_path, "Part;Qty;Supplier;Manufacturer\nA;1;One;Two\nB;1;One;One\nC;1;-;n/a\n")
    told = [[(each.name, each.tier) for each in line.suppliers] for line in read.lines]
    assert told == [[("One", 1), ("Two", 2)], [("One", 1)], []]
    alone = bill(tmp_path, "Part;Qty;Hersteller\nA;1;Two\n")
    assert [(each.name, each.tier) for each in alone.lines[0].suppliers] == [("Two", 1)]


def test_a_quantity_may_be_a_mass(tmp_path: Path) -> None:
    read = bill(tmp_path, "Part;Qty;Unit\nA;0,35;kg\nB;12;m\nC;2;Stk\n")
    assert [each.mass for each in read.lines] == [1000, None, None]
    assert bill(tmp_path, "Part;Menge (g)\nA;7,5\n").lines[0].mass == 1


def test_of_two_descriptions_the_second_is_not_read(tmp_path: Path) -> None:
    read = bill(tmp_path, "Name;Description;Qty\nA;long;1\n")
    assert (read.lines[0].description, read.columns[1].meaning) == ("A", "")


def test_contents_with_their_evidence(tmp_path: Path) -> None:
    read = bill(tmp_path, "Part;Qty;Dy (%);Tb [ppm];Nachweis\nA;1;1,5;300;geprüft\nB;1;2,25;;\n")
    told = [[(x.element, x.low, x.high, x.evidence) for x in line.contents] for line in read.lines]
    assert told == [
        [("Dy", 1.5, 1.5, "tested"), ("Tb", pytest.approx(0.03), pytest.approx(0.03), "tested")],
        [("Dy", 2.25, 2.25, "not stated")],
    ]


def test_a_content_may_be_a_range_or_an_upper_bound(tmp_path: Path) -> None:
    text = "Part;Qty;Dy;Tb [%]\nA;1;0,5 - 1,2 %;<0,1\nB;1;300 ppm;0,02 bis 0,05\nC;1;-;≤ 0,3\n"
    told = [
        [(x.element, x.low, x.high) for x in one.contents] for one in bill(tmp_path, text).lines
    ]
    assert told == [
        [("Dy", 0.5, 1.2), ("Tb", 0, 0.1)],
        [("Dy", pytest.approx(0.03), pytest.approx(0.03)), ("Tb", 0.02, 0.05)],
        [("Tb", 0, 0.3)],
    ]
    wrong = "Part;Qty;Dy %\nA;1;2.5 - 1.5\nB;1;1 - x\n"
    assert [each.split("; ")[0] for each in faults(tmp_path, wrong)] == [
        'bom.csv:2: column C ("Dy %"): "2.5" is above "1.5"',
        'bom.csv:3: column C ("Dy %"): the content has no unit',
    ]


def test_headers_that_were_not_read_are_told(tmp_path: Path) -> None:
    read = bill(tmp_path, "Product X;;\n# made up;;\nPart;Qty;Colour\nA;1;red\n")
    assert [(each.header, each.meaning) for each in read.columns] == [
        ("Part", "part number"),
        ("Qty", "quantity in one of what stands above"),
        ("Colour", ""),
    ]
    assert "Not read: 2 rows above the header in row 3." in read.notes


def test_every_fault_of_a_sheet_at_once(tmp_path: Path) -> None:
    text = HEAD + (
        "1;A;Motor;;;\n"
        "1.1;B;Rotor;12-14;5 g;\n"
        "1.2;C;Magnet;MX-4471-A;3 kg;\n"
        "1.2;D;Magnet;-2;-1,5;\n"
        "1.4;E;Magnet;;=SUM(E2:E5);\n"
        "1.5;;Summe;1;99,5;\n"
        "1.6;F;Magnet;0;2024-12-14;\n"
    )
    assert faults(tmp_path, text) == [
        'bom.csv:3: column D ("Menge"): "12-14" is a range and not one number; write one number',
        'bom.csv:4: column D ("Menge"): "MX-4471-A" reads as a part number; '
        "write a number in this column",
        'bom.csv:4: column E ("Gewicht (g)"): units are mixed: "g and kg"; '
        "keep one unit for a number",
        'bom.csv:5: column A ("Pos"): the position "1.2" stands in row 4 already; '
        "give each line a position of its own",
        'bom.csv:5: column D ("Menge"): -2 is below zero; check the number and its sign',
        'bom.csv:5: column E ("Gewicht (g)"): -1.5 is below zero; check the number and its sign',
        'bom.csv:6: column D ("Menge"): the quantity is blank; write how many there are',
        'bom.csv:6: column E ("Gewicht (g)"): "=SUM(E2:E5)" is a formula; paste its value instead',
        'bom.csv:7: column C ("Benennung"): "Summe" is a row of totals and no part; '
        "take the row out",
        'bom.csv:8: column D ("Menge"): it is zero; check the number and its sign',
        'bom.csv:8: column E ("Gewicht (g)"): "2024-12-14" is a date; '
        "format the column as text, and write the number anew",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Part;Qty;Mass (g)\nA;1;1.350\n", '"1.350" may be 1.350 or 1350'),
        (
            "Part;Qty;Mass (g)\nA;1;1,5\nB;1;2.5\nC;1;3,5\n",
            '"2.5" has a point as its decimal mark, and other cells a comma',
        ),
        ("Part;Qty;Mass\nA;1;5\n", "the mass has no unit"),
        ("Part;Qty;Mass\nA;1;5\nB;1;5 g\n", "the number has no unit, and others have one"),
        ("Part;Qty;Mass\nA;1;5 m\n", '"m" is no unit of mass'),
        ("Part;Qty;Dy\nA;1;5\n", "the content has no unit"),
        ("Part;Qty;Dy %;Tb %\nA;1;80;30\n", "the contents add up to 110 %"),
        ("Part;Qty;Dy %;Evidence\nA;1;1;hearsay\n", '"hearsay" is no kind of evidence'),
        (
            'Part;Qty;Supplier\nA;1;"70 % One, 30 % Two"\n',
            "has more than one share; write ; between",
        ),
        ('Part;Qty;Supplier\nA;1;"One (70 %); Two (40 %)"\n', 'the shares of "One, Two" add up to'),
        ("Part;Qty;Supplier;Supplier\nA;1;One;Two\n", "means the same as column C"),
        ("Part;Qty;Level\nA;1;0\nB;1;2\n", "level 2 has nothing of level 1 above it"),
        ("Part;Qty\nA;1;x;y\n", "4 cells stand where the header has 2"),
        ("Part;Qty\n", "the bill has no line"),
        (f"Part;Qty\nA;{'9' * 400}\n", "is more than there can be"),
        (
            "Pos;Part;Qty\n1;A;1\n1.1;B;999999999\n1.1.1;C;999999999\n",
            "one product would have more pieces of it than there can be",
        ),
        ("Part;Qty\nA;5 foo\n", '"foo" is no unit of a quantity'),
        ("Part;Count of things\nA;1\n", "no row is the header of a bill"),
        ("", "no row is the header of a bill"),
        ("Teil;Menge\nGrÃ¶ÃŸe;1\n", "was once saved in a wrong encoding"),
        ("Teil;Menge\nGröße;1\n".encode("latin-1"), "the text is not UTF-8"),
        ('Part;Qty\n"A;1\n', "wrong quoting"),
        (b"Part;Qty\n\0;1\n", "the file holds what no text does"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert any(said in each for each in faults(tmp_path, text)), faults(tmp_path, text)


def test_utf_16_is_read_where_it_says_so(tmp_path: Path) -> None:
    read = bill(tmp_path, "零件号\t数量\nA\t2\n".encode("utf-16"))
    assert [(each.part_number, each.quantity) for each in read.lines] == [("A", 2)]


def test_a_workbook_is_read_with_its_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Title"],
        ["Item", "Part no.", "Qty", "Weight (kg)", "Dy (%)"],
        ["1", "A", 1, 1.125, None],
        ["1.1", "B", 4, 0.5, 2],
    ]
    read = bill(tmp_path, workbook(rows), "bom.xlsx")
    assert [each.mass for each in read.lines] == [1125, 500]
    assert (read.sheet, read.quantities) == ("BOM", (1, 4))


def test_faults_of_a_workbook_name_sheet_row_and_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Part", "Qty", "Mass (g)"], ["A", "=1+1", 5], ["B", 2, 5]]
    assert faults(tmp_path, workbook(rows, "A2:A3"), "bom.xlsx") == [
        "bom.xlsx, sheet BOM:2: cells A2:A3 are merged: of which line they speak is not known; "
        "unmerge them, and write the value in each line",
        'bom.xlsx, sheet BOM:2: column B ("Qty"): a cell holds a formula; paste its value instead',
    ]


def test_a_content_that_is_shown_as_per_cent(tmp_path: Path) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["Part", "Qty", "Dy content (%)"])
    sheet.append(["A", 1, 0.03])
    sheet["C2"].number_format = "0.0%"
    book.save(file)
    (one,) = bill(tmp_path, file.getvalue(), "bom.xlsx").lines
    assert [each.high for each in one.contents] == [3]


def test_two_sheets_that_are_bills_are_told(tmp_path: Path) -> None:
    book, file = Workbook(), io.BytesIO()
    for name in ("one", "two"):
        sheet = book.create_sheet(name)
        sheet.append(["Part", "Qty"])
        sheet.append(["A", 1])
    book.save(file)
    (told,) = faults(tmp_path, file.getvalue(), "bom.xlsx")
    assert 'more than one sheet holds a bill: "one, two"' in told


def test_macros_are_refused_by_name_and_by_what_is_inside(tmp_path: Path) -> None:
    from zipfile import ZipFile

    content = workbook([["Part", "Qty"], ["A", 1]])
    with pytest.raises(UnreadableError, match="may hold macros"):
        bill(tmp_path, content, "bom.xlsm")
    file = tmp_path / "bom.xlsx"
    file.write_bytes(content)
    with ZipFile(file, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(FaultyTablesError, match="it holds macros"):
        read_bill(file, NAMES)


def test_200_megabytes_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bom.csv"
    file.touch()
    os.truncate(file, 200 << 20)

    def read(_: Path) -> bytes:
        raise AssertionError("it was read")

    monkeypatch.setattr(sheets, "read_file", read)
    with pytest.raises(FaultyTablesError, match="209,715,200 bytes, and no more than 128 MB"):
        read_bill(file, NAMES)


@pytest.mark.parametrize("name", ["bom.ods", "bom", "bom.pdf"])
def test_what_no_bill_ends_in_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableError, match="is no bill, which ends in"):
        bill(tmp_path, "Part;Qty\nA;1\n", name)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("folder.csv", "none.csv"):
        with pytest.raises(UnreadableError):
            read_bill(tmp_path / name, NAMES)
