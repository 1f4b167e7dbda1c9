"""Questions about a bill and their answers: keys, values, faults, and blanks that are filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from monazite.bom.answers import (
    COUNT,
    QUESTIONS,
    YES_OR_NO,
    AnswerReader,
    GivenAnswer,
    askable_of,
    read_answers,
)
from monazite.bom.bill import Bill, BillSupplier, ElementContent
from monazite.bom.filling import NO_PROFILE, BuyerProfile, filled_bill, filled_profile
from monazite.bom.headers import meanings, read_header
from monazite.bom.reading import read_bill
from monazite.core.errors import BadCellError, FaultyTablesError, UnreadableError
from monazite.core.tables import Table, csv_lines
from monazite.core.workbook import tables_xlsx
from monazite.data.workbook import CellNumber
from monazite.export.bills import BLANK_COLUMNS, blank_bill
from tests.bom.bills import line

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
        head, *below = rows
        asked = Table("", tuple(head), [[*row] for row in below])
        file.write_bytes(tables_xlsx({"_help": Table("", ("key", "answer"), []), "asked": asked}))
    else:
        lines = [";".join(f'"{cell}"' if ";" in cell else cell for cell in row) for row in rows]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
def test_what_is_answered_and_what_is_not(tmp_path: Path, name: str) -> None:
    found = read_answers(written(GOOD, tmp_path / name), READER)
    assert {each.key: each.given for each in found.given} == {
        "made-in-1": ("CHN", "JPN"),
        "content-1": (
            ElementContent("Dy", 0.5, 1.2, "tested"),
            ElementContent("Tb", 0, 0, "tested"),
        ),
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
        *((said, "content-1", "", "") for said in ("Dy 3", "Dy 3-2 %")),
        *((said, "mass-1", "", "") for said in ("heavy", "-1 g", "1.350 g")),
        ("120 %", "recycled-1", "", ""),
        ("perhaps", "your-cots", "", ""),
        ("boat", "your-ships-as", "", ""),
        ("=1+1", "your-staff", "", ""),
        ("yes", "", "", ""),
    ]
    with pytest.raises(FaultyTablesError) as caught:
        read_answers(written(rows, tmp_path / "a.csv"), READER)
    faults = caught.value.faults
    answers = [f'{row} column A ("answer")' for row in range(5, 14)]
    assert [f"{each.line} {each.what.split(':')[0]}" for each in faults] == [
        *('2 column B ("key")', '3 column A ("answer")', '3 column C ("date")'),
        *('4 column A ("answer")', '4 column C ("date")', '4 column D ("evidence")'),
        *(*answers, '14 column B ("key")'),
    ]
    told = " ".join(map(str, faults))
    assert 'no question has the key "made-in-9"' in told
    assert '"Polen" is no country that is understood' in told
    assert "write it as 2026-11-28" in told


def test_one_question_is_answered_once(tmp_path: Path) -> None:
    same = [GOOD[0], ("mass-1", "", "2 g", "", ""), ("mass-1", "", "2.0 g", "", "")]
    assert len(read_answers(written(same, tmp_path / "a.csv"), READER).given) == 2
    other = written([*same[:2], ("mass-1", "", "3 g", "", "")], tmp_path / "b.csv")
    with pytest.raises(FaultyTablesError, match="row 2 answers the same question otherwise"):
        read_answers(other, READER)


def test_what_is_no_questionnaire_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is no file of answers, which ends"):
        read_answers(tmp_path / "a.md", READER)
    with pytest.raises(FaultyTablesError, match="no row is the header"):
        read_answers(written([("a", "b"), ("1", "2")], tmp_path / "a.csv"), READER)


VALUES = AnswerReader({}, lambda text: text if len(text) == 3 else "", {"dy": "Dy"}, {})


def test_numbers_of_a_workbook_are_taken_as_they_are() -> None:
    shown = CellNumber("0.15")
    shown.percent = True
    assert VALUES.given("recycled", shown, "") == 15
    assert VALUES.given("mass", "0,0125 kg", "") == 12.5
    with pytest.raises(BadCellError, match="no number with its unit"):
        VALUES.given("mass", CellNumber("12.5"), "")  # grams or kilograms is not said


@pytest.mark.parametrize("text", ["Dy", "Dy lots", "Dy 1 %; Dy 2 %", "3 %", "Dy 101 %"])
def test_a_content_names_each_rare_earth_once_with_its_unit(text: str) -> None:
    with pytest.raises(BadCellError):
        VALUES.given("content", text, "tested")


def test_countries_are_told_once() -> None:
    assert VALUES.given("made-in", "CHN; JPN; CHN", "") == ("CHN", "JPN")


BOTH = (BillSupplier("Acme"), BillSupplier("Zyxomma"), BillSupplier("Mine", tier=2))
ASKED_LINES = (
    line("magnet", 2, material="NdFeB", grade="N42SH", suppliers=BOTH),
    line("ring", 1, material="NdFeB", grade="N42SH", suppliers=BOTH[:1]),
    line("housing", 1, suppliers=BOTH[:1]),
    line("lid", 1),
)
ASKED_BILL = Bill("b.csv", "", ASKED_LINES)


def test_one_question_is_asked_of_a_source_about_all_its_parts_of_a_material() -> None:
    found = askable_of(ASKED_BILL)
    made = [(x.supplier, x.places) for x in found.values() if x.kind == "made-in"]
    assert made == [("Acme", (0, 1)), ("Zyxomma", (0,)), ("Acme", (2,)), ("", (3,))]
    content = [(x.supplier, x.places) for x in found.values() if x.kind == "content"]
    assert content == [("Acme; Zyxomma", (0,)), ("Acme", (1,)), ("Acme", (2,)), ("", (3,))]
    assert {x.kind for x in found.values()} == {*QUESTIONS}
    assert all(key == each.key for key, each in found.items())


def test_a_key_names_nothing_and_changes_with_its_lines_alone() -> None:
    keys = {*askable_of(ASKED_BILL)}
    assert not any(word in key for key in keys for word in ("Acme", "Zyxomma", "magnet"))
    priced = replace(
        ASKED_BILL, lines=tuple(replace(x, value=1, stock=2, mass=3) for x in ASKED_LINES)
    )
    assert {*askable_of(priced)} == keys  # what is filled in or counted changes no key
    renamed = replace(
        ASKED_BILL, lines=(*ASKED_LINES[:3], replace(ASKED_LINES[3], description="cap"))
    )
    assert len(keys & {*askable_of(renamed)}) == len(keys) - len(QUESTIONS)


MAGNET = line(
    *("magnet", 2),
    material="NdFeB",
    suppliers=(BillSupplier("A"), BillSupplier("B", made_in="Japan"), BillSupplier("C", tier=2)),
    contents=(ElementContent("Dy", 1, 3, "declared"),),
)
BILL = Bill("b.csv", "", (replace(MAGNET, row=7), line("housing", mass=100)))
CODES = {"Japan": "JPN", "CHN": "CHN", "JPN": "JPN"}


def filled(kind: str, given: object, *, supplier: str = "", place: int = 0) -> tuple[Bill, str]:
    """The bill with one answer, and what it says against it."""
    asked = next(
        each for each in askable_of(BILL).values()
        if each.kind == kind and place in each.places and supplier in each.supplier
    )  # fmt: skip
    answer = GivenAnswer(asked.key, given, "", "a.csv", 3, "column F")  # type: ignore[arg-type]
    bill, faults = filled_bill(BILL, askable_of(BILL), [answer], lambda text: CODES.get(text, ""))
    return bill, "; ".join(map(str, faults))


def test_each_source_answers_for_itself() -> None:
    bill, fault = filled("made-in", ("CHN",), supplier="A")
    assert fault == ""
    assert [each.made_in for each in bill.lines[0].suppliers] == ["CHN", "Japan", ""]
    bill, _ = filled("mine", ("CHN", "JPN"), supplier="A")
    assert [{**x.answers.stages} for x in bill.lines[0].sources] == [{"mine": ("CHN", "JPN")}, {}]
    bill, _ = filled("chinese-technology", False, supplier="B")
    told = [{**x.answers.facts} for x in bill.lines[0].sources]
    assert told == [{}, {"chinese-technology": False}]
    bill, _ = filled("made-in", ("CHN",), place=1)  # a line that names no supplier
    assert (bill.lines[1].made_in, bill.lines[1].suppliers) == ("CHN", ())


@pytest.mark.parametrize(
    ("kind", "given"),
    [("material", "NdFeB N42SH"), ("mass", 2.5), ("coating", "Ni"), ("seat", "rotor")],
)
def test_a_line_takes_a_material_a_mass_and_what_records_need(kind: str, given: object) -> None:
    assert getattr(filled(kind, given)[0].lines[0], kind) == given
    assert filled("recycled", 10.0, supplier="A")[0].lines[0].sources[0].answers.recycled == 10


def test_of_a_content_what_the_bill_and_the_answer_leave_possible() -> None:
    given = (ElementContent("Dy", 2, 5, "tested"), ElementContent("Tb", 0, 0, "tested"))
    bill, fault = filled("content", given)
    assert fault == ""
    assert bill.lines[0].contents == (ElementContent("Dy", 2, 3, "tested"), given[1])


@pytest.mark.parametrize(
    ("kind", "given", "place", "said"),
    [
        ("made-in", ("CHN",), 0, "row 7 of the bill says Japan"),
        ("mass", 90.0, 1, "row 0 of the bill says 100 g"),
        ("content", (ElementContent("Dy", 0, 0.05, "tested"),), 0, "row 7 of the bill says 1 to 3"),
    ],
)
def test_what_the_bill_contradicts_is_a_fault(
    kind: str, given: object, place: int, said: str
) -> None:
    bill, fault = filled(kind, given, supplier="B" if kind == "made-in" else "", place=place)
    assert f"a.csv:3: column F: {said}" in fault
    assert bill == BILL
    assert filled("mass", 100.2, place=1)[1] == ""  # rounded otherwise


def test_the_buyer_answers_into_the_profile() -> None:
    said = (("your-staff", 600.0), ("your-us-defence", False), ("your-ships-as", ("magnet",)))
    given = [GivenAnswer(key, told, "", "a.csv", 2, "F") for key, told in said]
    profile, faults = filled_profile(NO_PROFILE, given)
    assert faults == []
    assert (profile.staff, {**profile.facts}) == (600, {"us-defence": False})
    assert profile.shipped_as == ("magnet",)
    _, faults = filled_profile(BuyerProfile(staff=10), given)
    assert [str(each) for each in faults] == [
        "a.csv:2: F: your profile says otherwise; correct the answer or the bill: one of the two "
        "is wrong"
    ]


NAMES = {"dy": "Dy"}
LEFT_OUT = {"parent", "quantity_unit", "mass_unit", "total_mass", "currency", "maker"}
"""Meanings that another column of an empty bill stands for."""


def test_its_columns_are_those_that_are_read() -> None:
    read = [read_header(each[0], NAMES) for each in BLANK_COLUMNS]
    assert None not in read
    assert {each.field for each in read if each} == {*meanings()} - LEFT_OUT


def test_an_empty_bill_has_no_line_and_its_example_is_one(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_bytes(blank_bill(file))
    with pytest.raises(FaultyTablesError, match="the bill has no line"):
        read_bill(file, NAMES)
    one = ["0", *(each[2] for each in BLANK_COLUMNS[1:])]
    file.write_bytes(blank_bill(file) + csv_lines([], [one])[1].encode())
    (read,) = read_bill(file, NAMES).lines
    assert (read.quantity, read.mass, read.value, read.currency) == (48, 31.25, 4.2, "EUR")
    assert [(each.name, each.split) for each in read.suppliers] == [("Muster Magnet GmbH", 0.6)]
