"""A bill: pieces through the levels, and its name."""

from __future__ import annotations

from monazite.bills.bill import Bill, line


def test_pieces_of_an_assembly_that_is_used_twice_add_up() -> None:
    lines = (
        line("product"),
        line("left", 2, above=(0,)),
        line("right", 3, above=(0,)),
        line("magnet", 4, above=(1, 2)),
    )
    bill = Bill("b.csv", "", lines)
    assert bill.quantities == (1, 2, 3, 20)
    assert bill.below == ((1, 2), (3,), (3,), ())


def test_lines_in_any_order_are_gone_through_from_the_top() -> None:
    bill = Bill("b.csv", "", (line("magnet", 4, above=(1,)), line("rotor", 2)))
    assert (bill.quantities, bill.top_down) == ((8, 2), (1, 0))


def test_a_bill_of_several_tops_has_the_name_of_its_file() -> None:
    assert Bill("b.csv", "", (line("a"), line("b"))).product == "b.csv"
    assert Bill("b.csv", "", (line("a"), line("b", above=(0,)))).product == "a"
