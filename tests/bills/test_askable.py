"""Keys of questions: they tell nothing, stay while the lines do, and change with them."""

from __future__ import annotations

from dataclasses import replace

from monazite.bills.askable import QUESTIONS, askable_of
from monazite.bills.bill import Bill, BillSupplier, line

BOTH = (BillSupplier("Acme"), BillSupplier("Zyxomma"), BillSupplier("Mine", tier=2))
LINES = (
    line("magnet", 2, material="NdFeB", grade="N42SH", suppliers=BOTH),
    line("ring", 1, material="NdFeB", grade="N42SH", suppliers=BOTH[:1]),
    line("housing", 1, suppliers=BOTH[:1]),
    line("lid", 1),
)
BILL = Bill("b.csv", "", LINES)


def test_one_question_is_asked_of_a_source_about_all_its_parts_of_a_material() -> None:
    found = askable_of(BILL)
    made = [(x.supplier, x.places) for x in found.values() if x.kind == "made-in"]
    assert made == [("Acme", (0, 1)), ("Zyxomma", (0,)), ("Acme", (2,)), ("", (3,))]
    content = [(x.supplier, x.places) for x in found.values() if x.kind == "content"]
    assert content == [("Acme; Zyxomma", (0,)), ("Acme", (1,)), ("Acme", (2,)), ("", (3,))]
    assert {x.kind for x in found.values()} == {*QUESTIONS}
    assert all(key == each.key for key, each in found.items())


def test_a_key_names_nothing_and_changes_with_its_lines_alone() -> None:
    keys = {*askable_of(BILL)}
    assert not any(word in key for key in keys for word in ("Acme", "Zyxomma", "magnet"))
    priced = replace(BILL, lines=tuple(replace(x, value=1, stock=2, mass=3) for x in LINES))
    assert {*askable_of(priced)} == keys  # what is filled in or counted changes no key
    renamed = replace(BILL, lines=(*LINES[:3], replace(LINES[3], description="cap")))
    assert len(keys & {*askable_of(renamed)}) == len(keys) - len(QUESTIONS)
