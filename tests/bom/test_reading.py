"""Bills as people write them: headers, numbers, what is read, and every fault with its place."""

from __future__ import annotations

import io
import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from monazite.bom import columns
from monazite.bom.bill import Bill, BillSupplier
from monazite.bom.columns import Written, decimal_mark, written_number
from monazite.bom.headers import GRAMS, Meaning, currency_code, read_header, unit_word
from monazite.bom.reading import read_bill
from monazite.core.errors import BadCellError, FaultyTablesError, UnreadableError
from monazite.data.workbook import CellNumber

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


def workbook(
    *sheets: list[list[object]], merged: str = "", percent: str = "", vba: bool = False
) -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"BOM {place}" if place else "BOM")
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
        if percent:
            sheet[percent].number_format = "0.0%"
    book.save(file)
    if vba:
        with ZipFile(file, "a") as packed:
            packed.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "masses"),
    [
        (
            "Part;Qty;Mass\nA;1;2 kg\nB;1;5 g\nC;1;1 oz\nD;1;250 mg\nE;1;2 lb\n",
            [2000, 5, 28.349523125, 0.25, 907.18474],
        ),
        ("Part,Qty,Mass,Weight unit\nA,1,1.5,kg\nB,1,7,g\n", [1500, 7]),
        ("Part\tQty\tTotal weight [kg]\nA\t4\t2.5\n", [625]),
        ("Part;Qty;Unit\nA;0,35;kg\nB;12;m\nC;2;Stk\n", [1000, None, None]),  # it may be a mass
        ("Part;Menge (g)\nA;7,5\n", [1]),
    ],
)
def test_units_of_the_cell_the_header_and_a_column(
    tmp_path: Path, text: str, masses: list[float | None]
) -> None:
    name = "bom.tsv" if "\t" in text else "bom.csv"
    assert [each.mass for each in bill(tmp_path, text, name).lines] == pytest.approx(masses)


def test_pieces_of_each_line_go_through_the_levels(tmp_path: Path) -> None:
    read = bill(tmp_path, HEAD + "1;A;Motor;;;\n1.1;B;Rotor;2;;\n1.1.1;C;Magnet;12;1,5;NdFeB\n")
    assert (read.product, read.quantities) == ("Motor", (1, 2, 24))
    assert read.notes == (
        "Levels are those of the points of positions.",
        "The first line has no quantity: it is taken as one product.",
    )


def test_suppliers_by_tier_with_splits(tmp_path: Path) -> None:
    head = "Part,Qty,Supplier,Country,Made in,Split,Supplier 2,Split 2,Tier 2 supplier\n"
    read = bill(
        tmp_path, head + "A,1,One,DEU,CHN,60 %,Two,40 %,Three\nB,1,Four (70 %); Five,,,,,,\n"
    )
    assert read.lines[0].suppliers == (
        BillSupplier("One", tier=1, country="DEU", made_in="CHN", split=0.6),
        BillSupplier("Two", split=0.4),
        BillSupplier("Three", tier=2),
    )
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


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            "Part;Qty;Dy (%);Tb [ppm];Nachweis\nA;1;1,5;300;geprüft\nB;1;2,25;;\n",
            ["Dy 1.5 1.5 tested; Tb 0.03 0.03 tested", "Dy 2.25 2.25 not stated"],
        ),
        (
            "Part;Qty;Dy;Tb [%]\nA;1;0,5 - 1,2 %;<0,1\nB;1;300 ppm;0,02 bis 0,05\nC;1;-;≤ 0,3\n",
            [
                "Dy 0.5 1.2 not stated; Tb 0 0.1 not stated",
                "Dy 0.03 0.03 not stated; Tb 0.02 0.05 not stated",
                "Tb 0 0.3 not stated",
            ],
        ),
    ],
)
def test_a_content_may_be_a_range_or_an_upper_bound(
    tmp_path: Path, text: str, contents: list[str]
) -> None:
    assert contents == [
        "; ".join(f"{x.element} {x.low:.3g} {x.high:.3g} {x.evidence}" for x in one.contents)
        for one in bill(tmp_path, text).lines
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
        ("Part;Qty;Dy %\nA;1;2.5 - 1.5\n", '"2.5" is above "1.5"'),
        ("Part;Qty;Dy %;Tb %\nA;1;80;30\n", "the contents add up to 110 %"),
        ("Part;Qty;Dy %;Evidence\nA;1;1;hearsay\n", '"hearsay" is no kind of evidence'),
        ('Part;Qty;Supplier\nA;1;"70 % One, 30 % Two"\n', "has more than one share; write ;"),
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
    told = faults(tmp_path, text)
    assert any(said in each for each in told), told


def test_utf_16_is_read_where_it_says_so(tmp_path: Path) -> None:
    read = bill(tmp_path, "零件号\t数量\nA\t2\n".encode("utf-16"))
    assert [(each.part_number, each.quantity) for each in read.lines] == [("A", 2)]


def test_a_workbook_is_read_with_its_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Title"],
        ["Item", "Part no.", "Qty", "Weight (kg)", "Dy (%)"],
        ["1", "A", 1, 1.125, None],
        ["1.1", "B", 4, 0.5, 0.03],
    ]
    read = bill(tmp_path, workbook(rows, percent="E4"), "bom.xlsx")
    assert [each.mass for each in read.lines] == [1125, 500]
    assert (read.sheet, read.quantities) == ("BOM", (1, 4))
    assert [each.high for each in read.lines[1].contents] == [3]


def test_faults_of_a_workbook_name_sheet_row_and_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Part", "Qty", "Mass (g)"], ["A", "=1+1", 5], ["B", 2, 5]]
    assert faults(tmp_path, workbook(rows, merged="A2:A3"), "bom.xlsx") == [
        "bom.xlsx, sheet BOM:2: cells A2:A3 are merged: of which line they speak is not known; "
        "unmerge them, and write the value in each line",
        'bom.xlsx, sheet BOM:2: column B ("Qty"): a cell holds a formula; paste its value instead',
    ]
    (told,) = faults(tmp_path, workbook(rows[::2], rows[::2]), "bom.xlsx")
    assert 'more than one sheet holds a bill: "BOM, BOM 1"' in told


def test_macros_are_refused_by_name_and_by_what_is_inside(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Part", "Qty"], ["A", 1]]
    with pytest.raises(UnreadableError, match="may hold macros"):
        bill(tmp_path, workbook(rows), "bom.xlsm")
    (told,) = faults(tmp_path, workbook(rows, vba=True), "bom.xlsx")
    assert "it holds macros" in told


def test_200_megabytes_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bom.csv"
    file.touch()
    os.truncate(file, 200 << 20)
    monkeypatch.setattr(columns, "read_file", lambda _: pytest.fail("it was read"))
    with pytest.raises(FaultyTablesError, match="209,715,200 bytes, and no more than 128 MB"):
        read_bill(file, NAMES)


@pytest.mark.parametrize("name", ["bom.ods", "bom", "folder.csv", "none.csv"])
def test_what_is_no_bill_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    told = "cannot be read|is a folder" if name.endswith("csv") else "is no bill, which ends in"
    with pytest.raises(UnreadableError, match=told):
        read_bill(tmp_path / name, NAMES)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Qty.", Meaning("quantity")),
        ("数量", Meaning("quantity")),
        ("Teile-Nr.", Meaning("part_number")),
        ("Teil", Meaning("part_number")),
        ("Stückgewicht [g]", Meaning("mass", unit="g")),
        ("单重（kg）", Meaning("mass", unit="kg")),
        ("Weight in oz", Meaning("mass", unit="oz")),
        ("Mass/lb", Meaning("mass", unit="lb")),
        ("Dy-Gehalt (%)", Meaning("content", element="Dy", unit="%")),
        ("Dysprosium content ppm", Meaning("content", element="Dy", unit="ppm")),
        ("Tier 2 supplier", Meaning("supplier", tier=2)),
        ("二级供应商", Meaning("supplier", tier=2)),
        ("Lieferant 2", Meaning("supplier", number=2)),
        ("Zweitlieferant", Meaning("supplier", number=2)),
        ("2nd source", Meaning("supplier", number=2)),
        ("Split 2 (%)", Meaning("split", number=2, unit="%")),
        ("Preis €", Meaning("value", unit="€")),
        ("原产国", Meaning("made_in")),
        ("上级序号", Meaning("parent")),
        ("Stücklistenebene", Meaning("level")),
    ],
)
def test_a_header_means(header: str, meaning: Meaning) -> None:
    assert read_header(header, NAMES) == meaning


@pytest.mark.parametrize("header", ["Comment", "备注", "Total quantity", "Weights", "Dx", "", "%"])
def test_what_is_not_known_is_not_guessed(header: str) -> None:
    assert read_header(header, NAMES) is None


def test_units_are_those_of_1959() -> None:
    assert GRAMS["lb"] == 453.59237
    assert GRAMS["oz"] * 16 == pytest.approx(453.59237)
    words = {"KG": "kg", "公斤": "kg", "Unzen": "oz", "Stk.": "piece", "m": "m"}
    assert {word: unit_word(word) for word in words} == words


def test_the_sign_of_several_currencies_is_none() -> None:
    codes = {"€": "EUR", "cny": "CNY", "¥": "", "EURO": "", "$": ""}
    assert {text: currency_code(text) for text in codes} == codes


def decided(*cells: str) -> tuple[str, list[float]]:
    column = [written_number(cell) for cell in cells]
    mark = decimal_mark(column)
    return mark, [each.value(mark[0]) for each in column] if mark in {".", ","} else []


@pytest.mark.parametrize(
    ("cells", "mark", "numbers"),
    [
        (("1.350", "0,5"), ",", [1350, 0.5]),
        (("1.350", "0.5"), ".", [1.35, 0.5]),
        (("1,350", "1,350,000"), ".", [1350, 1350000]),
        (("1.265.000", "14,2"), ",", [1265000, 14.2]),
        (("12", "7"), ".", [12, 7]),
        (("0.350",), ".", [0.35]),
        (("1234.567",), ".", [1234.567]),
        (("1'234.5", "1 000"), ".", [1234.5, 1000]),
        (("12,5", "12.5"), ".,", []),
        (("1.350",), "?", []),
        (("1.350", "2,400"), "?", []),
        ((CellNumber("1.125"), "2,5"), ",", [1.125, 2.5]),  # of a workbook: it needs no mark
    ],
)
def test_a_column_decides(cells: tuple[str, ...], mark: str, numbers: list[float]) -> None:
    assert decided(*cells) == (mark, numbers)


def test_digits_between_other_marks_must_be_thousands() -> None:
    with pytest.raises(BadCellError, match="is not a number"):
        Written("1.35,0").value(",")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("12 – 14", "is a range"),
        ("12 bis 14", "is a range"),
        ("14.12.2024", "is a date"),
        ("M4471", "reads as a part number"),
        ("about", "is none"),
        ("12 14", "is more than one number"),
    ],
)
def test_what_is_no_number_is_told(cell: str, said: str) -> None:
    with pytest.raises(BadCellError, match=said):
        written_number(cell)


@given(st.decimals(0, 10**9, places=4), st.sampled_from(".,"))
def test_a_number_written_with_thousands_comes_back(number: object, mark: str) -> None:
    text = f"{number:,.4f}"
    written = text if mark == "." else text.translate(str.maketrans(".,", ",."))
    column = [written_number(written), written_number(f"0{mark}5")]
    assert column[0].value(decimal_mark(column)) == pytest.approx(float(text.replace(",", "")))


def test_of_two_descriptions_the_second_is_not_read(tmp_path: Path) -> None:
    read = bill(tmp_path, "Name;Description;Qty\nA;long;1\n")
    assert (read.lines[0].description, read.columns[1].meaning) == ("A", "")
