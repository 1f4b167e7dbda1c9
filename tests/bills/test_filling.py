"""Answers put into a bill: blanks are filled, and what the bill says is never overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.bills.answers import GivenAnswer
from monazite.bills.askable import askable_of
from monazite.bills.bill import Bill, BillSupplier, StatedContent, line
from monazite.bills.filling import filled_bill, filled_profile
from monazite.bills.profile import NO_PROFILE, BuyerProfile

MAGNET = line(
    *("magnet", 2),
    material="NdFeB",
    suppliers=(BillSupplier("A"), BillSupplier("B", made_in="Japan"), BillSupplier("C", tier=2)),
    contents=(StatedContent("Dy", 1, 3, "declared"),),
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
    assert [{**x.answers.facts} for x in bill.lines[0].sources] == [
        {},
        {"chinese-technology": False},
    ]
    bill, _ = filled("made-in", ("CHN",), place=1)  # a line that names no supplier
    assert (bill.lines[1].made_in, bill.lines[1].suppliers) == ("CHN", ())


def test_a_line_takes_a_material_a_mass_and_what_records_need() -> None:
    assert filled("material", "NdFeB N42SH")[0].lines[0].material == "NdFeB N42SH"
    assert filled("mass", 2.5)[0].lines[0].mass == 2.5
    assert filled("coating", "Ni")[0].lines[0].coating == "Ni"
    assert filled("seat", "rotor")[0].lines[0].seat == "rotor"
    assert filled("recycled", 10.0, supplier="A")[0].lines[0].sources[0].answers.recycled == 10


def test_of_a_content_what_the_bill_and_the_answer_leave_possible() -> None:
    given = (StatedContent("Dy", 2, 5, "tested"), StatedContent("Tb", 0, 0, "tested"))
    bill, fault = filled("content", given)
    assert fault == ""
    assert bill.lines[0].contents == (StatedContent("Dy", 2, 3, "tested"), given[1])


@pytest.mark.parametrize(
    ("kind", "given", "place", "said"),
    [
        ("made-in", ("CHN",), 0, "row 7 of the bill says Japan"),
        ("mass", 90.0, 1, "row 0 of the bill says 100 g"),
        ("content", (StatedContent("Dy", 0, 0.05, "tested"),), 0, "row 7 of the bill says 1 to 3"),
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
    given = [
        GivenAnswer("your-staff", 600.0, "", "a.csv", 2, "F"),
        GivenAnswer("your-us-defence", False, "", "a.csv", 3, "F"),
        GivenAnswer("your-ships-as", ("magnet",), "", "a.csv", 4, "F"),
    ]
    profile, faults = filled_profile(NO_PROFILE, given)
    assert (profile.staff, {**profile.facts}, profile.shipped_as, faults) == (
        *(600, {"us-defence": False}, ("magnet",), []),
    )
    _, faults = filled_profile(BuyerProfile(staff=10), given)
    assert [str(each) for each in faults] == [
        "a.csv:2: F: your profile says otherwise; correct the answer or the bill: one of the two "
        "is wrong"
    ]
