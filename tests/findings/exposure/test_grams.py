"""Grams: by hand, and parts add up whatever the bill."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.bill import Bill, line
from monazite.findings.exposure.contents import (
    KINDS,
    ElementContent,
    MaterialContents,
    SharedBound,
)
from monazite.findings.exposure.grams import (
    counted_in_parts,
    grams_of,
    most_together,
    share_below,
    together_note,
    totals,
)
from tests.findings.exposure.bills import example


def test_grams_by_hand() -> None:
    # 48 magnets of 31.25 g are 1,500 g; 2 to 4.5 % of it are 30 to 67.5 g.
    (found,) = grams_of([ElementContent("Dy", 2, 4.5, "grade", ("a/b",))], 31.25, 48)
    assert (found.low, found.high, found.rows) == (30, 67.5, ("a/b",))


contents = st.builds(
    ElementContent,
    st.sampled_from(["Nd", "Dy"]),
    st.floats(0, 30),
    st.just(30.0),
    st.sampled_from(KINDS),
)
held = st.builds(grams_of, st.lists(contents, max_size=3), st.floats(0, 1e6), st.integers(1, 99))


@given(st.lists(held, max_size=12), st.integers(0, 12))
def test_parts_add_up(lines: list[tuple[object, ...]], cut: int) -> None:
    whole = totals(lines)  # type: ignore[arg-type]
    parts = [*totals(lines[:cut]), *totals(lines[cut:])]  # type: ignore[arg-type]
    for each in whole:
        same = [one for one in parts if one.element == each.element]
        assert fsum(one.low for one in same) == pytest.approx(each.low)
        assert fsum(one.high for one in same) == pytest.approx(each.high)
        assert fsum(one.low for one in each.by_evidence) == pytest.approx(each.low)
        assert sum(one.lines for one in same) == each.lines


bills = st.lists(st.tuples(st.integers(-1, 20), st.integers(1, 5)), min_size=1, max_size=20)


@given(bills)
def test_pieces_below_all_tops_are_all_pieces(made: list[tuple[int, int]]) -> None:
    lines = tuple(
        line(str(place), count, above=(top,) if 0 <= top < place else ())
        for place, (top, count) in enumerate(made)
    )
    bill = Bill("b", "", lines)
    tops = [share_below(bill, place) for place, one in enumerate(lines) if not one.above]
    added = [fsum(each.get(place, 0) for each in tops) for place in range(len(lines))]
    assert added == pytest.approx([*bill.quantities])


def test_what_is_counted_in_its_parts_is_not_counted_twice() -> None:
    lines = (line("rotor"), line("yoke", above=(0,)), line("magnet", above=(1,)), line("bolt"))
    bill = Bill("b", "", lines)
    assert counted_in_parts(bill, [True, False, True, True]) == (True, True, False, False)


def element(name: str, low: float, high: float, evidence: str = "family") -> ElementContent:
    return ElementContent(name, low, high, evidence)


ND, PR, DY = element("Nd", 20, 28), element("Pr", 0.5, 7), element("Dy", 4, 6.5, "grade")
WHOLE = SharedBound(frozenset(), 32.5, ())
PAIR = SharedBound(frozenset({"Nd", "Pr"}), 29.0, ())


def test_joint_bounds_narrow_the_sum_of_what_each_may_hold() -> None:
    free = MaterialContents((ND, PR, DY))
    assert most_together(free) == 41.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR,))) == 35.5  # 29 and 6.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR, WHOLE))) == 32.5
    assert together_note([(free, 100.0)]) == ""
    told = together_note([(MaterialContents((ND, PR, DY), (WHOLE,)), 100.0)])
    assert told.startswith("All rare earths together: 24.5 to 32.5 g. ")


def test_what_a_bill_states_stands() -> None:
    stated = element("Nd", 30, 30, "tested"), element("Dy", 5, 5, "tested")
    assert most_together(MaterialContents(stated, (WHOLE,))) == 35


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=5),
    st.floats(0, 60),
)
def test_it_lies_between_the_sums_of_the_ends(ends: list[tuple[float, float]], most: float) -> None:
    held = tuple(element(f"E{at}", min(pair), max(pair)) for at, pair in enumerate(ends))
    found = most_together(MaterialContents(held, (SharedBound(frozenset(), most, ()),)))
    least, sums = fsum(each.low for each in held), fsum(each.high for each in held)
    assert least <= found <= max(least, min(sums, most)) * (1 + 1e-12)


def test_a_bill_says_what_its_lines_hold_together() -> None:
    found = example()
    (told,) = (note for note in found.notes if note.startswith("All rare earths together: "))
    # rows 7 and 8 by hand: 32.5 % of 748.8 g and of 1,022.4 g, and 6.55 g of Sm
    most = 0.325 * (48 * 15.6 + 48 * 21.3) + fsum(
        each.high for line in found.lines for each in line.grams if each.element == "Sm"
    )
    assert f"to {most:.3g} g" in told
    assert most < fsum(each.high for each in found.elements)
    assert fsum(each.low for each in found.elements) == pytest.approx(
        fsum(each.low for line in found.lines for each in line.grams)
    )
