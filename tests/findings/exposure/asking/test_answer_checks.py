"""Laws of answers: none opens what the bill settles, and none names another material."""

from __future__ import annotations

from dataclasses import replace

from monazite.bills.bill import StatedContent
from monazite.findings.exposure.asking.answer_checks import material_faults, opened_again
from monazite.findings.exposure.exposure import known_materials
from monazite.triples.store import Store
from tests.findings.exposure.asking.inquiries import BILL, AskedBill

GRADE = replace(
    BILL,
    lines=(
        *BILL.lines[:2],
        replace(BILL.lines[2], grade="N42SH", made_in="", suppliers=(
            replace(BILL.lines[2].suppliers[0], made_in="China"),
        )),
        *BILL.lines[3:],
    ),
)  # fmt: skip


def opened(store: Store, first: AskedBill, *contents: StatedContent) -> list[str]:
    answers = [first.answer("content", 2, contents, row=9)]
    again = AskedBill(store, answers, first.read)
    found = opened_again(answers, first.askable, first.read, first.settling(), again.settling())
    return [str(each) for each in found]


def test_an_answer_that_opens_what_the_bill_settles_is_a_fault(store: Store) -> None:
    """N42SH holds dysprosium by records; 0 to 1 % of it leaves open what was caught."""
    first = AskedBill(store, bill=GRADE)
    [said] = opened(store, first, StatedContent("Dy", 0, 1, "declared"))
    assert said.startswith("a.csv:9: column G: it makes open what row 4 of the bill settles: ")
    assert "Announcement 18" in said
    assert opened(store, first, StatedContent("Dy", 1, 1, "tested")) == []


def test_an_answer_names_no_other_material_than_the_bill(store: Store) -> None:
    first = AskedBill(store)

    def faults(place: int, given: str) -> list[str]:
        answers = [first.answer("material", place, given)]
        after = AskedBill(store, answers).shown.lines
        materials = known_materials(store)
        found = material_faults(answers, first.askable, first.shown.lines, after, materials)
        return [str(each) for each in found]

    assert faults(2, "NdFeB N42SH") == []  # a grade of what the bill names
    assert "row 4 of the bill says NdFeB magnet" in faults(2, "SmCo 2:17")[0]
    assert "it names no material that is known" in faults(3, "unobtainium")[0]
